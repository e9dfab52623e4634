"""The weights of a multinomial logistic regression, by block coordinate descent.

Knows numbers only: which features a phrase has, and which column it should be told as.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from bot.nlu.embeddings import Floats
from bot.nlu.piece_sums import TINY

BLOCK = 256
"""Phrases that are looked at together."""
_DECAY = 0.1
_STEPS = 8
_POWER = 8


class Target(NamedTuple):
    """What the phrases should be told as, and how the names stand before any word."""

    wanted: Floats
    prior: Floats

    @classmethod
    def of(cls, wanted: Floats, share: float) -> Self:
        """A share of the logarithm of each name's frequency is its prior."""
        prior: Floats = np.float32(share) * np.log(wanted.mean(0))
        return cls(wanted, prior)


@dataclass(frozen=True, eq=False)
class FeatureMatrix:
    """The phrases as numbers: a sparse part, row after row, and a dense one."""

    starts: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int32]
    values: Floats
    embeddings: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """Some of the phrases, over only those features that they share with others."""

    rows: slice
    used: npt.NDArray[np.int32]
    at: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    values: Floats
    embeddings: Floats
    alone: Floats
    """What each phrase has that no other has, squared and added up."""
    gram: Floats
    step: np.float32

    def dense(self) -> Floats:
        """Made when needed: all of them at once would not fit."""
        table = np.zeros((len(self.embeddings), len(self.used)), np.float32)
        table[self.at] = self.values
        return table


class Start(NamedTuple):
    """Where a fit begins, and how often it goes over all phrases."""

    dual_coef: Floats | None = None
    """How much each phrase, a row, pulls at each name; nothing yet where none is known."""
    sweeps: int = 24


class Solution(NamedTuple):
    """What a fit ends in."""

    weights: Floats
    """A row a feature, a column a name."""
    embedding_weights: Floats
    dual_coef: Floats
    """As in `Start`."""


def solve(
    sheet: FeatureMatrix,
    blocks: Sequence[Block],
    target: Target,
    seen: npt.NDArray[np.int64],
    start: Start,
) -> Solution:
    """Weights of the features and of the embeddings.

    Works in the dual, where every phrase pulls at the names, but keeps the weights
    that the pulls add up to: a sweep takes time in proportion to the phrases, and no
    table of all phrases by all phrases is needed.
    """
    wanted = target.wanted
    weights = np.zeros((len(seen), wanted.shape[1]), np.float32)
    dual_coef = np.zeros_like(wanted)
    if start.dual_coef is not None:
        dual_coef += start.dual_coef
        for block in blocks:
            weights[block.used] += block.dense().T @ dual_coef[block.rows]
    embedding_weights: Floats = sheet.embeddings.T @ dual_coef
    for _ in range(start.sweeps):
        for block in blocks:
            dense, rows = block.dense(), block.rows
            logits = target.prior + block.alone[:, None] * dual_coef[rows]
            logits += dense @ weights[block.used] + block.embeddings @ embedding_weights
            change = _descend(block, logits, wanted[rows], dual_coef[rows])
            dual_coef[rows] += change
            weights[block.used] += dense.T @ change
            embedding_weights += block.embeddings.T @ change
    once = seen[sheet.columns] == 1
    owners = np.repeat(np.arange(len(wanted)), np.diff(sheet.starts))[once]
    weights[sheet.columns[once]] = sheet.values[once, None] * dual_coef[owners]
    return Solution(weights, embedding_weights, dual_coef)


def blocks_of(sheet: FeatureMatrix, seen: npt.NDArray[np.int64]) -> Iterator[Block]:
    """The phrases in the order of their rows; `seen` counts each feature."""
    for at in range(0, len(sheet.embeddings), BLOCK):
        yield _block(sheet, slice(at, at + BLOCK), seen)


def _block(sheet: FeatureMatrix, rows: slice, seen: npt.NDArray[np.int64]) -> Block:
    sizes = np.diff(sheet.starts)[rows]
    entries = slice(sheet.starts[rows][0], sheet.starts[rows][0] + sizes.sum())
    columns, values = sheet.columns[entries], sheet.values[entries]
    row = np.repeat(np.arange(len(sizes)), sizes)
    # What only one phrase has cannot make it like another: it counts for itself.
    shared = seen[columns] > 1
    own = np.bincount(row[~shared], values[~shared] ** 2, len(sizes))
    alone = own.astype(np.float32)
    used, column = np.unique(columns[shared], return_inverse=True)
    at = (row[shared], column)
    table = np.zeros((len(sizes), len(used)), np.float32)
    table[at] = values[shared]
    embeddings = sheet.embeddings[rows]
    gram = table @ table.T + embeddings @ embeddings.T + np.diag(alone)
    guess = np.ones(len(sizes), np.float32)
    for _ in range(_POWER):
        guess = gram @ guess
        guess /= np.linalg.norm(guess) + np.float32(TINY)
    steepest = 0.5 * float(guess @ (gram @ guess)) + _DECAY
    step = np.float32(1 / steepest)
    return Block(rows, used, at, values[shared], embeddings, alone, gram, step)


def _descend(block: Block, logits: Floats, wanted: Floats, dual_coef: Floats) -> Floats:
    """The change of one block's pulls, by accelerated gradient steps."""
    change = ahead = np.zeros_like(wanted)
    speed = 1.0
    for _ in range(_STEPS):
        shares = logits + block.gram @ ahead
        shares = np.exp(shares - shares.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        slope = shares - wanted + np.float32(_DECAY) * (dual_coef + ahead)
        last, change = change, ahead - block.step * slope
        faster = (1 + math.sqrt(1 + 4 * speed * speed)) / 2
        ahead = change + np.float32((speed - 1) / faster) * (change - last)
        speed = faster
    return change
