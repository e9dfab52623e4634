"""Where in its file a thing stands, for the one line that reports it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.knowledge.yaml_file import Where, YamlFile


@cache
def _file(path: Path, top: Path, _written: int) -> YamlFile:
    return YamlFile(path, top, [])


def line(top: Path, name: str, where: Where) -> int:
    """The line of a place in a YAML file of knowledge/, counted from 1."""
    path = top / "knowledge" / name
    if not path.is_file():
        return 1
    return _file(path, top, path.stat().st_mtime_ns).line(where)
