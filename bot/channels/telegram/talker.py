"""What this channel needs of the bot behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.core.book import Book
from bot.core.message import Event
from bot.core.session import Session
from bot.reply import Reply


class Talker(Protocol):
    @property
    def book(self) -> Book: ...

    async def handle(self, event: Event) -> Reply:
        """The reply in a chat that is remembered."""

    def reply(self, session: Session, event: Event) -> tuple[Reply, Session]:
        """The same with nothing remembered."""

    def search(self, text: str) -> Sequence[tuple[str, Reply]]:
        """Titled answers, best first; for no text those most asked for."""
