"""How sure one may be of a topic, and what a ranking amounts to.

A ranking becomes one of three: Confident, Ambiguous or NoMatch. Labels are topics or
topic/aspect; verdicts and confidence are about topics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.classifier import Ranked

Signals = tuple[float, float]
"""Of what may be meant: the best logit, and what its probability amounts to."""

OFFERED = 3
"""Topics to choose between, at most."""

_STEEP = 30.0
_CERTAIN = 1 - 1e-6


@dataclass(frozen=True)
class ConfidenceModel:
    """How the signals of a ranking turn into confidence, and how much is enough.

    A logistic function of the signals (Platt, "Probabilistic outputs for support vector
    machines", 1999).
    """

    # Fitted to held-out phrases; see tests/benchmarks/README.md for their effect.
    logit: float = 0.0
    likelihood: float = 0.79
    bias: float = 0.85
    threshold: float = 0.575
    """Below this confidence no topic is clear."""
    ambiguity_threshold: float = 0.24
    """Nor where the second topic's probability comes this close."""
    suggestion_threshold: float = 0.5
    """Below this confidence that it is one of them, no topics are suggested."""

    def confidence(self, signals: Signals) -> float:
        """The probability that what has these signals is right, from 0 to 1."""
        logit, likelihood = signals
        score = self.logit * logit + self.likelihood * likelihood + self.bias
        return 1 / (1 + math.exp(-max(-_STEEP, min(_STEEP, score))))


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


Verdict = Confident | Ambiguous | NoMatch


def judge(ranked: Sequence[Ranked], model: ConfidenceModel) -> Verdict:
    """What a ranking amounts to; where nothing speaks for the best, to nothing."""
    labels = tuple(one.label for one in ranked[:OFFERED])
    if not ranked or ranked[0].logit <= 0:
        return NoMatch(labels, 0.0)
    sure = model.confidence(signals(ranked))
    if sure >= model.threshold and lead(ranked) >= model.ambiguity_threshold:
        return Confident(labels[0], sure)
    either = model.confidence(signals(ranked, OFFERED))
    if either >= model.suggestion_threshold and len(labels) > 1:
        return Ambiguous(labels, either)
    return NoMatch(labels, sure)


def signals(ranked: Sequence[Ranked], topics: int = 1) -> Signals:
    """Of the best topics taken as one: the best logit, the logarithm of their odds."""
    best = ranked[:topics]
    share = min(sum([one.probability for one in best]), _CERTAIN)
    return max([one.logit for one in best]), math.log(share / (1 - share))


def lead(ranked: Sequence[Ranked]) -> float:
    """How much more probable the best topic is than the second."""
    best, *others = ranked[:2]
    return best.probability - (others[0].probability if others else 0)


_ROUNDS = 30
_PENALTY = 0.01
"""L2, so that trials that are all right or all wrong have a solution."""


def platt(
    odds: Sequence[float], right: Sequence[bool], expected: float
) -> tuple[float, float]:
    """Slope and bias of the confidence, fitted to log odds and to what was right.

    Logistic regression by Newton's method (Platt, 1999). Trials are weighed as if a share
    of `expected` were right. No slope is negative: more odds make no one less sure.
    """
    inputs = np.column_stack([odds, np.ones(len(odds))])
    truth = np.asarray(right)
    hits = int(truth.sum())
    weights = len(truth) * np.where(
        truth,
        expected / max(1, hits),
        (1 - expected) / max(1, len(truth) - hits),
    )
    found = np.zeros(2)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ found, -_STEEP, _STEEP)))
        gradient = inputs.T @ (weights * (chance - truth)) + _PENALTY * found
        hessian = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs
        found -= np.linalg.solve(hessian + _PENALTY * np.eye(2), gradient)
    return max(0.0, float(found[0])), float(found[1])
