"""Fits the classifier to phrases: multinomial logistic regression in numpy.

Knows phrases, labels and actions; the same ones give the same model.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from bot.nlu.classifier import LinearClassifier, embedding
from bot.nlu.embeddings import Floats, WordEmbeddings
from bot.nlu.features import features
from bot.nlu.language import Language
from bot.nlu.piece_sums import TINY


class Example(NamedTuple):
    """A phrase as the classifier sees it."""

    words: tuple[str, ...]
    label: str
    action: str = ""


Examples = Sequence[Example]
Fit = Callable[[Examples, Language, WordEmbeddings | None], LinearClassifier]

_RARE = 0.1
_DECAY = 0.1
_FAINT = 0.1
"""A feature that speaks for or against no label by this much is forgotten: one in four,
and no answer is another."""
_WHOLE = 127
"""Weights are kept as whole numbers up to this, times what their row is worth."""
_EVENLY = 0.0
"""How much of an action's frequency is left to the fit and out of the weights. More of it
finds rare actions more often, and gives them to more questions that speak of none."""
_BLOCK = 256
_SWEEPS = 12
_STEPS = 8
_POWER = 8
_NOTHING = np.zeros(0, np.float32)


def fit(
    examples: Examples, language: Language, vectors: WordEmbeddings | None = None
) -> LinearClassifier:
    """Multinomial logistic regression; the same examples give the same model."""
    # Those of a topic stand together.
    labels = tuple(
        sorted({e.label for e in examples}, key=lambda one: one.partition("/"))
    )
    actions = tuple(sorted({example.action for example in examples}))
    if len(actions) == 1:
        actions = ()
    examples = _stratified(examples)
    rows: dict[int, int] = {}
    index: list[int] = []
    sizes: list[int] = []
    for example in examples:
        for block in features(example.words, language):
            index += [rows.setdefault(number, len(rows)) for number in block]
            sizes.append(len(block))
    columns = np.array(index, np.int32)
    seen = np.bincount(columns, minlength=len(rows))
    idf = (_RARE + np.log((len(examples) + 1) / (seen + 0.5))).astype(np.float32)
    means = [vectors.mean(e.words) if vectors else _NOTHING for e in examples]
    mean_embedding = np.mean(np.stack(means), axis=0)
    sheet = _FeatureMatrix(
        starts=np.concatenate([[0], np.cumsum(sizes)[1::2]]),
        columns=columns,
        values=_levelled(idf[columns], sizes),
        embeddings=np.stack([embedding(mean, mean_embedding) for mean in means]),
    )
    heads = [(labels, [example.label for example in examples])]
    if actions:
        heads.append((actions, [example.action for example in examples]))
    starts = range(0, len(examples), _BLOCK)
    blocks = [_block(sheet, slice(at, at + _BLOCK), seen) for at in starts]
    evenly = (0.0, _EVENLY)
    solved = [
        _solve(sheet, blocks, _Target.of(_one_hot(*head), share), seen)
        for head, share in zip(heads, evenly, strict=False)
    ]
    weights = np.hstack([sparse for sparse, _ in solved])
    embedding_weights = np.hstack([dense for _, dense in solved])
    highest = np.abs(weights).max(1)
    numbers = np.array([*rows], np.uint32)
    telling = np.argsort(numbers)
    telling = telling[highest[telling] >= _FAINT]
    known = numbers[telling]
    by_use = np.argsort(-seen[telling], kind="stable")
    place = np.empty(len(telling), np.int32)
    place[by_use] = np.arange(len(telling))
    telling = telling[by_use]
    scale = highest[telling] / _WHOLE
    return LinearClassifier(
        language=language,
        labels=labels,
        actions=actions,
        known=known,
        rows=place,
        idf=idf[telling],
        weights=np.rint(weights[telling] / scale[:, None]).astype(np.int8),
        scale=scale,
        unseen=_RARE + math.log((len(examples) + 1) / 0.5),
        mean_embedding=mean_embedding,
        embedding_weights=embedding_weights,
        vectors=vectors,
    )


def _one_hot(names: Sequence[str], own: Sequence[str]) -> Floats:
    """A row an example, a column a name: 1 where the example bears it."""
    number = {name: at for at, name in enumerate(names)}
    wanted: Floats = np.eye(len(names), dtype=np.float32)[[number[n] for n in own]]
    return wanted


class _Target(NamedTuple):
    """What the phrases should be told as, and how the names stand before any word."""

    wanted: Floats
    prior: Floats

    @classmethod
    def of(cls, wanted: Floats, share: float) -> Self:
        """A share of the logarithm of each name's frequency is its prior."""
        prior: Floats = np.float32(share) * np.log(wanted.mean(0))
        return cls(wanted, prior)


def _levelled(values: Floats, sizes: Sequence[int]) -> Floats:
    """Every run of values brought to length 1."""
    run = np.repeat(np.arange(len(sizes)), sizes)
    lengths = np.sqrt(np.bincount(run, values**2) + TINY)
    levelled: Floats = (values / lengths[run]).astype(np.float32)
    return levelled


def _stratified(examples: Examples) -> Examples:
    """Dealt out like cards, so that every block of the solver sees every label."""
    ordered = sorted(examples, key=lambda example: example.label)
    hands = -(-len(ordered) // _BLOCK)
    return [example for hand in range(hands) for example in ordered[hand::hands]]


@dataclass(frozen=True, eq=False)
class _FeatureMatrix:
    """The phrases as numbers: a sparse part, row after row, and a dense one."""

    starts: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int32]
    values: Floats
    embeddings: Floats


@dataclass(frozen=True, eq=False)
class _Block:
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


def _block(sheet: _FeatureMatrix, rows: slice, seen: npt.NDArray[np.int64]) -> _Block:
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
    return _Block(rows, used, at, values[shared], embeddings, alone, gram, step)


def _solve(
    sheet: _FeatureMatrix,
    blocks: Sequence[_Block],
    target: _Target,
    seen: npt.NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Weights of the features and of the senses, by block coordinate descent.

    Works in the dual, where every phrase pulls at the labels, but keeps the weights
    that the pulls add up to: a sweep takes time in proportion to the phrases, and no
    table of all phrases by all phrases is needed.
    """
    wanted = target.wanted
    weights = np.zeros((len(seen), wanted.shape[1]), np.float32)
    embedding_weights = np.zeros(
        (sheet.embeddings.shape[1], wanted.shape[1]), np.float32
    )
    dual_coef = np.zeros_like(wanted)
    for _ in range(_SWEEPS):
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
    return weights, embedding_weights


def _descend(
    block: _Block, logits: Floats, wanted: Floats, dual_coef: Floats
) -> Floats:
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
