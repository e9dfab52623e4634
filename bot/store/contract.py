"""What every store does. It knows neither book nor channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.core.count import Count, Line
from bot.dialogue.session import Session
from bot.store.phrases import Group, Phrase

IDLE = timedelta(days=1)
"""After that long without a word a chat begins anew."""


class Kept(NamedTuple):
    """A chat's session, and how many turns led to it."""

    session: Session
    turn: int = 0
    again: bool = False
    """The update's turn was taken before, from here; nothing is put again."""


class Store(Protocol):
    """A number is an update's; an update that comes twice has the same."""

    async def get(self, chat: str, now: datetime, number: int | None = None) -> Kept:
        """The chat's session, or a new one after a day without a word."""

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        number: int | None = None,
    ) -> None:
        """The session after turn `after`, together with where the update began.

        Raises StaleError, where another turn was taken since: get, and turn again.
        """

    async def forget(self, chat: str) -> None:
        """Erases all that is known of a chat."""

    async def take(self, number: int, chat: str | None) -> bool:
        """Waits for an update's place in its chat; false if it was answered before."""

    async def done(self, number: int) -> None:
        """Its answer has left: it is never given again."""

    async def lost(self, number: int) -> None:
        """Its answer did not arrive: whoever gets the update next gives it again."""

    async def add(self, counts: Sequence[Count], phrases: Sequence[Phrase]) -> None:
        """Adds to the sums and to the phrases for the inbox."""

    async def counted(self, since: datetime) -> list[Line]:
        """The sums of each day since."""

    async def inbox(self) -> list[Group]:
        """The phrases but for those that are ignored, most frequent first."""

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        """Phrases that were decided on: marked, or else gone."""

    async def sweep(self, now: datetime) -> None:
        """Erases what has been kept long enough."""

    async def close(self) -> None: ...
