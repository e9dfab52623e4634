"""Mistyped words to words of the book, by the edits of rapidfuzz.

Knows the book's vocabulary and a list of ordinary words; no grammar, no meaning.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_SHORTEST = 3
_TWO_EDITS = 6
_LONGEST = 24
_SHORT = 4
"""Letters of the longest word that is mended only to a common one."""
_COMMON, _RARER = 3_500, 4
"""Of so many words of the phrases a common one is one; halves may be that much rarer."""
_HALVES = 2
MOST_SLIPS = 10
"""Different words that are looked up for one text; whoever makes more is not writing."""
_REMEMBERED = 1 << 12
"""Words whose correction is remembered: half a megabyte."""

_FORM = 5
"""Letters of the shortest word that is told by its stem: less may be any word's."""

# What a slip costs: fingers miss a key, swap two, skip or double one more often than
# they write something else, and they seldom start wrong.
_LIKELY, _UNLIKELY, _START = 1.0, 1.5, 0.5
_FAME = 0.12


class Correction(NamedTuple):
    """The words to go on with, and what was changed in them."""

    words: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...] = ()


class Inflection(NamedTuple):
    """What tells the forms of a word in a language where each has many."""

    stem: Callable[[str], str]
    exact: AbstractSet[str]
    """Words that are read letter by letter, as those of times are: mended all the same."""


class SpellingCorrector:
    """Puts slips of the finger right, leaves good words alone.

    An ordinary word that the book lacks is kept: it says that the question is about
    something else, and its nearest neighbour in the book would say the contrary.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        ordinary: AbstractSet[str] = frozenset(),
        keyboard: tuple[str, ...] = (),
        inflection: Inflection | None = None,
    ) -> None:
        self.counts = dict(vocabulary)
        """How often the phrases use each word that they have."""
        self._ordinary = ordinary
        self._keyboard, self._inflection = keyboard, inflection
        self._mended = lru_cache(maxsize=_REMEMBERED)(self._mend)

    # Made when the first slip is met: many a question has none.
    @cached_property
    def _book(self) -> _Shelves:
        return _Shelves(self.counts)

    @cached_property
    def _rest(self) -> _Shelves:
        return _Shelves(self._ordinary - self.counts.keys())

    @cached_property
    def _beside(self) -> frozenset[str]:
        """Pairs of letters whose keys touch."""
        rows = self._keyboard
        return frozenset(
            pair
            for row, below in zip(rows, (*rows[1:], ""), strict=False)
            for at, key in enumerate(row)
            for other in {*row[at + 1 : at + 2], *below[max(0, at - 1) : at + 1]}
            for pair in (key + other, other + key)
        )

    def uses(self, word: str) -> int:
        """How often the book uses it."""
        return self.counts.get(word, 0)

    def correct(self, words: Iterable[str]) -> Correction:
        """The words as they are, or as the book spells them."""
        [only] = self.correct_each([words])
        return only

    def correct_each(self, clauses: Iterable[Iterable[str]]) -> list[Correction]:
        """The clauses of one text, for which only so many slips are looked up."""
        looked_up: dict[str, str] = {}
        return [self._corrected(clause, looked_up) for clause in clauses]

    def _corrected(self, words: Iterable[str], looked_up: dict[str, str]) -> Correction:
        out: list[str] = []
        corrections: list[tuple[str, str]] = []
        for wrong, word in self._joined(tuple(words)):
            right = word
            if self._may_be_slip(word):
                if word not in looked_up and len(looked_up) < MOST_SLIPS:
                    looked_up[word] = self._mended(word)
                right = looked_up.get(word, word)
            out += right.split()
            if right != wrong:
                corrections.append((wrong, right))
        return Correction(tuple(out), tuple(corrections))

    def _may_be_slip(self, word: str) -> bool:
        known = word in self.counts or word in self._ordinary
        if known or not word.isalpha() or self._is_form(word):
            return False
        return _SHORTEST <= len(word) <= _LONGEST

    def _is_form(self, word: str) -> bool:
        """Whether it has the stem of a word that there is: "mandar" beside "mando"."""
        found = self._inflection
        if found is None or len(word) < _FORM:
            return False
        return found.stem(word) in self._stems

    @cached_property
    def _stems(self) -> frozenset[str]:
        if self._inflection is None:
            return frozenset()
        stem, exact = self._inflection
        known = frozenset(map(stem, (*self.counts, *self._ordinary)))
        return known.difference(map(stem, exact))

    def _joined(self, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Each word as given and as taken: "un send" is one word of the book."""
        at = 0
        while at < len(words):
            word = words[at]
            if word not in self.counts and at + 1 < len(words):
                whole = word + words[at + 1]
                if whole in self.counts and len(whole) >= _TWO_EDITS:
                    yield f"{word} {words[at + 1]}", whole
                    at += 2
                    continue
            yield word, word
            at += 1

    def _mend(self, word: str) -> str:
        near = [r for r in self._book.near(word, 1) if self._is_likely(word, r)]
        started = [right for right in near if right[0] == word[0]]
        others = self._rest.near(word, 1, started=True)
        started += [right for right in others if self._is_likely(word, right)]
        found = self._best(word, started or near) or self._halves(word)
        if not found and len(word) >= _TWO_EDITS:
            found = self._best(word, self._book.near(word, 2, started=True))
        return found or word

    def _is_likely(self, word: str, right: str) -> bool:
        """Whether a short word is a slip of one that is in every mouth.

        Else it is short for something, such as a role, a unit or an office.
        """
        if len(word) > _SHORT:
            return True
        if self.counts.get(right, 0) < self._common:
            return False
        return len(word) == _SHORT or _slip(word, right, self._beside) <= _LIKELY

    @cached_property
    def _common(self) -> float:
        """How often the book uses a word that many phrases have."""
        return sum(self.counts.values()) / _COMMON

    def _best(self, word: str, near: list[str]) -> str:
        return min(near, key=lambda right: (self._cost(word, right), right), default="")

    def _cost(self, wrong: str, right: str) -> float:
        fame = _FAME * math.log(1 + self.counts.get(right, 0))
        return _slip(wrong, right, self._beside) - fame

    def _halves(self, word: str) -> str:
        """Two words of the book that were run together, or nothing."""
        cuts = range(_HALVES, len(word) - _HALVES + 1)
        pairs = [(word[:at], word[at:]) for at in cuts]
        rarer = {pair: min(map(self.uses, pair)) for pair in pairs}
        least = max(1, self._common / _RARER)
        known = [pair for pair in pairs if rarer[pair] >= least]
        best = max(known, key=rarer.__getitem__, default=("",))
        return " ".join(best)


@dataclass(frozen=True, eq=False)
class _Shelf:
    """Words, each with the set of its letters as bits."""

    words: tuple[str, ...]
    letters: npt.NDArray[np.uint32]


class _Shelves:
    """Words in which those a few edits away are found without looking at each.

    One edit takes at most one letter out of a word's set of letters and brings at most
    one in. So only words whose sets differ by no more are measured.
    """

    def __init__(self, words: Iterable[str]) -> None:
        by_length: dict[int, list[str]] = {}
        for word in sorted(words):
            if len(word) >= _SHORTEST and word.isalpha():
                by_length.setdefault(len(word), []).append(word)
        self._by_length = by_length
        self._shelves: dict[range, _Shelf] = {}
        self._started: dict[tuple[str, int], list[str]] = {}
        for length, some in by_length.items():
            for word in some:
                self._started.setdefault((word[0], length), []).append(word)

    def near(self, word: str, edits: int, *, started: bool = False) -> list[str]:
        """The words within so many edits; only those that start alike, if asked."""
        lengths = range(len(word) - edits, len(word) + edits + 1)
        if started:
            # So few that it costs less to measure them all.
            some = [w for n in lengths for w in self._started.get((word[0], n), ())]
            return _within(word, some, edits)
        shelf = self._shelf(lengths)
        [own] = _letters([word])
        differ = shelf.letters ^ own
        for _ in range(2 * edits):
            differ &= differ - np.uint32(1)  # takes the lowest bit out
        some = [shelf.words[at] for at in np.flatnonzero(differ == 0).tolist()]
        return _within(word, some, edits)

    def _shelf(self, lengths: range) -> _Shelf:
        """The words of some lengths; each word is on a shelf of every length near its own."""
        found = self._shelves.get(lengths)
        if found is None:
            groups = [self._by_length[n] for n in lengths if n in self._by_length]
            words = tuple(word for group in groups for word in group)
            empty = np.zeros(0, np.uint32)
            letters = np.concatenate([empty, *(_letters(group) for group in groups)])
            found = self._shelves[lengths] = _Shelf(words, letters)
        return found


def _within(word: str, some: list[str], edits: int) -> list[str]:
    """Those of some words that are so few edits away."""
    # Here, not above: most questions have no slip, and it takes a start a fortieth of its time.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    hits = process.extract(
        word,
        some,
        scorer=OSA.distance,
        processor=None,
        score_cutoff=edits,
        limit=None,
    )
    return [hit[0] for hit in hits]


def _letters(words: list[str]) -> npt.NDArray[np.uint32]:
    """The letters of words of one length, as bits; those of some alphabets share bits."""
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    bits = np.left_shift(np.uint32(1), codes & 31, dtype=np.uint32)
    found: npt.NDArray[np.uint32] = np.bitwise_or.reduce(
        bits.reshape(len(words), -1), axis=1
    )
    return found


def _slip(wrong: str, right: str, beside: frozenset[str]) -> float:
    """The cost of what differs between two words one slip, or more, apart."""
    head = _alike(wrong, right)
    tail = _alike(wrong[head:][::-1], right[head:][::-1])
    typed, meant = wrong[head : len(wrong) - tail], right[head : len(right) - tail]
    start = 0.0 if head else _START
    match len(typed), len(meant):
        case 1, 0:
            likely = wrong[head - 1 : head] == typed
        case 0, 1:
            likely = True
        case 1, 1:
            likely = typed + meant in beside
        case _:
            likely = typed == meant[::-1]
    return start + (_LIKELY if likely else _UNLIKELY)


def _alike(one: str, other: str) -> int:
    """How many letters two words start with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
