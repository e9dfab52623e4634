"""Words → what clock or calendar showed when a message went out: "at 3pm", "on friday".

How long ago that is depends on where the person is. Only with their own clock, or with
two times of one sentence ("sent at 3, it is 3:20 now"), can it be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from bot.nlu import tokenizer
from bot.nlu.expressions import Expression

_MOST = 8
"""Numbers that are looked at in one text."""
_FEW = 5
"""Words that need not say that something was sent: "slack at 12:30"."""
_BEFORE, _RIGHT_BEFORE = 8, 2
"""Words before a time, and before that of now, that may say that it is another one's."""
_NOON = 12


class ClockGrammar(NamedTuple):
    """How a language tells the time of day and the day of the week.

    Patterns look at words joined by spaces.
    """

    days: tuple[str, ...]
    """What the groups `day` and `only` of the pattern `day` hold, from Monday on."""
    day_words: frozenset[str]
    """Words of which every day has one."""
    day: Expression
    sent_day: Expression
    """A `day` with the `hour` and the `minute`."""
    this_day: Expression
    """The same of the time at which this is said: "now Wednesday 09:00"."""
    today: Expression
    """A `day` alone that is the present one: "today is friday"."""
    time: Expression
    """In numbers: `at` before it, `hour`, `minute`, and of the day the `half` (a, p) or
    `part`."""
    spoken: Expression
    """In words: a `whole` hour, or an `hour` with a `step` on one `side` of it; perhaps
    the `part` of the day."""
    hours: Mapping[str, int]
    named: Mapping[str, int]
    """Hours that have a name: "noon"."""
    steps: Mapping[str, int]
    early: tuple[str, ...]
    """What a `part` before noon has in it."""
    late: tuple[str, ...]
    before: frozenset[str]
    """A `side` on which the minutes are still missing: "ten to two"."""
    present: frozenset[str]
    """An `at` that makes it the time at which this is said: "it is 3:40"."""
    now: Expression
    """The same, right behind a time."""
    sent: frozenset[str]
    otherwise: frozenset[str]
    """Beside one of these a time is none of the past, or of something else."""
    until: frozenset[str]
    """Nor right behind one of these."""
    read: frozenset[str]
    """What is said behind one of these is when it was read."""
    leads: frozenset[str]
    """Words before or within a time in words."""
    planned: Expression | None = None
    """What ends in a day on which something is planned: "we have a match on saturday"."""
    parts: Mapping[str, int] = MappingProxyType({})
    """Parts of a day, the group `daypart` behind a day, and the hour each is about."""


class TimeOfDay(NamedTuple):
    """What a clock showed."""

    hour: int
    minute: int
    exact: bool
    """Whether it is one of 24 hours; else the half of the day is open."""


class ClockReading(NamedTuple):
    time: TimeOfDay | None = None
    day: int | None = None
    """A day of the week, Monday 0."""
    elapsed: timedelta | None = None
    """From the time of sending to the present, where both are stated."""
    slack: timedelta = timedelta(0)
    """By how much that may be off, either way."""
    turn: timedelta = timedelta(0)
    """After what those two times come again: it may be longer by that; none by days."""
    taken: tuple[tuple[int, int], ...] = ()
    """The places (start, end) of the words that say so."""

    def within(self, age: timedelta, slack: timedelta) -> timedelta | None:
        """The only span between the two times that a vague age allows, if there is one."""
        if self.elapsed is None:
            return None
        turns = range(3 if self.turn else 1)
        spans = [self.elapsed + self.turn * turn for turn in turns]
        fitting = [span for span in spans if abs(span - age) < slack]
        return fitting[0] if len(fitting) == 1 else None


def clock_reading(said: Sequence[str], grammar: ClockGrammar) -> ClockReading:
    """The time of day and the day of the week at which a message went out."""
    # Most questions hold none; they need no search for one.
    spelled = not grammar.leads.isdisjoint(said) and any(
        word in grammar.hours or word in grammar.named for word in said
    )
    names_a_day = not grammar.day_words.isdisjoint(said)
    if not spelled and not names_a_day and not tokenizer.holds_figure(said):
        return ClockReading()
    line = " ".join(said)
    if two := _two_days(line, grammar):
        return two
    days = grammar.day.finditer(line)
    day = next((m for m in days if not _is_ahead(m, line, grammar)), None)
    number = grammar.days.index(day["day"] or day["only"]) if day else None
    numbers = islice(grammar.time.finditer(line), _MOST)
    found = [m for m in numbers if _is_time(m, line, said, grammar)]
    if (
        not found
        and (spoken := grammar.spoken.search(line))
        and _fits(spoken, line, said, grammar)
    ):
        found = [spoken]
    places = [
        tokenizer.word_positions(line, match)
        for match in (*([day] if day else []), *found)
    ]
    present = [
        _time(match, grammar) for match in found if _is_present(match, line, grammar)
    ]
    past = [
        _time(match, grammar)
        for match in found
        if not _is_present(match, line, grammar)
    ]
    taken = tuple(sorted(places))
    if len(past) > 1:
        return ClockReading(day=number, taken=taken)
    time = past[0] if past else None
    if time is None or not present:
        return ClockReading(time, number, taken=taken)
    turn = _turn(time, present[0])
    return ClockReading(
        time, number, _between(time, present[0]), turn=turn, taken=taken
    )


def _is_ahead(day: re.Match[str], line: str, grammar: ClockGrammar) -> bool:
    """Whether something is planned for that day: "we have a match on saturday"."""
    planned = grammar.planned
    return planned is not None and bool(planned.search(line, 0, day.end()))


def _two_days(line: str, grammar: ClockGrammar) -> ClockReading | None:
    """From the weekday and time of sending to those of now, where both are stated."""
    present = grammar.this_day.search(line)
    past = grammar.sent_day.search(line, 0, present.start()) if present else None
    if present is None or past is None:
        return _two_bare_days(line, grammar)
    days = grammar.days.index(present["day"]) - grammar.days.index(past["day"])
    hours, minutes = (
        int(present[part]) - int(past[part]) for part in ("hour", "minute")
    )
    span = timedelta(days=days, hours=hours, minutes=minutes) % timedelta(days=7)
    places = sorted(tokenizer.word_positions(line, match) for match in (past, present))
    return ClockReading(elapsed=span, taken=tuple(places))


def _two_bare_days(line: str, grammar: ClockGrammar) -> ClockReading | None:
    """The same without a time: "it is from monday, today is friday"."""
    present = grammar.today.search(line)
    if present is None:
        return None
    start, end = present.span()
    past = next(
        (
            match
            for match in grammar.day.finditer(line)
            if match["day"] and (match.end() <= start or end <= match.start())
        ),
        None,
    )
    if past is None or _is_ahead(past, line, grammar):
        return None
    named = (grammar.days.index(match["day"]) for match in (present, past))
    days = (next(named) - next(named)) % 7
    if not days:
        return None
    then, now = (_hour_of(match, line, grammar) for match in (past, present))
    span, slack = timedelta(days=days), _HALF_A_DAY
    if then and now:
        span += timedelta(hours=now[0] - then[0])
        slack = timedelta(hours=now[1] + then[1])
    places = sorted(tokenizer.word_positions(line, match) for match in (past, present))
    return ClockReading(elapsed=span, slack=slack, taken=tuple(places))


_HALF_A_DAY = timedelta(hours=12)
_PART_SLACK = 3
"""Hours by which a part of the day may be off."""


def _hour_of(
    day: re.Match[str], line: str, grammar: ClockGrammar
) -> tuple[float, float] | None:
    """The hour that stands beside a day or its part, and by how much it may be off."""
    part = grammar.parts.get(day.groupdict().get("daypart") or "")
    for match in islice(grammar.time.finditer(line), _MOST):
        gap = line[day.end() : match.start()]
        if match.start() < day.start() and day.re is grammar.day.compiled:
            gap = line[match.end() : day.start()]
        elif match.start() < day.start():
            continue
        time = _time(match, grammar)
        if not gap.strip() and (time.exact or part is not None):
            late = not time.exact and part is not None and part > _NOON > time.hour
            return time.hour + time.minute / 60 + (_NOON if late else 0), 0
    return None if part is None else (part, _PART_SLACK)


def ago(time: TimeOfDay, now: datetime) -> timedelta:
    """How long ago the person's clock, which shows `now`, showed this time last.

    Their clock may be some minutes behind ours.
    """
    past = _between(time, TimeOfDay(now.hour, now.minute, exact=True))
    turn = timedelta(hours=24 if time.exact else _NOON)
    return timedelta(0) if past > turn - _BEHIND else past


_BEHIND = timedelta(minutes=10)


def since(day: int, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago the noon of a weekday was, and by how much that may be off.

    None for the day that `now` has: it may be today, or a week ago. Where the person is
    the day may be another than ours.
    """
    days = (now.weekday() - day) % 7
    if not days:
        return None
    noon = now.replace(hour=_NOON, minute=0, second=0) - timedelta(days=days)
    return now - noon, timedelta(days=1)


def _is_time(
    match: re.Match[str], line: str, said: Sequence[str], grammar: ClockGrammar
) -> bool:
    """Whether a number is a time of day: "at 3pm", "sent at 9:30", not "at 5"."""
    if match["half"] and int(match["hour"]) > _NOON:
        return False
    told = match["half"] or match["part"] or (match["at"] and match["minute"])
    now = match["at"] in grammar.present and grammar.now.match(line, match.end())
    return bool(told or now) and _fits(match, line, said, grammar)


def _fits(
    match: re.Match[str], line: str, said: Sequence[str], grammar: ClockGrammar
) -> bool:
    """Whether it may be the time of sending, by the words around it."""
    before, behind = line[: match.start()].split(), line[match.end() :].split()
    if (before and before[-1] in grammar.until) or not grammar.read.isdisjoint(before):
        return False
    near = (*before[-_BEFORE:], *behind[:1])
    if _is_present(match, line, grammar):
        near = (*before[-_RIGHT_BEFORE:],)
    if not grammar.otherwise.isdisjoint(near):
        return False
    return len(said) <= _FEW or not grammar.sent.isdisjoint(said)


def _is_present(match: re.Match[str], line: str, grammar: ClockGrammar) -> bool:
    """Whether it is the time at which this is said: "it is 3:40 now"."""
    lead = match["at"] if "at" in match.re.groupindex else None
    return lead in grammar.present or bool(grammar.now.match(line, match.end()))


def _time(match: re.Match[str], grammar: ClockGrammar) -> TimeOfDay:
    if match.re is grammar.spoken.compiled:
        return _spelled(match, grammar)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = _half(match, grammar)
    if half:
        hour = hour % _NOON + (_NOON if half == _LATE else 0)
    return TimeOfDay(hour, minute, exact=bool(half) or hour > _NOON or hour == 0)


_EARLY, _LATE = "early", "late"


def _half(match: re.Match[str], grammar: ClockGrammar) -> str:
    """The half of the day that a time names, if it names one."""
    said = match.groupdict()
    part = said.get("part") or ""
    if said.get("half") == "a" or any(word in part for word in grammar.early):
        return _EARLY
    late = said.get("half") == "p" or any(word in part for word in grammar.late)
    return _LATE if late else ""


def _spelled(match: re.Match[str], grammar: ClockGrammar) -> TimeOfDay:
    """Hours and minutes in words: "quarter past two", "at noon"."""
    if match["whole"] in grammar.named:
        return TimeOfDay(grammar.named[match["whole"]], 0, exact=True)
    said = match["whole"] or match["hour"]
    hour = grammar.hours[said] if said in grammar.hours else int(said)
    step = match["step"] or "0"
    minutes = grammar.steps[step] if step in grammar.steps else int(step)
    if match["side"] in grammar.before:
        hour, minutes = hour - 1, 60 - minutes
    half = _half(match, grammar)
    hour = hour % _NOON + (_NOON if half == _LATE else 0)
    return TimeOfDay(hour, minutes % 60, exact=bool(half))


def _between(sent: TimeOfDay, now: TimeOfDay) -> timedelta:
    past = timedelta(hours=now.hour - sent.hour, minutes=now.minute - sent.minute)
    return past % _turn(sent, now)


def _turn(sent: TimeOfDay, now: TimeOfDay) -> timedelta:
    return timedelta(hours=24 if sent.exact and now.exact else _NOON)
