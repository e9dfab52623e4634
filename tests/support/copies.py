"""A copy of the toy book's files, to be broken."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge import loader
from tests.support.books import TOY


class Copy:
    """Files in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "book"
        shutil.copytree(TOY, self.top)

    def write(self, path: str, text: str) -> None:
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def add(self, path: str, text: str) -> int:
        """Adds lines to the end of a file; gives the number of the first."""
        before = (self.top / path).read_text(encoding="utf-8")
        self.write(path, before + text)
        return before.count("\n") + 1

    def swap(self, path: str, old: str, new: str) -> int:
        """Puts one text in the place of another; gives the number of its line."""
        before = (self.top / path).read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times"
        self.write(path, before.replace(old, new))
        return before[: before.index(old)].count("\n") + 1

    def remove(self, path: str) -> None:
        (self.top / path).unlink()

    def problems(self) -> list[str]:
        """What loading says, a line a problem."""
        try:
            loader.load(self.top)
        except KnowledgeError as error:
            return str(error).splitlines()
        return []
