"""A phrase without what is a person's own: what remains are words that all people use.

Only listed words are kept: those that the phrases of the knowledge use often, and a list
of ordinary ones; whatever else a word may be, a name, a password, a slip, it goes. So do
quotations, addresses, handles, numbers, and words that may be a name where they stand.
The work is linear in the text, of which only the beginning is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

GAP = "…"
"""Where something was."""
LONGEST = 200
"""Characters of a phrase; who writes more tells a story."""
_OFTEN = 5
"""Uses in phrases, for a word to be one that says nothing of a person."""

_CLOSING = {
    '"': '"”', "“": '”"', "”": '”"', "„": "“”", "«": "»", "»": "«", "‹": "›",
    "›": "‹", "`": "`", "「": "」", "『": "』", "'": "'’", "‘": "’'", "’": "’'",
}  # fmt: skip
_APOSTROPHES = "'‘’"
# One class of characters at a time: no way to match a text twice, so no backtracking.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?]")
_MARKS = ".,;!?()[]{}*…-–—/\\&"
_ENDS = frozenset(".!?")
_STARTS = _ENDS | {GAP}


@dataclass(frozen=True)
class WordLists:
    """Words of files in which `#` begins a comment."""

    ordinary: frozenset[str]
    names: frozenset[str]
    either: frozenset[str]
    numbers: frozenset[str]
    announces: frozenset[str]
    units: frozenset[str]

    @classmethod
    @cache
    def read(cls, folder: Path) -> WordLists:
        return cls(
            *(
                frozenset(_words((folder / f"{field.name}.txt").read_text("utf-8")))
                for field in fields(cls)
            )
        )


def _words(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from line.partition("#")[0].split()


@dataclass(frozen=True)
class Redactor:
    """Takes what is private out of phrases."""

    uses: Callable[[str], int]
    """How often the phrases of the knowledge use a word."""
    lists: WordLists

    def redact(self, text: str) -> str:
        """The phrase in small letters, or nothing where none of its words is left."""
        # To look at twice as much is enough: what is taken out leaves room for more.
        text = " ".join(text[: 2 * LONGEST].split())
        words = list(_pieces(_unquoted(text)))
        found = []
        for at, word in enumerate(words):
            before = small(words[at - 1]) if at else "."
            after = small(words[at + 1]) if at + 1 < len(words) else "."
            if word in _ENDS:
                continue
            keeps = word != GAP and self._keeps(word, before, after)
            found.append(small(word) if keeps else GAP)
        return _joined(found)

    def _keeps(self, word: str, before: str, after: str) -> bool:
        low = small(word)
        if low in self.lists.names:
            return False
        if self.uses(low) < _OFTEN and low not in self.lists.ordinary:
            return False
        if low in self.lists.either:
            loud = word[0].isupper() and not word.isupper()
            beside = after != GAP and after not in self.lists.names
            announced = before in self.lists.announces or before in _STARTS
            return not loud and not announced and beside
        if low in self.lists.numbers:
            numbers = self.lists.numbers
            alone = before not in numbers and after not in numbers
            return alone and (low == "one" or after in self.lists.units)
        return True


def small(word: str) -> str:
    return word.casefold().replace("’", "'")


def _unquoted(text: str) -> str:
    """Without quotations, and without what follows a colon: often the message itself."""
    out = []
    at = 0
    while at < len(text):
        mark = text[at]
        if mark == ":" and not text.startswith("://", at):
            out.append(f" {GAP} ")
            break
        inside = mark in _APOSTROPHES and at > 0 and text[at - 1].isalnum()
        if mark not in _CLOSING or inside:
            out.append(mark)
            at += 1
            continue
        at = _closed(text, at + 1, _CLOSING[mark])
        out.append(f" {GAP} ")
    return "".join(out)


def _closed(text: str, at: int, marks: str) -> int:
    """After the mark that closes, which is no apostrophe; else at the end."""
    while at < len(text):
        after = text[at + 1 : at + 2]
        if text[at] in marks and not (text[at] in _APOSTROPHES and after.isalnum()):
            return at + 1
        at += 1
    return at


def _pieces(text: str) -> Iterator[str]:
    """Words, gaps and ends of sentences."""
    for token in text.split():
        bare = token.strip(_MARKS)
        if token == GAP or _is_address(bare) or _is_number(bare):
            yield GAP
            continue
        for match in _WORD.finditer(token):
            yield match[0]


def _is_address(token: str) -> bool:
    parts = token.split(".")
    host = len(parts) > 1 and all(parts[-2:])
    return host or "@" in token or "://" in token or token.startswith(("#", "@"))


def _is_number(token: str) -> bool:
    return any(letter.isdigit() or letter == "_" for letter in token)


def _joined(found: list[str]) -> str:
    words = [w for i, w in enumerate(found) if w != GAP or found[i - 1 : i] != [GAP]]
    text = " ".join(words)
    if len(text) > LONGEST:
        text = text[: LONGEST + 1].rpartition(" ")[0]
    return text if any(letter.isalpha() for letter in text) else ""
