"""What is counted, and the phrases for the inbox, until the store takes them.

In this process alone, a phrase is remembered for as long as its answer may still be
rejected; it is redacted before that, and no chat goes with it into the store.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from bot.analytics import counts
from bot.analytics.redact import Redactor, WordLists
from bot.dialogue import renamed
from bot.dialogue.events import Event, Said
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Suggestions, Turn
from bot.errors import StoreError
from bot.folders import root
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import NluEngine
from bot.nlu.languages import HOME
from bot.store import Counters
from bot.store.records import Count, Phrase

T = TypeVar("T")

MOST = 10_000
"""Different counts and phrases that wait, while a store is away; the oldest go."""
SOON = timedelta(hours=1)
"""An answer is rejected within that time."""


class Exchange(NamedTuple):
    """An event, what was known before it, and what it came to."""

    before: Session
    event: Event
    done: Turn
    decision: str


@dataclass
class Recorder:
    """What people asked and how it went, held in memory until it is taken away."""

    keep_phrases: bool = False
    decisions: Counter[str] = field(default_factory=Counter)
    """Since the start."""
    _counts: Counter[Count] = field(default_factory=Counter)
    _phrases: Counter[Phrase] = field(default_factory=Counter)
    _last: OrderedDict[str, tuple[datetime, Phrase]] = field(
        default_factory=OrderedDict
    )

    def count(self, found: Count) -> None:
        """Adds one; of today, if it has no day."""
        if not found.day:
            found = replace(found, day=datetime.now(UTC).date().isoformat())
        self._counts[found] += 1
        _trim(self._counts)

    def note(self, kb: KnowledgeBase, nlu: NluEngine, exchange: Exchange) -> None:
        """What a turn is worth noting for."""
        before, event, done, decision = exchange
        self.decisions[decision] += 1
        # It may be of a book before a renaming, or of one in another language.
        before = renamed.session(kb, before)
        found = counts.of(kb, before, done, decision, event.at)
        if found:
            self.count(found)
        if not self.keep_phrases:
            return
        if _rejects(kb, done):
            self._reject(event)
        elif isinstance(event, Said):
            self._hear(kb, nlu, event, done)

    def note_group(
        self, kb: KnowledgeBase, event: Event, done: Turn, decision: str
    ) -> None:
        """The same in a group, where no phrase is ever kept."""
        self.decisions[decision] += 1
        found = counts.in_group(kb, done, decision, event)
        if found:
            self.count(found)

    def forget(self, chat: str) -> None:
        self._last.pop(chat, None)

    async def flush(self, store: Counters) -> None:
        """Hands all over; what the store does not take is kept, whatever it raises."""
        added, self._counts = self._counts, Counter()
        phrases, self._phrases = self._phrases, Counter()
        if not added and not phrases:
            return
        try:
            await store.add(added, phrases)
        except BaseException as error:
            self._counts = _trim(added + self._counts)
            self._phrases = _trim(phrases + self._phrases)
            if not isinstance(error, StoreError):
                raise

    def _hear(self, kb: KnowledgeBase, nlu: NluEngine, event: Said, done: Turn) -> None:
        self._last.pop(event.chat, None)
        topic = _understood(kb, done)
        # There are lists of what may be kept for our own language alone.
        if event.text.startswith("/") or topic is None or kb.language_code != HOME:
            return
        # Always our own: what is promised to people is no matter of an editor's files.
        lists = WordLists.read(root() / "knowledge" / "redaction")
        text = Redactor(nlu.spelling.uses, lists).redact(event.text)
        if not text:
            return
        phrase = Phrase(text, topic, event.at.date().isoformat())
        if topic and topic != kb.roles.topics.fallback:
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
        self._phrases[phrase] += 1
        _trim(self._phrases)


def _trim(counter: Counter[T]) -> Counter[T]:
    """Without the oldest of too many."""
    while len(counter) > MOST:
        del counter[next(iter(counter))]
    return counter


def _understood(kb: KnowledgeBase, done: Turn) -> str | None:
    """The topic; nothing, if it was not understood; none, if that is of no interest.

    What is out of scope may have been misunderstood, so it is kept at once too.
    """
    match done.outcome:
        case Fallback(reason="") | Suggestions():
            return ""
        case Answer(topic) | Question(topic) if kb.topics[topic].scope != "talk":
            return topic if done.why.parse else None
        case _:
            return None


def _rejects(kb: KnowledgeBase, done: Turn) -> bool:
    """Whether it says so: none of these, not what I meant, thumbs down."""
    if not isinstance(done.outcome, Answer):
        return False
    topics, values = kb.roles.topics, kb.roles.values
    return (done.outcome.topic, done.slots.get("aspect")) in (
        (topics.help, values.none_of_these),
        (topics.feedback, values.bad),
    )
