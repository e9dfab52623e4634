"""Names as patterns over words, and where in a line of words they match.

`a/b` is one of these words, `..` up to three of any kind, a leading `=` means the whole
message, as an answer to the question about its slot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from bot.nlu.language import Language

Element = frozenset[str] | None
"""One of these words; None is a gap."""

_GAP = ".."
_REACH = 3
"""Words that a gap may hold."""
_COMMON = 1_000
"""How many patterns' worth a word that says nothing counts."""


class Pattern(NamedTuple):
    slot: str
    value: str
    elements: tuple[Element, ...]
    whole: bool = False
    ambiguous: bool = False
    deed: bool = False
    """Whether it counts only where the asker tells to have done it."""

    @property
    def weight(self) -> int:
        return sum(e is not None for e in self.elements)


class Match(NamedTuple):
    """A pattern that matches the words from `start` up to, not including, `end`."""

    pattern: Pattern
    start: int
    end: int
    number: int
    """The pattern's place in its files."""


class _Anchored(NamedTuple):
    """A pattern and the words that may stand before its rarest one."""

    pattern: Pattern
    number: int
    least: int
    most: int
    beside: frozenset[str]
    """Its second rarest words: where the line has none, it need not be tried."""


class PatternIndex(NamedTuple):
    """Patterns, found by the rarest word of each.

    The first word would do as well, but every service has a name that begins with "on".
    """

    by_word: Mapping[str, tuple[_Anchored, ...]]
    first_words: frozenset[str] = frozenset()
    """Every word that a pattern may begin with."""
    vocabulary: frozenset[str] = frozenset()
    """Every word of a pattern."""

    def matches(self, words: Sequence[str]) -> Iterator[Match]:
        """Every match in a line."""
        seen: set[tuple[int, int]] = set()
        present = frozenset(words)
        for at, word in enumerate(words):
            for pattern, number, least, most, beside in self.by_word.get(word, ()):
                if beside.isdisjoint(present):
                    continue
                for start in range(max(0, at - most), at - least + 1):
                    if (number, start) in seen:
                        continue
                    end = _end(pattern.elements, words, start)
                    if end is not None:
                        seen.add((number, start))
                        yield Match(pattern, start, end, number)


def by_rarest_word(
    patterns: Iterable[Pattern], common: AbstractSet[str] = frozenset()
) -> PatternIndex:
    """An index of patterns; `common` are words that questions are full of."""
    patterns = list(patterns)
    used = Counter(w for p in patterns for e in p.elements for w in e or ())
    cost = {w: n + (_COMMON if w in common else 0) for w, n in used.items()}
    found: defaultdict[str, list[_Anchored]] = defaultdict(list)
    for number, one in enumerate(patterns):
        rarest, beside, least, most = _anchor(one.elements, cost)
        for word in rarest:
            found[word].append(_Anchored(one, number, least, most, beside))
    return PatternIndex(
        {word: tuple(some) for word, some in found.items()},
        frozenset(w for p in patterns for w in (p.elements[0] or ())),
        frozenset(used),
    )


def _anchor(
    elements: tuple[Element, ...], cost: Mapping[str, int]
) -> tuple[frozenset[str], frozenset[str], int, int]:
    """The rarest element and the next, with the fewest and the most words before it."""
    choices: list[tuple[int, int, int, int]] = []
    least = most = 0
    for place, element in enumerate(elements):
        if element is None:
            most += _REACH
            continue
        price = sum(cost[word] for word in element) * (1 + most - least)
        choices.append((price, place, least, most))
        least, most = least + 1, most + 1
    if not choices:
        return frozenset(), frozenset(), 0, 0
    (_, place, least, most), *others = sorted(choices)
    rarest = elements[place] or frozenset()
    beside = elements[others[0][1]] if others else rarest
    return rarest, beside or frozenset(), least, most


def pattern(
    place: tuple[str, str],
    text: str,
    language: Language,
    *,
    ambiguous: bool = False,
    deed: bool = False,
) -> Pattern:
    """A name of a slot's value as a pattern over words."""
    whole = text.startswith("=")
    elements: list[Element] = []
    for part in text.removeprefix("=").split():
        if part == _GAP:
            elements.append(None)
        elif "/" in part:
            choices = part.split("/")
            elements.append(
                frozenset(w for one in choices for w in _words(one, language))
            )
        else:
            elements += (frozenset({word}) for word in _words(part, language))
    return Pattern(*place, tuple(elements), whole, ambiguous, deed)


@lru_cache(maxsize=4_096)
def _words(text: str, language: Language) -> tuple[str, ...]:
    """The words of a piece of a name; a mask in braces is one as it stands.

    Most pieces stand in many names.
    """
    return (text,) if text.startswith("{") else language.tokenize(text)


def _end(elements: tuple[Element, ...], words: Sequence[str], at: int) -> int | None:
    """Where a pattern that begins at a place ends; the shortest gap wins."""
    for place, element in enumerate(elements):
        if element is None:
            rest = elements[place + 1 :]
            for begin in range(at, at + _REACH + 1):
                end = _end(rest, words, begin)
                if end is not None:
                    return end
            return None
        if at >= len(words) or words[at] not in element:
            return None
        at += 1
    return at
