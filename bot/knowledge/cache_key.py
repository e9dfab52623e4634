"""Names what an engine is made of: another name for other files, or other code.

The name is a digest of all that these files hold. To read them all takes longer than the
rest of a start spends on files, so the name is kept with their sizes and the times of
their last change, as Python keeps that of a module with what it was compiled to.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bot.knowledge.whole_files import replacing

_ROOMS = ("nlu", "knowledge")
"""The packages whose code makes an engine of the files."""
_KNOWLEDGE = (".yaml", ".txt", ".npy")
_NAMES = "names.txt"
MOST = 8
"""Engines kept, and names: each of a process's books has one, older ones are of knowledge
that has changed since."""
_SETTLED = 2.0
"""Seconds after its last change from which a file's time tells it from any later state: some
file systems count in whole seconds. Git does the same ("racy git")."""


class _File(NamedTuple):
    path: str
    changed: int
    """In nanoseconds since 1970."""
    size: int


def of(top: Path, cache: Path | None) -> str:
    """The name of the engine of a folder's files."""
    files = [*_files(top)]
    # A book is fit for use only with its templates; what they say is not kept.
    templates = [
        path.removeprefix(str(top)) for path in _paths(top / "templates", ".j2")
    ]
    sha = hashlib.sha256(repr((files, templates)).encode(errors="surrogatepass"))
    state = sha.hexdigest()
    kept = dict(_kept(cache)) if cache else {}
    if state in kept:
        return kept[state]
    name = _read(files, templates)
    newest = max((file.changed for file in files), default=0)
    if cache and time.time() - newest / 1e9 > _SETTLED:
        _keep(cache, {**kept, state: name})
    return name


def sources(top: Path) -> list[Path]:
    """Every file that an engine is made of: all code of the rooms, all knowledge."""
    return [Path(file.path) for file in _files(top)]


def below(folder: Path, *endings: str) -> list[Path]:
    """The files of a folder and all below, in order."""
    return [Path(path) for path in _paths(folder, *endings)]


def knowledge_below(folder: Path) -> list[Path]:
    """Those of them that hold knowledge."""
    return below(folder, *_KNOWLEDGE)


def digest(paths: Iterable[Path]) -> str:
    """Another one for other contents of these files."""
    sha = hashlib.sha256()
    for path in paths:
        sha.update(path.read_bytes())
    return sha.hexdigest()


def _files(top: Path) -> Iterator[_File]:
    code = Path(__file__).parent.parent
    for room in _ROOMS:
        yield from sorted(map(_file, _walk(code / room, (".py",))))
    yield from sorted(map(_file, _walk(top / "knowledge", _KNOWLEDGE)))


def _file(entry: os.DirEntry[str]) -> _File:
    about = entry.stat()
    return _File(entry.path, about.st_mtime_ns, about.st_size)


def _paths(folder: Path, *endings: str) -> list[str]:
    return sorted(entry.path for entry in _walk(folder, endings))


def _walk(folder: Path | str, endings: tuple[str, ...]) -> Iterator[os.DirEntry[str]]:
    """By name: paths take ten times as long."""
    with (
        contextlib.suppress(FileNotFoundError, NotADirectoryError),
        os.scandir(folder) as entries,
    ):
        for entry in entries:
            if entry.is_dir():
                yield from _walk(entry.path, endings)
            elif entry.name.endswith(endings):
                yield entry


def _read(files: Iterable[_File], templates: Iterable[str]) -> str:
    sha = hashlib.sha256()
    for file in files:
        sha.update(f"{os.path.basename(file.path)}\n".encode())  # noqa: PTH119
        with open(file.path, "rb", buffering=0) as source:  # noqa: PTH123
            sha.update(source.read())
    for path in templates:
        sha.update(f"{path}\n".encode())
    return f"mind-{sha.hexdigest()[:24]}.npz"


def _kept(cache: Path) -> Iterator[tuple[str, str]]:
    """The state of the files, and the name that was read then; torn lines are left out."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for line in (cache / _NAMES).read_text(encoding="utf-8").splitlines():
            state, _, name = line.partition(" ")
            if name.startswith("mind-") and name.endswith(".npz"):
                yield state, name


def _keep(cache: Path, names: dict[str, str]) -> None:
    lines = [f"{state} {name}\n" for state, name in names.items()][-MOST:]
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with replacing(cache / _NAMES) as file:
            file.writelines(line.encode() for line in lines)
