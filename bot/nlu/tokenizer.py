"""Text to words: one spelling for case, accents, apostrophes and drawn-out letters.

Knows no topic, slot or service. What a language runs together is told by its contractions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

_APOSTROPHES = "'`´‘’‛ʹʻʼˈ′‵＇"
_VARIANTS = range(0xFE00, 0xFE10)
_ACCENTS = re.compile("[\u0300-\u036f]")
_VERSION = re.compile(r"(?<=\d)\.x\b")
"""The end of "version 7.x", which is no word."""
_DRAWN_OUT = re.compile(r"([^\W\d_])\1\1+")

LONGEST_WORD = 40
"""Letters; a longer word is read like any, and not remembered."""
_REMEMBERED = 1 << 12
"""Words that a cache holds: some megabyte, and more than people use in a day."""
_GROUPS = 64
_CHARACTERS = 1 << 12
"""Characters that a table holds; there are a million more."""


def proper_names(text: str, capitals: frozenset[str]) -> frozenset[str]:
    """The words that are written like a name: "in Teams", "Teams (new client)".

    Not `capitals`, which are always written so: "I".

    At the start of a sentence a capital says so only before a mark, as in a title. Where
    capitals are for all words or for none, they tell nothing.
    """
    if text.islower() or text.isupper():
        return frozenset()
    words = list(_WRITTEN.finditer(text[:_WRITING]))
    capital = [
        match for match in words if match[0][0].isupper() and match[0] not in capitals
    ]
    if len(words) > _TITLE and len(capital) * 3 > len(words) * 2:
        return frozenset()
    return frozenset(
        match[0].lower()
        for match in capital
        if not _opens(text, match.start()) or _MARKED.match(text, match.end())
    )


def set_apart(text: str) -> frozenset[str]:
    """The words that are a clause by themselves: "teams. it went out", "a note, signal".

    Two letters may be a name that signs, and one a kiss, unless they come first.
    """
    found = [piece for piece in _pieces(text) if piece]
    if len(found) < _PIECES:
        return frozenset()
    return frozenset(
        piece.lower()
        for at, piece in enumerate(found)
        if _WRITTEN.fullmatch(piece) and (not at or len(piece) > _SIGNED)
    )


def parted(text: str) -> frozenset[str]:
    """Two words each that only a mark parts, as in a list: "red, blue"."""
    words = [p.lower() if _WRITTEN.fullmatch(p) else "" for p in _pieces(text)]
    return frozenset(f"{a} {b}" for a, b in pairwise(words) if a and b)


def _pieces(text: str) -> list[str]:
    """What stands between the marks of a text."""
    return [piece.strip() for piece in _APART.split(text[:_WRITING])]


def _opens(text: str, at: int) -> bool:
    """Whether a word there begins a sentence, a line or a quotation."""
    lead = text[max(0, at - _LEAD) : at]
    bare = lead.rstrip(_AROUND)
    return not bare or "\n" in lead[len(bare) :] or bare[-1] in ".!?:>"


_WRITING = 2_000
"""Characters that are looked at for capitals."""
_TITLE = 3
"""Words of the longest text that may be all names: "Teams, Slack"."""
_WRITTEN = re.compile(r"[^\W\d_]+")
_LEAD = 4
_AROUND = ' *-•"“(\n\t¿¡'
_MARKED = re.compile(r"[ ]?[(:,/]| - ")
_APART = re.compile(r"[,:;!?()\[\]\n|/–—]|[.-](?!\w)|(?<!\w)[.-]")
_PIECES = 2
"""What stands apart stands beside something."""
_SIGNED = 2
"""Letters of the longest word that is rather a name at the end of a text."""


def line(said: Iterable[str]) -> str:
    """Words as one text, in which a group of them, made alike, is found by `in`."""
    return f" {' '.join(said)} "


def holds_figure(said: Iterable[str]) -> bool:
    """Whether a word begins with a digit: "10", "3pm"."""
    return any(word[0].isdigit() for word in said)


def word_positions(line: str, match: re.Match[str]) -> tuple[int, int]:
    """Where a match in words joined by spaces stands: its first word, and the one after."""
    start = len(line[: match.start()].split())
    return start, start + len(match[0].split())


def _apart(token: str) -> list[str]:
    return [part for part in token.split("'") if part]


class Contractions(NamedTuple):
    """What a language runs together, and how it is written out."""

    words: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Words typed in short: "dont", "u"."""
    part: Callable[[str], list[str]] = _apart
    """The parts of a token at its apostrophes."""


PLAIN = Contractions()
"""Of a language that runs nothing together."""


class _Groups(NamedTuple):
    """Groups of words that a book names."""

    lines: tuple[str, ...]
    first_words: frozenset[str]


class Tokenizer:
    """Cuts the texts of one language into words."""

    def __init__(self, contractions: Contractions) -> None:
        self._words, self._part = contractions
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._written_out)
        self._groups = lru_cache(maxsize=_GROUPS)(self._made_groups)

    def tokenize(self, text: str) -> tuple[str, ...]:
        """The words of any text, in order; emoji count as words."""
        if text.isascii():
            plain = text.lower()
        else:
            bare = text.translate(_BARE)
            folded = unicodedata.normalize("NFKD", bare).casefold()
            plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", folded))
        words: list[str] = []
        plain = _VERSION.sub("", plain)
        for token in plain.translate(_SPACED).split():
            short = len(token) <= LONGEST_WORD
            words += self._remembered(token) if short else self._written_out(token)
        return tuple(words)

    def groups(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Groups of words that a book names, each as a line."""
        return self._groups(texts).lines

    def holds(self, said: Collection[str], texts: tuple[str, ...]) -> bool:
        """Whether one of these groups of words stands anywhere among words."""
        groups = self._groups(texts)
        if groups.first_words.isdisjoint(said):
            return False
        among = line(said)
        return any(group in among for group in groups.lines)

    def _made_groups(self, texts: tuple[str, ...]) -> _Groups:
        groups = [self.tokenize(text) for text in texts]
        first_words = frozenset(word for group in groups for word in group[:1])
        return _Groups(tuple(map(line, groups)), first_words)

    def _written_out(self, token: str) -> tuple[str, ...]:
        """The words that a token stands for."""
        words: list[str] = []
        for part in self._part(token):
            short = _DRAWN_OUT.sub(_shortened, part)
            words += self._words.get(short, (short,))
        return tuple(words)


class _Bare(dict[int, str | int | None]):
    """What is dropped or made alike before Unicode is normalised, found as needed.

    Before, since dropping afterwards could bring together what composes.
    """

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        kept: str | int | None = code
        if char in _APOSTROPHES:
            kept = "'"
        elif char == "\u200b":
            kept = " "
        elif unicodedata.category(char) in {"Cf", "Me"} or code in _VARIANTS:
            kept = None
        if len(self) < _CHARACTERS:
            self[code] = kept
        return kept


class _Spaced(dict[int, str | int]):
    """Letters, digits and apostrophes as they are, emoji apart, all else a space."""

    def __missing__(self, code: int) -> str | int:
        char = chr(code)
        kind = unicodedata.category(char)
        kept: str | int = " "
        if char in _APOSTROPHES:  # some come out of others only by normalising
            kept = "'"
        elif kind[0] in "LNM":
            kept = code
        elif kind == "So":
            kept = f" {char} "
        if len(self) < _CHARACTERS:
            self[code] = kept
        return kept


_BARE = _Bare()
_SPACED = _Spaced()


def _shortened(drawn: re.Match[str]) -> str:
    """One letter for many at a word's end, two within it.

    A word of one letter only ("xxx", "www") is no drawn-out word.
    """
    if drawn.end() < len(drawn.string):
        return drawn[1] * 2
    return drawn[1] if drawn.start() else drawn[1] * 3
