"""Spans of time: read and written in ISO 8601 and in words; what of a limit is left.

There is no clock here: the time comes in with the event.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from bot.nlu.language import TimeWords

_ISO = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_OFF = "~"
_TO = ".."
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?:~\d+)?")

NO_LIMIT = "none"
"""In the place of a limit: there is none."""
State = Literal["open", "between", "over", "unknown", "none"]
"""`between` the ends of a limit that is a range, or mostly past one: perhaps."""


@lru_cache(maxsize=256)
def duration(text: str | None) -> timedelta | None:
    """The span that an ISO 8601 duration names; none for any other text."""
    match = _ISO.fullmatch(text or "")
    if match is None or not any(match.groups()):
        return None
    try:
        return timedelta(**{k: int(v) for k, v in match.groupdict().items() if v})
    except OverflowError:
        return None


def limits(text: str | None) -> tuple[timedelta, timedelta] | None:
    """The ends of the limit that a value names: both the same unless it is a range."""
    low, to, high = (text or "").partition(_TO)
    ends = duration(low), duration(high if to else low)
    if ends[0] is None or ends[1] is None or (to and ends[0] >= ends[1]):
        return None
    return ends[0], ends[1]


def is_range(text: str | None) -> bool:
    """Whether a value names a limit that lies somewhere between two ends."""
    ends = limits(text)
    return ends is not None and ends[0] != ends[1]


def limit_in_words(text: str | None, words: TimeWords) -> str | None:
    """A limit as people say it: "60 minutes", "48 to 60 hours"; none for no limit."""
    ends = limits(text)
    if ends is None:
        return None
    low, high = ends
    if low == high:
        return in_words(low, words)
    for size, forms in _units(words):
        # The largest unit that both are whole in.
        if not low % size and not high % size:
            last = _count(high // size, forms, words)
            return words.between.format(low // size, last)
    return words.between.format(in_words(low, words), in_words(high, words))


def iso(span: timedelta) -> str:
    """A span of at least zero as an ISO 8601 duration, exact to the second."""
    seconds = max(0, round(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    parts = [(rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S")]
    time = "".join(f"{n}{unit}" for n, unit in parts if n)
    text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"P{text}" if text else "PT0S"


def in_words(span: timedelta, words: TimeWords) -> str:
    """A span as people say it, in its largest unit that fits: "50 minutes"."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < _MINUTE:
        return _count(seconds, words.seconds, words)
    minutes = seconds // _MINUTE
    hours, odd = divmod(minutes, _HOUR)
    if minutes < _TWICE * _HOUR and (odd or hours == 1):
        return _count(minutes, words.minutes, words)
    if hours < _TWICE * _DAY:
        tail = (
            f" {_count(odd, words.minutes, words)}"
            if odd and hours < _DAY / _TWICE
            else ""
        )
        return _count(hours, words.hours, words) + tail
    return _count(hours // _DAY, words.days, words)


def rest(span: timedelta, words: TimeWords, off: timedelta = timedelta(0)) -> str:
    """What is left of a limit in words: rounded down, unless it is as good as whole.

    A minute after sending it is "almost 2 days", not 47 hours; of a short rest every
    minute is told. What may be more by `off` is as good as whole too.
    """
    hour, day = timedelta(hours=1), timedelta(days=1)
    unit, nearly = (hour, hour / 6) if span < _TWICE * day else (day, day / 6)
    up = -(-span // unit) * unit
    if span < day / _TWICE or up == span or up - span - off > nearly:
        return in_words(span, words)
    return words.almost.format(in_words(up, words))


_MINUTE, _HOUR, _DAY = 60, 60, 24
_TWICE = 2
"""Below twice a unit the smaller one says more: "90 minutes", "36 hours"."""


def _units(words: TimeWords) -> tuple[tuple[timedelta, tuple[str, ...]], ...]:
    return (
        (timedelta(hours=1), words.hours),
        (timedelta(minutes=1), words.minutes),
        (timedelta(seconds=1), words.seconds),
    )


def _count(n: int, forms: tuple[str, ...], words: TimeWords) -> str:
    return f"{n} {forms[words.plural(n)]}"


def instant(moment: datetime, slack: timedelta = timedelta(0)) -> str:
    """A moment as it is kept in `known`; with how far it may be off, in minutes."""
    text = moment.astimezone(UTC).strftime(_INSTANT)
    minutes = int(slack.total_seconds()) // 60
    return f"{text}{_OFF}{minutes}" if minutes else text


def slack(text: str) -> timedelta:
    """How far a kept moment may be off."""
    return timedelta(minutes=int(text.partition(_OFF)[2] or 0))


def is_moment(text: str) -> bool:
    """Whether a value of a slot is a kept moment."""
    return bool(_MOMENT.fullmatch(text))


@lru_cache(maxsize=4_096)
def moment(text: str) -> datetime:
    return datetime.strptime(text.partition(_OFF)[0], _INSTANT).replace(tzinfo=UTC)


class TimeLeft(NamedTuple):
    """A limit held against a message's age."""

    state: State
    left: timedelta | None = None
    """While it is open: that much for sure."""
    since: timedelta | None = None
    """How long ago it ended, once it is over."""
    age: timedelta | None = None
    off: timedelta = timedelta(0)
    """By how much all of them may be off."""


def time_left(limit: str | None, sent: str | None, now: datetime) -> TimeLeft:
    """How things stand for a message sent at an instant, under a claim's value."""
    if limit == NO_LIMIT:
        return TimeLeft("none")
    ends = limits(limit)
    if ends is None or sent is None:
        return TimeLeft("unknown")
    low, high = ends
    age = max(timedelta(0), now - moment(sent))
    off = slack(sent)
    if off and age - off < low <= age + off:
        # It may be over or not: better to say so than the wrong verdict.
        return TimeLeft("between" if age >= low else "unknown", age=age, off=off)
    if age < low:
        return TimeLeft("open", left=low - age, age=age, off=off)
    if age - off < high:
        return TimeLeft("between", age=age, off=off)
    return TimeLeft("over", since=age - high, age=age, off=off)
