"""Words → the facts that they state, and the words that are left for the topic.

Names are patterns over words: `a/b` is one of these words, `..` up to three of any
kind, a leading `=` means the whole message, as an answer to the question about its
slot. The first value of a slot that matches at a place holds it, so `unread` stands
before `read` in the slot's values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from bot.knowledge.model import OTHER, KnowledgeBase, Platform, Uncovered
from bot.nlu import clock_times, durations, tokenizer

_NOT = "not"
_PLACED = frozenset({"on", "in", "at", "by", "from", "via", "with", "the", "a"})
"""Between "not" and the name of a service."""
VERSUS = "versus"
"""The slot of services that are held against each other, joined by `+`."""

_COMPARED = 4
_GAP = ".."
_REACH = 3
"""Words that a gap may hold."""
_CLOSE, _FAR = 2, 6
"""How far before a read state a word of `modal`, and of `rule`, counts."""

Element = frozenset[str] | None
"""One of these words; None is a gap."""


class EntityMatch(NamedTuple):
    """A value that words state: those from `start` up to, not including, `end`."""

    slot: str
    value: str
    start: int
    end: int
    weak: bool = False


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
    assumed: str | None = None
    """The platform that the words let one think of, where they name none."""

    @property
    def values(self) -> dict[str, str]:
        """The first value stated of each slot."""
        return {f.slot: f.value for f in reversed(self.found)}


class Pattern(NamedTuple):
    slot: str
    value: str
    elements: tuple[Element, ...]
    whole: bool = False
    weak: bool = False
    covered: bool = True
    """Whether it names a service with a file of its own, or no service at all."""

    @property
    def weight(self) -> int:
        return sum(e is not None for e in self.elements)


class EntityPatterns(NamedTuple):
    """All names of a book's slots, by the first word that they may begin with."""

    services: Mapping[str, tuple[Pattern, ...]]
    others: Mapping[str, tuple[Pattern, ...]]
    """Of all slots but the service's."""
    order: Mapping[tuple[str, str], int]
    """Slot and value of the others → their precedence."""
    near: frozenset[str]
    rule: tuple[str, ...]
    modal: frozenset[str]
    skip: frozenset[str]
    elsewhere: frozenset[str] = frozenset()
    meant: tuple[str, ...] = ()
    """What opens a correction."""
    views: frozenset[str] = frozenset()
    implied: Mapping[str, str] = MappingProxyType({})
    """Kind → the platform that naming it means."""
    assumed: Mapping[str, tuple[Pattern, ...]] = MappingProxyType({})
    """What means a service where none is named."""
    uncovered: frozenset[str] = frozenset({OTHER})
    """The services that have no file of their own."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of a name."""
        both = (*self.services.values(), *self.others.values(), *self.assumed.values())
        every = (p.elements for ps in both for p in ps)
        return frozenset(w for es in every for e in es if e for w in e)


def entity_patterns(kb: KnowledgeBase) -> EntityPatterns:
    """The names of a book, ready for reading."""
    patterns: list[Pattern] = []
    implied: dict[str, str] = {}
    assumed: list[Pattern] = []
    for stem, platform in kb.platforms.items():
        named: dict[str, Platform | Uncovered] = {stem: platform, **platform.services}
        own = stem != OTHER
        for value, entry in named.items():
            patterns += _names(value, entry, covered=own)
        assumed += (_pattern("platform", stem, text) for text in platform.assumed)
        for kind, way in platform.kinds.items():
            patterns += (_pattern("kind", kind, name) for name in way.names)
            if way.implies:
                implied[kind] = stem
    for name, slot in kb.slots.items():
        if isinstance(slot.values, dict):
            for value, choice in slot.values.items():
                patterns += (_pattern(name, value, text) for text in choice.names)
    order: dict[tuple[str, str], int] = {}
    others = [pattern for pattern in patterns if pattern.slot != "platform"]
    views = frozenset(name for name, slot in kb.slots.items() if slot.view)
    for pattern in others:
        # Of wishes the longer one holds: "less formal", "less casual".
        ahead = order.get((pattern.slot, "")) if pattern.slot in views else None
        place = len(order) if ahead is None else ahead
        order.setdefault((pattern.slot, pattern.value), place)
        order.setdefault((pattern.slot, ""), place)
    return EntityPatterns(
        services=_by_word(p for p in patterns if p.slot == "platform"),
        others=_by_word(others),
        order=order,
        near=kb.words.near,
        rule=kb.words.rule,
        modal=kb.words.modal,
        skip=kb.words.skip,
        elsewhere=kb.words.elsewhere,
        meant=kb.words.meant,
        implied=implied,
        views=views,
        assumed=_by_word(assumed),
        uncovered=frozenset({OTHER, *kb.uncovered}),
    )


def _by_word(patterns: Iterable[Pattern]) -> dict[str, tuple[Pattern, ...]]:
    found: defaultdict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        for first in pattern.elements[0] or ():
            found[first].append(pattern)
    return {w: tuple(sorted(ps, key=lambda p: -p.weight)) for w, ps in found.items()}


def _names(
    value: str, entry: Platform | Uncovered, *, covered: bool
) -> Iterator[Pattern]:
    for name in entry.names:
        yield _pattern("platform", value, name)._replace(covered=covered)
    for name in entry.weak:
        yield _pattern("platform", value, name, weak=True)._replace(covered=covered)


def _pattern(slot: str, value: str, text: str, *, weak: bool = False) -> Pattern:
    whole = text.startswith("=")
    elements: list[Element] = []
    for part in text.removeprefix("=").split():
        if part == _GAP:
            elements.append(None)
        elif part.startswith("{"):
            elements.append(frozenset({part}))
        elif "/" in part:
            elements.append(
                frozenset(w for p in part.split("/") for w in tokenizer.tokenize(p))
            )
        else:
            elements += (frozenset({w}) for w in tokenizer.tokenize(part))
    return Pattern(slot, value, tuple(elements), whole, weak)


def extract(
    lex: EntityPatterns, said: Sequence[str], asked: str | None = None
) -> Extraction:
    """The facts that words state after a question about the slot `asked`.

    Names of services first, since other patterns may speak of `{platform}`.
    """
    age, slack, taken = durations.stated_age(said)
    when = clock_times.clock_reading(said)
    if when.elapsed is not None and age is None and when.day is None:
        age, slack = when.elapsed, timedelta(0)
    if when.taken:
        taken = _apart(taken, when.taken)
    names = _choose(lex, lex.services, said, asked, taken)
    meant = _meant(lex, said, names) or names
    refused = {i for f in names if f not in meant for i in range(f.start - 1, f.end)}
    platforms = tuple(dict.fromkeys(f.value for f in meant))
    # A message "on X on my phone" is about X: a name in full outdoes a weak one.
    names = [f for f in meant if not f.weak] or meant
    tokens = list(said)
    for name in names:
        tokens[name.start : name.end] = ["{platform}"] + [""] * (
            name.end - name.start - 1
        )
    places = [i for i, token in enumerate(tokens) if token]
    line = [tokens[i] for i in places]
    others = [
        EntityMatch(f.slot, f.value, places[f.start], places[f.end - 1] + 1)
        for f in _choose(lex, lex.others, line, asked, ())
    ]
    views = {f.slot: f.value for f in reversed(others) if f.slot in lex.views}
    if len(platforms) > 1:
        views[VERSUS] = "+".join(platforms[:_COMPARED])
    others = [f for f in others if f.slot not in lex.views]
    kinds = _within(lex, said, names, asked)
    found = [*names, *(k._replace(end=k.start) for k in kinds), *others]
    kind = next((f.value for f in others if f.slot == "kind"), "")
    if kind in lex.implied and not names:
        found.append(EntityMatch("platform", lex.implied[kind], 0, 0))
    covered = refused | {i for f in (*found, *kinds) for i in range(f.start, f.end)}
    if age is None and not taken:
        age, slack, taken = _note(lex, said, covered)
    covered |= {i for start, end in taken for i in range(start, end)}
    masked, positions = _masked(lex, said, found, taken)
    return Extraction(
        found=tuple(found),
        age=age,
        slack=slack,
        when=when,
        masked=masked,
        positions=positions,
        rest=tuple(
            w for i, w in enumerate(said) if i not in covered and w not in lex.skip
        ),
        platforms=platforms,
        views=views,
        assumed=_assumed(lex, said, found),
    )


def _assumed(
    lex: EntityPatterns, said: Sequence[str], found: Sequence[EntityMatch]
) -> str | None:
    """The platform that words mean without its name: "two blue ticks"."""
    if any(f.slot == "platform" for f in found) or not lex.elsewhere.isdisjoint(said):
        return None
    there = _choose(lex, lex.assumed, said, None, ())
    return there[0].value if there else None


def _apart(*places: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Places in their order, those that touch made one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(place for some in places for place in some):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def _within(
    lex: EntityPatterns,
    said: Sequence[str],
    names: Sequence[EntityMatch],
    asked: str | None,
) -> list[EntityMatch]:
    """The kinds that a service's name is the beginning of: "x chat"."""
    return [
        EntityMatch("kind", p.value, name.start, end)
        for name in names
        for start in range(name.start, name.end)
        for p, end in _at(lex, lex.others.get(said[start], ()), said, start, asked)
        if lex.implied.get(p.value) == name.value and end > name.end
    ]


def _meant(
    lex: EntityPatterns, said: Sequence[str], names: Sequence[EntityMatch]
) -> list[EntityMatch]:
    """The names that are neither refused ("not on X, on Y") nor put right ("X, no Y")."""
    kept: list[EntityMatch] = []
    for name in names:
        between = said[kept[-1].end : name.start] if kept else ()
        if lex.skip.issuperset(between) and tokenizer.holds(between, lex.meant):
            kept.clear()
        before = name.start - 1
        while before >= 0 and said[before] in _PLACED:
            before -= 1
        if before < 0 or said[before] != _NOT:
            kept.append(name)
    return kept


def _note(
    lex: EntityPatterns, said: Sequence[str], covered: set[int]
) -> durations.StatedAge:
    """A bare span in a note of facts: "signal, 5 minutes", "no, more like an hour"."""
    found = durations.bare(said)
    within = {i for start, end in found.taken for i in range(start, end)}
    for i, word in enumerate(said):
        known = i in covered or i in within
        if not known and word not in lex.skip and word not in lex.near:
            return durations.StatedAge()
    return found


def _choose(
    lex: EntityPatterns,
    patterns: Mapping[str, tuple[Pattern, ...]],
    line: Sequence[str],
    asked: str | None,
    taken: Sequence[tuple[int, int]],
) -> list[EntityMatch]:
    """The matches that hold their place: earlier values first, then longer ones."""
    matches = [
        (lex.order.get((p.slot, p.value), 0), -p.weight, start, end, p)
        for start, word in enumerate(line)
        if word in patterns
        for p, end in _at(lex, patterns[word], line, start, asked)
    ]
    if not matches:
        return []
    # A name in a service's own file goes before any compound of it elsewhere.
    own = {start for *_, start, _, p in matches if p.covered and not p.weak}
    matches = [m for m in matches if m[-1].covered or m[2] not in own]
    matches.sort(key=lambda m: m[:4])
    held: dict[str, set[int]] = defaultdict(set)
    blocked = {i for start, end in taken for i in range(start, end)}
    chosen: list[EntityMatch] = []
    for *_, start, end, p in matches:
        place = set(range(start, end))
        if place & held[p.slot] or place & blocked:
            continue
        held[p.slot] |= place
        chosen.append(EntityMatch(p.slot, p.value, start, end, p.weak))
    return sorted(chosen, key=lambda f: (f.start, f.end))


def _at(
    lex: EntityPatterns,
    patterns: Sequence[Pattern],
    line: Sequence[str],
    start: int,
    asked: str | None,
) -> Iterator[tuple[Pattern, int]]:
    for p in patterns:
        if p.whole and p.slot != asked:
            continue
        end = _match(p.elements, line, start)
        if end is None or (p.whole and not _whole(lex, line, start, end)):
            continue
        if p.weak and not (p.slot == asked or _near(lex, line, start, end)):
            continue
        if p.slot == "read" and not p.whole and _ruled(lex, line, start):
            continue
        yield p, end


def _match(elements: tuple[Element, ...], line: Sequence[str], at: int) -> int | None:
    """Where a pattern that begins at a place ends; the shortest gap wins."""
    for place, element in enumerate(elements):
        if element is None:
            rest = elements[place + 1 :]
            ends = (_match(rest, line, at + gap) for gap in range(_REACH + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(line) or line[at] not in element:
            return None
        at += 1
    return at


def _whole(lex: EntityPatterns, line: Sequence[str], start: int, end: int) -> bool:
    outside = [*line[:start], *line[end:]]
    return all(w in lex.skip for w in outside)


def _near(lex: EntityPatterns, line: Sequence[str], start: int, end: int) -> bool:
    beside = [*line[max(0, start - 2) : start], *line[end : end + 2]]
    if any(w in lex.near for w in beside):
        return True
    # "Signal, 5 minutes" is a note of facts.
    # So are two names beside each other: "not this one, that one", "this or that".
    outside = (*line[:start], *line[end:])
    others = [w for w in outside if w not in lex.skip and w not in lex.services]
    return not others or durations.alone(others) is not None


def _ruled(lex: EntityPatterns, line: Sequence[str], start: int) -> bool:
    """Whether the words before make a state a question: "whether she opened it"."""
    if lex.modal & set(line[max(0, start - _CLOSE) : start]):
        return True
    return tokenizer.holds(line[max(0, start - _FAR) : start], lex.rule)


def _masked(
    lex: EntityPatterns,
    said: Sequence[str],
    found: Sequence[EntityMatch],
    taken: Sequence[tuple[int, int]],
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names become one token each; read states stay and are named beside."""
    out: list[str | None] = list(said)
    tail: dict[str, int] = {}
    for f in found:
        if f.slot == "platform" and f.end > f.start:
            token = "{other}" if f.value in lex.uncovered else "{platform}"
            # "Delete a slack message" is not "delete a slack": the words of messaging
            # that belong to a name stay beside it.
            start = f.start + (said[f.start] in lex.near and f.end - f.start > 1)
            end = f.end - (said[f.end - 1] in lex.near and f.end - start > 1)
        elif f.slot == "kind" and f.end > f.start:
            token, start, end = f"{{{f.value}}}", f.start, f.end
        else:
            if f.slot == "read":
                tail.setdefault(f"{{{f.value}}}", f.start)
            continue
        out[start:end] = [token] + [None] * (end - start - 1)
    for start, end in taken:
        out[start:end] = ["{sent}"] + [None] * (end - start - 1)
    positions = [at for at, word in enumerate(out) if word is not None]
    masked = [word for word in out if word is not None]
    return (*masked, *tail), (*positions, *tail.values())
