"""Any database that SQLAlchemy reaches: SQLite for one machine, PostgreSQL for many.

The three parts of the contract, each in a file of its own, over one connection or pool.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from bot.store import engine as engines
from bot.store.contract import IDLE
from bot.store.counters import DatabaseCounters
from bot.store.process import Heartbeat
from bot.store.sessions import DatabaseSessions
from bot.store.sql import Sql
from bot.store.tables import chats, phrases, replicas, updates
from bot.store.updates import DatabaseUpdates

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_DAY = 86_400


class Database:
    """A Store; what goes wrong with it is raised as StoreError."""

    def __init__(self, url: URL, idle: timedelta = IDLE, phrase_days: int = 90) -> None:
        self._url, self._idle, self._phrase_days = url, idle, phrase_days
        self._sql = Sql(url)
        self.heartbeat = Heartbeat(self._sql)
        self.updates = DatabaseUpdates(self._sql, self.heartbeat)
        self.sessions = DatabaseSessions(self._sql, self.updates, idle)
        self.counters = DatabaseCounters(self._sql)

    @property
    def name(self) -> str:
        """How operators know it; without a password."""
        return engines.name(self._url)

    async def open(self, *, alive: bool = True) -> None:
        """Brings the tables up to date; `alive` if it will claim updates.

        Raises StoreError.
        """
        await self._sql.prepare()
        if alive:
            await self.heartbeat.start()

    async def ping(self) -> None:
        """Raises StoreError, where nothing can be written."""
        await self.heartbeat.beat()

    async def close(self) -> None:
        await self.heartbeat.stop()
        await self._sql.close()

    async def sweep(self, now: datetime) -> None:
        moment = int(now.timestamp())
        idle = moment - int(self._idle.total_seconds())
        oldest = (now - timedelta(days=self._phrase_days)).date().isoformat()
        for old in (
            delete(chats).where(chats.c.touched < idle),
            delete(updates).where(updates.c.taken < moment - _DAY),
            delete(replicas).where(replicas.c.seen < moment - _DAY),
            delete(phrases).where(phrases.c.day < oldest, phrases.c.mark == ""),
        ):
            await self._sql.do(old)
