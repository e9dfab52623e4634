"""Reminders in a database: each is given out once, over all processes.

Which process has a reminder stands in its row, and the row is erased once it was said. So
one that a process did not get to say, since it was killed, is given to another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    and_,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)

from bot.store.contract import REMINDERS, Reminder
from bot.store.process import Heartbeat, Watch
from bot.store.sql import Sql
from bot.store.tables import reminders

_AT_ONCE = 100
"""Reminders that one look gives out."""

_ROW: dict[str, ColumnElement[Any]] = {
    "chat": bindparam("its_chat", type_=String),
    "place": bindparam("its_place", type_=String),
    "thread": bindparam("its_thread", type_=BigInteger),
    "due": bindparam("its_due", type_=BigInteger),
    "process": literal(""),
}
_OF_CHAT = reminders.c.chat == _ROW["chat"]
_IT = and_(_OF_CHAT, reminders.c.place == _ROW["place"])
_COUNT = select(func.count()).select_from(reminders).where(_OF_CHAT).scalar_subquery()
_CLAIM = (
    update(reminders)
    .where(_IT, reminders.c.process == bindparam("before"))
    .values(process=bindparam("after"))
)
_DUE = (
    select(reminders)
    .where(reminders.c.due <= bindparam("moment"))
    .order_by(reminders.c.due)
    .limit(_AT_ONCE)
)


class DatabaseReminders:
    def __init__(self, sql: Sql, heartbeat: Heartbeat) -> None:
        self._sql, self._heartbeat = sql, heartbeat
        room = select(*_ROW.values()).where(_COUNT < REMINDERS)
        self._add = sql.new(reminders).from_select(
            [reminders.c[name] for name in _ROW], room
        )
        self._in_work: set[tuple[str, str]] = set()
        self._watches: dict[str, Watch] = {}
        """By the process that has a reminder."""

    async def keep(self, reminder: Reminder) -> bool:
        key = {"its_chat": reminder.chat, "its_place": reminder.place}
        values = {**key, "its_thread": reminder.thread, "its_due": reminder.due}
        if await self._sql.do(self._add.on_conflict_do_nothing(), **values):
            return True
        return (
            await self._sql.row(select(reminders.c.due).where(_IT), **key) is not None
        )

    async def of(self, chat: str) -> list[Reminder]:
        rows = await self._sql.rows(select(reminders).where(_OF_CHAT), its_chat=chat)
        return [_reminder(row) for row in rows]

    async def cancel(self, chat: str, place: str) -> None:
        await self._sql.do(delete(reminders).where(_IT), its_chat=chat, its_place=place)

    async def forget(self, chat: str) -> None:
        await self._sql.do(delete(reminders).where(_OF_CHAT), its_chat=chat)

    async def due(self, now: datetime) -> list[Reminder]:
        rows = await self._sql.rows(_DUE, moment=int(now.timestamp()))
        others = {row.process for row in rows} - {"", str(self._heartbeat.me)}
        self._watches = {
            process: self._watches.get(process) or Watch(self._heartbeat)
            for process in others
        }
        gone = {p for p, watch in self._watches.items() if await watch.dead(p)}
        found = [_reminder(row) for row in rows if await self._claim(row, gone)]
        # Only now: of a look that failed midway, the next one gives out all.
        self._in_work |= {(reminder.chat, reminder.place) for reminder in found}
        return found

    async def _claim(self, row: Any, gone: set[str]) -> bool:
        """Makes a reminder ours; false where another process has it, or we do."""
        me, key = str(self._heartbeat.me), (row.chat, row.place)
        if key in self._in_work or row.process not in {"", me, *gone}:
            return False
        values = {"its_chat": row.chat, "its_place": row.place}
        values |= {"before": row.process, "after": me}
        return bool(await self._sql.do(_CLAIM, **values))

    async def done(self, reminder: Reminder) -> None:
        await self.cancel(reminder.chat, reminder.place)
        self._in_work.discard((reminder.chat, reminder.place))


def _reminder(row: Any) -> Reminder:
    return Reminder(row.chat, row.place, row.due, row.thread)
