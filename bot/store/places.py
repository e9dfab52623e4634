"""Order within a chat over all processes: an update waits until earlier ones are answered.

All that wait here share one look at the database, so that a crowd costs no more than one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, bindparam, func, select, update

from bot.errors import StoreError
from bot.store.sql import Sql
from bot.store.tables import updates

LOOK = 0.03
"""Seconds between two looks, unless something happens in this process."""
SHORTEST = 0.004
STRAGGLE = 3.0
"""How long an update waits for one of a lower number that was not seen yet."""
NEAR = 200
"""How far back in the numbers such a one is looked for: Telegram has 40 under way at
once, and a slow process may hold one of them up."""
ORPHAN = 1.0
"""How long an update waits for an earlier one whose process died: it comes again at
once, or else it was answered, and only the news of that is missing."""

# Made once: to make a statement costs more than to send it.
_NUMBER = bindparam("its_number", type_=BigInteger)
_LOW = bindparam("low", type_=BigInteger)
_PLACE = select(
    func.count().label("many"),
    func.min(updates.c.number).label("first"),
    select(func.count())
    .where(updates.c.chat == bindparam("its_chat"), updates.c.number < _NUMBER)
    .scalar_subquery()
    .label("earlier"),
).where(updates.c.number >= _LOW, updates.c.number < _NUMBER)
_SEEN = select(updates.c.number).where(
    updates.c.number >= _LOW, updates.c.number <= _NUMBER
)
# An answered one has no chat any more.
_OPEN = (
    select(updates.c.chat, updates.c.number, updates.c.owner)
    .where(updates.c.chat.is_not(None))
    .order_by(updates.c.number)
)


@dataclass
class _Waiting:
    number: int
    chat: str
    until: float
    """When it stops to wait for stragglers."""
    straggler: bool = False
    """It had to wait for one."""
    free: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Places:
    def __init__(self, sql: Sql, dead_for: Callable[[str], Awaitable[float]]) -> None:
        self._sql = sql
        self._dead_for = dead_for
        self._waiting: dict[int, _Waiting] = {}
        self._looking: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._floor = 0
        """Below it no gap is waited for any more."""
        self._patience = STRAGGLE
        """Less after each wait in vain: should numbers have gaps, it costs little."""

    async def wait(self, number: int, chat: str) -> None:
        """Until all earlier updates of the chat are answered. Raises StoreError."""
        if await self._free_at_once(number, chat):
            return
        mine = _Waiting(number, chat, time.monotonic() + self._patience)
        self._waiting[number] = mine
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await mine.free
        finally:
            self._waiting.pop(number, None)

    def stir(self) -> None:
        """An update came or was answered here."""
        self._news.set()

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _free_at_once(self, number: int, chat: str) -> bool:
        """The usual case, in one statement."""
        low = max(number - NEAR, self._floor)
        row = await self._sql.row(_PLACE, low=low, its_number=number, its_chat=chat)
        if row is None or row.earlier:
            return False
        return not row.many or row.many == number - row.first

    async def _look(self) -> None:
        while self._waiting:
            self._news.clear()
            try:
                await self._release()
            except StoreError as error:
                for waiting in self._waiting.values():
                    if not waiting.free.done():
                        waiting.free.set_exception(error)
                return
            await asyncio.sleep(SHORTEST)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._news.wait()

    async def _release(self) -> None:
        low = max(min(self._waiting) - NEAR, self._floor)
        near = await self._sql.rows(_SEEN, low=low, its_number=max(self._waiting))
        seen = {row.number for row in near}
        rows = await self._sql.rows(_OPEN)
        dead = {owner: await self._dead_for(owner) for owner in {r.owner for r in rows}}
        first: dict[str, int] = {}
        orphans = []
        for row in rows:
            if dead[row.owner] > ORPHAN:
                orphans.append(row.number)
            else:
                first.setdefault(row.chat, row.number)
        if orphans:
            # Should it come again after all, it is of no chat, and waits for nobody.
            lost = updates.c.number.in_(orphans)
            await self._sql.do(update(updates).where(lost).values(chat=None))
        now = time.monotonic()
        for waiting in list(self._waiting.values()):
            if self._free(waiting, seen, first, now) and not waiting.free.done():
                waiting.free.set_result(None)

    def _free(
        self, one: _Waiting, seen: set[int], first: Mapping[str, int], now: float
    ) -> bool:
        if first.get(one.chat, one.number) < one.number:
            return False
        near = range(max(one.number - NEAR, self._floor), one.number)
        gap = _gap(near, seen)
        if gap and now < one.until:
            one.straggler = True
            return False
        if gap:
            self._floor = max(self._floor, one.number)
            self._patience /= 4
        elif one.straggler:
            self._patience = STRAGGLE
        return True


def _gap(near: Iterable[int], seen: set[int]) -> bool:
    """Whether one is missing after the first that was seen.

    Numbers go up one by one, so it is an update still on its way; it may be of this chat.
    """
    begun = False
    for number in near:
        if number in seen:
            begun = True
        elif begun:
            return True
    return False
