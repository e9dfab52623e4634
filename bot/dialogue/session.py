"""What is remembered of a chat: answers of the tree and the open question, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.events import Button

HISTORY = 8
"""How many steps "back" can go."""


@dataclass(frozen=True)
class Visit:
    """A topic with the slots as they were there."""

    topic: str
    slots: Mapping[str, str]


@dataclass(frozen=True)
class Session:
    """What is remembered of a chat between two of its events."""

    topic: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot → value, with `aspect` and `action` of the topic at hand."""
    requested_slot: str | None = None
    """The slot of the open question."""
    expected_slot: str | None = None
    """Without an open question, the slot that "not sure" would be about."""
    open_slots: tuple[str, ...] = ()
    """All slots that a bare answer may be about."""
    guided: bool = False
    """Whether the last answer had steps, which may not have worked."""
    offered: tuple[Button, ...] = ()
    """The buttons of the last message, for a typed label or number."""
    misses: int = 0
    """Texts in a row that were not understood."""
    history: tuple[Visit, ...] = ()
    answered: str | None = None
    """The answer that the last message gave: its template, service and kind."""
    said: str | None = None
    """The last message as a whole, told apart from others by a digest."""
    missed: str = ""
    """The aspect of the near miss before, where a short text goes on with it: "like"."""
    readings: tuple[str, ...] = ()
    """What else the last text may have meant: topics, the most probable first."""
    language: str | None = None
    """The one that was spoken last, where there are several."""

    @property
    def pending(self) -> str | None:
        """The slot that a bare answer is about."""
        return self.requested_slot or self.expected_slot

    def left(self, topic: str, slots: Mapping[str, str]) -> tuple[Visit, ...]:
        """The history after a move to a topic: the visit that ends is its last."""
        if self.topic is None or (self.topic == topic and self.slots == slots):
            return self.history
        return (*self.history, Visit(self.topic, self.slots))[-HISTORY:]
