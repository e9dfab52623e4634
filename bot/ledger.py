"""What is counted, and the phrases for the inbox, until the store takes them.

In this process alone, a phrase is remembered for as long as its answer may still be
rejected; it is scrubbed before that, and no chat goes with it into the store.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core import count
from bot.core.count import Count
from bot.core.scrub import scrub
from bot.dialogue.events import Event, Said
from bot.dialogue.policy import OUT
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Suggestions, Turn
from bot.errors import StoreError
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import NluEngine
from bot.store import Store
from bot.store.phrases import Phrase

MOST = 10_000
"""Counts and phrases that wait, while a store is away; the oldest go."""
SOON = timedelta(hours=1)
"""An answer is rejected within that time."""


@dataclass
class Ledger:
    keep_phrases: bool = False
    decisions: Counter[str] = field(default_factory=Counter)
    """Since the start."""
    _counts: list[Count] = field(default_factory=list)
    _phrases: list[Phrase] = field(default_factory=list)
    _last: OrderedDict[str, tuple[datetime, Phrase]] = field(
        default_factory=OrderedDict
    )

    def count(self, found: Count) -> None:
        """Adds one; of today, if it has no day."""
        if not found.day:
            found = replace(found, day=datetime.now(UTC).date().isoformat())
        self._counts.append(found)
        del self._counts[:-MOST]

    def note(
        self, nlu: NluEngine, before: Session, event: Event, done: Turn, decision: str
    ) -> None:
        """What a turn is worth noting for."""
        self.decisions[decision] += 1
        found = count.of(nlu.kb, before, done, decision, event.at)
        if found:
            self.count(found)
        if not self.keep_phrases:
            return
        if _rejects(done):
            self._reject(event)
        elif isinstance(event, Said):
            self._hear(nlu, event, done)

    def note_group(
        self, kb: KnowledgeBase, event: Event, done: Turn, decision: str
    ) -> None:
        """The same in a group, where no phrase is ever kept."""
        self.decisions[decision] += 1
        found = count.in_group(kb, done, decision, event)
        if found:
            self.count(found)

    def forget(self, chat: str) -> None:
        self._last.pop(chat, None)

    async def flush(self, store: Store) -> None:
        """Hands all over; what the store does not take is kept, whatever befalls it."""
        counts, self._counts = self._counts, []
        phrases, self._phrases = self._phrases, []
        if not counts and not phrases:
            return
        try:
            await store.add(counts, phrases)
        except BaseException as error:
            self._counts = (counts + self._counts)[-MOST:]
            self._phrases = (phrases + self._phrases)[-MOST:]
            if not isinstance(error, StoreError):
                raise

    def _hear(self, nlu: NluEngine, event: Said, done: Turn) -> None:
        self._last.pop(event.chat, None)
        topic = _understood(nlu.kb, done)
        if event.text.startswith("/") or topic is None:
            return
        text = scrub(event.text, nlu.spelling.common, nlu.spelling.ours)
        if not text:
            return
        phrase = Phrase(text, topic, event.at.date().isoformat())
        if topic and topic != OUT:
            self._last[event.chat] = (event.at, phrase)
            if len(self._last) > MOST:
                self._last.popitem(last=False)
        else:
            self._keep(phrase)

    def _reject(self, event: Event) -> None:
        at, phrase = self._last.pop(event.chat, (event.at, None))
        if phrase and abs(event.at - at) < SOON:
            self._keep(phrase)

    def _keep(self, phrase: Phrase) -> None:
        self._phrases.append(phrase)
        del self._phrases[:-MOST]


def _understood(kb: KnowledgeBase, done: Turn) -> str | None:
    """The topic; nothing, if it was not understood; none, if that is of no interest.

    What is out of scope may have been misunderstood, so it is kept at once too.
    """
    match done.outcome:
        case Fallback(empty=False) | Suggestions():
            return ""
        case Answer(topic) | Question(topic) if kb.topics[topic].scope != "talk":
            return topic if done.why.parse else None
        case _:
            return None


def _rejects(done: Turn) -> bool:
    """Whether it says so: none of these, not what I meant, thumbs down."""
    match done.outcome, done.known.get("aspect"):
        case Answer("help"), "none":
            return True
        case Answer("feedback"), "bad":
            return True
        case _:
            return False
