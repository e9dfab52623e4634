"""What this channel needs of the bot behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.dialogue.events import Event, Said
from bot.knowledge.model import KnowledgeBase
from bot.responses.reply import Reply
from bot.store import ReminderStore
from bot.store.records import Count, DayCount


class Responder(Protocol):
    @property
    def kb(self) -> KnowledgeBase: ...

    def kb_of(self, language: str | None) -> KnowledgeBase:
        """The knowledge in a language; else the main one."""

    def kb_of_button(self, value: str) -> KnowledgeBase | None:
        """The knowledge that a button's value is of; none for any other value."""

    async def language_of(self, chat: str, at: datetime, own: str | None) -> str | None:
        """What a chat is in, with a person of a language; none where there is but one."""

    @property
    def reminders(self) -> ReminderStore: ...

    async def handle(self, event: Event, number: int | None = None) -> Reply:
        """The reply in a chat that is remembered, to the update of this number."""

    def in_group(self, event: Event, before: str | None = None) -> Reply:
        """The same with nothing remembered, going on from where a button leads."""

    def look(self, event: Event) -> Reply:
        """What an event leads to for whom nothing is known of; it changes nothing."""

    def variants(self, reply: Reply) -> Sequence[Reply]:
        """An answer's drafts in other words."""

    def count(self, count: Count) -> None:
        """Adds one to what is counted."""

    async def place(self, chat: str, at: datetime) -> str | None:
        """The button's value that leads to where a chat is; none at its start."""

    def is_fragment(self, text: str) -> bool:
        """Whether a text is a piece of a question rather than a whole one."""

    async def expects(self, event: Said) -> bool:
        """Whether such a piece means something by itself where a chat is."""

    async def verdict(
        self, chat: str, at: datetime, number: int, *, good: bool
    ) -> str | None:
        """The button that says whether the last answer helped; none at the start."""

    async def counted(self, since: datetime) -> list[DayCount]:
        """What was counted since a day, of everyone together."""

    async def take(self, number: int, chat: str | None) -> bool:
        """Waits for an update's place in its chat; false if it was answered before."""

    async def done(self, number: int) -> None:
        """An update's answer has left."""

    async def lost(self, number: int) -> None:
        """An update's answer did not arrive; it may come again."""

    def figures(self) -> dict[str, dict[str, float]]:
        """For the metrics: name → label → number."""

    def search(self, text: str, *, language: str | None) -> Sequence[tuple[str, Reply]]:
        """Titled answers, best first; for no text those most asked for."""
