"""The book's own phrases as questions, put to an engine that has not seen them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bot.knowledge import cache
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.training_data import training_data
from bot.nlu import confidence
from bot.nlu.classifier import Ranked, topic
from bot.nlu.engine import NluEngine

FOLDS = 5
_RUN = 8
"""Phrases that stand together were thought of together, and are held out together."""
_EXPECTED = 0.88
"""The share of people's questions whose topic ranks first.

Phrases are harder than questions: they were written as minimal pairs. Of 920 questions
written without sight of them 97 in 100 rank right; the rest is for the unforeseen.
"""


class HeldOutPhrase(NamedTuple):
    """A phrase, and how the topics stood for it."""

    text: str
    label: str
    unseen: bool
    """No phrase of its label was known: a question that nobody foresaw."""
    ranked: tuple[Ranked, ...]

    @property
    def topic(self) -> str:
        return topic(self.label)

    @property
    def first(self) -> str:
        return topic(self.ranked[0].label)

    @property
    def right(self) -> bool:
        return self.first == self.topic


@dataclass(frozen=True)
class Fit:
    """The confidence that held-out phrases make best, and how they fared."""

    slope: float
    """Of the log odds: `likelihood` of the confidence model."""
    bias: float
    phrases: Sequence[HeldOutPhrase]

    @property
    def confusions(self) -> list[tuple[tuple[str, str], list[HeldOutPhrase]]]:
        """By pair of topics, most frequent first; each with its surest phrases first."""
        found: dict[tuple[str, str], list[HeldOutPhrase]] = {}
        for one in self.phrases:
            if not one.right and not one.unseen:
                found.setdefault((one.topic, one.first), []).append(one)
        for some in found.values():
            some.sort(key=lambda one: -one.ranked[0].probability)
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))

    def as_json(self) -> dict[str, Any]:
        return {
            "slope": self.slope,
            "bias": self.bias,
            "phrases": len(self.phrases),
            "right": sum(one.right for one in self.phrases),
            "confusions": [
                {"topic": a, "taken_for": b, "phrases": [one.text for one in some]}
                for (a, b), some in self.confusions
            ],
        }


def fit(
    kb: KnowledgeBase,
    top: Path,
    tell: Callable[[str], None] = lambda _: None,
) -> Fit:
    """Platt scaling by cross-validation on the phrases of a knowledge base."""
    phrases = list(held_out(kb, top, tell))
    odds = [confidence.signals(one.ranked)[1] for one in phrases]
    slope, bias = confidence.platt(odds, [one.right for one in phrases], _EXPECTED)
    return Fit(slope, bias, phrases)


def held_out(
    kb: KnowledgeBase,
    top: Path,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[HeldOutPhrase]:
    """Every phrase, ranked by an engine that has not seen it nor its neighbours.

    Labels out of scope are held out a second time, whole: it is what no label stands for
    that is mistaken for a question of the domain.
    """
    data = training_data(kb)
    vectors = cache.read_vectors(top, kb.language_code)
    ordinary = cache.ordinary_words(top, kb.language, vectors)
    outside = [
        label for label in sorted(kb.phrases) if kb.topics[topic(label)].scope == "out"
    ]
    for turn in range(FOLDS):
        tell(f"round {turn + 1} of {FOLDS}")
        unseen = set(outside[turn::FOLDS]) if len(outside) > 1 else set()
        out = [
            label in unseen or (at // _RUN) % FOLDS == turn
            for at, (_, label, _) in enumerate(data.phrases)
        ]
        pairs = list(zip(data.phrases, out, strict=True))
        kept = tuple(phrase for phrase, gone in pairs if not gone)
        engine = NluEngine.train(data._replace(phrases=kept), ordinary, vectors)
        for (text, label, _), gone in pairs:
            # What is in another script is decided without a ranking.
            if gone and (ranked := engine.parse(text).ranked):
                yield HeldOutPhrase(text, label, label in unseen, ranked)
