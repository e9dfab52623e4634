"""Words → the facts that they state, and the words that are left for the topic.

The first value of a slot that matches at a place holds it, so `unread` stands before
`read` in the slot's values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from bot.nlu import clock_times, durations, tokenizer
from bot.nlu.patterns import Match, PatternIndex

_NOT = "not"
_PLACED = frozenset({"on", "in", "at", "by", "from", "via", "with", "the", "a"})
"""Between "not" and the name of a service."""
_COMPARED = 4
_CLOSE, _FAR = 2, 6
"""How far before a read state a word of `modal`, and of `rule`, counts."""

class EntityMatch(NamedTuple):
    """A value that words state: those from `start` up to, not including, `end`."""

    slot: str
    value: str
    start: int
    end: int
    ambiguous: bool = False
    implied: bool = False
    """Whether words only imply it: "blue ticks"."""


class Extraction(NamedTuple):
    """What a message states."""

    found: tuple[EntityMatch, ...]
    age: timedelta | None = None
    """How long ago the message went out, where the words say so."""
    slack: timedelta = timedelta(0)
    """By how much that may be off."""
    when: clock_times.ClockReading = clock_times.ClockReading()
    """What clock or calendar showed then, where the words say that instead."""
    masked: tuple[str, ...] = ()
    """The words with names replaced by `{platform}` and the like, for matching."""
    positions: tuple[int, ...] = ()
    """The place of each masked word among the words."""
    rest: tuple[str, ...] = ()
    """The words that state no fact."""
    platforms: tuple[str, ...] = ()
    """Every platform named, in order."""
    views: Mapping[str, str] = MappingProxyType({})
    """Wishes on how to answer; they are no facts about the message."""

    @property
    def values(self) -> dict[str, str]:
        """The first value stated of each slot."""
        return {f.slot: f.value for f in reversed(self.found)}


class SlotRoles(NamedTuple):
    """The names of the slots that are read in a way of their own."""

    service: str
    kind: str
    state: str
    """What becomes of the message: words of a rule or a question do not state it."""
    uncovered: str
    """The value of the service's slot that stands for all that have no file."""
    versus: str
    """The slot of services that are held against each other, joined by `+`."""

    @property
    def service_mask(self) -> str:
        """What stands for a service's name in the words that are classified."""
        return f"{{{self.service}}}"


class TalkWords(NamedTuple):
    """Words that tell how a name or a state beside them is meant."""

    near: frozenset[str]
    """Words of messaging that make an ambiguous name count."""
    rule: tuple[str, ...]
    modal: frozenset[str]
    skip: frozenset[str]
    meant: tuple[str, ...] = ()
    """What opens a correction."""


class EntityPatterns(NamedTuple):
    """All names of the slots' values."""

    roles: SlotRoles
    words: TalkWords
    services: PatternIndex
    others: PatternIndex
    """Of all slots but the service's."""
    order: Mapping[tuple[str, str], int]
    """Slot and value of the others → their precedence."""
    views: frozenset[str] = frozenset()
    """Slots that say how an answer is shown."""
    implied: Mapping[str, str] = MappingProxyType({})
    """Kind → the service that naming it means."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of a name."""
        return self.services.vocabulary | self.others.vocabulary


def extract(
    patterns: EntityPatterns, said: Sequence[str], requested_slot: str | None = None
) -> Extraction:
    """The facts that words state, perhaps in answer to a question about a slot.

    Names of services come first, since other patterns may speak of them.
    """
    age, when = _times(said)
    line = _Line(patterns, said, requested_slot)
    named, services = _services(line, age.taken)
    others = _others(line, services)
    views = {f.slot: f.value for f in reversed(others) if f.slot in patterns.views}
    platforms = tuple(dict.fromkeys(f.value for f in named.meant))
    if len(platforms) > 1:
        views[patterns.roles.versus] = "+".join(platforms[:_COMPARED])
    others = [f for f in others if f.slot not in patterns.views]
    kinds = _within(line, services)
    found = [*services, *(k._replace(end=k.start) for k in kinds), *others]
    found += _implied(patterns, others, services)
    covered = named.refused | {
        i for f in (*found, *kinds) for i in range(f.start, f.end)
    }
    if age.age is None and not age.taken:
        age = _note(line, covered)
    covered |= {i for start, end in age.taken for i in range(start, end)}
    masked, positions = _masked(line, found, age.taken)
    skip = patterns.words.skip
    return Extraction(
        found=tuple(found),
        age=age.age,
        slack=age.slack,
        when=when,
        masked=masked,
        positions=positions,
        rest=tuple(w for i, w in enumerate(said) if i not in covered and w not in skip),
        platforms=platforms,
        views=views,
    )


class _Line(NamedTuple):
    """A message under extraction."""

    patterns: EntityPatterns
    said: Sequence[str]
    requested_slot: str | None


class _Named(NamedTuple):
    """The services that a message names."""

    meant: list[EntityMatch]
    refused: set[int]
    """Positions of names that are refused or put right."""


def _times(
    said: Sequence[str],
) -> tuple[durations.StatedAge, clock_times.ClockReading]:
    """The span and the clock time that words state; a known span outdoes the clock."""
    age = durations.stated_age(said)
    when = clock_times.clock_reading(said)
    if when.elapsed is not None and age.age is None and when.day is None:
        age = age._replace(age=when.elapsed, slack=timedelta(0))
    if when.taken:
        age = age._replace(taken=_apart(age.taken, when.taken))
    return age, when


def _services(
    line: _Line, taken: Sequence[tuple[int, int]]
) -> tuple[_Named, list[EntityMatch]]:
    """The names of services that are meant, and those that the message is about."""
    names = _choose(line, line.patterns.services, line.said, taken)
    meant = _meant(line, names) or names
    refused = {i for f in names if f not in meant for i in range(f.start - 1, f.end)}
    # A message "on X on my phone" is about X: a name in full outdoes an ambiguous one.
    about = [f for f in meant if not f.ambiguous] or meant
    return _Named(meant, refused), about


def _others(line: _Line, services: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The values of all other slots, in the words with services masked."""
    tokens = list(line.said)
    mask = line.patterns.roles.service_mask
    for name in services:
        tokens[name.start : name.end] = [mask, *[""] * (name.end - name.start - 1)]
    places = [i for i, token in enumerate(tokens) if token]
    masked = [tokens[i] for i in places]
    return [
        EntityMatch(f.slot, f.value, places[f.start], places[f.end - 1] + 1)
        for f in _choose(line, line.patterns.others, masked, ())
    ]


def _implied(
    patterns: EntityPatterns,
    others: Sequence[EntityMatch],
    services: Sequence[EntityMatch],
) -> list[EntityMatch]:
    """The service that a kind means, where none is named."""
    roles = patterns.roles
    kind = next((f.value for f in others if f.slot == roles.kind), "")
    if services or kind not in patterns.implied:
        return []
    return [EntityMatch(roles.service, patterns.implied[kind], 0, 0)]


def _apart(*places: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Places in their order, those that touch made one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(place for some in places for place in some):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def _within(line: _Line, names: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The kinds that a service's name is the beginning of: "x chat"."""
    patterns = line.patterns
    own = {name.value for name in names} & set(patterns.implied.values())
    matches = list(_matches(line, patterns.others, line.said)) if own else []
    return [
        EntityMatch(patterns.roles.kind, m.pattern.value, name.start, m.end)
        for name in names
        for m in matches
        if name.start <= m.start < name.end < m.end
        and patterns.implied.get(m.pattern.value) == name.value
    ]


def _meant(line: _Line, names: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The names that are neither refused ("not on X, on Y") nor put right ("X, no Y")."""
    said, words = line.said, line.patterns.words
    kept: list[EntityMatch] = []
    for name in names:
        between = said[kept[-1].end : name.start] if kept else ()
        if words.skip.issuperset(between) and tokenizer.holds(between, words.meant):
            kept.clear()
        before = name.start - 1
        while before >= 0 and said[before] in _PLACED:
            before -= 1
        if before < 0 or said[before] != _NOT:
            kept.append(name)
    return kept


def _note(line: _Line, covered: set[int]) -> durations.StatedAge:
    """A bare span in a note of facts: "signal, 5 minutes", "no, more like an hour"."""
    found = durations.bare(line.said)
    within = {i for start, end in found.taken for i in range(start, end)}
    words = line.patterns.words
    for i, word in enumerate(line.said):
        known = i in covered or i in within
        if not known and word not in words.skip and word not in words.near:
            return durations.StatedAge()
    return found


def _choose(
    line: _Line,
    patterns: PatternIndex,
    tokens: Sequence[str],
    taken: Sequence[tuple[int, int]],
) -> list[EntityMatch]:
    """The matches that hold their place: earlier values first, then longer ones."""
    order = line.patterns.order

    def precedence(m: Match) -> tuple[int, int, int, int, int]:
        slot, value = m.pattern.slot, m.pattern.value
        ahead = order.get((slot, value), 0)
        return ahead, -m.pattern.weight, m.start, m.end, m.number

    held: dict[str, set[int]] = defaultdict(set)
    blocked = {i for start, end in taken for i in range(start, end)}
    chosen: list[EntityMatch] = []
    for m in sorted(_matches(line, patterns, tokens), key=precedence):
        place, slot = set(range(m.start, m.end)), m.pattern.slot
        if place & held[slot] or place & blocked:
            continue
        held[slot] |= place
        chosen.append(
            EntityMatch(slot, m.pattern.value, m.start, m.end, m.pattern.ambiguous)
        )
    return sorted(chosen, key=lambda f: (f.start, f.end))


def _matches(
    line: _Line, patterns: PatternIndex, tokens: Sequence[str]
) -> Iterator[Match]:
    """The patterns that match, where the words around allow it."""
    asked, state = line.requested_slot, line.patterns.roles.state
    for found in patterns.matches(tokens):
        (slot, _, _, whole, ambiguous), start, end, _ = found
        if whole and (slot != asked or not _whole(line, tokens, start, end)):
            continue
        if ambiguous and not (slot == asked or _near(line, tokens, start, end)):
            continue
        if slot == state and not whole and _ruled(line, tokens, start):
            continue
        yield found


def _whole(line: _Line, tokens: Sequence[str], start: int, end: int) -> bool:
    outside = [*tokens[:start], *tokens[end:]]
    return all(w in line.patterns.words.skip for w in outside)


def _near(line: _Line, tokens: Sequence[str], start: int, end: int) -> bool:
    """Whether words beside an ambiguous name make it the name of a service."""
    patterns = line.patterns
    beside = [*tokens[max(0, start - 2) : start], *tokens[end : end + 2]]
    if any(w in patterns.words.near for w in beside):
        return True
    # "Signal, 5 minutes" is a note of facts.
    # So are two names beside each other: "not this one, that one", "this or that".
    outside = (*tokens[:start], *tokens[end:])
    others = [
        w
        for w in outside
        if w not in patterns.words.skip and w not in patterns.services.first_words
    ]
    return not others or durations.alone(others) is not None


def _ruled(line: _Line, tokens: Sequence[str], start: int) -> bool:
    """Whether the words before make a state a question: "whether she opened it"."""
    words = line.patterns.words
    if words.modal & set(tokens[max(0, start - _CLOSE) : start]):
        return True
    return tokenizer.holds(tokens[max(0, start - _FAR) : start], words.rule)


def _masked(
    line: _Line, found: Sequence[EntityMatch], taken: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names become one token each; read states stay and are named beside."""
    roles, near = line.patterns.roles, line.patterns.words.near
    out: list[str | None] = list(line.said)
    tail: dict[str, int] = {}
    for f in found:
        if f.slot == roles.service and f.end > f.start:
            other = f.value == roles.uncovered
            token = f"{{{roles.uncovered}}}" if other else roles.service_mask
            # "Delete a slack message" is not "delete a slack": the words of messaging
            # that belong to a name stay beside it.
            said, several = line.said, f.end - f.start > 1
            start = f.start + (said[f.start] in near and several)
            end = f.end - (said[f.end - 1] in near and f.end - start > 1)
        elif f.slot == roles.kind and f.end > f.start:
            token, start, end = f"{{{f.value}}}", f.start, f.end
        else:
            if f.slot == roles.state:
                tail.setdefault(f"{{{f.value}}}", f.start)
            continue
        out[start:end] = [token] + [None] * (end - start - 1)
    for start, end in taken:
        out[start:end] = [_TIME_MASK] + [None] * (end - start - 1)
    positions = [at for at, word in enumerate(out) if word is not None]
    masked = [word for word in out if word is not None]
    return (*masked, *tail), (*positions, *tail.values())


_TIME_MASK = "{sent}"
