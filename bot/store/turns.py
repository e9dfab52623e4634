"""An update's place: taken once over all processes, after the earlier ones of its chat.

Which process has it stands in its row. Others wait for that process, and take over from
it only when it is dead: on the same machine that is seen, elsewhere its signs of life
are watched. No clock is compared with another.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, select, update

from bot.errors import StoreError
from bot.store import codec, places
from bot.store.contract import Kept
from bot.store.owner import Owner
from bot.store.places import Places
from bot.store.sql import Sql
from bot.store.tables import replicas, updates

if TYPE_CHECKING:
    from sqlalchemy import Row

BEAT = 1.0
"""Seconds between two signs of life."""
SILENT = 6.0
"""Without one for so long, a process counts as dead: others take its updates."""
LOOK = 0.015
"""Seconds between two looks while an update waits for its place."""

# Made once: to make a statement costs more than to send it.
_DONE = (
    update(updates)
    .where(updates.c.number == bindparam("its_number"))
    .values(answered=True, chat=None, before=None)
)


class Turns:
    def __init__(self, sql: Sql, straggle: float | None = None) -> None:
        self._sql = sql
        self.me = Owner.myself()
        self.began: dict[int, Kept] = {}
        """Where the turns began of updates that were taken before."""
        self._watches: dict[str, _Watch] = {}
        self._places = Places(sql, self._dead_for, straggle)
        self.seen: dict[int, Row[Any]] = {}
        """Chats as they were when their update got its place, to be looked at once."""
        self._take = places.looking(sql.new(updates).on_conflict_do_nothing())
        self._beats = 0
        self._beating: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begins to give signs of life."""
        await self.ping()
        if self._beating is None:
            self._beating = asyncio.create_task(self._live())

    async def close(self) -> None:
        await self._places.close()
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
            mine = replicas.c.owner == str(self.me)
            with suppress(StoreError):
                await self._sql.do(delete(replicas).where(mine))

    async def take(self, number: int, chat: str | None) -> bool:
        row = {"number": number, "chat": chat, "owner": str(self.me)}
        row |= {"taken": int(time.time()), **self._places.near(number, chat)}
        found = await self._sql.row(self._take, **row)
        if found is None and not await self._inherit(number):
            return False
        if chat is None:
            return True
        self._places.stir(number)
        if found is not None and places.free(found):
            self.seen[number] = found
        else:
            await self._places.wait(number, chat)
        return True

    def mark(self, number: int) -> dict[str, Any]:
        """What says that an update is ours, while its turn is put."""
        return {"its_number": number, "its_owner": str(self.me)}

    async def done(self, number: int) -> None:
        self._let_go(number)
        await self._sql.do(_DONE, its_number=number)
        self._places.stir(number)

    async def lost(self, number: int) -> None:
        self._let_go(number)
        # Only ours: told late, it may be another's by now.
        mine = and_(
            updates.c.number == number,
            updates.c.owner == str(self.me),
            updates.c.answered.is_(False),
        )
        await self._sql.do(update(updates).where(mine).values(owner=""))
        self._places.stir(number)

    def _let_go(self, number: int) -> None:
        self.began.pop(number, None)
        self.seen.pop(number, None)

    async def _inherit(self, number: int) -> bool:
        """Waits for who has it to answer; takes it over from who cannot any more."""
        watch = _Watch(self)
        while True:
            row = await self._sql.row(
                select(updates.c.owner, updates.c.answered).where(
                    updates.c.number == number
                )
            )
            if row is None or row.answered:
                return False
            if row.owner == str(self.me):
                await self.recall(number)
                return True
            if await watch.dead(row.owner):
                mine = and_(updates.c.number == number, updates.c.owner == row.owner)
                change = update(updates).where(mine).values(owner=str(self.me))
                if await self._sql.do(change):
                    await self.recall(number)
                    return True
            await asyncio.sleep(LOOK)

    async def recall(self, number: int) -> None:
        """Where an update's turn began, if it was taken before."""
        row = await self._sql.row(
            select(updates.c.turn, updates.c.before).where(
                updates.c.number == number, updates.c.turn.is_not(None)
            )
        )
        if row is not None:
            session = codec.decode(row.before or "{}")
            self.began[number] = Kept(session, row.turn, again=True)

    async def _dead_for(self, owner: str) -> float:
        """How many seconds ago a process was seen to be dead; 0 while it lives."""
        if owner == str(self.me):
            return 0.0
        watch = self._watches.setdefault(owner, _Watch(self))
        await watch.dead(owner)
        return watch.dead_for

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            with suppress(StoreError):  # others tell of it
                await self.ping()

    async def ping(self) -> None:
        """A sign of life. Raises StoreError, where nothing can be written."""
        self._beats += 1
        seen = {"beat": self._beats, "seen": int(time.time())}
        await self._sql.do(
            self._sql.new(replicas, owner=str(self.me), **seen).on_conflict_do_update(
                index_elements=[replicas.c.owner], set_=seen
            )
        )

    async def beat_of(self, owner: str) -> int | None:
        row = await self._sql.row(
            select(replicas.c.beat).where(replicas.c.owner == owner)
        )
        return None if row is None else row.beat


class _Watch:
    """Looks at another process until it has been silent for too long."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._last: tuple[str, int | None] | None = None
        self._since = self._looked = time.monotonic()
        self._death = 0.0

    @property
    def dead_for(self) -> float:
        """Seconds since the death was seen."""
        return time.monotonic() - self._death if self._death else 0.0

    async def dead(self, owner: str) -> bool:
        found = await self._dead(owner)
        self._death = (self._death or time.monotonic()) if found else 0.0
        return found

    async def _dead(self, owner: str) -> bool:
        if not owner or Owner.read(owner).surely_dead(self._turns.me):
            return True
        now = time.monotonic()
        if self._last is not None and now - self._looked < BEAT / 2:
            return False
        seen = (owner, await self._turns.beat_of(owner))
        if seen != self._last or now - self._looked > BEAT * 3:
            # News of it; or it was us who could not look.
            self._last, self._since = seen, now
        self._looked = now
        return now - self._since > SILENT
