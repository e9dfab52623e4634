"""Small static word vectors: what words that never met in the book have in common.

Knows only the arrays it is given; where they come from is its maker's business.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Vectors:
    """Words by falling frequency, and one row of a table for each of them."""

    def __init__(self, words: Iterable[str], table: npt.NDArray[np.floating]) -> None:
        self._rows = {word: row for row, word in enumerate(words)}
        self._table = np.asarray(table, np.float32)
        if self._table.ndim != 2 or len(self._table) != len(self._rows):  # noqa: PLR2004
            msg = f"{len(self._rows)} words need as many rows, not {table.shape}"
            raise ValueError(msg)

    @property
    def words(self) -> frozenset[str]:
        """Every word that has a vector: the ordinary words of the language."""
        return frozenset(self._rows)

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return int(self._table.shape[1])

    def digest(self) -> bytes:
        """The same for the same words and table only."""
        sha = hashlib.sha256("\n".join(self._rows).encode())
        sha.update(self._table.tobytes())
        return sha.digest()

    def mean(self, words: Iterable[str]) -> Floats:
        """What the words mean together, of length 1; zero where none is known."""
        rows = [self._rows[word] for word in words if word in self._rows]
        if not rows:
            return np.zeros(self.size, np.float32)
        total: Floats = self._table[rows].sum(0)
        length = float(np.sqrt(total @ total))
        return total / np.float32(length + 1e-6)
