"""Which language a text is in, told by how often each book says its words.

There is no model of a language: a handful of phrases tells "borro" from "unsend", and a
book that grows tells better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.nlu.engine import LONGEST
from bot.nlu.language import Language

LEAST = 2
"""Words of its own that a language needs: a single one may be a name, or a slip."""
_TIMES = 4
"""So many times as often as any other book a book says a word of its own."""
_SHARE = 0.4
"""Of a text's words that are those of its language; services and slips are nobody's."""
_AHEAD = 2
"""So many times as many of them as of all other languages: half and half is torn."""


class OwnWords(NamedTuple):
    """How a book speaks."""

    language: Language
    shares: Mapping[str, float]
    """Of all that is said in it, by word."""


def own_words(
    counts: Mapping[str, int], language: Language, foreign: Iterable[str]
) -> OwnWords:
    """By how often a book says its words, without phrases that are of other languages."""
    left = Counter(counts)
    for text in foreign:
        left.subtract(language.tokenize(language.without_quotes(text)))
    kept = +left
    total = kept.total()
    return OwnWords(language, {word: n / total for word, n in kept.items()})


def spoken(text: str, books: Sequence[OwnWords], least: int = LEAST) -> str | None:
    """The code of the language that a text is in; none for what is short or torn."""
    found = {book.language.code: _own(text[:LONGEST], book, books) for book in books}
    best, (own, words) = max(found.items(), key=lambda pair: pair[1][0])
    others = sum(number for number, _ in found.values()) - own
    if own < least or own < _SHARE * words or own < _AHEAD * others:
        return None
    return best


def _own(text: str, book: OwnWords, books: Sequence[OwnWords]) -> tuple[int, int]:
    """How many words of a text are of one book alone, and how many there are."""
    language = book.language
    words = language.tokenize(language.without_quotes(text))
    others = [other.shares for other in books if other is not book]
    return sum(_is_own(word, book.shares, others) for word in words), len(words)


def _is_own(
    word: str, shares: Mapping[str, float], others: Sequence[Mapping[str, float]]
) -> bool:
    elsewhere = max(other.get(word, 0.0) for other in others)
    return shares.get(word, 0.0) > _TIMES * elsewhere
