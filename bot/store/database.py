"""Any database that SQLAlchemy reaches: SQLite for one machine, PostgreSQL for many.

The four parts of the contract, each in a file of its own, over one connection or pool.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select, tuple_

from bot.errors import AnotherBotError, StoreError
from bot.store import engine as engines
from bot.store.contract import IDLE
from bot.store.counters import DatabaseCounters
from bot.store.process import Heartbeat
from bot.store.reminders import DatabaseReminders
from bot.store.sessions import DatabaseSessions
from bot.store.sql import Sql
from bot.store.tables import bots, chats, phrases, reminders, replicas, updates
from bot.store.updates import DatabaseUpdates

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.engine import URL

_log = logging.getLogger(__name__)

_DAY = 86_400
LOT = 2_000
"""Rows erased at a time: with SQLite everybody waits for them."""
_BREATH = 0.01
"""Seconds between two lots."""


class Database:
    """A Store; what goes wrong with it is raised as StoreError."""

    bot: int | None = None
    """The bot that it is opened for; none for who does not care."""

    def __init__(self, url: URL, idle: timedelta = IDLE, phrase_days: int = 90) -> None:
        self._url, self._idle, self._phrase_days = url, idle, phrase_days
        self._sql = Sql(url)
        self._file = engines.FileWatch(url)
        self._fault: str | None = None
        self.heartbeat = Heartbeat(self._sql)
        self.updates = DatabaseUpdates(self._sql, self.heartbeat)
        self.sessions = DatabaseSessions(self._sql, self.updates, idle)
        self.reminders = DatabaseReminders(self._sql, self.heartbeat)
        self.counters = DatabaseCounters(self._sql)

    @property
    def name(self) -> str:
        """How operators know it; without a password."""
        return engines.name(self._url)

    def is_missing(self) -> bool:
        """Whether it is a file that is not there; `open` would make it."""
        return self._file.is_missing()

    async def open(self, *, alive: bool = True) -> None:
        """Brings the tables up to date; `alive` if it will claim updates.

        Raises StoreError, and AnotherBotError where it is not that of `bot`.
        """
        await self._sql.prepare()
        if self.bot is not None:
            await self._belong(self.bot)
        if alive:
            await self.heartbeat.start(self._look)

    async def _belong(self, bot: int) -> None:
        """To who was first: another one's updates would be taken for its own."""
        own = self._sql.new(bots, one=1, number=bot).on_conflict_do_nothing()
        await self._sql.do(own)
        row = await self._sql.row(select(bots.c.number))
        if row is not None and row.number != bot:
            raise AnotherBotError(
                f"The store {self.name} belongs to the bot {row.number}, and "
                f"TAKEBACK_TOKEN is of {bot}: give it a TAKEBACK_STORE of its own."
            )

    def _look(self) -> None:
        """Says once what has become of the file; the next start would not find it."""
        fault = self._file.fault()
        if fault != self._fault and fault:
            _log.error(
                "%s; what is open goes on, and is lost at the end. Stop the bot, put the "
                "file back or start anew.",
                fault,
            )
        self._fault = fault

    async def ping(self) -> None:
        """Raises StoreError, where nothing can be written."""
        await self.heartbeat.beat()

    async def close(self) -> None:
        await self.heartbeat.stop()
        await self._sql.close()

    async def sweep(self, now: datetime) -> None:
        """Erases what is old; what is promised to people first.

        Raises StoreError at the end, if some of it could not be erased.
        """
        async with self._sql.in_small_steps():
            await self._swept(now)

    async def _swept(self, now: datetime) -> None:
        moment = int(now.timestamp())
        idle = moment - int(self._idle.total_seconds())
        oldest = (now - timedelta(days=self._phrase_days)).date().isoformat()
        failed: list[str] = []
        for table, old in (
            (phrases, and_(phrases.c.day < oldest, phrases.c.mark == "")),
            (chats, chats.c.touched < idle),
            (reminders, reminders.c.due < moment - _DAY),
            (updates, updates.c.taken < moment - _DAY),
            (replicas, replicas.c.seen < moment - _DAY),
        ):
            try:
                await self._erase(table, old)
            except StoreError as error:
                failed.append(f"{table.name} ({error})")
        if failed:
            raise StoreError(f"Old rows were not erased: {', '.join(failed)}.")

    async def _erase(self, table: Table, old: ColumnElement[bool]) -> None:
        """In lots: one statement for millions of rows runs into the limit of time."""
        key = tuple_(*table.primary_key)
        lot = select(*table.primary_key).where(old).limit(LOT)
        statement = delete(table).where(key.in_(lot))
        while await self._sql.do(statement) == LOT:  # noqa: ASYNC110  rows, no event
            await asyncio.sleep(_BREATH)
