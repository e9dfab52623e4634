"""Words → how long ago a message went out: "20 min ago", "last night", "an hour ago"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_SHORT = {
    "s": "second", "sec": "second", "secs": "second", "seconds": "second",
    "m": "minute", "min": "minute", "mins": "minute", "minutes": "minute", "mns": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hours": "hour",
    "d": "day", "days": "day", "w": "week", "wk": "week", "wks": "week", "weeks": "week",
    "months": "month", "mo": "month", "yr": "year", "yrs": "year", "years": "year",
}  # fmt: skip
_SHORTEST = {short for short in _SHORT if len(short) < len("min")}
LONGEST = timedelta(days=3650)
"""Ages beyond are all the same, and some would leave the calendar."""

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "couple": 2, "few": 3, "some": 3, "several": 5, "half": 0.5, "many": 10,
}  # fmt: skip

_NUMBER = r"(?P<number>\d{1,4}|" + "|".join(_NUMBERS) + r")"
_UNIT = (
    r"(?P<unit>" + "|".join(sorted({*_UNITS, *_SHORT}, key=len, reverse=True)) + r")"
)
_CLOCK = r"(?! ?[ap] ?m\b)"  # "9 a.m." is no span
_LEAD = (
    r"(?:(?:about|around|like|more|maybe|over|almost|nearly|roughly|exactly|approximately|some"
    r"|the|last|past|a|just|at least|closer to) )*"
)
_SPAN = rf"{_LEAD}(?!an? [a-z]\b){_NUMBER}{_CLOCK}(?: of)?(?: an?)?(?:(?<=\d) ?| ){_UNIT}(?: and (?:a|1) (?P<half>half))?"
_PASSED = (
    r"(?:ago|back|old|already|now|have passed|has passed|passed|later|earlier|before)"
)

_ANY = re.compile(rf"\b{_SPAN}\b")
_AGO = re.compile(rf"(?<!how )\b{_SPAN} {_PASSED}\b")
_AFTER = re.compile(rf"\b(?:after|since|been|been for|is|it is) {_SPAN}\b")
_ALONE = re.compile(
    rf"(?:it is |it was |sent |like |maybe |is )?{_SPAN}(?: too late| {_PASSED})?"
)
_TIMES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), ago)
    for pattern, ago in (
        (r"(?:just|right) (?:now|this (?:second|minute|moment))|a moment ago|moments ago"
         r"|seconds ago|(?:just|literally) (?:now )?"
         r"(?:sent|texted|wrote|messaged|posted|mailed|emailed|dmed|hit send|pressed send)", timedelta(0)),
        (r"minutes ago|mins ago|a (?:little )?while ago today|not long ago", timedelta(minutes=10)),
        (r"hours ago|hrs ago", timedelta(hours=3)),
        (r"earlier today|this morning|this afternoon", timedelta(hours=5)),
        (r"last night|yesterday (?:evening|night)|overnight", timedelta(hours=12)),
        (r"the day before yesterday|2 nights ago", timedelta(days=2)),
        (r"yesterday(?: (?:morning|afternoon))?", timedelta(days=1)),
        (r"days ago|the other day|last weekend|over the weekend", timedelta(days=3)),
        (r"last week|weeks ago", timedelta(weeks=1)),
        (r"last month|months ago", timedelta(days=30)),
        (r"last year|years ago|ages ago|long ago", timedelta(days=365)),
    )
)  # fmt: skip

_UNIT_WORDS = frozenset((*_UNITS, *_SHORT))
_CUES = frozenset(
    (
        *("just", "right", "literally", "now", "moment", "moments", "ago", "today"),
        *("morning", "afternoon", "evening", "night", "overnight", "yesterday"),
        "day",
        *("weekend", "week", "month", "year"),
    )
)
"""Words of which every time of `_TIMES` has one."""


class Stated(NamedTuple):
    """When a message went out, as words state it."""

    age: timedelta | None = None
    slack: timedelta = timedelta(0)
    """By how much the age may be off, either way.

    "2 days ago" may be half a day more or less; "yesterday" and "hours ago" say even
    less: half as much as they seem to say, or half as much again.
    """
    taken: tuple[tuple[int, int], ...] = ()
    """The places (start, end) of the words that say so."""


def read(said: Sequence[str]) -> Stated:
    """The age that words state.

    A bare span counts only where it says that it passed ("2 hours ago", "after an
    hour") or where it is all that was said.
    """
    # Most questions hold no time; they need no search for one.
    span = any(word in _UNIT_WORDS or word[0].isdigit() for word in said)
    if not span and _CUES.isdisjoint(said):
        return Stated()
    line = " ".join(said)
    match = _AGO.search(line) or _AFTER.search(line) or _ALONE.fullmatch(line)
    if match:
        unit = _UNITS[_SHORT.get(match["unit"], match["unit"])]
        loose = unit / 2 if unit >= timedelta(days=1) else timedelta(0)
        if match["number"] in ("a", "an", "few", "some", "several", "couple", "half"):
            loose = max(loose, unit / 4)
        return Stated(min(_span(match), LONGEST), loose, (_place(line, match),))
    for times, ago in _TIMES:
        match = times.search(line)
        if match:
            return Stated(ago, ago / 2, (_place(line, match),))
    return Stated()


def alone(said: Sequence[str]) -> timedelta | None:
    """The age that words state where they are nothing but a span: "5 minutes"."""
    match = _ALONE.fullmatch(" ".join(said))
    return min(_span(match), LONGEST) if match else None


def bare(said: Sequence[str]) -> tuple[timedelta, tuple[int, int]] | None:
    """The only span that words spell out, and its place (start, end)."""
    line = " ".join(said)
    found = list(_ANY.finditer(line))
    if len(found) != 1:
        return None
    return min(_span(found[0]), LONGEST), _place(line, found[0])


def spans(said: Sequence[str]) -> tuple[timedelta, ...]:
    """Every span that words spell out, passed or not: "3 hours", "half an hour"."""
    found = _ANY.finditer(" ".join(said))
    return tuple(_span(match) for match in found if match["unit"] not in _SHORTEST)


def _span(match: re.Match[str]) -> timedelta:
    text = match["number"]
    number = float(text) if text.isdigit() else _NUMBERS[text]
    unit = _UNITS[_SHORT.get(match["unit"], match["unit"])]
    return unit * (number + (0.5 if match["half"] else 0))


def _place(line: str, match: re.Match[str]) -> tuple[int, int]:
    start = len(line[: match.start()].split())
    return start, start + len(match[0].split())
