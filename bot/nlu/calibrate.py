"""How sure a ranking makes, from examples alone: for words without a fitted doubt."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.nlu.classifier import LinearClassifier, topic
from bot.nlu.confidence import ConfidenceModel, Signals
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.ranking import lead, signals
from bot.nlu.training import Examples, fit

_ROUNDS = 5
_HOPE = 0.7
_EASE = 0.01
_NEWTON = 30
_STEEP = 30.0


@dataclass(frozen=True)
class _Trial:
    """What became of a phrase that the model had not seen."""

    signals: Signals
    lead: float
    right: bool
    known: bool
    """Whether the model had its topic."""


def calibrate(
    examples: Examples,
    vectors: WordEmbeddings | None = None,
    negatives: Iterable[Sequence[str]] = (),
) -> ConfidenceModel:
    """Confidence from the phrases alone.

    In every round some topics are taken away, so that their phrases play the questions
    that nobody foresaw, and some phrases are held back; near misses join in.
    """
    trials = [
        trial for turn in range(_ROUNDS) for trial in _round(examples, vectors, turn)
    ]
    model = fit(examples, vectors)
    trials += [_trial(model, words, None) for words in negatives]
    doubt = _logistic(trials)
    known = [trial for trial in trials if trial.known]
    sure = [t for t in known if doubt.confidence(t.signals) >= doubt.threshold]
    return replace(doubt, margin=_margin(sure))


def _round(
    examples: Examples, vectors: WordEmbeddings | None, turn: int
) -> Iterator[_Trial]:
    rng = np.random.default_rng(0)
    topics = sorted({topic(label) for _, label in examples})
    order = rng.permutation(len(topics)) % _ROUNDS
    away = {name for name, at in zip(topics, order, strict=True) if at == turn}
    held = rng.permutation(len(examples)) % _ROUNDS == turn
    gone = [topic(label) in away for _, label in examples]
    kept = [
        example
        for example, out, back in zip(examples, gone, held, strict=True)
        if not out and not back
    ]
    if not kept:
        return
    model = fit(kept, vectors)
    for (words, label), out, back in zip(examples, gone, held, strict=True):
        if out or back:
            yield _trial(model, words, None if out else label)


def _trial(model: LinearClassifier, words: Sequence[str], label: str | None) -> _Trial:
    found = model.rank(words)
    known = label is not None
    right = label is not None and topic(found[0].label) == topic(label)
    return _Trial(signals(found), lead(found), right, known)


def _logistic(trials: Sequence[_Trial]) -> ConfidenceModel:
    """Newton steps; weighed as if seven questions in ten had a right answer."""
    evidence = np.array([trial.signals for trial in trials])
    right = np.array([trial.right for trial in trials])
    weight = np.where(
        right, _HOPE / max(1, right.sum()), (1 - _HOPE) / max(1, (~right).sum())
    )
    weight *= len(right)
    mean, spread = evidence.mean(0), evidence.std(0) + 1e-9
    inputs = np.column_stack([(evidence - mean) / spread, np.ones(len(evidence))])
    slope = np.zeros(inputs.shape[1])
    for _ in range(_NEWTON):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ slope, -_STEEP, _STEEP)))
        pull = inputs.T @ (weight * (chance - right)) + _EASE * slope
        bend = (inputs * (weight * chance * (1 - chance))[:, None]).T @ inputs
        slope -= np.linalg.solve(bend + _EASE * np.eye(len(slope)), pull)
    logit, likelihood = (slope[:-1] / spread).tolist()
    bias = slope[-1] - float((mean / spread) @ slope[:-1])
    return ConfidenceModel(logit, likelihood, float(bias))


def _margin(sure: Sequence[_Trial]) -> float:
    """The lead up to which asking back is the better part.

    An answer that is wrong costs twice what a needless question does.
    """
    gain, most, margin = 0, 0, 0.0
    for trial in sorted(sure, key=lambda trial: trial.lead):
        gain += -1 if trial.right else 2
        if gain > most:
            most, margin = gain, trial.lead
    return margin
