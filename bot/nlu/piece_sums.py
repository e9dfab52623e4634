"""What the pieces of words weigh, added up once for each word.

Words come again in other questions. Knows no feature, label or weight: who makes it says
what words weigh.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.nlu.embeddings import Floats
from bot.nlu.tokenizer import LONGEST_WORD

_REMEMBERED = 1 << 11
"""Words: a megabyte, and more than a day's questions use."""
TINY = 1e-9


class FeatureSum(NamedTuple):
    """Some features: the sum of their weights, one number a label, and their square."""

    total: Floats
    square: float

    def levelled(self) -> Floats:
        """The sum, as if the features together were of length 1."""
        return self.total / np.float32(math.sqrt(TINY + self.square))


Weigh = Callable[[Sequence[str]], tuple[Floats, npt.NDArray[np.float64]]]
"""Words → a row of sums for each of them, and their squares."""


class PieceSums:
    """Sums of the words that were asked for, as rows of one table.

    For one thread at a time.
    """

    def __init__(self, weigh: Weigh, width: int) -> None:
        self._weigh = weigh
        self._rows: dict[str, int] = {}
        # Not filled: what no word has used yet takes no memory.
        self._totals = np.empty((_REMEMBERED, width), np.float32)
        self._squares = np.empty(_REMEMBERED)

    def of(self, words: Sequence[str]) -> FeatureSum:
        """The sum over words, of which none stands there twice.

        Beside a long word none is remembered, nor in a text of too many.
        """
        rows = self._rows
        new = [word for word in words if word not in rows]
        if new:
            if len(words) > _REMEMBERED or max(map(len, new)) > LONGEST_WORD:
                return _added(*self._weigh(words))
            self._learn(words, new)
        at = np.array([rows[word] for word in words], np.intp)
        return _added(self._totals.take(at, 0), self._squares.take(at))

    def _learn(self, words: Sequence[str], new: Sequence[str]) -> None:
        start = len(self._rows)
        if start + len(new) > _REMEMBERED:
            self._rows.clear()
            start, new = 0, words
        end = start + len(new)
        self._totals[start:end], self._squares[start:end] = self._weigh(new)
        self._rows.update(zip(new, range(start, end), strict=True))


def _added(totals: Floats, squares: npt.NDArray[np.float64]) -> FeatureSum:
    return FeatureSum(np.add.reduce(totals), float(np.add.reduce(squares)))
