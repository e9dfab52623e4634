"""Files that are there as a whole, or not at all, whoever reads them; and how many stay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def outdated(folder: Path, pattern: str, most: int) -> list[Path]:
    """Of the files of a pattern all but so many, those that were changed last."""
    by_age = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
    return by_age[:-most]


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write in, which takes the place of another once all is written."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
