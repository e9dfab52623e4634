"""Names as patterns over words, and where in a line of words they match.

`a/b` is one of these words, `..` up to three of any kind, a leading `=` means the whole
message, as an answer to the question about its slot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple, TypedDict

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


_MARKS = ("whole", "ambiguous", "deed")
"""The fields of a pattern that hold or do not."""


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
    others: tuple[frozenset[str], ...]
    """The words of its other elements, of which the line needs one each as well."""


class PatternIndex:
    """Patterns, found by the rarest word of each.

    The first word would do as well, but every service has a name that begins with "on".
    """

    def __init__(self, kept: KeptIndex) -> None:
        self.kept = kept
        self._made: dict[int, Pattern] = {}
        self._by_word: dict[str, tuple[_Anchored, ...]] = {}
        self.first_words = frozenset(kept["first_words"])
        """Every word that a pattern may begin with."""

    @property
    def places(self) -> Iterable[tuple[str, str]]:
        """Slots and values in the order of their first patterns, each once."""
        lines = (line.split("\t", 2) for line in self.kept["patterns"])
        return dict.fromkeys((slot, value) for slot, value, _ in lines)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of a pattern."""
        patterns = map(_read, self.kept["patterns"])
        return frozenset(w for p in patterns for e in p.elements for w in e or ())

    def matches(self, words: Sequence[str]) -> Iterator[Match]:
        """Every match in a line."""
        seen: set[tuple[int, int]] = set()
        present = frozenset(words)
        apart = present.isdisjoint
        for at, word in enumerate(words):
            anchored = self._by_word.get(word)
            if anchored is None:
                anchored = self._anchored(word)
            for pattern, number, least, most, beside, others in anchored:
                if beside.isdisjoint(present) or any(map(apart, others)):
                    continue
                for start in range(max(0, at - most), at - least + 1):
                    if (number, start) in seen:
                        continue
                    end = _end(pattern.elements, words, start)
                    if end is not None:
                        seen.add((number, start))
                        yield Match(pattern, start, end, number)

    def _anchored(self, word: str) -> tuple[_Anchored, ...]:
        """The patterns whose rarest word it is: made when it is said for the first time.

        A day's questions use a small part of all names.
        """
        places = self.kept["by_word"].get(word)
        if places is None:
            return ()
        found = tuple(map(self._anchor, places.split(" ")))
        self._by_word[word] = found
        return found

    def _anchor(self, place: str) -> _Anchored:
        number, least, most, beside = map(int, place.split(","))
        pattern = self._made.get(number)
        if pattern is None:
            pattern = self._made[number] = _read(self.kept["patterns"][number])
        words = pattern.elements[beside] or frozenset()
        others = tuple(e for e in pattern.elements if e and e is not words)
        return _Anchored(pattern, number, least, most, words, others)


class KeptIndex(TypedDict):
    """An index as a file keeps it: lines that are read when they are needed."""

    patterns: Sequence[str]
    """One a line, see `_written`."""
    by_word: Mapping[str, str]
    """Rarest word → of each pattern its number, the fewest and the most words before this
    one, and the place of its second rarest element: "12,0,3,1 15,1,1,0"."""
    first_words: Sequence[str]


def _written(pattern: Pattern) -> str:
    """A pattern as a line: slot, value, the names of its marks, its elements."""
    marks = " ".join(name for name in _MARKS if getattr(pattern, name))
    elements = (_GAP if e is None else "/".join(sorted(e)) for e in pattern.elements)
    return "\t".join((pattern.slot, pattern.value, marks, " ".join(elements)))


def _read(line: str) -> Pattern:
    """The pattern of such a line."""
    slot, value, marks, text = line.split("\t")
    parts = text.split(" ") if text else ()
    elements = tuple(None if p == _GAP else frozenset(p.split("/")) for p in parts)
    there = marks.split(" ")
    return Pattern(slot, value, elements, *(name in there for name in _MARKS))


def by_rarest_word(
    patterns: Iterable[Pattern], common: AbstractSet[str] = frozenset()
) -> PatternIndex:
    """An index of patterns; `common` are words that questions are full of."""
    patterns = list(patterns)
    used = Counter(w for p in patterns for e in p.elements for w in e or ())
    cost = {w: n + (_COMMON if w in common else 0) for w, n in used.items()}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, one in enumerate(patterns):
        if not one.weight:
            continue
        rarest, beside, least, most = _anchor(one.elements, cost)
        for word in one.elements[rarest] or ():
            found[word].append(f"{number},{least},{most},{beside}")
    return PatternIndex(
        {
            "patterns": [*map(_written, patterns)],
            "by_word": {word: " ".join(found[word]) for word in sorted(found)},
            "first_words": sorted({w for p in patterns for w in p.elements[0] or ()}),
        }
    )


def _anchor(
    elements: tuple[Element, ...], cost: Mapping[str, int]
) -> tuple[int, int, int, int]:
    """The places of the rarest element and the next, and how many words precede the first.

    The fewest and the most.
    """
    choices: list[tuple[int, int, int, int]] = []
    least = most = 0
    for place, element in enumerate(elements):
        if element is None:
            most += _REACH
            continue
        price = sum(cost[word] for word in element) * (1 + most - least)
        choices.append((price, place, least, most))
        least, most = least + 1, most + 1
    (_, place, least, most), *others = sorted(choices)
    return place, others[0][1] if others else place, least, most


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


def _end(elements: Sequence[Element], words: Sequence[str], at: int) -> int | None:
    """Where a pattern that begins at a place ends; the shortest gap wins."""
    return _end_from(elements, words, (0, at), set())


def _end_from(
    elements: Sequence[Element],
    words: Sequence[str],
    here: tuple[int, int],
    failed: set[tuple[int, int]],
) -> int | None:
    """The same from an element and a word on; `failed` are such places that lead nowhere.

    Without them a pattern of six gaps would be tried in thousands of ways.
    """
    place, at = here
    for element in elements[place:]:
        place += 1
        if element is None:
            for ahead in range(at, at + _REACH + 1):
                there = place, ahead
                if there in failed:
                    continue
                end = _end_from(elements, words, there, failed)
                if end is not None:
                    return end
                failed.add(there)
            return None
        if at >= len(words) or words[at] not in element:
            return None
        at += 1
    return at
