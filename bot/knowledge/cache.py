"""Keeps a book and its fitted model in two files, so that a start waits for neither.

The files are a convenience: missing, torn, of other knowledge or unwritable, they are done
without. Only a book that is fit for use is kept. The weights have a file of their own, in
which they stay: a question looks at some twenty rows of 77,000, and processes of one machine
share them.
"""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.format import open_memmap

from bot.errors import KnowledgeError, Problem
from bot.knowledge import cache_key, plain_json
from bot.knowledge.model import Edition, KnowledgeBase
from bot.knowledge.training_data import Indexes, training_data
from bot.knowledge.whole_files import outdated, replacing
from bot.nlu.classifier import LinearClassifier, packed, restore, unpacked
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.language import Language
from bot.nlu.patterns import PatternIndex

VECTORS = "knowledge/vectors"
"""Of a language the folder of its code holds word vectors; see `read_vectors`."""
ORDINARY = "knowledge/ordinary.txt"
"""Ordinary words, a line each or several: what a book has in place of vectors."""
SHIPPED = "model"
"""The folder beside knowledge/ where a wheel brings an engine; see hatch_build.py."""

Arrays = dict[str, npt.NDArray[Any]]


class Learning(NamedTuple):
    """How a book is opened, and its engine trained where none is kept."""

    waiting: Callable[[], AbstractContextManager[object]] = nullcontext
    """Is entered while one is trained, which takes a while."""
    quick: bool = False
    """For one person's talk: a book whose parts are read when they are needed, and an
    engine that may go on from the last fit (`last_fit.py`)."""


SILENT = Learning()


def open_engine(
    top: Path,
    edition: Edition,
    cache: Path | None,
    learning: Learning = SILENT,
) -> tuple[KnowledgeBase, NluEngine]:
    """The knowledge of a folder, its phrases left out, and an engine trained on it.

    Raises KnowledgeError with all that is wrong with the files.
    """
    name = cache_key.of(top, cache)
    names = (name, QUICK + name) if learning.quick else (name,)
    paths = (folder / one for one in names for folder in folders(top, cache))
    found = next(
        filter(None, (_read(path, top, late=learning.quick) for path in paths)), None
    )
    if found is None:
        with learning.waiting():
            # Only now: what makes an engine anew is what a start mostly does not need.
            from bot.knowledge.learn import learned

            found = learned(top, cache, name, quick=learning.quick)
    kb = replace(found.kb, edition=edition)
    ordinary = ordinary_words(top, kb.language, found.model.vectors)
    spelling = kb.language.corrector(found.counts, ordinary)
    data = training_data(kb, found.names)
    return kb, NluEngine(
        data.patterns, spelling, found.model, ConfidenceModel(), data.foreign
    )


class Kept(NamedTuple):
    """What a kept file holds."""

    kb: KnowledgeBase
    names: Indexes
    model: LinearClassifier
    counts: Mapping[str, int]
    """How often the phrases use a word."""


def folders(top: Path, cache: Path | None) -> Iterator[Path]:
    """Where an engine may be kept: one's own cache, what the wheel brings."""
    if cache:
        yield cache
    yield top / SHIPPED


def read_vectors(top: Path, code: str) -> WordEmbeddings | None:
    """The small table of word vectors, or none where it is left out.

    Raises KnowledgeError, where a part of it is missing or torn.
    """
    folder = top / VECTORS / code
    if not folder.is_dir():
        return None
    try:
        words = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
        # Left in its file: of 21,300 rows a day's questions touch some hundreds, and
        # processes of one machine share them.
        table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
        scale = np.load(folder / "scale.npy", allow_pickle=False)
        return WordEmbeddings(words, np.asarray(table), scale)
    except (OSError, EOFError, ValueError):
        reason = "its files are missing, torn or do not belong together"
        raise KnowledgeError([Problem(f"{VECTORS}/{code}", 1, reason)]) from None


def ordinary_words(
    top: Path, language: Language, vectors: WordEmbeddings | None
) -> AbstractSet[str]:
    """Words that are no slips, though no phrase has them.

    Without vectors the words by which the language says when are some.

    Raises KnowledgeError, where the file of a book without vectors is no text.
    """
    path = top / ORDINARY
    if vectors:
        return vectors.words
    if not path.is_file():
        return language.times
    try:
        return language.times.union(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        reason = "not readable as text: save it as UTF-8"
        raise KnowledgeError([Problem(ORDINARY, 1, reason)]) from None


KEPT = "*mind-*.npz"
QUICK = "quick-"


TORN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
"""What comes of a kept file that is torn."""


def _read(path: Path, top: Path, *, late: bool) -> Kept | None:
    try:
        arrays = read_arrays(path)
        text = arrays["book"].tobytes().decode()
        kb = plain_json.decode(KnowledgeBase, text, late=late)
        names = Indexes(*map(PatternIndex, json.loads(arrays["names"].tobytes())))
        words = unpacked(arrays["words"])
        counts = dict(zip(words, arrays["counts"].tolist(), strict=True))
        vectors = read_vectors(top, kb.language_code)
        return Kept(kb, names, restore(arrays, kb.language, vectors), counts)
    except FileNotFoundError:
        return None
    except TORN:
        import logging  # a good start does without

        logging.getLogger(__name__).warning(
            "The kept engine %s is torn. Another is trained, which takes a while.", path
        )
        return None


def read_arrays(path: Path) -> Arrays:
    """All that a kept file and the weights beside it hold. Raises one of `TORN`."""
    weights = open_memmap(_weights(path), mode="r")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return {**kept, "weights": np.asarray(weights)}


def _weights(kept: Path) -> Path:
    """The file beside a kept one that holds its weights."""
    return kept.with_suffix(".npy")


def write(path: Path, kept: Kept, examples: str) -> None:
    names = json.dumps([index.kept for index in kept.names], ensure_ascii=False)
    arrays: Arrays = {
        "examples": np.array(examples),
        "book": _bytes(plain_json.encode_sharing(kept.kb)),
        "names": _bytes(names),
        "words": packed(kept.counts),
        "counts": np.fromiter(kept.counts.values(), np.int32, len(kept.counts)),
        **kept.model.arrays(),
    }
    weights = arrays.pop("weights")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # The weights first: where the other file is, they are too.
        with replacing(_weights(path)) as file:
            np.save(file, weights, allow_pickle=False)
        with replacing(path) as file:
            np.savez(file, allow_pickle=False, **arrays)
        for stale in outdated(path.parent, KEPT, cache_key.MOST):
            stale.unlink(missing_ok=True)
            _weights(stale).unlink(missing_ok=True)


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
