"""The fitted classifier: words to one number a label, and one an action.

Knows features and weights; not where they come from, nor what is made of the numbers.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise, starmap
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.nlu.embeddings import Floats, WordEmbeddings
from bot.nlu.features import char_ngrams, word_ngrams
from bot.nlu.language import Language
from bot.nlu.piece_sums import FeatureSum, PieceSums

Features = npt.NDArray[np.uint32]

_BLUR = 0.05
_chance = itemgetter(1)


class Ranked(NamedTuple):
    """A topic's standing for a question."""

    label: str
    """Its best one."""
    logit: float
    """Of this label."""
    probability: float
    """Of all its labels together."""
    part: float = 1.0
    """How much of that is of the best one."""


@lru_cache(maxsize=1 << 12)
def topic(label: str) -> str:
    """The part of a label, TOPIC or TOPIC/ASPECT, that is answered about."""
    return label.partition("/")[0]


class Prediction(NamedTuple):
    """What the classifier makes of a question."""

    topics: tuple[Ranked, ...]
    """The most probable first."""
    actions: tuple[tuple[str, float], ...] = ()
    """Actions with their probabilities, the most probable first."""


@dataclass(frozen=True, repr=False, eq=False)
class LinearClassifier:
    """A fitted linear classifier: one row of `weights` for every known feature.

    Features that the phrases use most come first, so that what questions need lies close
    together; with the weights left in their file the rest of it is hardly read.
    Weights are small whole numbers, to be taken times the `scale` of their row: half the
    memory of a short float each, and faster to add up.
    """

    language: Language
    labels: tuple[str, ...]
    """Those of a topic stand together."""
    actions: tuple[str, ...]
    """The second head: its columns come after those of the labels."""
    known: Features
    """The features that have a row, in ascending order."""
    rows: npt.NDArray[np.int32]
    """The row of each of them."""
    idf: Floats
    weights: npt.NDArray[np.int8]
    scale: Floats
    unseen: float
    """The rarity of a feature that no phrase has."""
    mean_embedding: Floats
    """The middle of the phrases' mean vectors; of size 0 without vectors."""
    embedding_weights: Floats
    """One row of weights for every dimension of the vectors."""
    vectors: WordEmbeddings | None = None

    def predict(self, words: Sequence[str], most: int | None = None) -> Prediction:
        """Topics and actions, the most probable first; of topics no more than `most`."""
        return self.prediction(self.logits(words), most)

    def prediction(self, logits: Floats, most: int | None = None) -> Prediction:
        """The same from the numbers of `logits`, or of several texts added up."""
        return Prediction(self.topics(logits, most), self.actions_of(logits))

    def rank(self, words: Sequence[str], most: int | None = None) -> tuple[Ranked, ...]:
        """Topics, the most probable first; equal ones in the alphabet's order.

        All of them, or no more than `most`.
        """
        return self.topics(self.logits(words), most)

    def actions_of(self, logits: Floats) -> tuple[tuple[str, float], ...]:
        """The actions that the numbers of `logits` amount to."""
        if not self.actions:
            return ()
        logits = logits[len(self.labels) :]
        odds = np.exp(logits - np.maximum.reduce(logits))
        chances = (odds / np.add.reduce(odds)).tolist()
        actions = zip(self.actions, chances, strict=True)
        return tuple(sorted(actions, key=_chance, reverse=True))

    def topics(self, logits: Floats, most: int | None = None) -> tuple[Ranked, ...]:
        """The topics that they amount to."""
        logits = logits[: len(self.labels)]
        of_labels = np.exp(logits - np.maximum.reduce(logits))
        of_topics = np.bincount(self._topics, of_labels)
        order = (-of_topics).argsort(kind="stable")[:most].tolist()
        shares = (of_topics / np.add.reduce(of_topics)).tolist()
        scores, odds, sums = logits.tolist(), of_labels.tolist(), of_topics.tolist()
        ranked = []
        for number in order:
            own = self._labels_of[number]
            logit = max(scores[own])
            best = scores.index(logit, own.start)
            part = odds[best] / sums[number]
            ranked.append(Ranked(self.labels[best], logit, shares[number], part))
        return tuple(ranked)

    @cached_property
    def _topics(self) -> npt.NDArray[np.intp]:
        """For each label the number of its topic, in the alphabet's order."""
        found = dict.fromkeys(map(topic, self.labels))
        numbers = dict(zip(found, range(len(found)), strict=True))
        return np.array([numbers[topic(label)] for label in self.labels], np.intp)

    @cached_property
    def _labels_of(self) -> tuple[slice, ...]:
        """For each topic the numbers of its labels, which stand together."""
        topics = self._topics.tolist()
        ends = accumulate(topics.count(number) for number in range(topics[-1] + 1))
        return tuple(starmap(slice, pairwise((0, *ends))))

    def logits(self, words: Sequence[str]) -> Floats:
        """One number a label and then one an action; all 0 where nothing is known.

        Unknown features count in the length of a block, so that a question of which
        little is known finds little. A piece that two words share counts for each, other
        than in the fit: so a word's pieces are added up once for all questions.
        """
        if not words or not len(self.known):
            return np.zeros(len(self.labels) + len(self.actions), np.float32)
        pieces = self._pieces.of([*dict.fromkeys(words)])
        ngrams = self._weigh(word_ngrams(words, self.language))
        found = ngrams.levelled() + pieces.levelled()
        if self.vectors is None:
            return found
        return (
            found
            + embedding(self.vectors.mean(words), self.mean_embedding)
            @ self.embedding_weights
        )

    def _weigh(self, numbers: Collection[int]) -> FeatureSum:
        rows, _ = self._found(np.fromiter(numbers, np.uint32, len(numbers)))
        values = self.idf.take(rows)
        unknown = (len(numbers) - len(rows)) * self.unseen**2
        worth = values * self.scale.take(rows)
        total = worth @ self.weights.take(rows, 0).astype(np.float32)
        return FeatureSum(total, float(values @ values) + unknown)

    @cached_property
    def _pieces(self) -> PieceSums:
        return PieceSums(self._weigh_pieces, self.weights.shape[1])

    def _weigh_pieces(
        self, words: Sequence[str]
    ) -> tuple[Floats, npt.NDArray[np.float64]]:
        """The sums of the pieces of each word, and their squares."""
        pieces = [char_ngrams(word) for word in words]
        sizes = np.fromiter(map(len, pieces), np.intp, len(pieces))
        rows, there = self._found(np.fromiter(chain(*pieces), np.uint32, sizes.sum()))
        owners = np.repeat(np.arange(len(words)), sizes)[there]
        values = self.idf.take(rows)
        known = np.bincount(owners, values * values, len(words))
        unknown = sizes - np.bincount(owners, None, len(words))
        worth = values * self.scale.take(rows)
        # Added up word by word, so that no word's sum hangs on the others.
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        totals = np.zeros((len(words), self.weights.shape[1]), np.float32)
        totals[owners[starts]] = np.add.reduceat(
            worth[:, None] * self.weights.take(rows, 0), starts
        )
        return totals, known + unknown * self.unseen**2

    def _found(
        self, asked: Features
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """The rows of the features that are known, and which those are."""
        at = self.known.searchsorted(asked)
        there = self.known.take(at, mode="clip") == asked
        return self.rows.take(at[there]), there

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, as arrays without objects."""
        return {
            "labels": packed(self.labels),
            "actions": packed(self.actions),
            "known": self.known,
            "rows": self.rows,
            "idf": self.idf,
            "weights": self.weights,
            "scale": self.scale,
            "unseen": np.array(self.unseen),
            "centre": self.mean_embedding,
            "meaning": self.embedding_weights,
        }


def restore(
    arrays: Mapping[str, npt.NDArray[Any]],
    language: Language,
    vectors: WordEmbeddings | None,
) -> LinearClassifier:
    """The model that the arrays came from; the vectors must be the same.

    Raises KeyError or ValueError where the arrays are not a model's.
    """
    labels = tuple(unpacked(arrays["labels"]))
    actions = tuple(unpacked(arrays["actions"]))
    if actions == ("",):
        actions = ()  # no second head; among others the empty action is one of its columns
    known = arrays["known"]
    idf, weights, scale = arrays["idf"], arrays["weights"], arrays["scale"]
    fits = weights.shape == (len(known), len(labels) + len(actions))
    rows = arrays["rows"]
    if not fits or not len(idf) == len(scale) == len(rows) == len(known):
        raise ValueError("the arrays do not belong together")
    return LinearClassifier(
        language=language,
        labels=labels,
        actions=actions,
        known=known,
        rows=rows,
        idf=idf,
        weights=weights,
        scale=scale,
        unseen=float(arrays["unseen"]),
        mean_embedding=arrays["centre"],
        embedding_weights=arrays["meaning"],
        vectors=vectors,
    )


def embedding(mean: Floats, mean_embedding: Floats) -> Floats:
    """A mean vector as seen from the middle of the book's."""
    if not mean @ mean:
        return mean
    away = mean - mean_embedding
    return away / np.float32(math.sqrt(away @ away) + _BLUR)


def packed(lines: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Texts of a line each, as an array without objects."""
    text = "\n".join(lines).encode(errors="surrogatepass")
    return np.frombuffer(text, np.uint8)


def unpacked(array: npt.NDArray[Any]) -> list[str]:
    """The texts that the array was made of."""
    return array.tobytes().decode(errors="surrogatepass").split("\n")
