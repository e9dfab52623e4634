"""Words to ranked labels, and how sure one may be of the best: Clear, Torn or Lost.

Learns from the phrases alone; knows no topic, no slot and no reply.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.core.vectors import Floats, Vectors
from bot.core.words import stem

Examples = Sequence[tuple[tuple[str, ...], str]]

SETTINGS = "1"
"""Part of the key of kept weights: to be raised when fitting changes."""

_DECAY = 0.1
_STEPS = 60
_VECTOR_SHARE = 0.7
_ROUNDS = 5
_OFFERED = 3


class Ranked(NamedTuple):
    """One label's standing for a question."""

    label: str
    logit: float
    probability: float


@dataclass(frozen=True)
class Clear:
    """One label is meant."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Torn:
    """One of a few labels, of different topics, is meant."""

    labels: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Lost:
    """No label can be told; the labels are the least unlikely."""

    labels: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Doubt:
    """How the signals of a ranking turn into confidence, and how much is enough."""

    logit: float = 1.0
    likelihood: float = 1.0
    bias: float = 0.0
    threshold: float = 0.5
    margin: float = 0.1

    def confidence(self, logit: float, likelihood: float) -> float:
        """The probability that what has these signals is right."""
        score = self.logit * logit + self.likelihood * likelihood + self.bias
        return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))


def topic(label: str) -> str:
    """The part of a label that margin and confidence are about."""
    return label.partition("/")[0]


# --- features


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> tuple[str, ...]:
    if word.startswith("{"):
        return ()
    edged = f"<{word}>"
    return tuple(
        {f"#{edged[i : i + n]}" for n in (2, 3, 4) for i in range(len(edged) - n + 1)}
    )


def _stems(words: Iterable[str]) -> list[str]:
    return [word if word.startswith("{") else stem(word) for word in words]


def features(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Two blocks: stems with their neighbours, and pieces of words."""
    stems = _stems(words)
    whole = {*stems, *map(" ".join, zip(["^", *stems], [*stems, "$"], strict=True))}
    return whole, {piece for word in words for piece in _pieces(word)}


# --- the model


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted linear classifier; rows of `weights` follow the values of `rows`."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    rarity: Floats
    weights: Floats
    unseen: float
    vectors: Vectors | None = None
    centre: Floats | None = None
    meaning: Floats | None = None

    def rank(self, words: Sequence[str]) -> tuple[Ranked, ...]:
        """All labels, the best first; alike where nothing is known."""
        logits = self.logits(words)
        order = np.argsort(-logits, kind="stable")
        shares = np.exp(logits - logits[order[0]])
        shares /= shares.sum()
        return tuple(
            map(
                Ranked,
                [self.labels[i] for i in order.tolist()],
                logits[order].tolist(),
                shares[order].tolist(),
            )
        )

    def logits(self, words: Sequence[str]) -> Floats:
        """One number a label, in the order of `labels`."""
        index, value = self.encode(words)
        found: Floats = value @ self.weights[index]
        if self.meaning is not None:
            found = found + self.sense(words) @ self.meaning
        return found

    def encode(self, words: Sequence[str]) -> tuple[list[int], Floats]:
        """Rows and values; each block is of length 1 only where all of it is known."""
        index: list[int] = []
        values: list[Floats] = []
        for block in features(words):
            known = [self.rows[name] for name in block if name in self.rows]
            value = self.rarity[known]
            unknown = (len(block) - len(known)) * self.unseen**2
            values.append(value / np.sqrt(value @ value + np.float32(unknown + 1e-9)))
            index += known
        return index, np.concatenate(values)

    def sense(self, words: Sequence[str]) -> Floats:
        """The words' mean vector, seen from the middle of the book's."""
        if self.vectors is None or self.centre is None:
            return np.zeros(0, np.float32)
        mean = self.vectors.mean(words)
        if not mean.any():
            return mean
        mean = mean - self.centre
        return mean / np.float32(np.sqrt(mean @ mean) + 0.05)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, as arrays without objects."""
        none = np.zeros((0, 0), np.float32)
        return {
            "labels": _packed(self.labels),
            "rows": _packed(self.rows),
            "rarity": self.rarity,
            "weights": self.weights.astype(np.float16),
            "unseen": np.array([self.unseen]),
            "centre": none if self.centre is None else self.centre,
            "meaning": none if self.meaning is None else self.meaning,
        }


def restore(arrays: Mapping[str, npt.NDArray[Any]], vectors: Vectors | None) -> Model:
    """The model that `arrays` came from; the vectors must be the same."""
    return Model(
        labels=_unpacked(arrays["labels"]),
        rows={name: row for row, name in enumerate(_unpacked(arrays["rows"]))},
        rarity=arrays["rarity"],
        weights=arrays["weights"].astype(np.float32),
        unseen=float(arrays["unseen"][0]),
        vectors=vectors,
        centre=arrays["centre"] if arrays["centre"].size else None,
        meaning=arrays["meaning"] if arrays["meaning"].size else None,
    )


def _packed(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _unpacked(packed: npt.NDArray[Any]) -> tuple[str, ...]:
    return tuple(packed.tobytes().decode().split("\n"))


# --- fitting


def fit(examples: Examples, vectors: Vectors | None = None) -> Model:
    """Multinomial logistic regression; the same examples give the same model."""
    labels = tuple(sorted({label for _, label in examples}))
    counts = Counter(
        name
        for words, _ in examples
        for block in features(words)
        for name in sorted(block)
    )
    rows = {name: row for row, name in enumerate(counts)}
    seen = np.fromiter(counts.values(), np.float32, len(counts))
    rarity = (np.log((len(examples) + 1) / (seen + 0.5)) + 0.1).astype(np.float32)
    unseen = float(np.log((len(examples) + 1) / 0.5) + 0.1)
    centre = None
    if vectors is not None:
        centre = np.mean([vectors.mean(words) for words, _ in examples], axis=0)
    blank = Model(
        labels=labels,
        rows=rows,
        rarity=rarity,
        weights=np.zeros((len(rows), len(labels)), np.float32),
        unseen=unseen,
        vectors=vectors,
        centre=centre,
    )
    dense = np.zeros((len(examples), len(rows)), np.float32)
    for at, (words, _) in enumerate(examples):
        index, value = blank.encode(words)
        dense[at, index] = value
    senses = np.stack([blank.sense(words) for words, _ in examples])
    likeness = dense @ dense.T + np.float32(_VECTOR_SHARE) * (senses @ senses.T)
    number = {label: at for at, label in enumerate(labels)}
    wanted = np.zeros((len(examples), len(labels)), np.float32)
    wanted[range(len(examples)), [number[label] for _, label in examples]] = 1
    pull = _solve(likeness, wanted)
    return Model(
        labels=labels,
        rows=rows,
        rarity=rarity,
        weights=dense.T @ pull,
        unseen=unseen,
        vectors=vectors,
        centre=centre,
        meaning=None
        if vectors is None
        else np.float32(_VECTOR_SHARE) * (senses.T @ pull),
    )


def _solve(likeness: Floats, wanted: Floats) -> Floats:
    """Accelerated gradient steps in the span of the phrases."""
    guess = np.ones(len(likeness), np.float32)
    for _ in range(12):
        guess = likeness @ guess
        guess /= np.linalg.norm(guess) + np.float32(1e-12)
    steepest = np.float32(0.5 * float(guess @ (likeness @ guess)) + _DECAY)
    pull = ahead = np.zeros_like(wanted)
    speed = 1.0
    for _ in range(_STEPS):
        logits = likeness @ ahead
        shares = np.exp(logits - logits.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        last, pull = pull, ahead - (shares - wanted + _DECAY * ahead) / steepest
        faster = (1 + (1 + 4 * speed * speed) ** 0.5) / 2
        ahead = pull + np.float32((speed - 1) / faster) * (pull - last)
        speed = faster
    return pull


# --- doubt


def signals(ranked: Sequence[Ranked], best: int = 1) -> tuple[float, float]:
    """Of the best topics together: their logit, and the log of their probability."""
    peak = ranked[0].logit
    share: dict[str, float] = {}
    pooled: dict[str, float] = {}
    for label, logit, probability in ranked:
        name = topic(label)
        share[name] = share.get(name, 0.0) + probability
        pooled[name] = pooled.get(name, 0.0) + np.exp(logit - peak)
    top = sorted(share, key=share.__getitem__, reverse=True)[:best]
    logit = float(peak + np.log(sum(pooled[name] for name in top)))
    return logit, float(np.log(min(1.0, sum(share[name] for name in top))))


def decide(ranked: Sequence[Ranked], doubt: Doubt) -> Clear | Torn | Lost:
    """What a ranking amounts to."""
    share: dict[str, float] = {}
    best: dict[str, str] = {}
    for label, _, probability in ranked:
        name = topic(label)
        share[name] = share.get(name, 0.0) + probability
        best.setdefault(name, label)
    top = sorted(share, key=share.__getitem__, reverse=True)[:_OFFERED]
    labels = tuple(best[name] for name in top)
    sure = doubt.confidence(*signals(ranked))
    lead = share[top[0]] - (share[top[1]] if len(top) > 1 else 0.0)
    if sure >= doubt.threshold and lead >= doubt.margin:
        return Clear(labels[0], sure)
    together = doubt.confidence(*signals(ranked, _OFFERED))
    if together >= doubt.threshold and len(labels) > 1:
        return Torn(labels, together)
    return Lost(labels, sure)


def calibrate(
    examples: Examples,
    vectors: Vectors | None = None,
    negatives: Iterable[tuple[str, ...]] = (),
) -> Doubt:
    """Confidence from the phrases alone.

    In every round some topics are taken away, so that their phrases play the questions
    that nobody foresaw, and some phrases are held back; near misses join in.
    """
    rng = np.random.default_rng(0)
    topics = sorted({topic(label) for _, label in examples})
    away = dict(zip(topics, rng.permutation(len(topics)) % _ROUNDS, strict=True))
    held = rng.permutation(len(examples)) % _ROUNDS
    evidence: list[tuple[float, float]] = []
    right: list[bool] = []
    for turn in range(_ROUNDS):
        kept = [
            example
            for example, hold in zip(examples, held, strict=True)
            if hold != turn and away[topic(example[1])] != turn
        ]
        model = fit(kept, vectors)
        for (words, label), hold in zip(examples, held, strict=True):
            gone = away[topic(label)] == turn
            if gone or hold == turn:
                ranked = model.rank(words)
                evidence.append(signals(ranked))
                right.append(not gone and topic(ranked[0].label) == topic(label))
    model = fit(examples, vectors)
    near = [signals(model.rank(words)) for words in negatives]
    return _logistic(np.array(evidence + near), np.array(right + [False] * len(near)))


def _logistic(evidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Doubt:
    """Newton steps; right and wrong weigh as if seven questions in ten were right."""
    weight = np.where(right, 0.7 / right.sum(), 0.3 / max(1, (~right).sum()))
    weight *= len(right)
    mean, spread = evidence.mean(0), evidence.std(0) + 1e-9
    inputs = np.c_[(evidence - mean) / spread, np.ones(len(evidence))]
    slope = np.zeros(3)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ slope, -30, 30)))
        pull = inputs.T @ (weight * (chance - right)) + 0.01 * slope
        curve = (inputs * (weight * chance * (1 - chance))[:, None]).T @ inputs
        slope -= np.linalg.solve(curve + 0.01 * np.eye(3), pull)
    logit, likelihood = slope[:2] / spread
    bias = slope[2] - float(mean / spread @ slope[:2])
    return Doubt(float(logit), float(likelihood), float(bias))
