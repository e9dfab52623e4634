"""A store in this process alone: for the terminal, and while a database is away."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.dialogue.session import Session
from bot.errors import ConflictError
from bot.store.contract import IDLE, REMINDERS, Reminder, StoredSession
from bot.store.records import IGNORED, Count, DayCount, Phrase, PhraseGroup

MOST = 10_000
"""Of each kind of thing remembered at once; the oldest goes first."""

K = TypeVar("K")
V = TypeVar("V")


class MemoryStore:
    """All of it is gone with the process."""

    def __init__(self, idle: timedelta = IDLE) -> None:
        self.updates = MemoryUpdates()
        self.sessions = MemorySessions(self.updates, idle)
        self.reminders = MemoryReminders()
        self.counters = MemoryCounters()

    async def sweep(self, now: datetime) -> None:
        self.sessions.sweep(now)

    async def close(self) -> None:
        """Nothing is open."""


class MemoryUpdates:
    def __init__(self) -> None:
        self.began: OrderedDict[int, StoredSession | None] = OrderedDict()
        """Where the turn of each claimed update began, once it is taken."""
        self._answered: OrderedDict[int, None] = OrderedDict()

    async def claim(self, update_id: int, chat: str | None) -> bool:  # noqa: ARG002  there is one process
        if self.answered(update_id):
            return False
        self.began.setdefault(update_id, None)
        _trim(self.began)
        return True

    def claimed(self, update_id: int) -> bool:
        """Whether an update was claimed here and is not answered yet."""
        return update_id in self.began

    def answered(self, update_id: int) -> bool:
        return update_id in self._answered

    async def acknowledge(self, update_id: int) -> None:
        self.began.pop(update_id, None)
        self._answered[update_id] = None
        _trim(self._answered)

    async def release(self, update_id: int) -> None:
        """It stays claimed: the next to claim it gives the same answer."""


class MemorySessions:
    def __init__(self, updates: MemoryUpdates, idle: timedelta = IDLE) -> None:
        self._updates, self._idle = updates, idle
        self._stored: OrderedDict[str, tuple[datetime, StoredSession]] = OrderedDict()

    async def get(
        self, chat: str, now: datetime, update_id: int | None = None
    ) -> StoredSession:
        if update_id is not None:
            began = self._updates.began.get(update_id)
            if began is not None:
                return began._replace(replayed=True)
        return self._of(chat, now)

    def _of(self, chat: str, now: datetime) -> StoredSession:
        touched, stored = self._stored.get(chat, (now, StoredSession(Session())))
        fresh = now - touched < self._idle
        return stored if fresh else StoredSession(Session(), stored.turn)

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        update_id: int | None = None,
    ) -> None:
        before = self._of(chat, now)
        if before.turn != after:
            raise ConflictError(chat)
        if update_id is not None and self._updates.claimed(update_id):
            self._updates.began[update_id] = before
        self._stored[chat] = (now, StoredSession(session, after + 1))
        self._stored.move_to_end(chat)
        _trim(self._stored)

    async def forget(self, chat: str) -> None:
        self._stored.pop(chat, None)

    def sweep(self, now: datetime) -> None:
        for chat, (touched, _) in list(self._stored.items()):
            if now - touched >= self._idle:
                del self._stored[chat]


class MemoryReminders:
    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Reminder] = OrderedDict()
        self._in_work: set[tuple[str, str]] = set()

    async def keep(self, reminder: Reminder) -> bool:
        key = (reminder.chat, reminder.place)
        if key in self._kept:
            return True
        if sum(chat == reminder.chat for chat, _ in self._kept) >= REMINDERS:
            return False
        self._kept[key] = reminder
        _trim(self._kept)
        return True

    async def of(self, chat: str) -> list[Reminder]:
        return [reminder for (its, _), reminder in self._kept.items() if its == chat]

    async def cancel(self, chat: str, place: str) -> None:
        self._kept.pop((chat, place), None)

    async def forget(self, chat: str) -> None:
        for key in [key for key in self._kept if key[0] == chat]:
            del self._kept[key]

    async def due(self, now: datetime) -> list[Reminder]:
        found = {
            key: reminder
            for key, reminder in self._kept.items()
            if key not in self._in_work and reminder.due <= now.timestamp()
        }
        self._in_work |= found.keys()
        return list(found.values())

    async def done(self, reminder: Reminder) -> None:
        await self.cancel(reminder.chat, reminder.place)
        self._in_work.discard((reminder.chat, reminder.place))


class MemoryCounters:
    def __init__(self) -> None:
        self.counts: Counter[Count] = Counter()
        self._phrases: Counter[Phrase] = Counter()
        self._marks: dict[str, str] = {}

    async def add(
        self, counts: Mapping[Count, int], phrases: Mapping[Phrase, int]
    ) -> None:
        self.counts.update(counts)
        self._phrases.update(phrases)
        _trim(self.counts)
        _trim(self._phrases)

    async def counted(self, since: datetime) -> list[DayCount]:
        first = since.date().isoformat()
        return [DayCount(c, n) for c, n in self.counts.items() if c.day >= first]

    async def inbox(self) -> list[PhraseGroup]:
        groups = [
            PhraseGroup(phrase, n, self._marks.get(phrase.text, ""))
            for phrase, n in self._phrases.most_common()
        ]
        return [group for group in groups if group.mark != IGNORED]

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        if mark:
            self._marks |= dict.fromkeys(texts, mark)
            return
        for phrase in [p for p in self._phrases if p.text in texts]:
            del self._phrases[phrase]


def _trim(kept: MutableMapping[K, V]) -> None:
    """The first come goes first: a dictionary keeps the order of coming."""
    while len(kept) > MOST:
        del kept[next(iter(kept))]
