"""Text to words: one spelling for case, accents, apostrophes and drawn-out letters.

Knows how English is typed in a chat; knows no topic, slot or service.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_APOSTROPHES = "'`´‘’‛ʹʻʼˈ′‵＇"
_VARIANTS = range(0xFE00, 0xFE10)
_ACCENTS = re.compile("[\u0300-\u036f]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1\1+")

LONGEST_WORD = 40
"""Letters; a longer word is read like any, and not remembered."""
_REMEMBERED = 1 << 12
"""Words that a cache holds: some megabyte, and more than people use in a day."""
_CHARACTERS = 1 << 12
"""Characters that a table holds; there are a million more."""

_TAILS = {
    "m": "am",
    "re": "are",
    "ve": "have",
    "ll": "will",
    "d": "would",
}
_ASKING = ("what", "how", "where", "who", "when", "why", "which")
_IS = frozenset((*_ASKING, "that", "this", "it", "there", "here", "he", "she"))
_NEGATED = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_NOT = (
    *("do", "does", "did", "is", "are", "was", "were", "has", "have", "had"),
    *("could", "would", "should", "must", "need", "might"),
)

# Typed without an apostrophe. Those that are words of their own (its, were, well, ill,
# id, hell, shell, wed) stay as they are.
_OPENED: dict[str, tuple[str, ...]] = {
    **{f"{verb}nt": (verb, "not") for verb in _NOT},
    **{f"{word}s": (word, "is") for word in ("what", "how", "where", "who", "that")},
    **{f"{word}s": (word, "is") for word in ("when", "there", "here", "he", "she")},
    **{f"{word}ve": (word, "have") for word in ("i", "you", "they", "we")},
    **{f"{word}ve": (word, "have") for word in ("could", "would", "should")},
    **{f"{word}ll": (word, "will") for word in ("you", "they", "it", "that")},
    **{f"{word}re": (word, "are") for word in ("you", "they")},
    "im": ("i", "am"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "aint": ("is", "not"),
    "lets": ("let", "us"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "gimme": ("give", "me"),
    "lemme": ("let", "me"),
    "dunno": ("do", "not", "know"),
    "u": ("you",),
    "ur": ("your",),
    "pls": ("please",),
    "plz": ("please",),
    "thx": ("thanks",),
    "cuz": ("because",),
    "b4": ("before",),
}


def tokenize(text: str) -> tuple[str, ...]:
    """The words of any text, in order; emoji count as words."""
    if text.isascii():
        plain = text.lower()
    else:
        bare = text.translate(_BARE)
        folded = unicodedata.normalize("NFKD", bare).casefold()
        plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", folded))
    words: list[str] = []
    for token in plain.translate(_SPACED).split():
        words += _opened(token)
    return tuple(words)


def line(said: Iterable[str]) -> str:
    """Words as one text, in which a group of them, made alike, is found by `in`."""
    return f" {' '.join(said)} "


def word_positions(line: str, match: re.Match[str]) -> tuple[int, int]:
    """Where a match in words joined by spaces stands: its first word, and the one after."""
    start = len(line[: match.start()].split())
    return start, start + len(match[0].split())


@lru_cache(maxsize=64)
def groups(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Groups of words that a book names, each as a line."""
    return tuple(line(tokenize(text)) for text in texts)


def holds(said: Iterable[str], texts: tuple[str, ...]) -> bool:
    """Whether one of these groups of words stands anywhere among words."""
    among = line(said)
    return any(group in among for group in groups(texts))


def stem(word: str) -> str:
    """The part of an English word that its forms share."""
    return _stem(word) if len(word) <= LONGEST_WORD else word


@lru_cache(maxsize=_REMEMBERED)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


_stemmer = Stemmer.Stemmer("english", 0)  # its own cache is not bounded by us


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


def _opened(token: str) -> tuple[str, ...]:
    """The words that a token stands for."""
    return _remembered(token) if len(token) <= LONGEST_WORD else _written_out(token)


def _written_out(token: str) -> tuple[str, ...]:
    words: list[str] = []
    for part in _parted(token):
        short = _DRAWN_OUT.sub(_shortened, part)
        words += _OPENED.get(short, (short,))
    return tuple(words)


_remembered = lru_cache(maxsize=_REMEMBERED)(_written_out)


def _shortened(drawn: re.Match[str]) -> str:
    """One letter for many at a word's end, two within it.

    A word of one letter only ("xxx", "www") is no drawn-out word.
    """
    if drawn.end() < len(drawn.string):
        return drawn[1] * 2
    return drawn[1] if drawn.start() else drawn[1] * 3


def _parted(token: str) -> list[str]:
    """A token cut at its apostrophes, what they stand for written out."""
    parts: list[str] = []
    for tail in token.split("'"):
        last = parts[-1] if parts else ""
        if not last:
            parts.append(tail)
        elif tail == "t" and last.endswith("n"):
            parts[-1:] = [_NEGATED.get(last[:-1], last[:-1]), "not"]
        elif tail == "s":
            parts += ["is"] if last in _IS else ["us"] if last == "let" else []
        else:
            parts.append(_TAILS.get(tail, tail))
    return [part for part in parts if part]
