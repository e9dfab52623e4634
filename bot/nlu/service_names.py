"""The services that a message names, and which of them it was sent on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from bot.nlu import tokenizer
from bot.nlu.extraction import EntityMatch
from bot.nlu.matching import Line, choose, matches

_TWO = 2
_LEAD = 4
"""Words before a name that tell whether it is compared."""


class Named(NamedTuple):
    """The services that a message names."""

    meant: list[EntityMatch]
    """All but those that are refused or put right."""
    about: list[EntityMatch]
    """Those that the message may have been sent on."""
    aside: list[EntityMatch]
    """Those that are compared with, or where the recipient reads it."""
    refused: set[int]
    """Positions of names that are refused or put right."""


def named(line: Line, taken: Sequence[tuple[int, int]]) -> Named:
    """The names in a line, but for those within the words of a time."""
    found = choose(line, line.patterns.services, taken)
    names = [name for name in found if not _is_ordinary(line, name)]
    meant = _outdone(line, _meant(line, names) or names)
    aside = set(_aside(line, meant))
    sent_on = [f for f in meant if f not in aside]
    # A message "on X on my phone" is about X: a name in full outdoes an ambiguous one.
    equal = _listed(line, names)
    about = [f for f in sent_on if not f.ambiguous or f in equal] or sent_on
    told = set(meant)
    refused = {i for f in names if f not in told for i in range(f.start - 1, f.end)}
    return Named(meant, about, [f for f in meant if f in aside], refused)


def within(line: Line, names: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The kinds that a service's name is the beginning of: "x chat"."""
    patterns = line.patterns
    own = {name.value for name in names} & set(patterns.implied.values())
    found = list(matches(line, patterns.implying)) if own else []
    ends = {i: name for name in names for i in range(name.start, name.end)}
    return [
        EntityMatch(patterns.roles.kind, m.pattern.value, ends[m.start].start, m.end)
        for m in found
        if m.start in ends
        and m.end > ends[m.start].end
        and patterns.implied.get(m.pattern.value) == ends[m.start].value
    ]


def implied(line: Line, others: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The service that a kind means, or that words imply, in a line that names none."""
    roles = line.patterns.roles
    kind = next((f.value for f in others if f.slot == roles.kind), "")
    if kind in line.patterns.implied:
        return [EntityMatch(roles.service, line.patterns.implied[kind], 0, 0)]
    hints = _here(line, choose(line, line.patterns.hints))
    if len({hint.value for hint in hints}) != 1:
        return []
    return [EntityMatch(roles.service, hints[0].value, 0, 0, implied=True)]


def _here(line: Line, hints: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The hints that count: not "emailed a recruiter", but for the hint "an email"."""
    elsewhere = line.patterns.words.elsewhere
    told = {at for at, word in enumerate(line.words) if word in elsewhere}
    return [h for h in hints if not told or told & set(range(h.start, h.end))]


def _meant(line: Line, names: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The names that are neither refused ("not on X, on Y") nor put right ("X, no Y")."""
    said, words, language = line.words, line.patterns.words, line.patterns.language
    naming = language.naming
    kept: list[EntityMatch] = []
    denied: set[str] = set()
    for name in names:
        between = said[kept[-1].end : name.start] if kept else ()
        corrects = language.holds(between, words.meant)
        # "Sent on X, sorry, on a phone" adds the device.
        device = _is_device(line, name)
        if corrects and not device and words.skip.issuperset(between):
            kept.clear()
        if _before(line, name, naming.between) != naming.denial:
            kept.append(name)
        else:
            denied.add(name.value)
    # "It was not X but Y. The one on X was another."
    return [name for name in kept if name.value not in denied] or kept


def _outdone(line: Line, names: list[EntityMatch]) -> list[EntityMatch]:
    """The names without those that words outdo: what they say is another service's."""
    named = {name.value for name in names}
    for m in matches(line, line.patterns.outdoing):
        better, worse = m.pattern.slot, m.pattern.value
        told = EntityMatch(line.patterns.roles.service, better, m.start, m.end)
        naming = line.patterns.language.naming
        denied = _before(line, told, naming.between) == naming.denial
        if worse not in named or denied or _compared(line, told):
            continue
        left = [name for name in names if name.value not in (better, worse)]
        return sorted([*left, told._replace(implied=True)], key=lambda f: f.start)
    return names


def _aside(line: Line, names: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The names of services that it was not sent on: "like on X", "to her X from Y"."""
    words, naming = line.patterns.words, line.patterns.language.naming
    aside = [name for name in names if _compared(line, name)]
    if len(names) < _TWO:
        return aside
    # "It was on X, I have a phone" asks for no other one.
    if not _is_device(line, names[-1]):
        aside += [n for n in names[:-1] if n not in aside and _is_known(line, n)]
    held = [name for name in names if name not in aside and _is_held(line, name)]
    if len({name.value for name in (*aside, *held)}) < len({n.value for n in names}):
        aside += held
    if not words.moving.isdisjoint(line.words):
        return [*aside, *_left_behind(line, names)]
    leads = {name: _before(line, name, naming.owned) for name in names}
    if not naming.carried.isdisjoint(leads.values()):
        aside += [name for name, lead in leads.items() if lead in naming.towards]
        aside += _recipients(line, names, leads)
    left = [name for name in names if name not in aside]
    told = [name for name in left if _after(line, name) not in words.attributed]
    # "In a group of X on an iPhone": the device is not where it went.
    if all(_is_device(line, name) for name in told):
        inside = (n for n in left if n not in told and leads[n] in naming.carries)
        told = [*inside] or told
    placed = [n for n in told if leads[n] in naming.carries and not n.ambiguous]
    asked = [name for name in left if _is_asked_too(line, name)]
    kept = {*(placed or told or left), *_listed(line, left), *asked}
    return [*aside, *(name for name in left if name not in kept)]


def _is_known(line: Line, name: EntityMatch) -> bool:
    """Whether it is told how it is there, for another: "on X I can. How is it on Y?"."""
    language, after = line.patterns.language, line.words[name.end :][:_LEAD]
    told = language.groups(line.patterns.words.known_there)
    return (
        tokenizer.line(after).startswith(told) and language.naming.denial not in after
    )


def _is_device(line: Line, name: EntityMatch) -> bool:
    """Whether the name is that of a device as well, as a phone's may be."""
    named = line.words[name.start : name.end]
    return line.patterns.words.devices.issuperset(named)


def _is_held(line: Line, name: EntityMatch) -> bool:
    """Whether others have it: "some of them use X", but not "I use X"."""
    lead = line.words[max(0, name.start - _LEAD) : name.start]
    naming = line.patterns.language.naming
    at = next((i for i, word in enumerate(lead) if word in naming.holding), 0)
    return bool(at) and (lead[at - 1] in naming.holders or lead[at - 1][0].isdigit())


def _left_behind(line: Line, names: Sequence[EntityMatch]) -> Sequence[EntityMatch]:
    """The names before the one that a talk went on with: "met on X, then moved to Y"."""
    *before, last = names
    naming = line.patterns.language.naming
    lead = line.words[max(0, last.start - _LEAD) : last.start]
    towards = _before(line, last, naming.owned) in naming.towards
    if not towards or naming.moved.isdisjoint(lead):
        return []
    # "From X to Y" may speak of what stayed on X.
    return before if naming.left.isdisjoint(line.words) else []


def _is_asked_too(line: Line, name: EntityMatch) -> bool:
    """Whether the same is asked for it: "same question for X", "what about X"."""
    naming = line.patterns.language.naming
    lead = line.words[max(0, name.start - 2) : name.start]
    asked = lead and lead[-1] in naming.asked_too
    return bool(asked) or not naming.same.isdisjoint(lead)


def _recipients(
    line: Line, names: Sequence[EntityMatch], leads: Mapping[EntityMatch, str]
) -> list[EntityMatch]:
    """Names behind a recipient: "from X to a lawyer with Y"."""
    naming = line.patterns.language.naming
    return [
        name
        for sender, name in pairwise(names)
        if leads[sender] in naming.carried
        and not naming.towards.isdisjoint(line.words[sender.end : name.start])
    ]


def _listed(line: Line, names: Sequence[EntityMatch]) -> set[EntityMatch]:
    """The names of lists: "X, Y and Z"."""
    joins = line.patterns.language.naming.joins
    listed: set[EntityMatch] = set()
    chain: list[EntityMatch] = []
    joined = False
    for name in names:
        between = line.words[chain[-1].end : name.start] if chain else ()
        if not chain or not joins.issuperset(between):
            chain, joined = [], False
        chain.append(name)
        joined = joined or bool(len(chain) > 1 and between)
        if joined:
            listed.update(chain)
    return listed


def _is_ordinary(line: Line, name: EntityMatch) -> bool:
    """Whether the name is a word like any other here: "no mobile signal"."""
    ordinary = line.patterns.words.ordinary
    if line.words[name.start] not in _words_of(ordinary):
        return False
    starts = range(max(0, name.start - _LEAD), name.start + 1)
    ends = range(name.end, name.end + _LEAD)
    return any(tuple(line.words[i:j]) in ordinary for i in starts for j in ends)


@lru_cache(maxsize=16)
def _words_of(groups: frozenset[tuple[str, ...]]) -> frozenset[str]:
    """Every word of some groups; they are the knowledge's."""
    return frozenset(word for group in groups for word in group)


def _compared(line: Line, name: EntityMatch) -> bool:
    words, language = line.patterns.words, line.patterns.language
    # A name may hold its preposition: "on X".
    own = (
        1
        if line.words[name.start] in language.naming.carried
        and name.end - name.start > 1
        else 0
    )
    start, end = max(0, name.start - _LEAD), name.start + own
    lead = tokenizer.line(line.words[start:end])
    if not lead.endswith(language.groups(words.compared)):
        return False
    return not lead.endswith(language.groups(words.examples))


def _before(line: Line, name: EntityMatch, skipped: frozenset[str]) -> str:
    """The word before a name; that it begins with, where that is a preposition."""
    at, naming = name.start, line.patterns.language.naming
    own = line.words[at] in naming.carried and name.end - at > 1
    if own and skipped is naming.owned:
        return line.words[at]
    at -= 1
    while at >= 0 and line.words[at] in skipped:
        at -= 1
    return line.words[at] if at >= 0 else ""


def _after(line: Line, name: EntityMatch) -> str:
    return line.words[name.end] if name.end < len(line.words) else ""
