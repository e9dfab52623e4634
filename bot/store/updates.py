"""An update's claim: answered once over all processes, however often it comes.

Telegram sends the updates of one chat one at a time, and the next only once the one
before was confirmed; so no update waits for another here. What can come beside a message
is a press of a button, which carries its own facts; should both take a turn at once, the
later one finds a conflict and turns again.

Which process has an update stands in its row. Others wait for that process, and take
over from it only when it is dead.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, select, update

from bot.store import codec
from bot.store.contract import StoredSession
from bot.store.process import BEAT, Heartbeat, Watch
from bot.store.sql import Sql
from bot.store.tables import chats, updates

if TYPE_CHECKING:
    from sqlalchemy import Row

LOOK, SELDOM = 0.015, BEAT / 2
"""Seconds between two looks while another process has the update: at first, and where
its answer takes long, since Telegram fails."""

Look = Callable[[], Awaitable[bool | None]]
"""Whether an update is ours to answer; none while another process has it."""

_log = logging.getLogger(__name__)

_MOST = 1_000
"""Chats whose rows are kept from a claim until its turn begins."""

# Made once: to make a statement costs more than to send it.
_CHAT = bindparam("its_chat", type_=String)
_WITH_ITS_CHAT = tuple(
    select(column).where(chats.c.chat == _CHAT).scalar_subquery().label(column.name)
    for column in (chats.c.turn, chats.c.session, chats.c.touched)
)
_ACKNOWLEDGE = (
    update(updates)
    .where(updates.c.number == bindparam("its_number"))
    .values(answered=True, chat=None, before=None)
)


class DatabaseUpdates:
    def __init__(self, sql: Sql, heartbeat: Heartbeat) -> None:
        self._sql, self._heartbeat = sql, heartbeat
        self._claim = (
            sql.new(updates).on_conflict_do_nothing().returning(*_WITH_ITS_CHAT)
        )
        self.began: dict[int, StoredSession] = {}
        """Where the turns began of updates whose turn was taken before."""
        self._seen: dict[str, tuple[int, Row[Any]]] = {}
        """Chats as they were when their last update was claimed, to be read at once."""

    async def claim(self, update_id: int, chat: str | None) -> bool:
        return await waited(update_id, self.looks(update_id, chat))

    def looks(self, update_id: int, chat: str | None) -> Look:
        """What claims an update, called until it says whether it is ours.

        A look by itself is short, however long another process takes.
        """
        watch: Watch | None = None

        async def look() -> bool | None:
            nonlocal watch
            if watch is not None:
                return await self._take_over(update_id, watch)
            if await self._new(update_id, chat):
                return True
            watch = Watch(self._heartbeat)
            return await self._take_over(update_id, watch)

        return look

    async def _new(self, update_id: int, chat: str | None) -> bool:
        """Whether nobody had it before; then it is ours."""
        row = {"number": update_id, "chat": chat, "its_chat": chat}
        row |= {"process": str(self._heartbeat.me), "taken": int(time.time())}
        found = await self._sql.row(self._claim, **row)
        if found is not None and chat is not None:
            if len(self._seen) >= _MOST:  # of groups, nobody asks for the row
                self._seen.clear()
            self._seen[chat] = (update_id, found)
        return found is not None

    def seen(self, chat: str, update_id: int) -> Row[Any] | None:
        """The chat's row, if it came with the claim and no turn was put since."""
        number, row = self._seen.pop(chat, (None, None))
        return row if number == update_id else None

    def changed(self, chat: str) -> None:
        """What was seen of a chat is out of date."""
        self._seen.pop(chat, None)

    def mark(self, update_id: int) -> dict[str, Any]:
        """What says that an update is ours, while its turn is put."""
        return {"its_number": update_id, "its_process": str(self._heartbeat.me)}

    async def acknowledge(self, update_id: int) -> None:
        self.began.pop(update_id, None)
        await self._sql.do(_ACKNOWLEDGE, its_number=update_id)

    async def release(self, update_id: int) -> None:
        self.began.pop(update_id, None)
        # Only ours: told late, it may be another's by now.
        mine = and_(
            updates.c.number == update_id,
            updates.c.process == str(self._heartbeat.me),
            updates.c.answered.is_(False),
        )
        await self._sql.do(update(updates).where(mine).values(process=""))

    async def _take_over(self, update_id: int, watch: Watch) -> bool | None:
        """Whether it could be taken from who cannot answer it any more."""
        me = str(self._heartbeat.me)
        row = await self._sql.row(
            select(updates.c.process, updates.c.answered).where(
                updates.c.number == update_id
            )
        )
        if row is None or row.answered:
            return False
        if row.process != me:
            if not await watch.dead(row.process):
                return None
            its = and_(updates.c.number == update_id, updates.c.process == row.process)
            if not await self._sql.do(update(updates).where(its).values(process=me)):
                return None
        await self.recall(update_id)
        return True

    async def recall(self, update_id: int) -> None:
        """Where an update's turn began, if it was taken before."""
        row = await self._sql.row(
            select(updates.c.turn, updates.c.before).where(
                updates.c.number == update_id, updates.c.turn.is_not(None)
            )
        )
        if row is not None:
            session = codec.decode(row.before or "{}")
            self.began[update_id] = StoredSession(session, row.turn, replayed=True)


async def waited(update_id: int, look: Look) -> bool:
    """What a look says in the end."""
    pause = LOOK
    while (ours := await look()) is None:
        if pause == LOOK:
            _log.info(
                "Update %s came again while another process answers it", update_id
            )
        await asyncio.sleep(pause)
        pause = min(2 * pause, SELDOM)
    return ours
