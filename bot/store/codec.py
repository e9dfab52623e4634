"""A session as text and back. Of buttons the values are kept: labels are the book's."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.events import Button
from bot.dialogue.session import Session

_shape = TypeAdapter(Session)


def encode(session: Session) -> str:
    """What differs from a new session, in JSON."""
    bare = tuple(Button("", b.value) for b in session.offered)
    text = _shape.dump_json(replace(session, offered=bare), exclude_defaults=True)
    return text.decode()


def decode(text: str) -> Session:
    """The session of a text; a new one, if another version of the bot wrote it."""
    try:
        return _shape.validate_json(text)
    except ValidationError:
        return Session()
