"""Puts it together: Assistant.handle(event) → Reply."""

from __future__ import annotations

import hashlib
import logging
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.analytics.recorder import Exchange, Recorder
from bot.book import Book
from bot.dialogue import callback_data, manager, renamed
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn
from bot.errors import ConflictError, StoreError
from bot.knowledge import plain_json
from bot.knowledge.memo import Memo
from bot.knowledge.model import Edition, KnowledgeBase
from bot.responses.reply import Reply
from bot.store import MemoryStore, ReminderStore, Store
from bot.store.records import Count, DayCount

_log = logging.getLogger(__name__)
_ROUNDS = 20
"""How often a turn is taken again that others overtook: more are not under way at once."""
_PAUSE = 0.05
"""Seconds before that."""

if TYPE_CHECKING:
    import asyncio


@dataclass
class Assistant(Book):
    """A book that talks in any number of chats, and remembers them."""

    store: Store = field(default_factory=MemoryStore)
    recorder: Recorder = field(default_factory=Recorder)
    _locks: weakref.WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=weakref.WeakValueDictionary
    )

    async def handle(self, event: Event, number: int | None = None) -> Reply:
        """The reply to an event of a chat, in the order of their coming.

        An update has a number; one that comes again gets the same reply, and counts
        as one turn. A turn that another process overtook is taken again. Raises
        StoreError, where that does not end: somebody else has the update.
        """
        # Here, not above: a question in the terminal needs no event loop.
        import asyncio

        lock = self._locks.setdefault(event.chat, asyncio.Lock())
        began = time.perf_counter()
        async with lock:
            for _ in range(_ROUNDS):
                stored = await self.store.sessions.get(event.chat, event.at, number)
                before = stored.session
                book, done, reply = self.answered(before, event)
                if not stored.replayed:
                    try:
                        await self._keep(event, number, stored.turn, done)
                    except ConflictError:
                        await asyncio.sleep(_PAUSE)
                        continue
                    if reply.topic == book.kb.roles.topics.steps_worked:
                        await self._settle(book.kb, event.chat, done.slots)
                    self._note(book, Exchange(before, event, done, reply.decision))
                _log.info(
                    "update=%s decision=%s topic=%s turn=%d replayed=%s ms=%.1f",
                    number,
                    reply.decision,
                    reply.topic,
                    stored.turn + 1,
                    stored.replayed,
                    (time.perf_counter() - began) * 1000,
                )
                return reply
        raise StoreError(
            f"The store did not take a turn in {_ROUNDS} attempts: another process has "
            "its update."
        )

    def _note(self, book: Book, exchange: Exchange) -> None:
        """Counts a turn; its reply is worth more than the count."""
        try:
            self.recorder.note(book.kb, book.nlu, exchange)
        except Exception:  # noqa: BLE001  whatever it is, somebody waits for the reply
            _log.exception("A turn was answered and could not be counted.")

    async def _keep(
        self, event: Event, number: int | None, after: int, done: Turn
    ) -> None:
        if done.forget:
            await self.forget(event.chat)
        else:
            await self.store.sessions.put(
                event.chat, done.session, after, event.at, number
            )

    async def _settle(
        self, kb: KnowledgeBase, chat: str, slots: Mapping[str, str]
    ) -> None:
        """What is gone needs no reminder; one of another message stays."""
        names = kb.roles.slots
        for reminder in await self.store.reminders.of(chat):
            found = callback_data.decode(kb, reminder.place)
            told = found[1] if found else {}
            if all(
                told.get(name, slots.get(name)) == slots.get(name, told.get(name))
                for name in (names.service, names.kind, names.time)
            ):
                await self.store.reminders.cancel(chat, reminder.place)

    async def forget(self, chat: str) -> None:
        """Erases all that is kept of a chat."""
        self.recorder.forget(chat)
        await self.store.reminders.forget(chat)
        await self.store.sessions.forget(chat)

    @property
    def reminders(self) -> ReminderStore:
        """What people asked to be reminded of."""
        return self.store.reminders

    async def place(self, chat: str, at: datetime) -> str | None:
        """The button that leads to where a chat is, for a link; none at its start."""
        stored = await self.store.sessions.get(chat, at)
        kb = self.kb_of(stored.session.language)
        session = renamed.session(kb, stored.session)
        if session.topic is None:
            return None
        return callback_data.encode(kb, session.topic, session.slots)

    async def language_of(
        self,
        chat: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        own: str | None,  # noqa: ARG002
    ) -> str | None:
        """What a chat is in, with a person of a language; none where there is but one."""
        return None

    async def expects(self, event: Said) -> bool:
        """Whether a piece of a question means something by itself where a chat is."""
        session = (await self.store.sessions.get(event.chat, event.at)).session
        book, known = self.reader(session, event)
        return manager.expects(book.kb, book.nlu, known, event)

    async def verdict(
        self, chat: str, at: datetime, number: int | None = None, *, good: bool
    ) -> str | None:
        """The button that says whether the last answer helped; none at the start.

        Of steps it says whether they worked.
        """
        session = (await self.store.sessions.get(chat, at, number)).session
        return manager.verdict(self.kb_of(session.language), session, good=good)

    def count(self, count: Count) -> None:
        """Adds one to what `takeback stats` shows; turns are counted by themselves."""
        self.recorder.count(count)

    async def reload(
        self, edition: Edition, top: Path | None = None, cache: Path | None = None
    ) -> None:
        """Another book in the place of this one, between two turns.

        Raises KnowledgeError with all that is wrong with the files; then this one stays.
        """
        import asyncio

        made = await asyncio.to_thread(open_assistant, edition, top, cache)
        await asyncio.to_thread(made.renderer.templates.prepare)
        self.kb, self.nlu, self.renderer = made.kb, made.nlu, made.renderer

    def figures(self) -> dict[str, dict[str, float]]:
        """For the metrics: name → label → number."""
        outage = getattr(self.store, "outage", None)
        return {
            "book": {_book.of(b.kb, "", partial(_digest, b.kb)): 1 for b in self.books},
            "answers": dict(self.recorder.decisions),
            "store_errors": {"": getattr(outage, "failures", 0)},
            "store_away": {"": getattr(outage, "away", False)},
            "store_without_memory": {"": getattr(outage, "without_memory", 0)},
        }

    async def counted(self, since: datetime) -> list[DayCount]:
        """What was counted since a day, of everyone together."""
        await self.recorder.flush(self.store.counters)
        return await self.store.counters.counted(since)

    async def take(self, number: int, chat: str | None) -> bool:
        """Waits for an update's place in its chat; false if it was answered before."""
        return await self.store.updates.claim(number, chat)

    async def done(self, number: int) -> None:
        """An update's answer has left: it is never given again."""
        await self.store.updates.acknowledge(number)

    async def lost(self, number: int) -> None:
        """An update's answer did not arrive; it may come again, to get the same."""
        await self.store.updates.release(number)

    def in_group(self, event: Event, before: str | None = None) -> Reply:
        """The reply in a group: it is counted, and nothing of it is remembered.

        What is known is what a button's value carries, if one is given.
        """
        session = Session()
        if before is not None:
            press = Pressed(event.chat, before, event.at, language=event.language)
            session = self.turn(session, press).session
        done = self.turn(session, event)
        book, reply = self.worded(done, event)
        self.recorder.note_group(book.kb, event, done, reply.decision)
        return reply


_book: Memo[str] = Memo()


def _digest(kb: KnowledgeBase) -> str:
    """Tells a book from others, so that an operator sees which one answers."""
    return hashlib.sha256(plain_json.encode(kb).encode()).hexdigest()[:12]


def open_assistant(
    edition: Edition = "checked", top: Path | None = None, cache: Path | None = None
) -> Assistant:
    """A bot on the files of a folder. Raises KnowledgeError, as `Book.read` does."""
    return Assistant.read(edition, top, cache)
