"""What people are told in their own language, from templates/LANGUAGE/_telegram/.

Answers are in the language of the book; these few words tell who cannot read that what
can be done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.errors import KnowledgeError, Problem

HOME = "en"
LIMITS = {"foreign": 200, "name": 64, "short": 120, "description": 512}
"""The texts and their most characters, by the Bot API."""
COMMANDS, _PURPOSE = "commands", 256


class Translation(NamedTuple):
    foreign: str
    """That only the book's language is understood."""
    name: str
    short: str
    description: str
    commands: Mapping[str, str]
    """The most useful ones, with their purpose."""


class Translations:
    def __init__(self, found: Mapping[str, Translation]) -> None:
        self.all = found

    def of(self, code: str | None) -> Translation | None:
        """None for a book's own language and unknown ones."""
        return self.all.get(code or "")

    def without(self, codes: Collection[str]) -> Translations:
        """Those of languages that no book is in."""
        found = {code: told for code, told in self.all.items() if code not in codes}
        return Translations(found)


def read(top: Path, own: str = HOME) -> Translations:
    """All languages but the book's own.

    Raises KnowledgeError with all that is wrong with them.
    """
    problems: list[Problem] = []
    folders = sorted((top / "templates").glob("*/_telegram"))
    found = {
        folder.parent.name: _translation(folder, problems)
        for folder in folders
        if folder.parent.name != own
    }
    if problems:
        raise KnowledgeError(problems)
    return Translations(found)


def _translation(folder: Path, problems: list[Problem]) -> Translation:
    def text(name: str) -> str:
        path = folder / f"{name}.md.j2"
        shown = f"templates/{folder.parent.name}/_telegram/{path.name}"
        try:
            found = path.read_text(encoding="utf-8").strip()
        except OSError:
            problems.append(Problem(shown, 1, "is missing"))
            return ""
        if len(found) > LIMITS.get(name, len(found)):
            problems.append(Problem(shown, 1, f"over {LIMITS[name]} characters"))
        return found

    return Translation(
        foreign=text("foreign"),
        name=text("name"),
        short=text("short"),
        description=text("description"),
        commands=listed(text(COMMANDS)),
    )


def listed(text: str) -> dict[str, str]:
    """Commands with their purpose, a line each: `- start: Begin`."""
    lines = (line.removeprefix("- ") for line in text.strip().splitlines())
    pairs = (line.partition(": ") for line in lines)
    return {name: purpose[:_PURPOSE] for name, _, purpose in pairs}
