"""A database with a memory beside it: whatever happens to the store, the bot answers.

While the database is away for long, sessions are kept in memory. An update may begin on
one side and end on the other: what the database has missed of those that it knows, it is
told once it is back, before anything else.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from bot.dialogue.session import Session
from bot.errors import StoreError
from bot.store.contract import Reminder, StoredSession
from bot.store.database import Database
from bot.store.memory import (
    MemoryReminders,
    MemorySessions,
    MemoryStore,
    MemoryUpdates,
)
from bot.store.outage import PATIENCE, Outage
from bot.store.updates import waited


class Failover:
    """A Store with the memory beside it, but for the counts, which can wait.

    So the counters are the database's own: they raise StoreError, and who counts keeps
    what was not taken until the next time.
    """

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database, self._memory = database, MemoryStore()
        self.outage = Outage(database, patience)
        self.updates = _Updates(self.outage, database, self._memory.updates)
        self.sessions = _Sessions(
            self.outage, database, self._memory.sessions, self._memory.updates
        )
        self.reminders = _Reminders(self.outage, database, self._memory.reminders)
        self.counters = database.counters

    async def open(self) -> None:
        """Says so, if the database cannot be used; it is tried again later.

        Raises AnotherBotError.
        """
        await self.outage.begin()

    async def close(self) -> None:
        await self.outage.end()
        with suppress(StoreError):
            await self._database.close()

    async def sweep(self, now: datetime) -> None:
        await self._memory.sweep(now)
        if not self.outage.away:  # which was told, and the next sweep does it all
            await self._database.sweep(now)


class _Updates:
    def __init__(
        self, outage: Outage, database: Database, memory: MemoryUpdates
    ) -> None:
        self._outage, self._memory = outage, memory
        self._log = database.updates
        self.asked: set[int] = set()
        """Updates that the database may know, until it knows what became of them."""

    async def claim(self, update_id: int, chat: str | None) -> bool:
        if self._memory.answered(update_id):
            return False
        if self._memory.claimed(update_id):
            return True

        look = self._log.looks(update_id, chat)

        async def there() -> bool | None:
            self.asked.add(update_id)  # it may be carried out, and the news of it lost
            return await look()

        async def beside() -> bool | None:
            return await self._memory.claim(update_id, chat)

        # Each look by itself: that another process takes long is no fault of the store.
        return await waited(update_id, lambda: self._outage.attempt(there, beside))

    async def acknowledge(self, update_id: int) -> None:
        await self._memory.acknowledge(update_id)

        async def there() -> None:
            await self._log.acknowledge(update_id)
            self.asked.discard(update_id)

        if update_id in self.asked:
            await self._outage.tell(update_id, there)

    async def release(self, update_id: int) -> None:
        async def there() -> None:
            await self._log.release(update_id)
            self.asked.discard(update_id)

        if update_id in self.asked:
            await self._outage.tell(update_id, there)


class _Sessions:
    def __init__(
        self,
        outage: Outage,
        database: Database,
        memory: MemorySessions,
        claims: MemoryUpdates,
    ) -> None:
        self._outage, self._memory, self._claims = outage, memory, claims
        self._stored = database.sessions

    async def get(
        self, chat: str, now: datetime, update_id: int | None = None
    ) -> StoredSession:
        here = await self._memory.get(chat, now, update_id)
        if here.replayed:
            return here
        known = self._known(update_id)
        return await self._outage.attempt(
            lambda: self._stored.get(chat, now, known),
            lambda: self._memory.get(chat, now, update_id),
        )

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        update_id: int | None = None,
    ) -> None:
        async def beside() -> None:
            # Its turn may have been counted by the database, so it is no guide here.
            here = await self._memory.get(chat, now)
            await self._memory.put(chat, session, here.turn, now, update_id)
            self._outage.without_memory += 1

        known = self._known(update_id)
        await self._outage.attempt(
            lambda: self._stored.put(chat, session, after, now, known), beside
        )

    async def forget(self, chat: str) -> None:
        await self._memory.forget(chat)
        await self._outage.tell(chat, lambda: self._stored.forget(chat))

    def _known(self, update_id: int | None) -> int | None:
        """Nothing, if the update was claimed here, since no row is its own."""
        if update_id is None or self._claims.claimed(update_id):
            return None
        return update_id


class _Reminders:
    """Those that were asked for while the database is away are said from memory."""

    def __init__(
        self, outage: Outage, database: Database, memory: MemoryReminders
    ) -> None:
        self._outage, self._memory = outage, memory
        self._stored = database.reminders

    async def keep(self, reminder: Reminder) -> bool:
        return await self._outage.attempt(
            lambda: self._stored.keep(reminder), lambda: self._memory.keep(reminder)
        )

    async def of(self, chat: str) -> list[Reminder]:
        here = await self._memory.of(chat)
        return here + await self._outage.attempt(lambda: self._stored.of(chat), _none)

    async def cancel(self, chat: str, place: str) -> None:
        await self._memory.cancel(chat, place)
        await self._outage.tell(
            f"{chat}|{place}", lambda: self._stored.cancel(chat, place)
        )

    async def forget(self, chat: str) -> None:
        await self._memory.forget(chat)
        await self._outage.tell(f"{chat}|", lambda: self._stored.forget(chat))

    async def due(self, now: datetime) -> list[Reminder]:
        here = await self._memory.due(now)
        return here + await self._outage.attempt(lambda: self._stored.due(now), _none)

    async def done(self, reminder: Reminder) -> None:
        await self._memory.done(reminder)
        await self._outage.tell(
            f"{reminder.chat}|{reminder.place}", lambda: self._stored.done(reminder)
        )


async def _none() -> list[Reminder]:
    return []
