"""Text → its clauses: where one ends, and whether it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.nlu.language import Language

MOST_WORDS = 200
"""Words of a text that are read: of letters and signs apart, it can hold far more."""
_SHORTEST = 3
"""Words."""
_UNMARKED, _TOLD = 9, 5
"""Words of a stretch that may hold an unmarked question, and of what is told before it."""


class Piece(NamedTuple):
    """A clause of a text as it was typed."""

    words: tuple[str, ...]
    asks: bool


def split(text: str, language: Language) -> list[Piece]:
    """The first words of a text, clause by clause; what is too short for one joins the next."""
    pieces: list[Piece] = []
    rest: tuple[str, ...] = ()
    asks, start, left = False, 0, MOST_WORDS
    for end, next_start, mark in _cuts(text, language):
        piece, start = text[start:end], next_start
        words = language.tokenize(piece)[:left]
        left -= len(words)
        rest += words
        asks |= "?" in mark or bool(language.clauses.asks.match(piece))
        if len(rest) < _SHORTEST and "?" in mark and pieces:
            # "It is Thursday. Too late?" is one question.
            told = pieces.pop()
            pieces.append(Piece((*told.words, *rest), asks=True))
            rest, asks = (), False
        elif len(rest) >= _SHORTEST:
            pieces.append(Piece(rest, asks))
            rest, asks = (), False
    if rest and pieces:
        last = pieces.pop()
        pieces.append(Piece((*last.words, *rest), last.asks or asks))
    elif rest:
        pieces.append(Piece(rest, asks))
    return pieces


def _cuts(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Where a clause ends, where the next one begins, and what stands between."""
    start = 0
    for end, next_start, mark in _marked_cuts(text, language):
        if (at := _unmarked(text[start:end], language)) is not None:
            yield start + at, start + at, ""
        yield end, next_start, mark
        start = next_start


def _unmarked(text: str, language: Language) -> int | None:
    """Where the question begins that a long stretch without a mark ends in.

    Who dictates, or is old or in a hurry, sets no marks: "... it was for my wife can I
    take it back".
    """
    begins = language.clauses.begins
    if begins is None or text.count(" ") < _UNMARKED or "," in text:
        return None
    found = [m.start() for m in begins.finditer(text)]
    told = (at for at in found if text.count(" ", 0, at) >= _TOLD)
    return next((at for at in told if text.count(" ", at) >= _SHORTEST), None)


def _marked_cuts(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """The same for cuts that a mark or a word makes."""
    clauses, start = language.clauses, 0
    for cut in clauses.cut.finditer(text):
        if clauses.leads_up and cut[0] == ", ":
            # "If I block him, does it go" is one clause.
            few = text.count(" ", start, cut.start()) < _SHORTEST
            if few or clauses.leads_up.match(text, start):
                continue
        yield *cut.span(), cut[0]
        start = cut.end()
    yield len(text), len(text), ""
