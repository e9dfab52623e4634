"""A ranking to a verdict, Clear, Torn or Lost, and how sure one may be of it.

Labels are topics or topic/aspect; verdicts and confidence are about topics.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.nlu.classifier import Ranked, topic
from bot.nlu.confidence import ConfidenceModel, Signals

__all__ = [
    "OFFERED",
    "Clear",
    "Doubt",
    "Lost",
    "Model",
    "Ranked",
    "Torn",
    "decide",
    "lead",
    "signals",
    "topic",
]

OFFERED = 3
"""Topics to choose between, at most."""

_CERTAIN = 1 - 1e-6


@dataclass(frozen=True)
class Confident:
    """One label is meant."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Ambiguous:
    """One of a few labels, of different topics, is meant."""

    labels: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class NoMatch:
    """No label can be told; the labels are the least unlikely."""

    labels: tuple[str, ...]
    confidence: float


def judge(
    ranked: Sequence[Ranked], doubt: ConfidenceModel
) -> Confident | Ambiguous | NoMatch:
    """What a ranking amounts to; where nothing speaks for the best, to nothing."""
    labels = tuple(one.label for one in ranked[:OFFERED])
    if not ranked or ranked[0].logit <= 0:
        return NoMatch(labels, 0.0)
    sure = doubt.confidence(signals(ranked))
    if sure >= doubt.threshold and lead(ranked) >= doubt.margin:
        return Confident(labels[0], sure)
    either = doubt.confidence(signals(ranked, OFFERED))
    if either >= doubt.offer and len(labels) > 1:
        return Ambiguous(labels, either)
    return NoMatch(labels, sure)


def signals(ranked: Sequence[Ranked], topics: int = 1) -> Signals:
    """Of the best topics taken as one: the best logit, the logarithm of their odds."""
    best = ranked[:topics]
    share = min(sum(one.probability for one in best), _CERTAIN)
    return max(one.logit for one in best), math.log(share / (1 - share))


def lead(ranked: Sequence[Ranked]) -> float:
    """How much more probable the best topic is than the second."""
    best, *others = (one.probability for one in ranked[:2])
    return best - sum(others)
