"""What is remembered of a chat: answers of the tree and the open question, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.events import Button

TRAIL = 8
"""How many steps "back" can go."""


@dataclass(frozen=True)
class Visit:
    """A topic with what was known there."""

    topic: str
    known: Mapping[str, str]


@dataclass(frozen=True)
class Session:
    topic: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    asked: str | None = None
    """The slot of the open question."""
    expects: str | None = None
    """Without an open question, the slot that a bare answer would be about."""
    guided: bool = False
    """Whether the last answer had steps, which may not have worked."""
    offered: tuple[Button, ...] = ()
    """The buttons of the last message, for a typed label or number."""
    misses: int = 0
    """Texts in a row that were not understood."""
    trail: tuple[Visit, ...] = ()
    answered: str | None = None
    """The answer that the last message gave: its template, service and kind."""

    @property
    def pending(self) -> str | None:
        """The slot that a bare answer is about."""
        return self.asked or self.expects

    def left(self, topic: str, known: Mapping[str, str]) -> tuple[Visit, ...]:
        """The trail after a move to a topic: the place that is left is its last."""
        if self.topic is None or (self.topic == topic and self.known == known):
            return self.trail
        return (*self.trail, Visit(self.topic, self.known))[-TRAIL:]
