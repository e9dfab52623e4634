"""A database with a memory beside it: whatever befalls the store, the bot answers.

An outage that may pass is waited out for a while, so that a restart of the database
loses nothing. One that lasts, or that only an operator can end, is told in one line;
meanwhile sessions are kept in memory. An update may begin on one side and end on the
other: what the database has missed of those that it knows, it is told once it is back,
before anything else.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal, TypeVar

from bot.core.count import Count, Line
from bot.dialogue.session import Session
from bot.errors import StoreError
from bot.store.contract import Kept
from bot.store.database import Database
from bot.store.memory import Memory
from bot.store.phrases import Group, Phrase

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds that an outage may last before people are answered without memory."""
_PAUSE = 0.25
_AGAIN = 3.0
"""Seconds between two attempts once patience is over."""
_QUIET = 600.0
"""Seconds before the same line is told again."""

_log = logging.getLogger(__name__)


class Safe:
    """A Store. `failures` and `away` are for the metrics."""

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database, self._memory = database, Memory()
        self._patience = patience
        self._open = False
        self._since: float | None = None
        self._lasting = False
        self._told: dict[str, float] = {}
        self._healing: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._asked: set[int] = set()
        """Updates that the database may know, until it knows what became of them."""
        self._owed: dict[int | str, Callable[[], Awaitable[None]]] = {}
        """What it has missed of an update, by number, or of a chat, by name."""
        self.failures = 0

    @property
    def away(self) -> bool:
        return self._since is not None

    async def open(self) -> None:
        """Says so, if the store cannot be used; it is tried again later."""
        try:
            await self._opened()
        except StoreError as error:
            self._failed(error, lasting=True)

    async def close(self) -> None:
        if self._healing is not None:
            self._healing.cancel()
            await asyncio.gather(self._healing, return_exceptions=True)
        with suppress(StoreError):
            await self._database.close()

    async def get(self, chat: str, now: datetime, number: int | None = None) -> Kept:
        here = await self._memory.get(chat, now, number)
        if here.again:
            return here
        known = self._known(number)
        return await self._try(
            lambda: self._database.get(chat, now, known),
            lambda: self._memory.get(chat, now, number),
        )

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        number: int | None = None,
    ) -> None:
        async def beside() -> None:
            # Its turn may have been counted by the database, so the number is no guide.
            kept = await self._memory.get(chat, now)
            await self._memory.put(chat, session, kept.turn, now, number)

        known = self._known(number)
        await self._try(
            lambda: self._database.put(chat, session, after, now, known), beside
        )

    async def forget(self, chat: str) -> None:
        await self._memory.forget(chat)
        await self._told_of(chat, lambda: self._database.forget(chat))

    async def take(self, number: int, chat: str | None) -> bool:
        if self._memory.answered(number):
            return False
        if self._memory.took(number):
            return True

        async def there() -> bool:
            self._asked.add(number)  # it may be carried out, and the news of it lost
            return await self._database.take(number, chat)

        return await self._try(there, lambda: self._memory.take(number, chat))

    async def done(self, number: int) -> None:
        await self._memory.done(number)
        await self._ended(number, "done")

    async def lost(self, number: int) -> None:
        await self._ended(number, "lost")

    def _known(self, number: int | None) -> int | None:
        """Nothing, if the update's place was taken here, since no row is its own."""
        return None if number is None or self._memory.took(number) else number

    async def _ended(self, number: int, how: Literal["done", "lost"]) -> None:
        async def there() -> None:
            await getattr(self._database, how)(number)
            self._asked.discard(number)

        if number in self._asked:
            await self._told_of(number, there)

    async def _told_of(
        self, what: int | str, tell: Callable[[], Awaitable[None]]
    ) -> None:
        async def later() -> None:
            self._owed[what] = tell

        await self._try(tell, later)

    async def add(self, counts: Sequence[Count], phrases: Sequence[Phrase]) -> None:
        """Raises StoreError: the caller keeps them until the next time."""
        await self._database.add(counts, phrases)

    async def counted(self, since: datetime) -> list[Line]:
        return await self._database.counted(since)

    async def inbox(self) -> list[Group]:
        return await self._database.inbox()

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        await self._database.settle(texts, mark)

    async def sweep(self, now: datetime) -> None:
        await self._memory.sweep(now)
        await self._database.sweep(now)

    async def _try(
        self, ask: Callable[[], Awaitable[T]], beside: Callable[[], Awaitable[T]]
    ) -> T:
        while not self._lasting:
            began = time.monotonic()
            try:
                await self._opened()
                found = await ask()
            except StoreError as error:
                self._failed(error)
                if not self._lasting:
                    await asyncio.sleep(_PAUSE)
            else:
                if not self._lasting:  # else it is for the healing to say so
                    self._worked(began)
                return found
        return await beside()

    async def _opened(self) -> None:
        if not self._open:
            async with self._opening:
                if not self._open:
                    await self._database.open()
                    self._open = True

    def _failed(self, error: StoreError, *, lasting: bool = False) -> None:
        self.failures += 1
        now = time.monotonic()
        if self._since is None:
            self._since = now
        waited = now - self._since > self._patience
        lasting = lasting or waited or not error.passing
        begins = lasting and not self._lasting
        self._lasting = self._lasting or lasting
        self._tell(error, now)
        if begins:
            self._healing = asyncio.create_task(self._heal())

    def _tell(self, error: StoreError, now: float) -> None:
        """Once in a while: an outage makes a failure of every message."""
        what = "Answering without memory." if self._lasting else "Waiting for it."
        line = f"{error} {what}"
        if now - self._told.get(line, -_QUIET) >= _QUIET:
            self._told[line] = now
            _log.error("%s", line)

    async def _heal(self) -> None:
        """Nobody waits for these attempts."""
        while self._lasting:
            await asyncio.sleep(_AGAIN)
            began = time.monotonic()
            try:
                await self._opened()
                await self._database.ping()
                await self._settle_up()
            except StoreError as error:
                self.failures += 1
                self._tell(error, time.monotonic())
            else:
                self._worked(began)

    async def _settle_up(self) -> None:
        """Tells the database all that it has missed. Raises StoreError."""
        while self._owed:
            what, tell = next(iter(self._owed.items()))
            await tell()
            if self._owed[what] is tell:  # else there was news meanwhile
                del self._owed[what]

    def _worked(self, began: float) -> None:
        if self._since is not None:
            if began < self._since:
                return  # it was under way when the outage began, and proves nothing
            seconds = time.monotonic() - self._since
            _log.warning("The store is back after %.1f s.", seconds)
        self._since, self._lasting = None, False
