"""Where in its file a thing stands, for the one line that reports it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.files import File, Where


@cache
def _file(path: Path, top: Path, _written: int) -> File:
    return File(path, top, [])


def line(top: Path, name: str, where: Where) -> int:
    """The line of a place in a YAML file of knowledge/, counted from 1."""
    path = top / "knowledge" / name
    if not path.is_file():
        return 1
    return _file(path, top, path.stat().st_mtime_ns).line(where)
