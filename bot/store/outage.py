"""How long a database that is away is waited for, and what is said of it.

An outage that may pass is waited out for a while, so that a restart of the database
loses nothing. One that lasts, or that only an operator can end, is told in one line; then
nobody waits until the database is back.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.errors import AnotherBotError, StoreError
from bot.troubles import STORE, begun, ended

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds that an outage may last before people are answered without memory."""
_SHORTEST = 1.0
"""Seconds that one attempt has at least."""
_PAUSE = 0.25
_AGAIN = 3.0
"""Seconds between two attempts once patience is over."""
_QUIET = 600.0
"""Seconds before the same line of one outage is told again."""

_log = logging.getLogger(__name__)


class Opened(Protocol):
    """What may be away."""

    @property
    def name(self) -> str: ...

    async def open(self) -> None: ...

    async def ping(self) -> None: ...


class Outage:
    """`failures`, `away` and `without_memory` are for the metrics."""

    def __init__(self, database: Opened, patience: float = PATIENCE) -> None:
        self._database, self._patience = database, patience
        self._open = False
        self._since: float | None = None
        self._lasting = False
        self._told: dict[str, float] = {}
        self._healing: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self.owed: dict[int | str, Callable[[], Awaitable[None]]] = {}
        """What the database has missed of an update, by id, or of a chat, by name."""
        self.failures = 0
        self.without_memory = 0
        """Turns that the database did not get."""

    @property
    def away(self) -> bool:
        return self._since is not None

    async def begin(self) -> None:
        """Says so, if the database cannot be used; it is tried again later.

        Raises AnotherBotError, which no time mends.
        """
        began = time.monotonic()
        try:
            await self._opened()
        except AnotherBotError:
            raise
        except StoreError as error:
            self._failed(error, began, lasting=True)

    async def end(self) -> None:
        if self._healing is not None:
            self._healing.cancel()
            await asyncio.gather(self._healing, return_exceptions=True)

    async def attempt(
        self, ask: Callable[[], Awaitable[T]], beside: Callable[[], Awaitable[T]]
    ) -> T:
        """What the database says, or else what is done beside it.

        An attempt that runs out of time may be carried out all the same.
        """
        while not self._lasting:
            began = time.monotonic()
            try:
                async with asyncio.timeout(self._left(began)):
                    await self._opened()
                    found = await ask()
            except StoreError as error:
                self._failed(error, began)
            except TimeoutError:
                text = f"The store {self._database.name} is too slow."
                self._failed(StoreError(text, passing=True), began)
            else:
                if not self._lasting:  # else it is for the healing to say so
                    self._worked(began)
                return found
            if not self._lasting:
                await asyncio.sleep(_PAUSE)
        return await beside()

    async def tell(self, what: int | str, ask: Callable[[], Awaitable[None]]) -> None:
        """The database must hear of this: now, or before it counts as back."""

        async def later() -> None:
            self.owed[what] = ask

        await self.attempt(ask, later)

    def _left(self, began: float) -> float:
        """Seconds until people are answered without memory: one wait for all steps."""
        since = began if self._since is None else self._since
        return max(since + self._patience - began, _SHORTEST)

    async def _opened(self) -> None:
        if not self._open:
            async with self._opening:
                if not self._open:
                    await self._database.open()
                    self._open = True

    def _failed(
        self, error: StoreError, began: float, *, lasting: bool = False
    ) -> None:
        self.failures += 1
        now = time.monotonic()
        if self._since is None:
            self._since = began
        waited = now - self._since >= self._patience
        lasting = lasting or waited or not error.passing
        begins = lasting and not self._lasting
        self._lasting = self._lasting or lasting
        self._say(error, now)
        if begins:
            self._healing = asyncio.create_task(self._heal())

    def _say(self, error: StoreError, now: float) -> None:
        """Once in a while: an outage makes a failure of every message."""
        what = "Answering without memory." if self._lasting else "Waiting for it."
        line = f"{error} {what}"
        if now - self._told.get(line, -_QUIET) >= _QUIET:
            self._told[line] = now
            _log.error("%s", line, extra=begun(STORE, passing=error.passing))

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
                self._say(error, time.monotonic())
            else:
                self._worked(began)

    async def _settle_up(self) -> None:
        """Tells the database all that it has missed. Raises StoreError."""
        while self.owed:
            what, tell = next(iter(self.owed.items()))
            await tell()
            if self.owed[what] is tell:  # else there was news meanwhile
                del self.owed[what]

    def _worked(self, began: float) -> None:
        if self._since is not None:
            if began < self._since:
                return  # it was under way when the outage began, and proves nothing
            _log.warning(
                "The store is back after %.1f s; since the start %d turns were "
                "taken without it.",
                time.monotonic() - self._since,
                self.without_memory,
                extra=ended(STORE),
            )
            # The next outage has a beginning in the log too.
            self._told.clear()
        self._since, self._lasting = None, False
