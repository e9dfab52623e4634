"""Words → what clock or calendar showed when a message went out: "at 3pm", "on friday".

How long ago that is depends on where the person is. Only with their own clock, or with
two times of one sentence ("sent at 3, it is 3:20 now"), can it be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from bot.nlu import tokenizer

_DAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_PAST = "sent|texted|wrote|posted|mailed|emailed|messaged|dmed|was|went|happened"
_DAY = re.compile(
    rf"(?:(?:last|on|since|this past|from) |\b(?:{_PAST})(?: it)? )"
    rf"(?P<day>{'|'.join(_DAYS)})day(?: (?:morning|afternoon|evening|night))?\b"
    rf"|^(?P<only>{'|'.join(_DAYS)})day$"
)
_CLOCK = r"(?: at| around| about)? (?P<hour>[01]?\d|2[0-3]) (?P<minute>[0-5]\d)\b"
_SENT_DAY = re.compile(rf"\b(?P<day>{'|'.join(_DAYS)})day{_CLOCK}")
_THIS_DAY = re.compile(
    rf"\b(?:now|today)(?: it)?(?: is)? (?P<day>{'|'.join(_DAYS)})day{_CLOCK}"
)
"""The day and the time at which this is said: "now Wednesday 09:00"."""
_PLANNED = re.compile(
    rf"\b(?:have|has|got|is|are|starts|due)"
    rf"(?: (?!(?:sent|not|{_PAST})\b)[a-z]{{1,20}}){{1,3}} $"
)
_NO_COUNT = r"\b(?! (?:[a-z]*s|min|sec|hr|people)\b)"
"""It is no number of things: "at nine", not "at nine companies"."""
_TIME = re.compile(
    r"\b(?:(?P<at>at|around|about|since|is|its|was|now) )?"
    r"(?P<hour>[01]?\d|2[0-3])(?: ?(?<!\d)(?P<minute>[0-5]\d))?"
    r"(?: ?(?P<half>[ap]) ?m\b| (?P<part>o clock|in the (?:morning|afternoon|evening)"
    rf"|this (?:morning|afternoon|evening)|today|tonight)\b|(?![\w]| \d){_NO_COUNT})"
)
_HOURS = (
    *("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven"),
)
_NAMED = {"noon": 12, "midday": 12, "midnight": 0}
_STEPS = {
    "quarter": 15,
    "half": 30,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "twenty five": 25,
}
_HOUR = "|".join((*_HOURS, "1[0-2]", r"\d"))
_STEP = "|".join((*sorted(_STEPS, key=len, reverse=True), r"\d{1,2}"))
_SPOKEN = re.compile(
    rf"\b(?:(?:at|around|about|since) )?(?:a )?(?P<step>{_STEP}) (?:minutes )?"
    rf"(?P<side>past|to|after|before) (?P<hour>{_HOUR}){_NO_COUNT}"
    rf"|\b(?:at|around|about|since) (?P<whole>{'|'.join((*_HOURS, *_NAMED))}){_NO_COUNT}"
)
_SENT = frozenset(
    (
        *("message", "messages", "msg", "dm", "dms", "text", "mail", "email", "inmail"),
        *_PAST.split("|"),
    )
)
_OTHERWISE = frozenset(
    (
        *("remind", "schedule", "scheduled", "deliver", "meeting", "tomorrow"),
        *("wake", "wakes", "alarm", "will", "opens", "closes"),
    )
)
"""Beside one of these a time is none of the past, or of something else."""
_UNTIL = frozenset(("by", "before", "until", "till", "next", "every"))
"""Nor right behind one of these."""
_READ = frozenset(("read", "reads", "saw", "seen", "opened", "viewed"))
"""What is said behind one of these is when it was read."""
_LEADS = frozenset(("past", "to", "after", "before", "at", "around", "about", "since"))
_SPELLED = frozenset((*_HOURS, *_NAMED))
_NOW = re.compile(r" now(?! \d| it is\b| its\b| is\b)")
_MOST = 8
"""Numbers that are looked at in one text."""
_FEW = 5
"""Words that need not say that something was sent: "slack at 12:30"."""
_NOON = 12
_LATE = ("afternoon", "evening", "tonight")


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
    taken: tuple[tuple[int, int], ...] = ()
    """The places (start, end) of the words that say so."""


def clock_reading(said: Sequence[str]) -> ClockReading:
    """The time of day and the day of the week at which a message went out."""
    # Most questions hold none; they need no search for one.
    spelled = not (_LEADS.isdisjoint(said) or _SPELLED.isdisjoint(said))
    if not spelled and not any(w[0].isdigit() or w.endswith("day") for w in said):
        return ClockReading()
    if not _OTHERWISE.isdisjoint(said):
        return ClockReading()
    line = " ".join(said)
    if two := _two_days(line):
        return two
    day = next((m for m in _DAY.finditer(line) if not _is_ahead(m, line)), None)
    number = _DAYS.index(day["day"] or day["only"]) if day else None
    numbers = islice(_TIME.finditer(line), _MOST)
    found = [m for m in numbers if _is_time(m, line, said)]
    if not found and (spoken := _SPOKEN.search(line)) and _fits(spoken, line, said):
        found = [spoken]
    places = [
        tokenizer.word_positions(line, match)
        for match in (*([day] if day else []), *found)
    ]
    present = [_time(match) for match in found if _is_present(match, line)]
    past = [_time(match) for match in found if not _is_present(match, line)]
    if len(past) > 1:
        return ClockReading(None, number, None, tuple(sorted(places)))
    return ClockReading(
        past[0] if past else None,
        number,
        _between(past[0], present[0]) if past and present else None,
        tuple(sorted(places)),
    )


def _is_ahead(day: re.Match[str], line: str) -> bool:
    """Whether something is planned for that day: "we have a match on saturday"."""
    return day[0].startswith("on ") and bool(_PLANNED.search(line, 0, day.start()))


def _two_days(line: str) -> ClockReading | None:
    """From the weekday and time of sending to those of now, where both are stated."""
    present = _THIS_DAY.search(line)
    past = _SENT_DAY.search(line, 0, present.start()) if present else None
    if present is None or past is None:
        return None
    days = _DAYS.index(present["day"]) - _DAYS.index(past["day"])
    hours, minutes = (
        int(present[part]) - int(past[part]) for part in ("hour", "minute")
    )
    span = timedelta(days=days, hours=hours, minutes=minutes) % timedelta(days=7)
    places = sorted(tokenizer.word_positions(line, match) for match in (past, present))
    return ClockReading(elapsed=span, taken=tuple(places))


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


def _is_time(match: re.Match[str], line: str, said: Sequence[str]) -> bool:
    """Whether a number is a time of day: "at 3pm", "sent at 9:30", not "at 5"."""
    if match["half"] and int(match["hour"]) > _NOON:
        return False
    told = match["half"] or match["part"] or (match["at"] and match["minute"])
    now = match["at"] in ("is", "its") and _NOW.match(line, match.end())
    return bool(told or now) and _fits(match, line, said)


def _fits(match: re.Match[str], line: str, said: Sequence[str]) -> bool:
    """Whether it may be the time of sending, by the words around it."""
    before = line[: match.start()].split()
    if (before and before[-1] in _UNTIL) or not _READ.isdisjoint(before):
        return False
    return len(said) <= _FEW or not _SENT.isdisjoint(said)


def _is_present(match: re.Match[str], line: str) -> bool:
    """Whether it is the time at which this is said: "it is 3:40 now"."""
    lead = match["at"] if "at" in match.re.groupindex else None
    return lead in ("is", "its", "now") or bool(_NOW.match(line, match.end()))


def _time(match: re.Match[str]) -> TimeOfDay:
    if match.re is _SPOKEN:
        return _spelled(match)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    part = match["part"] or ""
    early = match["half"] == "a" or "morning" in part
    late = match["half"] == "p" or any(word in part for word in _LATE)
    if early or late:
        hour = hour % _NOON + (_NOON if late else 0)
    return TimeOfDay(hour, minute, exact=early or late or hour > _NOON or hour == 0)


def _spelled(match: re.Match[str]) -> TimeOfDay:
    """Hours and minutes in words: "quarter past two", "at noon"."""
    if match["whole"] in _NAMED:
        return TimeOfDay(_NAMED[match["whole"]], 0, exact=True)
    said = match["whole"] or match["hour"]
    hour = _HOURS.index(said) if said in _HOURS else int(said)
    step = match["step"] or "0"
    minutes = _STEPS[step] if step in _STEPS else int(step)
    if match["side"] in ("to", "before"):
        hour, minutes = hour - 1, 60 - minutes
    return TimeOfDay(hour % _NOON, minutes % 60, exact=False)


def _between(sent: TimeOfDay, now: TimeOfDay) -> timedelta:
    exact = sent.exact and now.exact
    past = timedelta(hours=now.hour - sent.hour, minutes=now.minute - sent.minute)
    return past % timedelta(hours=24 if exact else _NOON)
