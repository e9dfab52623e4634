"""Known warnings: a list in the book that may only shrink."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.errors import BotError, Problem

FILE = Path("knowledge") / "known_warnings.tsv"
_HEAD = """\
# Warnings of `takeback check` that are known: file, and what it is about. The list may
# only shrink: `takeback check --write-known` takes out what holds no more, adds nothing.
"""

Known = frozenset[tuple[str, str]]


def key(problem: Problem) -> tuple[str, str]:
    """What stays the same of a warning while lines and figures change."""
    return problem.path, problem.about or problem.message


def read(top: Path) -> Known | None:
    """The list; none where the book has none. Raises BotError, if it is torn."""
    path = top / FILE
    if not path.is_file():
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BotError(f"{path} cannot be read as text") from None
    parts = (line.partition("\t") for line in lines if not line.startswith("# "))
    return frozenset((file, about) for file, _, about in parts if about)


def write(top: Path, there: Iterable[Problem]) -> str:
    """Takes out of the list what is there no more; begins one where there is none.

    What was done, in a sentence. Raises BotError.
    """
    found, before = {key(problem) for problem in there}, read(top)
    kept = found if before is None else found & before
    lines = (f"{file}\t{about}\n" for file, about in sorted(kept))
    try:
        (top / FILE).write_text(_HEAD + "".join(lines), encoding="utf-8")
    except OSError as error:
        raise BotError(f"{FILE} cannot be written: {error.strerror}") from None
    if before is None:
        return f"{FILE} begins with {len(kept)} warnings."
    gone = len(before) - len(kept)
    return f"{FILE}: {gone} taken out, {len(kept)} left."
