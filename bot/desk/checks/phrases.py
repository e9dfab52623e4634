"""Phrases: those that lead elsewhere, and two that are one once names are masked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.core import mind as minds
from bot.core import slots, words
from bot.core.mind import Mind
from bot.errors import Problem
from bot.load import phrase_lines

Place = tuple[str, str, int]
"""Label, phrase, line."""


def _places(top: Path, labels: Iterator[str] | list[str]) -> Iterator[Place]:
    for label in labels:
        path = top / "knowledge" / "phrases" / f"{label}.txt"
        for number, phrase in phrase_lines(path):
            yield label, phrase, number


def clashes(mind: Mind, top: Path) -> Iterator[Problem]:
    """Phrases of two labels that differ in the name of a service alone."""
    first: dict[tuple[str, ...], Place] = {}
    for label, phrase, number in _places(top, sorted(mind.book.phrases)):
        other = first.setdefault(_masked(mind, phrase), (label, phrase, number))
        if other[0] != label:
            message = (
                f"but for names the same as “{other[1]}” "
                f"at knowledge/phrases/{other[0]}.txt:{other[2]}"
            )
            yield Problem(f"knowledge/phrases/{label}.txt", number, message)


def astray(mind: Mind, top: Path) -> Iterator[Problem]:
    """Phrases that do not lead to their own topic."""
    for label, phrase, number in _places(top, sorted(mind.book.phrases)):
        best = mind.model.rank(_masked(mind, phrase))[0].label
        if best.partition("/")[0] != label.partition("/")[0]:
            message = f"“{phrase}” is taken for `{best}`"
            yield Problem(f"knowledge/phrases/{label}.txt", number, message)


def _masked(mind: Mind, phrase: str) -> tuple[str, ...]:
    said = words.split(minds.without_quotes(phrase))
    return slots.read(mind.lexicon, said).masked
