"""What people type: a phrase a line, `# ` before a comment, `[action]` over a section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.errors import Problem
from bot.knowledge.yaml_file import name_fault, unread
from bot.nlu.language import Language

LONGEST_PHRASE = 300
"""Characters."""
_MERGED = ("<<<<<<<", "=======", ">>>>>>>")


class PhraseLine(NamedTuple):
    """A phrase of a file, with its line counted from 1 and the section it stands in."""

    number: int
    text: str
    section: str


_SECTION = re.compile(r"\[([a-z_]+)\]")


def phrase_lines(path: Path) -> Iterator[PhraseLine]:
    """The phrases of a file; `# ` opens a comment, `[action]` a section."""
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        phrase = line.strip()
        if heading := _SECTION.fullmatch(phrase):
            section = heading[1]
        elif phrase and not phrase.startswith("# "):
            yield PhraseLine(number, phrase, section)


def read(
    knowledge: Path, top: Path, language: Language, problems: list[Problem]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Every label's phrases and their actions, where the file has sections.

    The same phrase under two labels is a problem.
    """
    found: dict[str, tuple[str, ...]] = {}
    actions: dict[str, tuple[str, ...]] = {}
    places: dict[tuple[str, ...], str] = {}
    for path in sorted((knowledge / "phrases").rglob("*.txt")):
        label = path.relative_to(knowledge / "phrases").with_suffix("").as_posix()
        name = path.relative_to(top).as_posix()
        if fault := name_fault(Path(name)):
            problems.append(fault)
        try:
            lines = list(phrase_lines(path))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, 1, unread(error)))
            continue
        kept = []
        for line in lines:
            if says := _phrase_fault(line.text, language, places):
                problems.append(Problem(name, line.number, says))
                continue
            said = language.tokenize(line.text) or (line.text,)
            places[said] = f"{name}:{line.number}"
            kept.append(line)
        found[label] = tuple(line.text for line in kept)
        if any(line.section for line in kept):
            actions[label] = tuple(line.section for line in kept)
    if not found:
        problems.append(Problem("knowledge/phrases", 1, "there is no file in it"))
    return found, actions


def _phrase_fault(
    phrase: str, language: Language, places: Mapping[tuple[str, ...], str]
) -> str:
    """What is wrong with a phrase, given those before it."""
    if phrase.startswith(_MERGED):
        return "a mark that git left of a merge: choose a side, and take it out"
    if len(phrase) > LONGEST_PHRASE:
        return f"longer than {LONGEST_PHRASE} characters"
    said = language.tokenize(phrase) or (phrase,)
    return f"the same phrase as at {places[said]}" if said in places else ""
