"""Labelled questions and what was answered → figures. No clock, no printing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.model import KnowledgeBase
from bot.responses.reply import Reply
from bot.tools.eval.labelled import Labelled

LOST, TORN = "(lost)", "(asked back)"
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_OFFERED = 3
_EMPTY = (None, "", "unknown")


@dataclass(frozen=True)
class Given:
    """What the bot made of a question."""

    decision: str
    topic: str | None = None
    slots: Mapping[str, str] | None = None
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """A step of the tree is an answer in the making."""
        return self.decision in ("answer", "ask")

    @property
    def asked_back(self) -> bool:
        return self.decision == "clarify"

    @property
    def declined(self) -> bool:
        return self.decision == "decline"

    @property
    def stands(self) -> bool:
        """Whether it takes a side, so that its confidence says something."""
        return self.answered or (self.declined and self.topic is not None)

    @property
    def taken_for(self) -> str:
        if self.asked_back:
            return TORN
        return self.topic or LOST


def given(reply: Reply) -> Given:
    """The part of a reply that is scored."""
    return Given(
        reply.decision, reply.topic, reply.slots, reply.confidence, reply.suggestions
    )


Pair = tuple[Labelled, Given]


@dataclass(frozen=True)
class Share:
    """So many right of so many."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        return self.right / self.of if self.of else None


@dataclass(frozen=True)
class Tally:
    """Questions of one kind."""

    asked: int = 0
    right: int = 0
    top3: int = 0
    """Right, or asked back with the right topic among those offered."""
    asked_back: int = 0


@dataclass(frozen=True)
class SlotScore:
    """Values stated and given, given only, stated only."""

    hits: int = 0
    invented: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        return Share(self.hits, self.hits + self.invented).value

    @property
    def recall(self) -> float | None:
        return Share(self.hits, self.hits + self.missed).value

    @property
    def f1(self) -> float | None:
        return Share(2 * self.hits, 2 * self.hits + self.invented + self.missed).value


@dataclass(frozen=True)
class Confusion:
    """Questions on one topic that were taken for another, or offered it first."""

    topic: str
    taken_for: str
    answered: int
    asked_back: int


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence."""

    low: float
    high: float
    answers: int
    stated: float | None
    right: float | None


@dataclass(frozen=True)
class Wrong:
    """A question that was not answered right."""

    text: str
    topic: str
    taken_for: str
    suggestions: tuple[str, ...]
    confidence: float
    stands: bool


@dataclass(frozen=True)
class Scores:
    """All figures of one labelled file."""

    domain: Tally
    out: Tally
    talk: Tally
    topics: Mapping[str, Tally]
    recall: Share
    """Of the questions out of scope, those declined."""
    precision: Share
    """Of the questions declined, those out of scope."""
    slots: Mapping[str, SlotScore]
    every_slot: SlotScore
    confusions: tuple[Confusion, ...]
    reliability: tuple[Bin, ...]
    calibration_error: float
    """How far stated and right lie apart, on average over the answers."""
    wrong: tuple[Wrong, ...]
    """Those that took a side first, the most confident first."""


def score(pairs: Sequence[Pair], kb: KnowledgeBase) -> Scores:
    """The figures of questions and what was answered."""
    scopes: dict[str, list[Pair]] = defaultdict(list)
    topics: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        scopes[kb.topics[pair[0].topic].scope].append(pair)
        topics[pair[0].topic].append(pair)
    declined = [pair for pair in pairs if pair[1].declined]
    slots = _slots(scopes["domain"], kb)
    bins = reliability([(g.confidence, right(q, g, kb)) for q, g in pairs if g.stands])
    answers = sum(b.answers for b in bins)
    apart = sum(b.answers * abs((b.stated or 0) - (b.right or 0)) for b in bins)
    return Scores(
        domain=_group(scopes["domain"], kb),
        out=_group(scopes["out"], kb),
        talk=_group(scopes["talk"], kb),
        topics={topic: _group(some, kb) for topic, some in sorted(topics.items())},
        recall=_share(right(q, g, kb) for q, g in scopes["out"]),
        precision=_share(kb.roles.topics.fallback in q.labels for q, _ in declined),
        slots=slots,
        every_slot=_total(slots.values()),
        confusions=_confusions(pairs, kb),
        reliability=bins,
        calibration_error=apart / answers if answers else 0.0,
        wrong=tuple(_wrong(pairs, kb)),
    )


def right(question: Labelled, got: Given, kb: KnowledgeBase) -> bool:
    """Whether this is the answer that the label asks for."""
    if got.answered and got.topic in question.labels:
        return True
    if got.declined:
        return kb.roles.topics.fallback in question.labels
    return _scope(question, kb) == "out" and _offers(question, got)


def near(question: Labelled, got: Given, kb: KnowledgeBase) -> bool:
    """The same, or asked back with the right topic among those offered."""
    if right(question, got, kb) or _offers(question, got):
        return True
    return got.asked_back and _scope(question, kb) == "out"


def _scope(question: Labelled, kb: KnowledgeBase) -> str:
    return kb.topics[question.topic].scope


def _offers(question: Labelled, got: Given) -> bool:
    offered = got.suggestions[:_OFFERED]
    return got.asked_back and not question.labels.isdisjoint(offered)


def _group(pairs: Sequence[Pair], kb: KnowledgeBase) -> Tally:
    return Tally(
        asked=len(pairs),
        right=sum(right(q, g, kb) for q, g in pairs),
        top3=sum(near(q, g, kb) for q, g in pairs),
        asked_back=sum(g.asked_back for _, g in pairs),
    )


def _share(hits: Iterable[bool]) -> Share:
    found = list(hits)
    return Share(sum(found), len(found))


# --- slots


def _slots(pairs: Sequence[Pair], kb: KnowledgeBase) -> dict[str, SlotScore]:
    hits, invented, missed = Counter[str](), Counter[str](), Counter[str]()
    for question, got in pairs:
        stated, read = facts(question, got, kb)
        for slot in stated.keys() | read.keys():
            same = stated.get(slot) == read.get(slot)
            hits[slot] += same
            invented[slot] += not same and slot in read
            missed[slot] += not same and slot in stated
    return {
        slot: SlotScore(hits[slot], invented[slot], missed[slot])
        for slot in _scored(kb)
    }


def _scored(kb: KnowledgeBase) -> tuple[str, str, str]:
    """The slots that labels state."""
    names = kb.roles.slots
    return names.service, names.kind, names.state


def facts(
    question: Labelled, got: Given, kb: KnowledgeBase
) -> tuple[dict[str, str], dict[str, str]]:
    """What the label states and what was read, in the same terms.

    A service that the guide does not cover counts as another one. A kind that implies
    its service states none, and a comparison is about no single one.
    """
    stated, read = dict(question.slots), dict(got.slots or {})
    names = kb.roles.slots
    if names.service not in stated:
        service = kb.platforms.get(read.get(names.service, ""))
        kind = service.kinds.get(stated.get(names.kind, "")) if service else None
        compares = question.topic == kb.roles.topics.compare
        if compares or (kind and kind.implies):
            read.pop(names.service, None)
    named = _named(kb)
    return _folded(kb, stated, named), _folded(kb, read, named)


def _folded(
    kb: KnowledgeBase, slots: Mapping[str, str], named: frozenset[str]
) -> dict[str, str]:
    scored, service = _scored(kb), kb.roles.slots.service
    found = {
        slot: value
        for slot, value in slots.items()
        if slot in scored and value not in _EMPTY
    }
    if service in found and found[service] not in named:
        found[service] = kb.roles.values.uncovered
    return found


def _named(kb: KnowledgeBase) -> frozenset[str]:
    """The services that have a label of their own: those the guide speaks of."""
    return frozenset(
        stem
        for stem, platform in kb.platforms.items()
        if any(
            claim.guide
            for claims in (
                platform.claims,
                *(k.claims for k in platform.kinds.values()),
            )
            for claim in claims.values()
        )
    )


def _total(scores: Iterable[SlotScore]) -> SlotScore:
    found = list(scores)
    return SlotScore(
        sum(s.hits for s in found),
        sum(s.invented for s in found),
        sum(s.missed for s in found),
    )


# --- what went wrong


def _wrong(pairs: Sequence[Pair], kb: KnowledgeBase) -> Iterator[Wrong]:
    found = [
        Wrong(q.text, q.topic, g.taken_for, g.suggestions, g.confidence, g.stands)
        for q, g in pairs
        if not right(q, g, kb)
    ]
    yield from sorted(found, key=lambda w: (not w.stands, -w.confidence, w.text))


def _confusions(pairs: Sequence[Pair], kb: KnowledgeBase) -> tuple[Confusion, ...]:
    answered, asked = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for question, got in pairs:
        if right(question, got, kb):
            continue
        if got.asked_back:
            rivals = (s for s in got.suggestions if s not in question.labels)
            asked[question.topic, next(rivals, LOST)] += 1
        else:
            answered[question.topic, got.taken_for] += 1
    ordered = sorted(
        answered.keys() | asked.keys(),
        key=lambda pair: (-answered[pair] - asked[pair], -answered[pair], pair),
    )
    return tuple(Confusion(*pair, answered[pair], asked[pair]) for pair in ordered)


def reliability(
    answers: Iterable[tuple[float, bool]], weights: Iterable[float] | None = None
) -> tuple[Bin, ...]:
    """Answers by their confidence: how sure they were, how many were right."""
    found = list(answers)
    weigh = list(weights) if weights is not None else [1.0] * len(found)
    bins = []
    for low, high in pairwise(BINS):
        some = [
            (sure, hit, weight)
            for (sure, hit), weight in zip(found, weigh, strict=True)
            if low <= sure < high or sure >= high == BINS[-1]
        ]
        total = sum(weight for _, _, weight in some)
        bins.append(
            Bin(
                low=low,
                high=high,
                answers=len(some),
                stated=sum(s * w for s, _, w in some) / total if some else None,
                right=sum(h * w for _, h, w in some) / total if some else None,
            )
        )
    return tuple(bins)
