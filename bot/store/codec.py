"""A session as text and back; of buttons too, whose labels may be typed."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.session import Session

_shape = TypeAdapter(Session)


def encode(session: Session) -> str:
    """What differs from a new session, in JSON."""
    return _shape.dump_json(session, exclude_defaults=True).decode()


def decode(text: str) -> Session:
    """The session of a text; a new one, if another version of the bot wrote it."""
    try:
        return _shape.validate_json(text)
    except ValidationError:
        return Session()
