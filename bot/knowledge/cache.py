"""Keeps a book and its fitted model in one file, so that a start waits for neither.

The file is a convenience: missing, torn, of other knowledge or unwritable, it is done
without. Only a book that is fit for use is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from bot.errors import KnowledgeError, Problem
from bot.knowledge.model import Edition, KnowledgeBase
from bot.nlu import engine, entities
from bot.nlu.classifier import LinearClassifier, restore
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.spelling import SpellingCorrector

_CODE = ("load.py", "kept.py", "knowledge/model.py", "nlu/confidence.py")
_CODE_OF_MODEL = ("nlu/training.py", "nlu/classifier.py")
_CODE_OF_WORDS = (
    "nlu/tokenizer.py",
    "nlu/entities.py",
    "nlu/durations.py",
    "nlu/clock_times.py",
    "nlu/engine.py",
    "nlu/spelling.py",
)
VECTORS = "knowledge/vectors/en"

Arrays = dict[str, npt.NDArray[Any]]


def open_engine(top: Path, edition: Edition, cache: Path | None) -> NluEngine:
    """The book of a folder, made ready to understand text; its phrases are empty.

    Raises KnowledgeError with all that is wrong with the files.
    """
    vectors = read_vectors(top)
    path = _path(top, cache) if cache else None
    found = _read(path, vectors) if path else None
    if found is None:
        # Only now: reading files anew is what a start mostly does not need.
        from bot.knowledge import loader
        from bot.nlu import training

        kb = loader.load(top)
        lex = entities.entity_patterns(kb)
        ordinary = vectors.words if vectors else frozenset()
        counts = engine.vocabulary(kb, lex, ordinary)
        examples = engine.examples(kb, lex, SpellingCorrector(counts, ordinary))
        # What the phrases say goes into the model; talking needs their labels only.
        labels: dict[str, tuple[str, ...]] = dict.fromkeys(kb.phrases, ())
        talking = kb.model_copy(update={"phrases": labels})
        found = talking, training.fit(examples, vectors), counts
        if path:
            _write(path, *found)
    kb, model, counts = found
    kb = kb.model_copy(update={"edition": edition})
    ordinary = vectors.words if vectors else frozenset()
    return NluEngine(
        kb,
        entities.entity_patterns(kb),
        SpellingCorrector(counts, ordinary),
        model,
        doubt(kb),
    )


def doubt(kb: KnowledgeBase) -> ConfidenceModel:
    """When an answer is clear, as it was fitted to the book; else a guess."""
    return kb.fitted.doubt if kb.fitted else ConfidenceModel()


def read_vectors(top: Path) -> WordEmbeddings | None:
    """The small table of word vectors, or none where it is left out.

    Raises KnowledgeError, where a part of it is missing or torn.
    """
    folder = top / VECTORS
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
        raise KnowledgeError([Problem(VECTORS, 1, reason)]) from None


def _path(top: Path, cache: Path) -> Path:
    """Another name for other files or other code that makes something of them."""
    sha = hashlib.sha256()
    here = Path(__file__).parent
    files = [here / name for name in (*_CODE, *_CODE_OF_MODEL, *_CODE_OF_WORDS)]
    files += sorted(p for p in (top / "knowledge").rglob("*") if p.suffix in _KNOWLEDGE)
    for path in files:
        sha.update(f"{path.name}\n".encode())
        sha.update(path.read_bytes())
    for path in sorted((top / "templates").rglob("*.j2")):
        # A book is fit for use only with its templates; what they say is not kept.
        sha.update(f"{path.relative_to(top)}\n".encode())
    return cache / f"mind-{sha.hexdigest()[:24]}.npz"


_KNOWLEDGE = {".yaml", ".txt", ".npy"}
_MOST = 4
"""Kept files; older ones are of knowledge that has changed since."""


def _read(
    path: Path, vectors: WordEmbeddings | None
) -> tuple[KnowledgeBase, LinearClassifier, Counter[str]] | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            kb = KnowledgeBase.model_validate_json(arrays["book"].tobytes())
            names = arrays["words"].tobytes().decode().split("\n")
            counts = Counter(dict(zip(names, arrays["counts"].tolist(), strict=True)))
            return kb, restore(arrays, vectors), counts
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        zipfile.BadZipFile,
        ValidationError,
    ):
        return None


def _write(
    path: Path, kb: KnowledgeBase, model: LinearClassifier, counts: Counter[str]
) -> None:
    arrays: Arrays = {
        "book": _bytes(kb.model_dump_json()),
        "words": _bytes("\n".join(counts)),
        "counts": np.fromiter(counts.values(), np.int32, len(counts)),
        **model.arrays(),
    }
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        old = sorted(path.parent.glob("mind-*.npz"), key=lambda p: p.stat().st_mtime)
        for stale in old[:-_MOST]:
            stale.unlink(missing_ok=True)


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
