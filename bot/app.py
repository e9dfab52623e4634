"""Puts it together: Bot.handle(event) → Reply."""

from __future__ import annotations

import logging
import time
import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.count import Count, Line
from bot.dialogue import callback_data, offered, policy
from bot.dialogue.events import Event, Said
from bot.dialogue.policy import turn
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Turn
from bot.errors import StaleError, StoreError
from bot.folders import root
from bot.knowledge import cache as knowledge_cache
from bot.knowledge.model import Edition, KnowledgeBase
from bot.ledger import Ledger
from bot.nlu.engine import NluEngine
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from bot.store import Memory, Store

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

    nlu: NluEngine
    renderer: Renderer
    store: Store = field(default_factory=Memory)
    ledger: Ledger = field(default_factory=Ledger)
    _locks: weakref.WeakValueDictionary[str, asyncio.Lock] = field(
        default_factory=weakref.WeakValueDictionary
    )

    @property
    def kb(self) -> KnowledgeBase:
        return self.nlu.kb

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
                kept = await self.store.get(event.chat, event.at, number)
                before = offered.labelled(self.kb, kept.session)
                done = self.turn(before, event)
                reply = self.renderer.reply(done, _now(event))
                if not kept.again:
                    try:
                        await self._keep(event, number, kept.turn, done)
                    except StaleError:
                        await asyncio.sleep(_PAUSE)
                        continue
                    self.ledger.note(self.nlu, before, event, done, reply.decision)
                _log.info(
                    "update=%s decision=%s topic=%s turn=%d again=%s ms=%.1f",
                    number,
                    reply.decision,
                    reply.topic,
                    kept.turn + 1,
                    kept.again,
                    (time.perf_counter() - began) * 1000,
                )
                return reply
        raise StoreError("The store does not let a turn be kept, nor says whose it is.")

    async def _keep(
        self, event: Event, number: int | None, after: int, done: Turn
    ) -> None:
        if done.forget:
            await self.forget(event.chat)
        else:
            await self.store.put(event.chat, done.session, after, event.at, number)

    async def forget(self, chat: str) -> None:
        """Erases all that is kept of a chat."""
        self.ledger.forget(chat)
        await self.store.forget(chat)

    async def place(self, chat: str, at: datetime) -> str | None:
        """The button that leads to where a chat is, for a link; none at its start."""
        session = (await self.store.get(chat, at)).session
        if session.topic is None:
            return None
        return callback_data.encode(self.kb, session.topic, session.known)

    def count(self, count: Count) -> None:
        """Adds one to what `takeback stats` shows; turns are counted by themselves."""
        self.ledger.count(count)

    async def reload(
        self, edition: Edition, top: Path | None = None, cache: Path | None = None
    ) -> None:
        """Another book in the place of this one, between two turns.

        Raises KnowledgeError with all that is wrong with the files; then this one stays.
        """
        import asyncio

        made = await asyncio.to_thread(open_assistant, edition, top, cache)
        await asyncio.to_thread(made.renderer.prepare)
        self.nlu, self.renderer = made.nlu, made.renderer

    def figures(self) -> dict[str, dict[str, float]]:
        """For the metrics: name → label → number."""
        return {
            "answers": dict(self.ledger.decisions),
            "store_errors": {"": getattr(self.store, "failures", 0)},
            "store_away": {"": getattr(self.store, "away", False)},
        }

    async def counted(self, since: datetime) -> list[Line]:
        """What was counted since a day, of everyone together."""
        await self.ledger.flush(self.store)
        return await self.store.counted(since)

    async def take(self, number: int, chat: str | None) -> bool:
        """Waits for an update's place in its chat; false if it was answered before."""
        return await self.store.take(number, chat)

    async def done(self, number: int) -> None:
        """An update's answer has left: it is never given again."""
        await self.store.done(number)

    async def lost(self, number: int) -> None:
        """An update's answer did not arrive; it may come again, to get the same."""
        await self.store.lost(number)

    def reply(self, session: Session, event: Event) -> tuple[Reply, Session]:
        """The same without a store."""
        done = self.turn(session, event)
        return self.renderer.reply(done, _now(event)), done.session

    def in_group(self, event: Event) -> Reply:
        """The same in a group: it is counted, and nothing of it is remembered."""
        done = self.turn(Session(), event)
        reply = self.renderer.reply(done, _now(event))
        self.ledger.note_group(self.kb, event, done, reply.decision)
        return reply

    def turn(self, session: Session, event: Event) -> Turn:
        return turn(self.nlu, session, event, _now(event))

    def search(self, text: str, at: datetime | None = None) -> list[tuple[str, Reply]]:
        """Answers to a text, the best first, each with a title.

        Open questions count as "not sure", so that each is a whole answer. No text:
        what is asked most.
        """
        now = (at or datetime.now(UTC)).replace(microsecond=0)
        found = policy.search(self.nlu, text, now)
        return [
            (_title(self.kb, done), self.renderer.reply(done, now)) for done in found
        ]

    def ask(self, question: str, at: datetime | None = None) -> Reply:
        """One question that stands alone."""
        reply, _ = self.reply(Session(), Said("", question, at or datetime.now(UTC)))
        return reply


def _now(event: Event) -> datetime:
    """The clock as of an event, to the second: moments are kept no finer."""
    return event.at.replace(microsecond=0)


def _title(kb: KnowledgeBase, done: Turn) -> str:
    outcome = done.outcome
    label = kb.topics[outcome.topic].label if isinstance(outcome, Answer) else ""
    platform = kb.label(done.known.get("platform", ""))
    return f"{label} ({platform})" if platform else label


def open_assistant(
    edition: Edition = "checked", top: Path | None = None, cache: Path | None = None
) -> Assistant:
    """A bot on the files of a folder, with the fitted model kept in `cache`.

    Raises KnowledgeError with all that is wrong with the files.
    """
    top = top or root()
    nlu = knowledge_cache.open_engine(top, edition, cache)
    return Assistant(nlu, Renderer(nlu.kb, top, cache))
