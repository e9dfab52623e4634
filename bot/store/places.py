"""Order within a chat over all processes: an update waits until earlier ones are answered.

All that wait here share one look at the database, so that a crowd costs no more than one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, bindparam, exists, func, null, select, update

from bot.store.sql import Sql
from bot.store.tables import chats, updates

if TYPE_CHECKING:
    from sqlalchemy import Row

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
_CHAT = bindparam("its_chat", type_=String)
_NEAR = (updates.c.number >= _LOW, updates.c.number < _NUMBER)
_EARLIER = (updates.c.chat == _CHAT, updates.c.number < _NUMBER)
_ITS_CHAT = chats.c.chat == _CHAT
_BESIDE = (
    select(_NUMBER - func.min(updates.c.number) - func.count())
    .where(*_NEAR)
    .scalar_subquery()
    .label("gaps"),
    exists(select(updates.c.number).where(*_EARLIER)).label("earlier"),
    *(
        select(column).where(_ITS_CHAT).scalar_subquery().label(column.name)
        for column in (chats.c.turn, chats.c.session, chats.c.touched)
    ),
)
_before = func.lag(updates.c.number).over(order_by=updates.c.number).label("before")
_seen = select(updates.c.number, _before).where(
    updates.c.number >= _LOW, updates.c.number <= _NUMBER
)
_steps = _seen.subquery()
_gaps = select(
    null().label("chat"), _steps.c.number, null().label("owner"), _steps.c.before
).where(_steps.c.number - _steps.c.before > 1)
# An answered one has no chat any more.
_open = select(
    updates.c.chat, updates.c.number, updates.c.owner, null().label("before")
).where(updates.c.chat.in_(bindparam("its_chats", expanding=True)))
# Gaps in the numbers, and what is open of some chats: those have no `before`.
_LOOK = _open.union_all(_gaps)


def looking(insert: Any) -> Any:
    """An update's insert that also tells of those before it, and of its chat."""
    return insert.returning(*_BESIDE)


def free(row: Row[Any]) -> bool:
    """The usual case: nothing before it is open or still on its way."""
    return not row.earlier and not row.gaps


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
    def __init__(
        self,
        sql: Sql,
        dead_for: Callable[[str], Awaitable[float]],
        straggle: float | None = None,
    ) -> None:
        self._sql = sql
        self._dead_for = dead_for
        self._waiting: dict[int, _Waiting] = {}
        self._looking: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._floor = 0
        """Below it no gap is waited for any more."""
        self._straggle = STRAGGLE if straggle is None else straggle
        self._patience = self._straggle
        """Less after each wait in vain: should numbers have gaps, it costs little."""

    def near(self, number: int, chat: str | None) -> dict[str, Any]:
        """The values of `looking`."""
        low = max(number - NEAR, self._floor)
        return {"low": low, "its_number": number, "its_chat": chat}

    async def wait(self, number: int, chat: str) -> None:
        """Until all earlier updates of the chat are answered. Raises what a look does."""
        mine = _Waiting(number, chat, time.monotonic() + self._patience)
        self._waiting[number] = mine
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await mine.free
        finally:
            self._waiting.pop(number, None)

    def stir(self, number: int) -> None:
        """An update came or was answered here: news for those that come after it."""
        if any(waiting > number for waiting in self._waiting):
            self._news.set()

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while self._waiting:
            self._news.clear()
            try:
                await self._release()
            except Exception as error:  # noqa: BLE001  they would wait for good
                for waiting in self._waiting.values():
                    if not waiting.free.done():
                        waiting.free.set_exception(error)
                return
            await asyncio.sleep(SHORTEST)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._news.wait()

    async def _release(self) -> None:
        those = list(self._waiting.values())  # more may come meanwhile
        numbers = [waiting.number for waiting in those]
        low = max(min(numbers) - NEAR, self._floor)
        near = {"low": low, "its_number": max(numbers)}
        wanted = list({waiting.chat for waiting in those})
        found = await self._sql.rows(_LOOK, its_chats=wanted, **near)
        gaps = [row for row in found if row.chat is None]
        rows = sorted(row for row in found if row.chat is not None)
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
        for waiting in those:
            # One is missing after the first that was seen. Numbers go up one by one, so
            # it is an update still on its way; it may be of this chat.
            low = max(waiting.number - NEAR, self._floor)
            gap = any(g.before >= low and g.number <= waiting.number for g in gaps)
            if (
                waiting.free.done()
                or first.get(waiting.chat, waiting.number) < waiting.number
            ):
                continue
            if self._patient(waiting, now, gap=gap):
                continue
            waiting.free.set_result(None)

    def _patient(self, one: _Waiting, now: float, *, gap: bool) -> bool:
        """Whether it goes on waiting for a straggler."""
        if gap and now < one.until:
            one.straggler = True
            return True
        if gap:
            self._floor = max(self._floor, one.number)
            self._patience /= 4
        elif one.straggler:
            self._patience = self._straggle
        return False
