"""Why a question is answered as it is: from its words to the end of the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.book import Book
from bot.dialogue import tree
from bot.dialogue.events import Said
from bot.dialogue.rules import clear_topics
from bot.dialogue.session import Session
from bot.dialogue.turn import Fallback, NoButton, Suggestions, Turn
from bot.knowledge import time_limits
from bot.nlu import classifier, confidence, durations
from bot.nlu.engine import LONGEST, Parse
from bot.tools.text_tables import table

if TYPE_CHECKING:
    from rich.table import Table

_RANKED = 5
_IMPLIED = "(implied)"


@dataclass(frozen=True)
class StatedFact:
    """A fact and the words that it was read from."""

    slot: str
    value: str
    words: str


@dataclass(frozen=True)
class Standing:
    """A topic, its best label, and the probability of all its labels."""

    topic: str
    label: str
    logit: float
    probability: float


@dataclass(frozen=True)
class VerdictDetails:
    """How sure it was, and how sure it had to be."""

    verdict: str
    """confident, ambiguous or nomatch."""
    labels: tuple[str, ...]
    confidence: float
    """That it is the first topic."""
    threshold: float
    lead: float
    margin: float
    either: float
    """That it is one of those that could be offered."""
    offer: float


@dataclass(frozen=True)
class Explained:
    """One question, from its words to where its way ends."""

    question: str
    typed: tuple[str, ...]
    """The words as they were typed; a message that is quoted is none of them."""
    read: tuple[str, ...]
    repaired: tuple[tuple[str, str], ...]
    matched: tuple[str, ...]
    """What the topic was found by: names masked."""
    facts: tuple[StatedFact, ...]
    parts: tuple[str, ...]
    """The topics of its clauses, where there are several."""
    topics: tuple[Standing, ...]
    verdict: VerdictDetails | None
    """None where the words were not asked for their topic."""
    rule: str
    """The rule that decided: its name in `policy.RULES`."""
    instead_of: str | None
    """The topic that what is known turned into another."""
    way: tuple[tree.PassedBranch, ...]
    end: str
    """The question that is open, the answer's template, or what else it came to."""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "way": [passed._asdict() for passed in self.way]}


def explain(talk: Book, question: str, at: datetime) -> Explained:
    """Why a question that stands alone is answered as it is."""
    said = Said("", question, at)
    bot, _ = talk.reader(Session(), said)
    turn = talk.turn(Session(), said)
    parse = turn.why.parse or Parse(())
    way, end = _way(bot, turn, at)
    topic = getattr(turn.outcome, "topic", None)
    judged = parse.ranked or parse.verdict.confidence
    verdict = _verdict(bot, parse) if judged else None
    instead = None
    if turn.why.rule is clear_topics.clear_topic:
        first = classifier.topic(verdict.labels[0]) if verdict else None
        instead = first if first != topic else None
    language = bot.kb.language
    return Explained(
        question=question,
        typed=language.tokenize(language.without_quotes(question[:LONGEST])),
        read=parse.words,
        repaired=parse.corrections,
        matched=parse.extraction.masked,
        facts=tuple(_facts(bot, parse)),
        parts=parse.parts,
        topics=_standings(parse.ranked)[:_RANKED],
        verdict=verdict,
        rule=turn.why.rule.__name__ if turn.why.rule else "",
        instead_of=instead,
        way=way,
        end=end,
    )


def _facts(bot: Book, parse: Parse) -> Iterator[StatedFact]:
    said = parse.words
    for found in parse.extraction.found:
        place = " ".join(said[found.start : found.end])
        yield StatedFact(found.slot, found.value, place or _IMPLIED)
    for slot, value in parse.extraction.views.items():
        yield StatedFact(slot, value, "")
    if parse.extraction.age is not None:
        spans = durations.stated_age(said, bot.kb.language.durations).taken
        place = " … ".join(" ".join(said[start:end]) for start, end in spans)
        time = bot.kb.roles.slots.time
        yield StatedFact(time, time_limits.iso(parse.extraction.age), place)


def _standings(ranked: Sequence[classifier.Ranked]) -> tuple[Standing, ...]:
    return tuple(
        Standing(classifier.topic(one.label), one.label, one.logit, one.probability)
        for one in ranked
    )


def _verdict(bot: Book, parse: Parse) -> VerdictDetails:
    model, verdict = bot.nlu.confidence, parse.verdict
    standings = parse.ranked
    sure = either = verdict.confidence
    if standings:
        sure = model.confidence(confidence.signals(standings))
        either = model.confidence(confidence.signals(standings, confidence.OFFERED))
    if isinstance(verdict, confidence.Confident):
        labels: tuple[str, ...] = (verdict.label,)
    else:
        labels = verdict.labels
    return VerdictDetails(
        verdict=type(verdict).__name__.lower(),
        labels=labels,
        confidence=sure,
        threshold=model.threshold,
        lead=confidence.lead(standings) if standings else 0.0,
        margin=model.ambiguity_threshold,
        either=either,
        offer=model.suggestion_threshold,
    )


def _way(
    bot: Book, turn: Turn, at: datetime
) -> tuple[tuple[tree.PassedBranch, ...], str]:
    match turn.outcome:
        case Suggestions(topics):
            return (), f"offers {', '.join(topics)}"
        case Fallback():
            return (), "not understood"
        case NoButton(last=last):
            return (), f"no such button, the last is {last}"
    topic = turn.outcome.topic
    now = at.replace(microsecond=0)
    *way, end = tree.path(bot.kb, topic, turn.slots, now)
    passed = tuple(step for step in way if isinstance(step, tree.PassedBranch))
    match end:
        case tree.Question(_, slot):
            return passed, f"asks {topic}: {slot}"
        case tree.Answer(_, say):
            return passed, f"answers {topic}: {say}"
    raise AssertionError(end)


# --- for a person


def tables(found: Explained) -> Iterable[Table]:
    """Small tables, in the order in which an answer comes about."""
    yield _words(found)
    if found.facts:
        yield table(
            "Facts",
            ("fact", "value", "from the words"),
            (vars(f).values() for f in found.facts),
        )
    if found.topics:
        rows = (
            (one.topic, one.label, f"{one.logit:.2f}", f"{one.probability:.3f}")
            for one in found.topics
        )
        yield table("Topics", ("topic", "nearest label", "score", "share"), rows)
    if found.verdict:
        yield _decided(found.verdict)
    yield _walked(found)


def _words(found: Explained) -> Table:
    rows = [("typed", " ".join(found.typed)), ("read as", " ".join(found.read))]
    rows += [("repaired", f"{wrong} → {right}") for wrong, right in found.repaired]
    rows.append(("matched", " ".join(found.matched)))
    if len(found.parts) > 1:
        rows.append(("parts", ", ".join(found.parts)))
    return table("Words", ("", "words"), rows)


def _decided(one: VerdictDetails) -> Table:
    pairs = (
        ("sure of the first", one.confidence, one.threshold),
        ("lead of the first", one.lead, one.margin),
        (f"sure of the first {confidence.OFFERED}", one.either, one.offer),
    )
    return table(
        f"Verdict: {one.verdict}",
        ("", "found", "wanted"),
        ((what, f"{found:.3f}", f"{wanted:.3f}") for what, found, wanted in pairs),
    )


def _walked(found: Explained) -> Table:
    rows: list[tuple[str, str, str]] = []
    if found.instead_of:
        rows.append(("instead of", found.instead_of, ""))
    for step in found.way:
        known = step.value or ("not asked" if step.asks else "not known")
        rows.append((step.on, known, step.branch))
    rows.append(("end", found.end, ""))
    return table(f"Way (rule: {found.rule})", ("at", "known", "branch"), rows)
