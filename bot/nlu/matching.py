"""Which of the names that match a line of words count, and which of these hold a place.

All of it takes steps in proportion to the words, however they are chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.nlu import durations
from bot.nlu.extraction import EntityMatch, EntityPatterns
from bot.nlu.patterns import Match, PatternIndex

_CLOSE, _FAR = 2, 6
"""How far before a read state a word of `modal`, and of `rule`, counts."""
_NOTE = 12
"""Words that a span of time may have beside a name in a note of facts."""


@dataclass(frozen=True)
class Line:
    """Words in which names are looked for, perhaps after a question about slots."""

    patterns: EntityPatterns
    words: Sequence[str]
    open_slots: frozenset[str] = frozenset()
    """Slots that a bare answer may be about."""
    proper: frozenset[str] = frozenset()
    """Words that were written like a name."""
    starts: tuple[int, ...] = ()
    """Where sentences begin, besides at the first word."""

    def sentence(self, at: int) -> tuple[int, int]:
        """From where to where the sentence of a word goes."""
        begin = max((start for start in self.starts if start <= at), default=0)
        ends = (start for start in self.starts if start > at)
        return begin, min(ends, default=len(self.words))

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """The places of the words that say something."""
        skip = self.patterns.words.skip
        return tuple(at for at, word in enumerate(self.words) if word not in skip)

    @cached_property
    def nameless(self) -> tuple[int, ...]:
        """Those of them that no service's name begins with."""
        first = self.patterns.services.first_words
        return tuple(at for at in self.telling if self.words[at] not in first)


def choose(
    line: Line, index: PatternIndex, taken: Sequence[tuple[int, int]] = ()
) -> list[EntityMatch]:
    """The matches that hold their place: earlier values first, then longer ones."""
    found = list(matches(line, index))
    if not found:
        return []
    order = line.patterns.order

    def precedence(m: Match) -> tuple[int, int, int, int, int]:
        slot, value = m.pattern.slot, m.pattern.value
        ahead = order.get((slot, value), 0)
        return ahead, -m.pattern.weight, m.start, m.end, m.number

    held: dict[str, set[int]] = defaultdict(set)
    blocked = {i for start, end in taken for i in range(start, end)}
    chosen: list[EntityMatch] = []
    for m in sorted(_own_first(line, found), key=precedence):
        place, slot = set(range(m.start, m.end)), m.pattern.slot
        if place & held[slot] or place & blocked:
            continue
        held[slot] |= place
        chosen.append(
            EntityMatch(slot, m.pattern.value, m.start, m.end, m.pattern.ambiguous)
        )
    return sorted(chosen, key=lambda f: (f.start, f.end))


def _own_first(line: Line, found: Sequence[Match]) -> Iterator[Match]:
    """All but names of services without a file that begin with one with: "x chat".

    A name may hold its preposition: "on x".
    """
    uncovered, placed = line.patterns.uncovered, line.patterns.language.naming.at
    own = {
        m.start
        for m in found
        if m.pattern.value not in uncovered and not m.pattern.ambiguous
    }
    for m in found:
        first = m.start + (line.words[m.start] in placed)
        if m.pattern.value not in uncovered or first not in own:
            yield m


def matches(line: Line, index: PatternIndex) -> Iterator[Match]:
    """The patterns that match, where the words around allow it."""
    asked, state = line.open_slots, line.patterns.roles.state
    for found in index.matches(line.words):
        (slot, _, _, whole, ambiguous, deed), start, end, _ = found
        if whole and (slot not in asked or not _whole(line, start, end)):
            continue
        if ambiguous and not (slot in asked or _near(line, start, end)):
            continue
        if end - start == _PAIR and " ".join(line.words[start:end]) in line.proper:
            continue  # two names of a list are not one
        if slot == state and not whole and _ruled(line, start):
            continue
        if deed and not _told(line, start, end):
            continue
        yield found


_PAIR = 2
"""Words that a mark may part."""


def _told(line: Line, start: int, end: int) -> bool:
    """Whether a verb tells what the asker did."""
    begin, stop = line.sentence(start)
    words = line.words[begin:stop]
    told = line.patterns.language.told
    things = line.patterns.words.things
    return bool(told and told(words, start - begin, end - begin, things))


def _whole(line: Line, start: int, end: int) -> bool:
    """Whether nothing is said outside a place."""
    telling = line.telling
    return not telling or (start <= telling[0] and telling[-1] < end)


def _near(line: Line, start: int, end: int) -> bool:
    """Whether its writing or words beside it make an ambiguous name a service's."""
    near, words = line.patterns.words.near, line.words
    devices = line.patterns.words.devices
    if any(w in line.proper and w not in devices for w in words[start:end]):
        return True
    beside = [*words[max(0, start - 2) : start], *words[end : end + 2]]
    if any(word in near for word in beside):
        return True
    # "Signal, 5 minutes" is a note of facts.
    # So are two names beside each other: "not this one, that one", "this or that".
    if len(line.nameless) > _NOTE + end - start:
        return False
    others = [words[at] for at in line.nameless if not start <= at < end]
    return not others or _is_span(line, others)


def _is_span(line: Line, words: Sequence[str]) -> bool:
    grammar = line.patterns.language.durations
    return durations.alone(words, grammar) is not None


def _ruled(line: Line, start: int) -> bool:
    """Whether the words before make a state a question: "whether she opened it"."""
    words, said = line.patterns.words, line.words
    language = line.patterns.language
    denied = said[start] in language.naming.denied
    if start and said[start - 1] in words.own and not denied:
        return True
    if words.modal & set(said[max(0, start - _CLOSE) : start]):
        return True
    return language.holds(said[max(0, start - _FAR) : start], words.rule)
