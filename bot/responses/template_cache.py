"""Compiled templates on disk, read only where nobody else can have written them.

They are code: whoever can write one decides what the bot does. So they lie in a folder of
their own with the right for its owner alone, and each file is looked at once it is open.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


_MOST = 2_000
"""Kept files, of a few books; older ones are of templates that have changed since."""


class PrivateBytecodeCache(FileSystemBytecodeCache):
    """Jinja's, which unpickles what it finds: here no file of anybody else's."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder, self._pruned = folder, False

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template; the first time in a process, old ones make room for it."""
        if not self._pruned:
            self._pruned = True
            _prune(self._folder, _MOST)
        with suppress(OSError):  # a container's files may be for reading alone
            super().dump_bytecode(bucket)

    def load_bytecode(self, bucket: Bucket) -> None:
        with (
            suppress(OSError),
            Path(self._get_cache_filename(bucket)).open("rb") as file,
        ):
            if is_private(os.fstat(file.fileno())):
                bucket.load_bytecode(file)


def opened(cache: Path) -> PrivateBytecodeCache | None:
    """In a folder below `cache`; none, if that cannot be ours alone."""
    folder = cache / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode) or not is_private(found):
        return None
    return PrivateBytecodeCache(folder)


def _prune(folder: Path, most: int) -> None:
    """Leaves the newest files, some fewer than there may be, so that there is room."""
    found = sorted(folder.glob("*.cache"), key=_written, reverse=True)
    for old in found[most * 3 // 4 :] if len(found) > most else ():
        with suppress(OSError):  # another process was faster
            old.unlink()


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def is_private(found: os.stat_result) -> bool:
    """Whether it is ours, and no other user may read or write it."""
    if not hasattr(os, "geteuid"):
        return True  # on Windows a user's folders are closed to others as they are
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS
