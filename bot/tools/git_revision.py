"""The files of another revision, beside those of today; nothing in the checkout changes."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import BotError

_PARTS = ("knowledge", "templates")


@dataclass(frozen=True)
class Revision:
    """A commit's files."""

    name: str
    commit: str
    top: Path
    """A temporary folder that holds its knowledge/ and templates/."""

    def is_the_same_as(self, top: Path) -> bool:
        """Whether the files below a folder are those of the revision, to the byte."""
        return _files(self.top) == _files(top)


@contextmanager
def opened(top: Path, name: str) -> Iterator[Revision]:
    """The files as they were at a revision.

    Raises BotError where there is no git, no checkout, or no such revision.
    """
    prefix = _git(top, "rev-parse", "--show-prefix").decode().strip()
    wanted = f"{name}^{{commit}}"
    try:
        found = _git(
            top, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted
        )
    except BotError:
        raise BotError(f"there is no revision `{name}` in this checkout") from None
    commit = found.decode().strip()
    names = _git(top, "ls-tree", "--name-only", "-z", commit, "./").decode().split("\0")
    there = [part for part in _PARTS if part in {Path(n).name for n in names if n}]
    if not there:
        raise BotError(f"revision `{name}` has no knowledge/ at {prefix or 'the top'}")
    with TemporaryDirectory(prefix="takeback-") as folder:
        packed = _git(top, "archive", "--format=tar", commit, *there)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            # Python has the filter from 3.11.4 on.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(folder)  # noqa: S202  git packed it from this checkout
        yield Revision(name, commit, Path(folder))


def _files(top: Path) -> dict[str, bytes]:
    """What is in a book's folders, by path; hidden files are none of it."""
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for part in _PARTS
        for path in (top / part).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def _git(top: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(  # noqa: S603  no shell, and the revision is verified
            ["git", "-C", str(top), *arguments],  # noqa: S607  the user's own git
            check=True,
            capture_output=True,
        ).stdout
    except FileNotFoundError:
        raise BotError(
            "git is not installed, and only it knows what was before"
        ) from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        if said and "not a git repository" in said[0]:
            raise BotError(f"{top} is in no git checkout") from None
        raise BotError(said[0] if said else f"git {arguments[0]} failed") from None
