"""Phrases bunched by likeness: one decision for all of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.analytics.redact import GAP
from bot.store.records import PhraseGroup

ALIKE = 78
"""Of 100: how like the head of a bunch its other phrases are."""


@dataclass(frozen=True)
class Bunch:
    groups: tuple[PhraseGroup, ...]
    """The most frequent first."""

    @property
    def head(self) -> str:
        return self.groups[0].phrase.text

    @property
    def number(self) -> int:
        """How often it was said, in all its forms."""
        return sum(group.number for group in self.groups)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(group.phrase.text for group in self.groups)

    @property
    def topic(self) -> str:
        """What it was taken for, where the answer was rejected."""
        return self.groups[0].phrase.topic

    @property
    def mark(self) -> str:
        return self.groups[0].mark


def bunched(groups: Sequence[PhraseGroup]) -> list[Bunch]:
    """Every phrase in one bunch, the bunch said most often first.

    Phrases taken for different topics, or marked differently, stay apart.
    """
    found: dict[tuple[str, str], list[list[PhraseGroup]]] = {}
    for group in sorted(groups, key=lambda g: (-g.number, g.phrase.text)):
        kind = found.setdefault((group.phrase.topic, group.mark), [])
        heads = [bare(bunch[0].phrase.text) for bunch in kind]
        best = process.extractOne(
            bare(group.phrase.text),
            heads,
            scorer=fuzz.token_sort_ratio,
            score_cutoff=ALIKE,
        )
        if best is None:
            kind.append([group])
        else:
            kind[best[2]].append(group)
    bunches = [Bunch(tuple(bunch)) for kind in found.values() for bunch in kind]
    return sorted(bunches, key=lambda b: (-b.number, b.head))


def bare(text: str) -> str:
    """A phrase without its gaps."""
    return " ".join(word for word in text.split() if word != GAP)
