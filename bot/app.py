"""Puts it together: Assistant.handle(event) → Reply."""

from __future__ import annotations

import hashlib
import logging
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.analytics.recorder import Exchange, Recorder
from bot.dialogue import callback_data, manager, renamed
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Turn
from bot.errors import ConflictError, StoreError
from bot.folders import root
from bot.knowledge import cache as knowledge_cache
from bot.knowledge.memo import Memo
from bot.knowledge.model import Edition, KnowledgeBase
from bot.nlu.engine import NluEngine
from bot.responses.renderer import Renderer
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
class Assistant:
    """One book that talks in any number of chats."""

    kb: KnowledgeBase
    nlu: NluEngine
    renderer: Renderer
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
                done = self.turn(before, event)
                reply = self.renderer.reply(done, _now(event))
                if not stored.replayed:
                    try:
                        await self._keep(event, number, stored.turn, done)
                    except ConflictError:
                        await asyncio.sleep(_PAUSE)
                        continue
                    if reply.topic == self.kb.roles.topics.steps_worked:
                        await self._settle(event.chat, done.slots)
                    exchange = Exchange(before, event, done, reply.decision)
                    self.recorder.note(self.kb, self.nlu, exchange)
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

    async def _keep(
        self, event: Event, number: int | None, after: int, done: Turn
    ) -> None:
        if done.forget:
            await self.forget(event.chat)
        else:
            await self.store.sessions.put(
                event.chat, done.session, after, event.at, number
            )

    async def _settle(self, chat: str, slots: Mapping[str, str]) -> None:
        """What is gone needs no reminder; one of another message stays."""
        names = self.kb.roles.slots
        for reminder in await self.store.reminders.of(chat):
            found = callback_data.decode(self.kb, reminder.place)
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
        session = renamed.session(self.kb, stored.session)
        if session.topic is None:
            return None
        return callback_data.encode(self.kb, session.topic, session.slots)

    def is_fragment(self, text: str) -> bool:
        """Whether a text is a piece of a question rather than a whole one."""
        return manager.is_fragment(self.kb, self.nlu, text)

    async def expects(self, event: Said) -> bool:
        """Whether a piece of a question means something by itself where a chat is."""
        session = (await self.store.sessions.get(event.chat, event.at)).session
        return manager.expects(self.kb, self.nlu, session, event)

    async def verdict(
        self, chat: str, at: datetime, number: int | None = None, *, good: bool
    ) -> str | None:
        """The button that says whether the last answer helped; none at the start.

        Of steps it says whether they worked.
        """
        session = (await self.store.sessions.get(chat, at, number)).session
        return manager.verdict(self.kb, session, good=good)

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
            "book": {_book.of(self.kb, "", lambda: _digest(self.kb)): 1},
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

    def reply(self, session: Session, event: Event) -> tuple[Reply, Session]:
        """The same without a store."""
        done = self.turn(session, event)
        return self.renderer.reply(done, _now(event)), done.session

    def in_group(self, event: Event, before: str | None = None) -> Reply:
        """The same in a group: it is counted, and nothing of it is remembered.

        What is known is what a button's value carries, if one is given.
        """
        session = Session()
        if before is not None:
            session = self.turn(session, Pressed(event.chat, before, event.at)).session
        done = self.turn(session, event)
        reply = self.renderer.reply(done, _now(event))
        self.recorder.note_group(self.kb, event, done, reply.decision)
        return reply

    def look(self, event: Event) -> Reply:
        """What an event leads to for whom nothing is known of; it changes nothing."""
        return self.reply(Session(), event)[0]

    def variants(self, reply: Reply, at: datetime | None = None) -> list[Reply]:
        """An answer's drafts in other words: those that its buttons lead to."""
        now = at or datetime.now(UTC)
        others = (self.look(Pressed("", b.value, now)) for b in reply.message.buttons)
        return [r for r in others if r.topic == reply.topic and r.message.drafts]

    def turn(self, session: Session, event: Event) -> Turn:
        return manager.take_turn(self.kb, self.nlu, session, event, _now(event))

    def search(self, text: str, at: datetime | None = None) -> list[tuple[str, Reply]]:
        """Answers to a text, the best first, each with a title.

        Open questions count as "not sure", so that each is a whole answer. No text:
        what is asked most.
        """
        now = (at or datetime.now(UTC)).replace(microsecond=0)
        found = manager.search(self.kb, self.nlu, text, now)
        return [
            (_title(self.kb, done), self.renderer.reply(done, now)) for done in found
        ]

    def ask(self, question: str, at: datetime | None = None) -> Reply:
        """One question that stands alone."""
        return self.look(Said("", question, at or datetime.now(UTC)))


def _now(event: Event) -> datetime:
    """The clock as an event is answered, to the second: moments are kept no finer."""
    return max(event.at, event.answered_at or event.at).replace(microsecond=0)


_book: Memo[str] = Memo()


def _digest(kb: KnowledgeBase) -> str:
    """Tells a book from others, so that an operator sees which one answers."""
    return hashlib.sha256(kb.model_dump_json().encode()).hexdigest()[:12]


def _title(kb: KnowledgeBase, done: Turn) -> str:
    outcome = done.outcome
    topic = outcome.topic if isinstance(outcome, Answer) else ""
    label = kb.topics[topic].label if topic else ""
    if topic == kb.roles.topics.compare:
        return label
    platform = kb.label(done.slots.get(kb.roles.slots.service, ""))
    return f"{label} ({platform})" if platform else label


def open_assistant(
    edition: Edition = "checked", top: Path | None = None, cache: Path | None = None
) -> Assistant:
    """A bot on the files of a folder, with the fitted model kept in `cache`.

    Raises KnowledgeError with all that is wrong with the files.
    """
    top = top or root()
    kb, nlu = knowledge_cache.open_engine(top, edition, cache)
    return Assistant(kb, nlu, Renderer(kb, top, cache))
