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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from bot.errors import KnowledgeError, Problem
from bot.knowledge.model import Edition, KnowledgeBase
from bot.knowledge.training_data import training_data
from bot.nlu.classifier import LinearClassifier, restore
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.spelling import SpellingCorrector

_ROOMS = ("nlu", "knowledge")
"""The packages whose code makes an engine of the files."""
VECTORS = "knowledge/vectors/en"
SHIPPED = "model"
"""The folder beside knowledge/ where a wheel brings an engine; see hatch_build.py."""

Arrays = dict[str, npt.NDArray[Any]]


def open_engine(
    top: Path, edition: Edition, cache: Path | None
) -> tuple[KnowledgeBase, NluEngine]:
    """The knowledge of a folder, its phrases left out, and an engine trained on it.

    Raises KnowledgeError with all that is wrong with the files.
    """
    vectors = read_vectors(top)
    name = _name(top)
    kept = (_read(folder / name, vectors) for folder in _folders(top, cache))
    found = next((one for one in kept if one), None)
    if found is None:
        # Only now: reading files anew is what a start mostly does not need.
        from bot.knowledge import loader

        kb = loader.load(top)
        trained = NluEngine.train(training_data(kb), vectors)
        # What the phrases say goes into the model; talking needs their labels only.
        labels: dict[str, tuple[str, ...]] = dict.fromkeys(kb.phrases, ())
        talking = kb.model_copy(update={"phrases": labels, "phrase_actions": {}})
        found = talking, trained.model, trained.spelling.counts
        if cache:
            _write(cache / name, *found)
    kb, model, counts = found
    kb = kb.model_copy(update={"edition": edition})
    ordinary = vectors.words if vectors else frozenset[str]()
    spelling = SpellingCorrector(counts, ordinary)
    names = training_data(kb)
    return kb, NluEngine(
        names.patterns, spelling, model, ConfidenceModel(), names.foreign
    )


def is_trained(top: Path, cache: Path | None) -> bool:
    """Whether an engine is kept for these files, so that a start need not train one."""
    name = _name(top)
    return any((folder / name).is_file() for folder in _folders(top, cache))


def _folders(top: Path, cache: Path | None) -> Iterator[Path]:
    """Where an engine may be kept: one's own cache, what the wheel brings."""
    if cache:
        yield cache
    yield top / SHIPPED


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


def sources(top: Path) -> list[Path]:
    """Every file that an engine is made of: all code of the rooms, all knowledge."""
    code = Path(__file__).parent.parent
    files = [p for room in _ROOMS for p in sorted((code / room).rglob("*.py"))]
    knowledge = (top / "knowledge").rglob("*")
    return files + sorted(p for p in knowledge if p.suffix in _KNOWLEDGE)


def _name(top: Path) -> str:
    """Another one for other files or other code that makes something of them."""
    sha = hashlib.sha256()
    for path in sources(top):
        sha.update(f"{path.name}\n".encode())
        sha.update(path.read_bytes())
    for path in sorted((top / "templates").rglob("*.j2")):
        # A book is fit for use only with its templates; what they say is not kept.
        sha.update(f"{path.relative_to(top)}\n".encode())
    return f"mind-{sha.hexdigest()[:24]}.npz"


_KNOWLEDGE = {".yaml", ".txt", ".npy"}
_MOST = 4
"""Kept files; older ones are of knowledge that has changed since."""


def _read(
    path: Path, vectors: WordEmbeddings | None
) -> tuple[KnowledgeBase, LinearClassifier, Mapping[str, int]] | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            kb = KnowledgeBase.model_validate_json(arrays["book"].tobytes())
            names = arrays["words"].tobytes().decode().split("\n")
            counts = dict(zip(names, arrays["counts"].tolist(), strict=True))
            return kb, restore(arrays, vectors), counts
    except FileNotFoundError:
        return None
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        zipfile.BadZipFile,
        ValidationError,
    ):
        import logging  # a good start does without

        logging.getLogger(__name__).warning(
            "The kept engine %s is torn. Another is trained, which takes a while.", path
        )
        return None


def _write(
    path: Path, kb: KnowledgeBase, model: LinearClassifier, counts: Mapping[str, int]
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
