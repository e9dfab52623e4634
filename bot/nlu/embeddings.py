"""Small static word vectors: what words that never met in the book have in common.

Knows only the arrays it is given; where they come from is its maker's business.
"""

import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class WordEmbeddings:
    """Words by falling frequency, and one row of a table for each of them."""

    def __init__(
        self,
        words: Iterable[str],
        table: npt.NDArray[np.integer | np.floating],
        scale: Floats | None = None,
    ) -> None:
        """A row may be kept in small whole numbers, to be taken times its scale."""
        self._rows = {word: row for row, word in enumerate(words)}
        self._table = table
        self._scale = np.ones(len(table), np.float32) if scale is None else scale
        if table.ndim != 2 or not len(table) == len(self._rows) == len(self._scale):  # noqa: PLR2004
            msg = f"{len(self._rows)} words need as many rows, not {table.shape}"
            raise ValueError(msg)

    @property
    def words(self) -> AbstractSet[str]:
        """Every word that has a vector: the ordinary words of the language."""
        return self._rows.keys()

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return int(self._table.shape[1])

    def mean(self, words: Iterable[str]) -> Floats:
        """What the words mean together, of length 1; zero where none is known."""
        find = self._rows.get
        rows = [row for word in words if (row := find(word)) is not None]
        if not rows:
            return np.zeros(self.size, np.float32)
        at = np.array(rows, np.intp)
        total: Floats = self._scale.take(at) @ self._table.take(at, 0).astype(
            np.float32
        )
        return total / np.float32(math.sqrt(total @ total) + 1e-6)
