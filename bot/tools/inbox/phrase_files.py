"""Puts a phrase into knowledge/phrases: comments and order stay as they are."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BotError
from bot.knowledge.phrase_files import LONGEST_PHRASE
from bot.nlu.language import Language

FOLDER = Path("knowledge") / "phrases"


def put(top: Path, label: str, phrase: str, language: Language) -> list[Path]:
    """Under a label, as its last line without a section, and out of all other files.

    The files that changed. Raises BotError, where they cannot be written.
    """
    said = language.tokenize(phrase)
    if not said or "\n" in phrase or len(phrase) > LONGEST_PHRASE:
        raise BotError(f"this is no phrase: {phrase!r}")
    target = top / FOLDER / f"{label}.txt"
    if not target.is_file():
        raise BotError(f"there is no {FOLDER / label}.txt; see `takeback new topic`")
    changed: list[Path] = []
    try:
        for path in sorted((top / FOLDER).rglob("*.txt")):
            text = before = path.read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            if path == target:
                if any(_same(line, said, language) for line in lines):
                    continue
                text = _added(lines, phrase.strip())
            else:
                text = "".join(
                    line for line in lines if not _same(line, said, language)
                )
            if text != before:
                path.write_text(text, encoding="utf-8")
                changed.append(path)
    except OSError as error:
        raise BotError(f"{error.filename}: {error.strerror}") from None
    return changed


def _same(line: str, said: tuple[str, ...], language: Language) -> bool:
    return not line.startswith("# ") and language.tokenize(line) == said


def _added(lines: list[str], phrase: str) -> str:
    """A file with one more phrase: its last, or the last before a section's heading."""
    heads = (at for at, line in enumerate(lines) if line.startswith("["))
    end = next(heads, len(lines))
    before, after = "".join(lines[:end]), "".join(lines[end:])
    if before and not before.endswith("\n"):
        before += "\n"
    return f"{before}{phrase}\n{after}"
