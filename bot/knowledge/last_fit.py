"""What a fit leaves to the next, so that after a changed phrase only that one is read.

A quick fit takes the words of the other phrases as they were read, and goes on from where
the fit before ended: a fifth of the time. Its model is nearly, not wholly, that of a fit
from nothing, and hangs on what was fitted before. So it serves who talks while editing;
whatever checks or publishes a book has it fitted from nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.knowledge import cache_key
from bot.knowledge.cache import TORN
from bot.knowledge.whole_files import outdated, replacing
from bot.nlu.classifier import packed, unpacked
from bot.nlu.examples import Example
from bot.nlu.training import Head, Pulls

_PHRASES = "knowledge/phrases"
_FILES = "fit-*.npz"
_MOST = 2
_FEW = 2_000
"""Examples: a fit of fewer takes no time to speak of."""
_FAINT = 0.01
"""Pulls below this are left out, which is nine in ten of them."""


class LastFit(NamedTuple):
    """What is known from the last fit of a book."""

    words: Mapping[str, tuple[str, ...]]
    """Of each phrase, as the classifier sees them; none if they may be read otherwise now."""
    pulls: Pulls


def read(cache: Path, top: Path, fitting: str) -> LastFit | None:
    """The last fit by the same code and vectors, which `fitting` names; None without one."""
    with contextlib.suppress(*TORN):
        path = cache / f"fit-{fitting}.npz"
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            phrases = zip(unpacked(kept["phrases"]), _words(kept["read"]), strict=True)
            columns = (_words(kept["words"]), unpacked(kept["labels"]))
            own = zip(*columns, unpacked(kept["actions"]), strict=True)
            heads = (
                Head(tuple(unpacked(kept[f"names{n}"])), kept[f"pulls{n}"])
                for n in range(int(kept["heads"]))
            )
            same = str(kept["reading"]) == _reading(top)
            return LastFit(
                dict(phrases) if same else {},
                Pulls([Example(*one) for one in own], tuple(heads)),
            )
    return None


def write(cache: Path, top: Path, fitting: str, last: LastFit) -> None:
    """Leaves a fit to the next one. Where that cannot be done, it is done without."""
    words, pulls = last
    if len(words) < _FEW:
        return
    arrays: dict[str, npt.NDArray[Any]] = {
        "reading": np.array(_reading(top)),
        "phrases": packed(words),
        "read": packed(map(" ".join, words.values())),
        "words": packed(" ".join(one.words) for one in pulls.examples),
        "labels": packed(one.label for one in pulls.examples),
        "actions": packed(one.action for one in pulls.examples),
        "heads": np.array(len(pulls.heads)),
    }
    for number, head in enumerate(pulls.heads):
        telling = np.where(np.abs(head.dual_coef) < _FAINT, 0, head.dual_coef)
        arrays[f"names{number}"] = packed(head.names)
        arrays[f"pulls{number}"] = telling.astype(np.float16)
    with contextlib.suppress(OSError):
        with replacing(cache / f"fit-{fitting}.npz") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        for stale in outdated(cache, _FILES, _MOST):
            stale.unlink(missing_ok=True)


def _reading(top: Path) -> str:
    """Another one where the words of a phrase may be read otherwise."""
    phrases = top / _PHRASES
    return cache_key.digest(
        p for p in cache_key.sources(top) if phrases not in p.parents
    )


def _words(array: npt.NDArray[np.uint8]) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in unpacked(array)]
