"""Words → how long ago a message went out: "20 min ago", "last night", "an hour ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from bot.nlu import other_times, tokenizer
from bot.nlu.expressions import Expression
from bot.nlu.other_times import OtherTimes

_MOST = 8
"""Spans that are looked at in one text."""
_SHORTEST = 3
"""Letters of a unit that is one wherever it stands; "5 m" may be metres."""
LONGEST = timedelta(days=3650)
"""Ages beyond are all the same, and some would leave the calendar."""


class DurationGrammar(NamedTuple):
    """How a language says how long ago something was.

    Patterns look at words joined by spaces. A span has the groups `bound`, `number`,
    `unit`, and for more of it `more`, `half`, `number2`, `unit2`, `minutes`; `whole`,
    `point` and `past` are a number that has lost its mark, "1.5".
    """

    units: Mapping[str, timedelta]
    numbers: Mapping[str, float]
    span: Expression
    ago: Expression
    """A span that says that it passed: "2 hours ago"."""
    lasted: Expression
    """One that the words before it make passed: "it has been an hour"."""
    after: Expression
    """One after which something is, perhaps the message: "after an hour"."""
    alone: Expression
    """A span as all that is said."""
    more: frozenset[str]
    """A `bound` that says that it is longer ago."""
    less: frozenset[str]
    nearly: frozenset[str]
    rounded: frozenset[str]
    """Numbers that are rounded: "an hour"."""
    vague: frozenset[str]
    """Numbers that say even less: "a few"."""
    denial: str
    """Right before a span: it is not meant."""
    times: Sequence[tuple[Expression, timedelta, timedelta]]
    """What people say, how long ago that is, and by how much it may be off: minutes,
    hours and days as the buttons have them, any part of today but the last minutes, else
    half as much."""
    cues: frozenset[str]
    """Words of which every one of `times` has one."""
    denied: Expression | None = None
    """What ends right before a span that another one in the text takes the place of."""
    instead: Expression | None = None
    """A bare number of the unit that was denied: "not 5 minutes, more like 50"."""
    before: Expression | None = None
    """As some say it whose language has one word for both: "sent before 5 minutes"."""
    others: OtherTimes | None = None
    """None where every time counts as that of the sending."""


class StatedAge(NamedTuple):
    """When a message went out, as words state it."""

    age: timedelta | None = None
    slack: timedelta = timedelta(0)
    """By how much the age may be off, either way.

    "2 days ago" may be half a day more or less; "yesterday" and "hours ago" say even
    less.
    """
    taken: tuple[tuple[int, int], ...] = ()
    """The places (start, end) of the words that say so, or tell of another time."""


def stated_age(
    said: Sequence[str], grammar: DurationGrammar, *, dated: bool = False
) -> StatedAge:
    """The age that words state.

    A bare span counts only where it says that it passed ("2 hours ago", "after an
    hour") or where it is all that was said. Where it is dated by a day, what is only said
    to come after a span is another matter.
    """
    # Most questions hold no time; they need no search for one.
    if not _may_hold_span(said, grammar) and grammar.cues.isdisjoint(said):
        return StatedAge()
    line = " ".join(said)
    if put_right := _put_right(line, grammar):
        return put_right
    aside: list[tuple[int, int]] = []
    match = (
        _first(grammar.ago, line, grammar.others, aside)
        or _first(grammar.lasted, line, grammar.others, aside)
        or (grammar.before.search(line) if grammar.before else None)
        or grammar.alone.fullmatch(line)
    )
    if match:
        return _by_span(match, line, grammar, aside)
    if not grammar.cues.isdisjoint(said) and (told := _told(line, grammar, aside)):
        return told
    # "Broke up after four years" beside "last night" is not when it was sent.
    match = None if dated else _first(grammar.after, line, grammar.others, aside)
    if match:
        return StatedAge(
            *_age(match, grammar), (tokenizer.word_positions(line, match),)
        )
    return StatedAge(taken=tuple(aside[:1]))


def _by_span(
    match: re.Match[str],
    line: str,
    grammar: DurationGrammar,
    aside: list[tuple[int, int]],
) -> StatedAge:
    """The age by a span; "yesterday, so more than an hour ago" is dated by its day."""
    age, slack = _age(match, grammar)
    place = tokenizer.word_positions(line, match)
    if match["bound"] in grammar.more:
        told = _told(line, grammar, [*aside, place])
        if told and told.age and told.age - told.slack > age + slack:
            return told
    return StatedAge(age, slack, (place,))


def _told(
    line: str, grammar: DurationGrammar, aside: list[tuple[int, int]]
) -> StatedAge | None:
    """The first of the times that people say; of several, the one of the sending."""
    others = grammar.others
    found: list[tuple[re.Match[str], StatedAge]] = []
    for times, ago, slack in grammar.times:
        match = _first(times, line, others, aside)
        if match and not any(_overlap(match, other) for other, _ in found):
            place = tokenizer.word_positions(line, match)
            found.append((match, StatedAge(ago, slack, (place,))))
    if len(found) > 1 and others:
        own = [told for m, told in found if other_times.is_of_sending(m, line, others)]
        if own:
            return min(own, key=lambda told: told.taken)
    return found[0][1] if found else None


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _put_right(line: str, grammar: DurationGrammar) -> StatedAge | None:
    """The age that takes the place of one that is denied: "not 10 minutes, an hour"."""
    if grammar.denied is None or not grammar.denied.search(line):
        return None
    found = list(_apart(line, grammar))
    wrong = [m for m in found if _is_denied(line, m, grammar.denied)]
    if not wrong:
        return None
    meant = [m for m in found if m not in wrong]
    places = tuple(tokenizer.word_positions(line, m) for m in (*wrong, *meant))
    if len(meant) == 1 and _is_near(line, wrong[0], meant[0]):
        return StatedAge(*_age(meant[0], grammar), tuple(sorted(places)))
    bare = grammar.instead.search(line, wrong[0].end()) if grammar.instead else None
    if meant or bare is None:
        return None
    span = grammar.units[wrong[0]["unit"]] * _count(bare["number"], grammar)
    place = tokenizer.word_positions(line, bare)
    return StatedAge(min(span, LONGEST), span / 10, tuple(sorted((*places, place))))


def _apart(line: str, grammar: DurationGrammar) -> Iterator[re.Match[str]]:
    """Every span; those that only stand beside each other one by one: "10 min, 2 hours"."""
    at = 0
    for _ in range(_MOST):
        match = grammar.span.search(line, at)
        if match is None:
            return
        at, below = match.end(), match["unit2"]
        if below and grammar.units[below] >= grammar.units[match["unit"]]:
            at = match.start("number2")
            match = grammar.span.search(line, match.start(), at) or match
        yield match


def _is_denied(line: str, span: re.Match[str], denied: Expression) -> bool:
    ends = (match.end() for match in islice(denied.finditer(line), _MOST))
    return span.start() in ends


def _is_near(line: str, wrong: re.Match[str], meant: re.Match[str]) -> bool:
    """Whether few words stand between, or there is little else: "50 minutes, not 5"."""
    if meant.start() < wrong.start():
        return len(line.split()) <= _NOTE
    return len(line[wrong.end() : meant.start()].split()) <= _BETWEEN


_BETWEEN, _NOTE = 12, 6
"""Words between a span that is denied and the one that is meant; those of a note."""


def _first(
    pattern: Expression,
    line: str,
    others: OtherTimes | None,
    aside: list[tuple[int, int]],
) -> re.Match[str] | None:
    """The first match that tells when a message went out.

    Not how old somebody is, nor when it was read, answered or deleted: those are put
    aside, with what lies within them.
    """
    for match in islice(pattern.finditer(line), _MOST):
        start, end = place = tokenizer.word_positions(line, match)
        if any(start < last and first < end for first, last in aside):
            continue
        if others is None or not other_times.is_of_another(match, line, others):
            return match
        aside.append(place)
    return None


def alone(said: Sequence[str], grammar: DurationGrammar) -> timedelta | None:
    """The age that words state where they are nothing but a span: "5 minutes"."""
    match = grammar.alone.fullmatch(" ".join(said))
    return min(_span(match, grammar), LONGEST) if match else None


def bare(said: Sequence[str], grammar: DurationGrammar) -> StatedAge:
    """The only span that words spell out; one that is denied ("not 10 minutes") is none."""
    if not _may_hold_span(said, grammar):
        return StatedAge()
    line = " ".join(said)
    denied = f"{grammar.denial} "
    found = list(islice(grammar.span.finditer(line), _MOST))
    meant = [m for m in found if not line.endswith(denied, 0, m.start())]
    if len(meant) != 1:
        return StatedAge()
    return StatedAge(
        *_age(meant[0], grammar),
        tuple(tokenizer.word_positions(line, match) for match in found),
    )


def spans(said: Sequence[str], grammar: DurationGrammar) -> tuple[timedelta, ...]:
    """Every span that words spell out, passed or not: "3 hours", "half an hour"."""
    found = islice(grammar.span.finditer(" ".join(said)), _MOST)
    return tuple(
        _span(match, grammar) for match in found if len(match["unit"]) >= _SHORTEST
    )


def _may_hold_span(said: Sequence[str], grammar: DurationGrammar) -> bool:
    unit = not grammar.units.keys().isdisjoint(said)
    return unit or tokenizer.holds_figure(said)


def _age(match: re.Match[str], grammar: DurationGrammar) -> tuple[timedelta, timedelta]:
    """The age that a span states, and by how much it may be off."""
    span, bound = min(_span(match, grammar), LONGEST), match["bound"]
    if bound in grammar.more:
        return span * 1.25, span / 4
    if bound in grammar.less:
        return span * 0.75, span / 4
    if bound in grammar.nearly:
        return span * 0.9, span / 10
    unit = grammar.units[match["unit"]]
    loose = unit / 2 if unit >= timedelta(days=1) else timedelta(0)
    if match["number"] in grammar.rounded:
        loose = max(loose, unit / 4)
    if match["number"] in grammar.vague:
        loose = max(loose, span * 0.6)
    exact = match["number2"] or match["minutes"] or match["more"] or match["half"]
    return span, loose / 4 if exact else loose


def _span(match: re.Match[str], grammar: DurationGrammar) -> timedelta:
    unit = grammar.units[match["unit"]]
    if match["whole"]:
        number = float(match["whole"]) + (0.5 if match["point"] else 0)
        return unit * number + timedelta(minutes=int(match["past"] or 0))
    number = _count(match["number"], grammar)
    span = unit * (number + (0.5 if match["half"] or match["more"] else 0))
    if match["number2"]:
        # "Half an hour, 1 h" are two spans, not one.
        below = grammar.units[match["unit2"]]
        return (
            span + below * _count(match["number2"], grammar) if below < unit else span
        )
    if match["minutes"]:
        # "An hour and ten": of the unit below; "an hour and three quarters": of its own.
        more = _count(match["minutes"], grammar)
        return span + unit * more / (_PARTS.get(unit, 1) if more >= 1 else 1)
    return span


_PARTS = {
    timedelta(minutes=1): 60,
    timedelta(hours=1): 60,
    timedelta(days=1): 24,
    timedelta(weeks=1): 7,
}
"""How many of the unit below a unit has."""


def _count(text: str, grammar: DurationGrammar) -> float:
    return float(text) if text.isdigit() else grammar.numbers[text]
