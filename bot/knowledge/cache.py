"""Keeps a book and its fitted model in two files, so that a start waits for neither.

The files are a convenience: missing, torn, of other knowledge or unwritable, they are done
without. Only a book that is fit for use is kept. The weights have a file of their own, in
which they stay: a question looks at some twenty rows of 77,000, and processes of one machine
share them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.format import open_memmap

from bot.errors import KnowledgeError, Problem
from bot.knowledge import cache_key, plain_json
from bot.knowledge.model import Edition, KnowledgeBase
from bot.knowledge.training_data import Indexes, indexes, training_data
from bot.knowledge.whole_files import replacing
from bot.nlu import training
from bot.nlu.classifier import LinearClassifier, restore
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.language import Language
from bot.nlu.patterns import PatternIndex
from bot.nlu.spelling import SpellingCorrector
from bot.nlu.training import Examples

VECTORS = "knowledge/vectors"
"""Of a language the folder of its code holds word vectors; see `read_vectors`."""
ORDINARY = "knowledge/ordinary.txt"
"""Ordinary words, a line each or several: what a book has in place of vectors."""
SHIPPED = "model"
"""The folder beside knowledge/ where a wheel brings an engine; see hatch_build.py."""

Arrays = dict[str, npt.NDArray[Any]]
Waiting = Callable[[], AbstractContextManager[object]]


def open_engine(
    top: Path,
    edition: Edition,
    cache: Path | None,
    waiting: Waiting = nullcontext,
) -> tuple[KnowledgeBase, NluEngine]:
    """The knowledge of a folder, its phrases left out, and an engine trained on it.

    `waiting` is entered while none is kept and one is trained, which takes a while.

    Raises KnowledgeError with all that is wrong with the files.
    """
    name = cache_key.of(top, cache)
    kept = (_read(folder / name, top) for folder in _folders(top, cache))
    found = next((one for one in kept if one), None)
    if found is None:
        with waiting():
            found = _trained(top, cache, name)
    kb = replace(found.kb, edition=edition)
    ordinary = ordinary_words(top, kb.language, found.model.vectors)
    language = kb.language
    spelling = SpellingCorrector(
        found.counts, ordinary, language.keyboard, language.inflection
    )
    data = training_data(kb, found.names)
    return kb, NluEngine(
        data.patterns, spelling, found.model, ConfidenceModel(), data.foreign
    )


def _trained(top: Path, cache: Path | None, name: str) -> _Kept:
    """What is made of the files anew, and kept under a name."""
    # Only now: reading files anew is what a start mostly does not need.
    from bot.knowledge import loader

    kb = loader.load(top)
    vectors = read_vectors(top, kb.language_code)
    ordinary = ordinary_words(top, kb.language, vectors)
    fitted = _Fitted(top, (*_folders(top, cache),))
    names = indexes(kb)
    data = training_data(kb, names)
    trained = NluEngine.train(data, ordinary, vectors, fitted.fit)
    # What the phrases say goes into the model; talking needs their labels only.
    labels: dict[str, tuple[str, ...]] = dict.fromkeys(kb.phrases, ())
    talking = replace(kb, phrases=labels, phrase_actions={})
    found = _Kept(talking, names, trained.model, trained.spelling.counts)
    if cache:
        _write(cache / name, found, fitted.examples)
    return found


class _Kept(NamedTuple):
    """What a kept file holds."""

    kb: KnowledgeBase
    names: Indexes
    model: LinearClassifier
    counts: Mapping[str, int]
    """How often the phrases use a word."""


@dataclass
class _Fitted:
    """Fits a classifier, unless one of the kept engines was fitted to the same examples.

    Most changes of a book are none of its phrases: a claim, a tree.
    """

    top: Path
    folders: tuple[Path, ...]
    examples: str = ""
    """Names what was fitted to, once it is known."""

    def fit(
        self, examples: Examples, language: Language, vectors: WordEmbeddings | None
    ) -> LinearClassifier:
        self.examples = _digest(self.top, examples)
        for folder in self.folders:
            for path in sorted(folder.glob(_KEPT)):
                with contextlib.suppress(*_TORN):
                    arrays = _arrays(path)
                    if str(arrays["examples"]) == self.examples:
                        return restore(arrays, language, vectors)
        return training.fit(examples, language, vectors)


def _digest(top: Path, examples: Examples) -> str:
    """Another one for other examples, vectors or code that fits."""
    sha = hashlib.sha256(repr([*examples]).encode(errors="surrogatepass"))
    room = cache_key.below(Path(training.__file__).parent, ".py")
    for path in (*room, *cache_key.knowledge_below(top / VECTORS)):
        sha.update(path.read_bytes())
    return sha.hexdigest()


def _folders(top: Path, cache: Path | None) -> Iterator[Path]:
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


_KEPT = "mind-*.npz"


_TORN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
"""What comes of a kept file that is torn."""


def _read(path: Path, top: Path) -> _Kept | None:
    try:
        arrays = _arrays(path)
        kb = plain_json.decode(KnowledgeBase, arrays["book"].tobytes().decode())
        names = Indexes(*map(PatternIndex, json.loads(arrays["names"].tobytes())))
        words = arrays["words"].tobytes().decode().split("\n")
        counts = dict(zip(words, arrays["counts"].tolist(), strict=True))
        vectors = read_vectors(top, kb.language_code)
        return _Kept(kb, names, restore(arrays, kb.language, vectors), counts)
    except FileNotFoundError:
        return None
    except _TORN:
        import logging  # a good start does without

        logging.getLogger(__name__).warning(
            "The kept engine %s is torn. Another is trained, which takes a while.", path
        )
        return None


def _arrays(path: Path) -> Arrays:
    """All that a kept file and the weights beside it hold. Raises one of `_TORN`."""
    weights = open_memmap(_weights(path), mode="r")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return {**kept, "weights": np.asarray(weights)}


def _weights(kept: Path) -> Path:
    """The file beside a kept one that holds its weights."""
    return kept.with_suffix(".npy")


def _write(path: Path, kept: _Kept, examples: str) -> None:
    names = json.dumps([index.kept for index in kept.names], ensure_ascii=False)
    arrays: Arrays = {
        "examples": np.array(examples),
        "book": _bytes(plain_json.encode_sharing(kept.kb)),
        "names": _bytes(names),
        "words": _bytes("\n".join(kept.counts)),
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
        old = sorted(path.parent.glob(_KEPT), key=lambda p: p.stat().st_mtime)
        for stale in old[: -cache_key.MOST]:
            stale.unlink(missing_ok=True)
            _weights(stale).unlink(missing_ok=True)


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
