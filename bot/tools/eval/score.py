"""Labelled questions and what was answered → figures. No clock, no printing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from bot.knowledge.model import KnowledgeBase
from bot.tools.eval import slot_scores
from bot.tools.eval.figures import (
    LOST,
    Bin,
    Confusion,
    Given,
    Pair,
    Scores,
    Share,
    Tally,
    Wrong,
)
from bot.tools.eval.labelled import Labelled

BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_OFFERED = 3


def score(pairs: Sequence[Pair], kb: KnowledgeBase) -> Scores:
    """The figures of questions and what was answered."""
    scopes: dict[str, list[Pair]] = defaultdict(list)
    topics: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        scopes[kb.topics[pair[0].topic].scope].append(pair)
        topics[pair[0].topic].append(pair)
    declined = [pair for pair in pairs if pair[1].declined]
    slots = slot_scores.scores(scopes["domain"], kb)
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
        every_slot=slot_scores.total(slots.values()),
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
