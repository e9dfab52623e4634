"""The fitted classifier: words to one number a label.

Knows features and weights; not where they come from, nor what is made of the numbers.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.core.vectors import Floats, Vectors
from bot.core.words import stem

PIECES = (3, 4)
"""Letters in the pieces of a word, its edges counted."""

Features = npt.NDArray[np.uint32]

SETTINGS = "6"
"""Part of the key of kept weights: to be raised when another model comes out."""

TINY = 1e-9
_BLUR = 0.05


class Ranked(NamedTuple):
    """A topic's standing for a question."""

    label: str
    """Its best one."""
    logit: float
    """Of this label."""
    probability: float
    """Of all its labels together."""


@lru_cache(maxsize=1 << 12)
def topic(label: str) -> str:
    """The part of a label, TOPIC or TOPIC/ASPECT, that is answered about."""
    return label.partition("/")[0]


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted linear classifier: one row of `weights` for every known feature.

    Weights are small whole numbers, to be taken times the `scale` of their row: half the
    memory of a short float each, and faster to add up.
    """

    labels: tuple[str, ...]
    known: Features
    """The features of the rows, in ascending order."""
    rarity: Floats
    weights: npt.NDArray[np.int8]
    scale: Floats
    unseen: float
    """The rarity of a feature that no phrase has."""
    centre: Floats
    """The middle of the phrases' mean vectors; of size 0 without vectors."""
    meaning: Floats
    """One row of weights for every dimension of the vectors."""
    vectors: Vectors | None = None

    def rank(self, words: Sequence[str], most: int | None = None) -> tuple[Ranked, ...]:
        """Topics, the most probable first; equal ones in the alphabet's order.

        All of them, or no more than `most`.
        """
        logits = self.logits(words)
        topics = self._topics
        # From the worst label to the best, so that a topic's best one comes last.
        order = (-logits).argsort(kind="stable")[::-1]
        odds = np.bincount(topics, np.exp(logits - logits[order[-1]]))
        best = np.empty(len(odds), np.intp)
        best[topics[order]] = order
        ranks = (-odds).argsort(kind="stable")[:most]
        shares = odds[ranks] / np.add.reduce(odds)
        best = best[ranks]
        labels = [self.labels[at] for at in best.tolist()]
        return tuple(map(Ranked, labels, logits[best].tolist(), shares.tolist()))

    @cached_property
    def _topics(self) -> npt.NDArray[np.intp]:
        """For each label the number of its topic, in the alphabet's order."""
        found = sorted({topic(label) for label in self.labels})
        numbers = dict(zip(found, range(len(found)), strict=True))
        return np.array([numbers[topic(label)] for label in self.labels], np.intp)

    def logits(self, words: Sequence[str]) -> Floats:
        """One number a label, in the order of `labels`; all 0 where nothing is known.

        Unknown features count in the length of a block, so that a question of which
        little is known finds little.
        """
        whole, pieces = features(words)
        if not len(self.known):
            return np.zeros(len(self.labels), np.float32)
        asked = np.array([*whole, *pieces], np.uint32)
        at = self.known.searchsorted(asked)
        there = self.known.take(at, mode="clip") == asked
        (places,) = there.nonzero()
        rows = at[places]
        values = self.rarity[rows]
        cut = int(places.searchsorted(len(whole)))
        for block, size in ((values[:cut], len(whole)), (values[cut:], len(pieces))):
            unknown = (size - len(block)) * self.unseen**2
            np.divide(block, math.sqrt(block @ block + unknown + TINY), block)
        values *= self.scale[rows]
        found: Floats = values @ self.weights[rows].astype(np.float32)
        if self.vectors is None:
            return found
        return found + sense(self.vectors.mean(words), self.centre) @ self.meaning

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All that was learned, as arrays without objects."""
        return {
            "labels": _packed(self.labels),
            "known": self.known,
            "rarity": self.rarity,
            "weights": self.weights,
            "scale": self.scale,
            "unseen": np.array(self.unseen),
            "centre": self.centre,
            "meaning": self.meaning,
        }


def restore(arrays: Mapping[str, npt.NDArray[Any]], vectors: Vectors | None) -> Model:
    """The model that the arrays came from; the vectors must be the same.

    Raises KeyError or ValueError where the arrays are not a model's.
    """
    labels = tuple(_unpacked(arrays["labels"]))
    known = arrays["known"]
    rarity, weights, scale = arrays["rarity"], arrays["weights"], arrays["scale"]
    fits = weights.shape == (len(known), len(labels))
    if not fits or not len(rarity) == len(scale) == len(known):
        raise ValueError("the arrays do not belong together")
    return Model(
        labels=labels,
        known=known,
        rarity=rarity,
        weights=weights,
        scale=scale,
        unseen=float(arrays["unseen"]),
        centre=arrays["centre"],
        meaning=arrays["meaning"],
        vectors=vectors,
    )


def sense(mean: Floats, centre: Floats) -> Floats:
    """A mean vector as seen from the middle of the book's."""
    if not mean @ mean:
        return mean
    away = mean - centre
    return away / np.float32(math.sqrt(away @ away) + _BLUR)


def _packed(names: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _unpacked(packed: npt.NDArray[Any]) -> list[str]:
    return packed.tobytes().decode().split("\n")


@lru_cache(maxsize=1 << 14)
def _pieces(word: str) -> tuple[int, ...]:
    """What a word is made of, marked so that no piece is taken for a word."""
    if word.startswith("{"):
        return ()
    edged = f"<{word}>"
    return tuple(
        _number(f"#{edged[at : at + size]}")
        for size in PIECES
        for at in range(len(edged) - size + 1)
    )


def features(words: Sequence[str]) -> tuple[dict[int, None], dict[int, None]]:
    """Two blocks of numbers: stems with their neighbours, and pieces of words.

    A number stands for a text; 60,000 of them have one chance in three that any two are
    the same, and then two features of a book are one.
    """
    stems = [_stemmed(word) for word in words]
    whole = dict.fromkeys([number for _, number in stems])
    before = crc32(b"^")
    for text, number in (*stems, (b"$", 0)):
        whole[crc32(text, crc32(b" ", before))] = None
        before = number
    return whole, dict.fromkeys(piece for word in words for piece in _pieces(word))


@lru_cache(maxsize=1 << 14)
def _stemmed(word: str) -> tuple[bytes, int]:
    """A stem and its number."""
    text = (word if word.startswith("{") else stem(word)).encode(errors="surrogatepass")
    return text, crc32(text)


def _number(text: str) -> int:
    return crc32(text.encode(errors="surrogatepass"))
