"""Fits the classifier to phrases: multinomial logistic regression in numpy.

Knows phrases, labels and actions; the same ones give the same model.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.nlu.classifier import LinearClassifier, embedding
from bot.nlu.embeddings import Floats, WordEmbeddings
from bot.nlu.examples import Examples
from bot.nlu.features import features
from bot.nlu.language import Language
from bot.nlu.piece_sums import TINY
from bot.nlu.solver import BLOCK, FeatureMatrix, Start, Target, blocks_of, solve

Fit = Callable[[Examples, Language, WordEmbeddings | None], LinearClassifier]


class Head(NamedTuple):
    """What the examples of a fit pull at: all labels, or all actions."""

    names: tuple[str, ...]
    dual_coef: Floats
    """A row an example, a column a name."""


class Pulls(NamedTuple):
    """Where a fit ended, from which one of nearly the same examples may start."""

    examples: Examples
    heads: tuple[Head, ...]


class Fitted(NamedTuple):
    """A classifier, and where its fit ended."""

    model: LinearClassifier
    pulls: Pulls


_RARE = 0.1
_FAINT = 0.1
"""A feature that speaks for or against no label by this much is forgotten: one in four,
and no answer is another."""
_WHOLE = 127
"""Weights are kept as whole numbers up to this, times what their row is worth."""
_EVENLY = 0.0
"""How much of an action's frequency is left to the fit and out of the weights. More of it
finds rare actions more often, and gives them to more questions that speak of none."""
_ENOUGH = 0.9
"""Of the examples: so many of another fit's are a start."""
_TOUCH, _TOUCH_OF_NEW_NAMES = 1, 4
"""Sweeps from such a start. Where 40 phrases of 28,000 are new, the probabilities of 535
questions are 0.010 off on average; in another order of the phrases they are 0.016."""
_NOTHING = np.zeros(0, np.float32)


def fit(
    examples: Examples, language: Language, vectors: WordEmbeddings | None = None
) -> LinearClassifier:
    """Multinomial logistic regression; the same examples give the same model."""
    return fitted(examples, language, vectors).model


def fitted(
    examples: Examples,
    language: Language,
    vectors: WordEmbeddings | None = None,
    before: Pulls | None = None,
) -> Fitted:
    """The same, from where a fit of nearly the same examples ended, if there is one.

    That takes a fifth of the time, and gives nearly the same model.
    """
    examples = _stratified(examples)
    table = _table(examples, language, vectors)
    blocks = [*blocks_of(table.sheet, table.seen)]
    heads = _heads(examples)
    starts = _starts(before, heads, examples) if before else [Start()] * len(heads)
    solved = [
        solve(
            table.sheet,
            blocks,
            Target.of(_one_hot(names, own), share),
            table.seen,
            start,
        )
        for (names, own, share), start in zip(heads, starts, strict=True)
    ]
    pulls = tuple(
        Head(head.names, one.dual_coef) for head, one in zip(heads, solved, strict=True)
    )
    weights = np.hstack([one.weights for one in solved])
    highest = np.abs(weights).max(1)
    telling = np.argsort(table.numbers)
    telling = telling[highest[telling] >= _FAINT]
    known = table.numbers[telling]
    by_use = np.argsort(-table.seen[telling], kind="stable")
    place = np.empty(len(telling), np.int32)
    place[by_use] = np.arange(len(telling))
    telling = telling[by_use]
    scale = highest[telling] / _WHOLE
    model = LinearClassifier(
        language=language,
        labels=heads[0].names,
        actions=heads[1].names if len(heads) > 1 else (),
        known=known,
        rows=place,
        idf=table.idf[telling],
        weights=np.rint(weights[telling] / scale[:, None]).astype(np.int8),
        scale=scale,
        unseen=_RARE + math.log((len(examples) + 1) / 0.5),
        mean_embedding=table.mean_embedding,
        embedding_weights=np.hstack([one.embedding_weights for one in solved]),
        vectors=vectors,
    )
    return Fitted(model, Pulls(examples, pulls))


class _Wanted(NamedTuple):
    """What a head is to tell of the examples."""

    names: tuple[str, ...]
    own: Sequence[str]
    """The name of each example."""
    share: float
    """See `Target.of`."""


def _heads(examples: Examples) -> list[_Wanted]:
    # Labels of a topic stand together.
    labels = sorted({e.label for e in examples}, key=lambda one: one.partition("/"))
    heads = [_Wanted(tuple(labels), [e.label for e in examples], 0.0)]
    actions = sorted({e.action for e in examples})
    if len(actions) > 1:
        heads.append(_Wanted(tuple(actions), [e.action for e in examples], _EVENLY))
    return heads


class _Table(NamedTuple):
    """The features of all examples."""

    numbers: npt.NDArray[np.uint32]
    """Of each column the number of its feature."""
    seen: npt.NDArray[np.int64]
    """How many examples have it."""
    idf: Floats
    mean_embedding: Floats
    sheet: FeatureMatrix


def _table(
    examples: Examples, language: Language, vectors: WordEmbeddings | None
) -> _Table:
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
    sheet = FeatureMatrix(
        starts=np.concatenate([[0], np.cumsum(sizes)[1::2]]),
        columns=columns,
        values=_levelled(idf[columns], sizes),
        embeddings=np.stack([embedding(mean, mean_embedding) for mean in means]),
    )
    return _Table(np.array([*rows], np.uint32), seen, idf, mean_embedding, sheet)


def _starts(before: Pulls, heads: Sequence[_Wanted], examples: Examples) -> list[Start]:
    """Where each head of another fit ended; from nothing, where few examples are the same."""
    rows = {example: row for row, example in enumerate(before.examples)}
    kept = [at for at, example in enumerate(examples) if example in rows]
    found: list[Start] = []
    if len(kept) >= _ENOUGH * len(examples):
        old_rows = [rows[examples[at]] for at in kept]
        for head, old in zip(heads, before.heads, strict=False):
            pulls = np.zeros((len(examples), len(head.names)), np.float32)
            columns = [at for at, name in enumerate(head.names) if name in old.names]
            old_columns = [old.names.index(head.names[at]) for at in columns]
            pulls[np.ix_(kept, columns)] = old.dual_coef[np.ix_(old_rows, old_columns)]
            new = head.names != old.names
            found.append(Start(pulls, _TOUCH_OF_NEW_NAMES if new else _TOUCH))
    return found + [Start()] * (len(heads) - len(found))


def _one_hot(names: Sequence[str], own: Sequence[str]) -> Floats:
    """A row an example, a column a name: 1 where the example bears it."""
    number = {name: at for at, name in enumerate(names)}
    wanted: Floats = np.eye(len(names), dtype=np.float32)[[number[n] for n in own]]
    return wanted


def _levelled(values: Floats, sizes: Sequence[int]) -> Floats:
    """Every run of values brought to length 1."""
    run = np.repeat(np.arange(len(sizes)), sizes)
    lengths = np.sqrt(np.bincount(run, values**2) + TINY)
    levelled: Floats = (values / lengths[run]).astype(np.float32)
    return levelled


def _stratified(examples: Examples) -> Examples:
    """Dealt out like cards, so that every block of the solver sees every label."""
    ordered = sorted(examples, key=lambda example: example.label)
    hands = -(-len(ordered) // BLOCK)
    return [example for hand in range(hands) for example in ordered[hand::hands]]
