"""A session as text and back; of buttons too, whose labels may be typed."""

from __future__ import annotations

from bot.dialogue.session import Session
from bot.knowledge import plain_json


def encode(session: Session) -> str:
    """What differs from a new session, in JSON."""
    return plain_json.encode(session)


def decode(text: str) -> Session:
    """The session of a text; a new one, if another version of the bot wrote it."""
    try:
        return plain_json.decode(Session, text)
    except ValueError:
        return Session()
