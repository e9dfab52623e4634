"""Words → the facts that they state, and the words that are left for the topic.

The first value of a slot that matches at a place holds it, so `unread` stands before
`read` in the slot's values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.nlu import clock_times, dates, durations, service_names, tokenizer
from bot.nlu.extraction import EntityMatch, EntityPatterns, Extraction
from bot.nlu.language import Language
from bot.nlu.matching import Line, choose

_COMPARED = 8
"""Services held against each other at most; more would not be read."""


def extract(
    patterns: EntityPatterns,
    said: Sequence[str],
    open_slots: frozenset[str] = frozenset(),
    proper: frozenset[str] = frozenset(),
    starts: tuple[int, ...] = (),
) -> Extraction:
    """The facts that words state, perhaps in answer to a question about a slot.

    `proper` are the words that were written like a name, `starts` where sentences begin,
    besides at the first word. Names of services come first, since other patterns may
    speak of them.
    """
    age, when, date = _times(said, patterns.language)
    line = Line(patterns, said, open_slots, proper, starts)
    named = service_names.named(line, age.taken)
    told = [
        other
        for other in _others(line, [*named.about, *named.aside])
        if other.value and not _borrows(other, age.taken)
    ]
    others = _without_contrast(line, told)
    refused = [f for f in told if f not in others]
    wishes = tuple(f for f in others if f.slot in patterns.views)
    others = _first_ranked(patterns, others)
    asides = {f.slot: f.value for f in reversed(others) if f.slot in patterns.asides}
    others = [f for f in others if f.slot not in patterns.views | patterns.asides]
    kinds = service_names.within(line, named.about)
    found = [*named.about, *(k._replace(end=k.start) for k in kinds), *others]
    if not named.meant:
        found += service_names.implied(line, others)
    covered = named.refused | {
        i
        for f in (*found, *named.aside, *kinds, *refused)
        for i in range(f.start, f.end)
    }
    if age.age is None and not age.taken:
        age = _note(line, covered)
    covered |= {i for start, end in age.taken for i in range(start, end)}
    masked, positions = _masked(line, [*found, *named.aside], age.taken)
    skip = patterns.words.skip
    return Extraction(
        found=tuple(found),
        age=age.age,
        slack=age.slack,
        when=when,
        date=date,
        masked=masked,
        positions=positions,
        rest=tuple(w for i, w in enumerate(said) if i not in covered and w not in skip),
        platforms=_each_once(named.meant),
        views=_views(patterns, wishes, named.meant),
        asides=asides,
        wishes=wishes,
        named=tuple(named.meant),
    )


def with_quoted(
    patterns: EntityPatterns, extraction: Extraction, said: Sequence[str]
) -> Extraction:
    """What was told besides in the messages that a text quotes; `said` is all of it.

    They tell how a message was meant, and nothing else.
    """
    line, order = Line(patterns, said), patterns.order
    asides = dict(extraction.asides)
    for found in choose(line, patterns.others):
        fact = (found.slot, found.value)
        stated = asides.get(found.slot)
        if fact not in patterns.quoted:
            continue
        if stated is None or order[fact] < order[found.slot, stated]:
            asides[found.slot] = found.value
    # What is told besides may be a wish as well.
    views = {slot: asides.get(slot, value) for slot, value in extraction.views.items()}
    return extraction._replace(asides=asides, views=views)


def views_within(
    patterns: EntityPatterns, extraction: Extraction, start: int, end: int
) -> dict[str, str]:
    """The wishes on how to answer that words from a place up to another one state."""
    wishes, named = (
        [f for f in found if start <= f.start and f.end <= end]
        for found in (extraction.wishes, extraction.named)
    )
    return _views(patterns, wishes, named)


def with_asked(
    patterns: EntityPatterns, extraction: Extraction, spans: Iterable[tuple[int, int]]
) -> Extraction:
    """Views as the questions of a text state them, where they do: what is told comes after.

    "The admin says it is in his log. Does the mail stay too?" looks at the mail.
    """
    inside = [
        found
        for found in extraction.wishes
        if any(start <= found.start and found.end <= end for start, end in spans)
    ]
    asked = _views(patterns, inside, ())
    return extraction._replace(views={**extraction.views, **asked})


def _views(
    patterns: EntityPatterns,
    wishes: Sequence[EntityMatch],
    named: Sequence[EntityMatch],
) -> dict[str, str]:
    """Wishes by their slots; several services are held against each other."""
    views = {f.slot: f.value for f in reversed(_first_ranked(patterns, wishes))}
    platforms = _each_once(named)
    if len(platforms) > 1:
        views[patterns.roles.versus] = "+".join(platforms[:_COMPARED])
    return views


def _each_once(named: Sequence[EntityMatch]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.value for f in named))


def _times(
    said: Sequence[str], language: Language
) -> tuple[durations.StatedAge, clock_times.ClockReading, dates.CalendarDate | None]:
    """The span, the clock time and the date that words state.

    A known span outdoes the clock.
    """
    when = clock_times.clock_reading(said, language.clock)
    date = dates.calendar_date(said, language.dates)
    dated = when.day is not None or date is not None
    age = durations.stated_age(said, language.durations, dated=dated)
    if when.day is None and (elapsed := _elapsed(age, when)) is not None:
        age = age._replace(age=elapsed, slack=when.slack)
    places = when.taken if date is None else (*when.taken, date.taken)
    if places:
        age = age._replace(taken=_apart(age.taken, places))
    return age, when, date


def _elapsed(
    age: durations.StatedAge, when: clock_times.ClockReading
) -> timedelta | None:
    """What two times tell more exactly than a vague age, if they do."""
    if age.age is None:
        return when.elapsed
    return when.within(age.age, age.slack)


def _others(line: Line, services: Sequence[EntityMatch]) -> list[EntityMatch]:
    """The values of all other slots, in the words with services masked."""
    if not services:
        return choose(line, line.patterns.others)
    tokens = list(line.words)
    mask = line.patterns.roles.service_mask
    for name in services:
        start, end = _core(line, name)
        tokens[start:end] = [mask, *[""] * (end - start - 1)]
    places = [i for i, token in enumerate(tokens) if token]
    starts = tuple(bisect_left(places, start) for start in line.starts)
    words = [tokens[i] for i in places]
    masked = Line(line.patterns, words, line.open_slots, line.proper, starts)
    return [
        EntityMatch(f.slot, f.value, places[f.start], places[f.end - 1] + 1)
        for f in choose(masked, line.patterns.others)
    ]


def _borrows(found: EntityMatch, times: Sequence[tuple[int, int]]) -> bool:
    """Whether some of its words are a time's: "on x 10" of "on x 10 minutes ago".

    Or its first word denies one: "not" of "not 10 minutes, I looked".
    """
    at, last = found.start, found.end
    return any(
        at < start < last < end or at + 1 == start < end < last for start, end in times
    )


def _without_contrast(line: Line, found: Sequence[EntityMatch]) -> list[EntityMatch]:
    """What was found, without what it is held against: "in a group, not in a channel"."""
    patterns = line.patterns
    contrast = patterns.language.groups(patterns.words.contrast)

    def is_held_against(f: EntityMatch) -> bool:
        # Its name may begin with the last word of the contrast: "not in a channel".
        ends = (f.start, min(f.start + 1, f.end - 1))
        told = (tokenizer.line(line.words[:end]) for end in ends)
        alone = f.slot in patterns.ranked or f.slot == patterns.roles.kind
        return alone and any(said.endswith(contrast) for said in told)

    against = [f for f in found if is_held_against(f)]
    # "It is not a normal message" leaves open what it is.
    told = {patterns.roles.kind, *(f.slot for f in found if f not in against)}
    return [f for f in found if f not in against or f.slot not in told]


def _first_ranked(
    patterns: EntityPatterns, found: Sequence[EntityMatch]
) -> list[EntityMatch]:
    """What was found, of a ranked slot only the value that goes before the others."""
    order: dict[str, int] = {}
    for f in found:
        place = patterns.order[f.slot, f.value]
        order[f.slot] = min(place, order.get(f.slot, place))
    return [
        f
        for f in found
        if f.slot not in patterns.ranked
        or patterns.order[f.slot, f.value] == order[f.slot]
    ]


def _apart(*places: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Places in their order, those that touch made one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(place for some in places for place in some):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def _note(line: Line, covered: set[int]) -> durations.StatedAge:
    """A bare span in a note of facts: "signal, 5 minutes", "no, more like an hour"."""
    found = durations.bare(line.words, line.patterns.language.durations)
    if not found.taken:
        return found
    within = {i for start, end in found.taken for i in range(start, end)}
    words = line.patterns.words
    for i, word in enumerate(line.words):
        known = i in covered or i in within
        if not known and word not in words.skip and word not in words.near:
            return durations.StatedAge()
    return found


def _core(line: Line, name: EntityMatch) -> tuple[int, int]:
    """The words of a service's name without those of messaging at its ends.

    "Delete a slack message" is not "delete a slack".
    """
    said, near = line.words, line.patterns.words.near
    if name.end - name.start == 1:
        return name.start, name.end
    start = name.start + (said[name.start] in near)
    end = name.end - (said[name.end - 1] in near and name.end - start > 1)
    return start, end


def _masked(
    line: Line, found: Sequence[EntityMatch], taken: Sequence[tuple[int, int]]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names become one token each; read states stay and are named beside."""
    roles = line.patterns.roles
    out: list[str | None] = list(line.words)
    tail: dict[str, int] = {}
    for f in found:
        if f.slot == roles.service and f.end > f.start:
            other = f.value in line.patterns.uncovered
            token = f"{{{roles.uncovered}}}" if other else roles.service_mask
            start, end = _core(line, f)
        elif f.slot == roles.kind and f.end > f.start:
            token, start, end = f"{{{f.value}}}", f.start, f.end
        else:
            if f.slot == roles.state:
                tail.setdefault(f"{{{f.value}}}", f.start)
            continue
        out[start:end] = [token] + [None] * (end - start - 1)
    for start, end in taken:
        out[start:end] = [roles.time_mask] + [None] * (end - start - 1)
    positions = [at for at, word in enumerate(out) if word is not None]
    masked = [word for word in out if word is not None]
    return (*masked, *tail), (*positions, *tail.values())
