"""Chats' sessions in a database.

What keeps an answer from being lost or given twice is here: a turn and the mark of its
update are committed together, both or neither. The mark is what the turn began from. So
whoever gets the update again, after a crash, takes the same turn from there: the reply is
a pure function. PostgreSQL does it all in one statement, which is one way there and back
instead of four; SQLite in a transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import floor
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Connection,
    String,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    select,
    update,
)

from bot.dialogue.session import Session
from bot.errors import ConflictError
from bot.store import codec
from bot.store.contract import IDLE, StoredSession
from bot.store.sql import Sql, changed
from bot.store.tables import chats, updates
from bot.store.updates import DatabaseUpdates

if TYPE_CHECKING:
    from sqlalchemy import Row

# Made once: to make a statement costs more than to send it.
_CHAT = bindparam("its_chat", type_=String)
_TURN = bindparam("its_turn", type_=BigInteger)
_NUMBER = bindparam("its_number", type_=BigInteger)
_IDLE = bindparam("its_idle", type_=BigInteger)
_ROW: dict[str, Any] = {
    "chat": _CHAT,
    "turn": bindparam("its_next", type_=BigInteger),
    "session": bindparam("its_session", type_=Text),
    "touched": bindparam("its_touched", type_=BigInteger),
}
_MINE = (
    updates.c.number == _NUMBER,
    updates.c.process == bindparam("its_process", type_=String),
    updates.c.turn.is_(None),
    updates.c.answered.is_(False),
)
_BEFORE = {
    "turn": _TURN,
    # Nothing of a chat that was idle too long: the turn began from a new session.
    "before": select(chats.c.session)
    .where(chats.c.chat == _CHAT, chats.c.touched > _IDLE)
    .scalar_subquery(),
}
_MARK = update(updates).where(*_MINE).values(_BEFORE)
_NEXT = (
    update(chats)
    .where(chats.c.chat == _CHAT, chats.c.turn == _TURN)
    .values({name: value for name, value in _ROW.items() if name != "chat"})
)


_GET = select(chats.c.turn, chats.c.session, chats.c.touched).where(
    chats.c.chat == _CHAT
)


class DatabaseSessions:
    def __init__(self, sql: Sql, log: DatabaseUpdates, idle: timedelta = IDLE) -> None:
        self._sql, self._log, self._idle = sql, log, idle
        self._first = sql.new(chats).values(_ROW).on_conflict_do_nothing()
        # Locked first of all, so that nobody takes the update over meanwhile.
        mine = select(updates.c.number).where(*_MINE).with_for_update().cte("mine")
        held = exists(select(mine.c.number))
        first = sql.new(chats).from_select(
            list(_ROW), select(*_ROW.values()).where(held)
        )
        self._marked_first = _marking(first.on_conflict_do_nothing())
        self._marked_next = _marking(_NEXT.where(held))

    async def get(
        self, chat: str, now: datetime, update_id: int | None = None
    ) -> StoredSession:
        if update_id is not None:
            if (began := self._log.began.get(update_id)) is not None:
                return began
            if (row := self._log.seen(chat, update_id)) is not None:
                return self._stored(row, now)
        return self._stored(await self._sql.row(_GET, its_chat=chat), now)

    def _stored(self, row: Row[Any] | None, now: datetime) -> StoredSession:
        if row is None or row.turn is None:
            return StoredSession(Session())
        idle = now.timestamp() - row.touched >= self._idle.total_seconds()
        session = Session() if idle else codec.decode(row.session)
        return StoredSession(session, row.turn)

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        update_id: int | None = None,
    ) -> None:
        values = {"its_chat": chat, "its_turn": after, "its_next": after + 1}
        values["its_session"] = codec.encode(session)
        values["its_touched"] = int(now.timestamp())
        self._log.changed(chat)
        step = _NEXT if after else self._first
        if update_id is None:
            if not await self._sql.do(step, **values):
                raise ConflictError(chat)
            return
        values |= self._log.mark(update_id)
        values["its_idle"] = floor(now.timestamp() - self._idle.total_seconds())
        try:
            await self._marked(step, values)
        except ConflictError:
            await self._log.recall(update_id)
            raise

    async def _marked(self, step: Any, values: dict[str, Any]) -> None:
        if self._sql.lite:
            await self._sql.together(lambda c: _both(c, step, values))
            return
        step = self._marked_next if values["its_turn"] else self._marked_first
        if not await self._sql.do(step, **values):
            raise ConflictError(values["its_chat"])

    async def forget(self, chat: str) -> None:
        self._log.changed(chat)
        await self._sql.do(delete(chats).where(chats.c.chat == chat))
        mine = and_(updates.c.chat == chat, updates.c.before.is_not(None))
        await self._sql.do(update(updates).where(mine).values(before="{}"))


def _marking(step: Any) -> Any:
    """The mark of an update, if the step is taken."""
    taken = step.returning(chats.c.chat).cte("taken")
    return (
        update(updates)
        .where(updates.c.number == _NUMBER, exists(select(taken.c.chat)))
        .values(_BEFORE)
    )


def _both(connection: Connection, step: Any, values: dict[str, Any]) -> None:
    # The mark first: it reads what the step changes.
    for statement in (_MARK, step):
        if not changed(connection.execute(statement, values)):
            raise ConflictError(values["its_chat"])
