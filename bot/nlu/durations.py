"""Words → how long ago a message went out: "20 min ago", "last night", "an hour ago"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from bot.nlu import other_times, tokenizer

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
_MOST = 8
"""Spans that are looked at in one text."""
LONGEST = timedelta(days=3650)
"""Ages beyond are all the same, and some would leave the calendar."""

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "couple": 2, "few": 3, "some": 3, "several": 5, "half": 0.5, "many": 10,
    "3 quarters": 0.75, "three quarters": 0.75, "quarter": 0.25,
}  # fmt: skip

_COUNT = "|".join((*sorted(_NUMBERS, key=len, reverse=True), r"\d{1,4}"))
_UNIT = "|".join(sorted({*_UNITS, *_SHORT}, key=len, reverse=True))
_CLOCK = r"(?! ?[ap] ?m\b)"  # "9 a.m." is no span
_PASSED = (
    r"(?:ago|back|old|already|now|have passed|has passed|passed|later|earlier"
    # "2 days before" is an age, "2 minutes before every mail goes out" is none.
    r"|before(?= (?:and|but|can|is|are|how|will|so|still|what|now)\b|$))"
)
_LEAD = (
    r"(?:(?P<bound>over|more than|at least|well over|just over|almost|nearly|close to|under"
    r"|less than|not even|not quite|below|within the last|about|around|like|more|maybe|roughly"
    r"|exactly|approximately|some|the|last|past|a|just|closer to|only) ){0,4}"
)
_SPAN = (
    rf"{_LEAD}(?!an? [a-z]\b)"
    # "1.5 hours" and "1:10 hours" have lost their marks.
    rf"(?:(?P<whole>\d) (?:(?P<point>5)|(?P<past>[0-5]\d)) (?=h|hour|day|week)|(?P<number>{_COUNT}){_CLOCK}"
    r"(?P<more> and an? half)?(?: of)?(?: an?)?(?:(?<=\d) ?| ))"
    rf"(?P<unit>{_UNIT})(?![a-z])"
    r"(?: and (?:a|1) (?P<half>half))?"
    rf"(?:(?: and)? ?(?P<number2>{_COUNT})(?:(?<=\d) ?| )(?P<unit2>{_UNIT})(?![a-z\d])"
    rf"|(?: and)? ?(?P<minutes>{_COUNT})(?= {_PASSED}|$))?"
)

_ANY = re.compile(rf"\b{_SPAN}(?!\w)")
_AGO = re.compile(rf"(?<!how )\b{_SPAN} {_PASSED}\b")
_LASTED = re.compile(
    r"\b(?:been(?: up| there| out| online| live)?|is|it is|now)(?: for)?"
    rf" {_SPAN}(?!\w)"
)
_AFTER = re.compile(rf"\b(?:after|since) {_SPAN}(?!\w)")
_BEFORE = re.compile(
    r"\b(?:sent|send|wrote|texted|posted|mailed|emailed|messaged|is)(?: [a-z]{1,20}){0,3}"
    rf" before {_SPAN}(?!\w)(?! (?:is|are|pass|passed|end|run|limit))"
)
"""As some say it whose language has one word for both: "sent before 5 minutes"."""
_ALONE = re.compile(
    rf"(?:it is |it was |sent |like |maybe |is )?{_SPAN}(?: too late| {_PASSED})?"
)
_MORE = frozenset(("over", "more than", "at least", "well over", "just over"))
_LESS = frozenset(
    ("under", "less than", "not even", "not quite", "below", "within the last")
)
_NEARLY = frozenset(("almost", "nearly", "close to"))
_TIMES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), ago, slack)
    for pattern, ago, slack in (
        (r"(?:just|right) (?:now|this (?:second|minute|moment))|a moment ago|moments ago|this (?:very )?(?:second|minute|moment)"
         r"|(?:a )?(?:few |couple )?(?:seconds|secs) (?:ago|back)|(?:sent|happened) (?:it )?(?:just now|immediately|right away)"
         r"|(?:just|literally|only just) (?:now |by accident |by mistake |accidentally |mistakenly |literally |went and ){0,2}"
         r"(?:sent|texted|wrote|messaged|posted|mailed|emailed|dmed|replied|shared|forwarded|fired off|hit (?:send|enter)|pressed (?:send|enter)|clicked send)",
         timedelta(0), timedelta(0)),
        (r"(?:minutes|mins) (?:ago|back)|a (?:little )?while ago today|not long ago|a little while (?:ago|back)|a bit ago", timedelta(minutes=30), timedelta(minutes=29)),
        (r"(?:hours|hrs) (?:ago|back)", timedelta(hours=5), timedelta(hours=4)),
        (r"earlier this (?:week)", timedelta(hours=84), timedelta(hours=84)),
        (r"earlier this month", timedelta(days=15), timedelta(days=15)),
        (r"earlier this year", timedelta(days=180), timedelta(days=180)),
        (r"earlier today|this morning|(?:sent|texted|wrote|posted|mailed|emailed|messaged) (?:it )?today",
         timedelta(hours=6), timedelta(hours=5, minutes=30)),
        (r"this afternoon|this evening|tonight|(?:sent|texted|wrote|posted|mailed|emailed|messaged) (?:it )?earlier",
         timedelta(hours=4), timedelta(hours=3, minutes=45)),
        (r"last night|yesterday (?:evening|night)|overnight|in the middle of the night", timedelta(hours=12), timedelta(hours=6)),
        (r"the day before yesterday|2 nights ago", timedelta(days=2), timedelta(days=1)),
        (r"yesterday(?: (?:morning|afternoon))?", timedelta(days=1), timedelta(hours=12)),
        (r"days (?:ago|back)", timedelta(days=5), timedelta(days=3)),
        (r"the other (?:day|night|evening)|last weekend|(?:over|at|on) the weekend", timedelta(days=3), timedelta(hours=36)),
        (r"the other week", timedelta(days=10), timedelta(days=5)),
        (r"last week|weeks (?:ago|back)", timedelta(weeks=1), timedelta(hours=84)),
        (r"last month|months (?:ago|back)", timedelta(days=30), timedelta(days=15)),
        (r"(?:a |quite a |some |been a |for a )?(?:good |long )?while (?:ago|back)|some time (?:ago|back)", timedelta(days=30), timedelta(days=29)),
        (r"last (?:quarter|semester|term)", timedelta(days=90), timedelta(days=60)),
        (r"last year|years (?:ago|back)|ages (?:ago|back)|(?:long|forever|eons) ago|(?:a )?long time (?:ago|back)|way back|back in the day",
         timedelta(days=365), timedelta(hours=4380)),
    )
)  # fmt: skip
"""What people say, how long ago that is, and by how much it may be off: minutes, hours and days as
the buttons have them, any part of today but the last minutes, else half as much."""

_UNIT_WORDS = frozenset((*_UNITS, *_SHORT))
_CUES = frozenset(
    (
        *("just", "right", "literally", "now", "moment", "moments", "ago", "today"),
        *(
            "morning",
            "afternoon",
            "evening",
            "night",
            "overnight",
            "tonight",
            "yesterday",
        ),
        "day",
        *("weekend", "week", "month", "year", "back", "earlier", "immediately"),
        *("quarter", "semester", "term", "second", "minute"),
    )
)
"""Words of which every time of `_TIMES` has one."""


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


def stated_age(said: Sequence[str], *, dated: bool = False) -> StatedAge:
    """The age that words state.

    A bare span counts only where it says that it passed ("2 hours ago", "after an
    hour") or where it is all that was said. Where it is dated by a day, what is only said
    to come after a span is another matter.
    """
    # Most questions hold no time; they need no search for one.
    if not _may_hold_span(said) and _CUES.isdisjoint(said):
        return StatedAge()
    line = " ".join(said)
    aside: list[tuple[int, int]] = []
    match = (
        _first(_AGO, line, aside)
        or _first(_LASTED, line, aside)
        or _BEFORE.search(line)
        or _ALONE.fullmatch(line)
    )
    if match:
        return StatedAge(*_age(match), (tokenizer.word_positions(line, match),))
    for times, ago, slack in () if _CUES.isdisjoint(said) else _TIMES:
        match = _first(times, line, aside)
        if match:
            return StatedAge(ago, slack, (tokenizer.word_positions(line, match),))
    # "Broke up after four years" beside "last night" is not when it was sent.
    match = None if dated else _first(_AFTER, line, aside)
    if match:
        return StatedAge(*_age(match), (tokenizer.word_positions(line, match),))
    return StatedAge(taken=tuple(aside[:1]))


def _first(
    pattern: re.Pattern[str], line: str, aside: list[tuple[int, int]]
) -> re.Match[str] | None:
    """The first match that tells when a message went out.

    Not how old somebody is, nor when it was read, answered or deleted: those are put
    aside, with what lies within them.
    """
    for match in islice(pattern.finditer(line), _MOST):
        start, end = place = tokenizer.word_positions(line, match)
        if any(start < last and first < end for first, last in aside):
            continue
        if not other_times.is_of_another(match, line):
            return match
        aside.append(place)
    return None


def alone(said: Sequence[str]) -> timedelta | None:
    """The age that words state where they are nothing but a span: "5 minutes"."""
    match = _ALONE.fullmatch(" ".join(said))
    return min(_span(match), LONGEST) if match else None


def bare(said: Sequence[str]) -> StatedAge:
    """The only span that words spell out; one that is denied ("not 10 minutes") is none."""
    if not _may_hold_span(said):
        return StatedAge()
    line = " ".join(said)
    found = list(islice(_ANY.finditer(line), _MOST))
    meant = [m for m in found if not line.endswith("not ", 0, m.start())]
    if len(meant) != 1:
        return StatedAge()
    return StatedAge(
        *_age(meant[0]), tuple(tokenizer.word_positions(line, match) for match in found)
    )


def spans(said: Sequence[str]) -> tuple[timedelta, ...]:
    """Every span that words spell out, passed or not: "3 hours", "half an hour"."""
    found = islice(_ANY.finditer(" ".join(said)), _MOST)
    return tuple(_span(match) for match in found if match["unit"] not in _SHORTEST)


def _may_hold_span(said: Sequence[str]) -> bool:
    return any(word in _UNIT_WORDS or word[0].isdigit() for word in said)


def _age(match: re.Match[str]) -> tuple[timedelta, timedelta]:
    """The age that a span states, and by how much it may be off."""
    span, bound = min(_span(match), LONGEST), match["bound"]
    if bound in _MORE:
        return span * 1.25, span / 4
    if bound in _LESS:
        return span * 0.75, span / 4
    if bound in _NEARLY:
        return span * 0.9, span / 10
    unit = _unit(match["unit"])
    loose = unit / 2 if unit >= timedelta(days=1) else timedelta(0)
    if match["number"] in ("a", "an", "couple", "half"):
        loose = max(loose, unit / 4)
    if match["number"] in ("few", "some", "several", "many"):
        loose = max(loose, span * 0.6)
    exact = match["number2"] or match["minutes"] or match["more"] or match["half"]
    return span, loose / 4 if exact else loose


def _span(match: re.Match[str]) -> timedelta:
    unit = _unit(match["unit"])
    if match["whole"]:
        number = float(match["whole"]) + (0.5 if match["point"] else 0)
        return unit * number + timedelta(minutes=int(match["past"] or 0))
    number = _count(match["number"])
    span = unit * (number + (0.5 if match["half"] or match["more"] else 0))
    if match["number2"]:
        # "Half an hour, 1 h" are two spans, not one.
        below = _unit(match["unit2"])
        return span + below * _count(match["number2"]) if below < unit else span
    if match["minutes"]:
        # "An hour and ten": of the unit below.
        return span + unit / _PARTS.get(unit, 1) * _count(match["minutes"])
    return span


_PARTS = {
    timedelta(minutes=1): 60,
    timedelta(hours=1): 60,
    timedelta(days=1): 24,
    timedelta(weeks=1): 7,
}
"""How many of the unit below a unit has."""


def _unit(text: str) -> timedelta:
    return _UNITS[_SHORT.get(text, text)]


def _count(text: str) -> float:
    return float(text) if text.isdigit() else _NUMBERS[text]
