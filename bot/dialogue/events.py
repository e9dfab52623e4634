"""What passes from a channel to the dialogue, Said and Pressed, and the buttons back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Said:
    """A person's words in a chat, at a time with a zone."""

    chat: str
    text: str
    at: datetime
    answered_at: datetime | None = None
    """When it is answered, where it waited: "a minute ago" is as of `at`."""
    language: str | None = None
    """The code of the person's own language, where the channel knows it."""


@dataclass(frozen=True)
class Pressed:
    """A button of a message in a chat; `value` is what the button carries."""

    chat: str
    value: str
    at: datetime
    answered_at: datetime | None = None
    language: str | None = None


Event = Said | Pressed


@dataclass(frozen=True)
class Button:
    """What can be pressed: the words on it, and what pressing it sends."""

    label: str
    value: str
    ahead: bool = False
    """Whether it leads to the next step, and so stands out from the rest."""
