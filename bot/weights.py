"""Keeps a fitted model in a file, so that a start need not wait for the fitting.

The file is a convenience: missing, torn, out of date or unwritable, it is done without.
"""

import contextlib
import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.fit import SETTINGS, Examples, fit
from bot.core.model import Model, restore
from bot.core.vectors import Vectors


def fitted(
    examples: Examples,
    vectors: Vectors | None,
    path: Path | None,
) -> Model:
    """The model of these examples, from the file if it is theirs, else fitted anew."""
    if path is None:
        return fit(examples, vectors)
    key = digest(examples, vectors)
    kept = _read(path, key, vectors)
    if kept is not None:
        return kept
    model = fit(examples, vectors)
    _write(path, key, model)
    return model


def digest(examples: Examples, vectors: Vectors | None) -> str:
    """Another hash as soon as another model would come out."""
    sha = hashlib.sha256(SETTINGS.encode())
    for words, label in examples:
        sha.update(f"{label}\t{' '.join(words)}\n".encode())
    if vectors is not None:
        sha.update(vectors.digest())
    return sha.hexdigest()


def _read(path: Path, key: str, vectors: Vectors | None) -> Model | None:
    try:
        # Opened here, since numpy leaves the file open where it is torn.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if arrays["key"].tobytes().decode() != key:
                return None
            return restore(arrays, vectors)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, key: str, model: Model) -> None:
    arrays: dict[str, Any] = {
        "key": np.frombuffer(key.encode(), np.uint8),
        **model.arrays(),
    }
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **arrays)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
