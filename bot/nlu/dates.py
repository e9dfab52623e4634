"""Words → the day, month, season or year in which a message went out: "from 2021".

How long ago that is depends on today, so it is told apart from what was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.nlu import tokenizer

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_SHORT = {month[:3]: month for month in _MONTHS} | {"sept": "september"}
_MONTH = "|".join((*_MONTHS, *sorted(_SHORT, key=len, reverse=True)))

_YEAR_DAYS, _MONTH_DAYS, _SEASON_DAYS, _EASTER_DAYS = 365, 30, 92, 35
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins."""
_FEASTS = {
    "new year eve": (12, 31, 1), "new years eve": (12, 31, 1), "nye": (12, 31, 1),
    "new year day": (1, 1, 1), "new years day": (1, 1, 1), "new year": (12, 31, 2),
    "new years": (12, 31, 2), "valentine day": (2, 14, 1), "valentines day": (2, 14, 1),
    "valentines": (2, 14, 1), "easter": (3, 22, _EASTER_DAYS), "halloween": (10, 31, 1),
    "thanksgiving": (11, 22, 7), "christmas eve": (12, 24, 1),
    "christmas day": (12, 25, 1), "boxing day": (12, 26, 1), "christmas": (12, 24, 3),
    "xmas": (12, 24, 3),
}  # fmt: skip
"""Month, day and days of what may be meant."""
_FEAST = "|".join(sorted(_FEASTS, key=len, reverse=True))

_LED = (
    r"(?P<lead>(?:from )?back (?:in|at|on)|from|of|dated|since|last|this past|past|in|on|at"
    r"|over|around|during|this)(?: (?:the|early|mid|late|about|around)){0,2}"
)
_YEAR = r"(?P<year>19[89]\d|20\d\d)"
_WHOLE_YEAR = re.compile(rf"\b{_LED} {_YEAR}\b")
_OWN_YEAR = re.compile(
    r"\b(?P<lead>)(?P<year>19[89]\d|20\d\d) (?:message|messages|dm|dms|text|texts"
    r"|email|emails|mail|chat)\b"
)
_OF_MONTH = re.compile(rf"\b{_LED} (?P<month>{_MONTH})\b(?: (?:of )?{_YEAR}\b)?")
_DAY = re.compile(
    rf"\b(?:(?P<lead>on|from|since|of) )?(?:the )?(?:(?P<day>[1-9]|[12]\d|3[01])"
    rf"(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})|(?P<month2>{_MONTH})(?: the)?"
    rf" (?P<day2>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)\b(?: {_YEAR}\b)?"
)
_DAY_ONLY = re.compile(
    r"\b(?P<lead>on|from|since) the (?P<day>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
    r"(?= (?:at|and|but|can|i|so|to|by|is|how|what|it|he|she|they|will|do|does|on|via"
    r"|from|still|not|already|now|of this month|of last month)\b|$)"
)
_OF_SEASON = re.compile(
    rf"\b{_LED} (?P<season>{'|'.join(_SEASONS)})\b(?: (?:of )?{_YEAR}\b)?"
)
_OF_FEAST = re.compile(rf"\b{_LED} (?P<feast>{_FEAST})\b(?: (?:of )?{_YEAR}\b)?")
_PATTERNS = (
    _DAY, _DAY_ONLY, _OF_FEAST, _OF_MONTH, _OF_SEASON, _WHOLE_YEAR, _OWN_YEAR,
)  # fmt: skip

_FREE = frozenset(
    {
        "from",
        "from back in",
        "from back at",
        "of",
        "dated",
        "since",
        "last",
        "this past",
        "past",
    }
)
"""Behind one of these a date is the message's; "in 2021" may be anything's."""
_SENT = re.compile(
    r"\b(?:sent|send|texted|wrote|posted|mailed|emailed|messaged|dmed|was|went|happened"
    r"|written|did)\b"
)
_READ = re.compile(r"\b(?:read|reads|saw|seen|opened|viewed|changed|update|updated)\b")
_OTHERS = re.compile(
    r"\b(?:iphones?|ipads?|ipods?|macbooks?|macs?|imacs?|phones?|mobiles?|laptops?"
    r"|computers?|pcs?|tablets?|devices?|watch|samsung|pixel|android|ios|windows|apps?"
    r"|versions?|accounts?|profiles?|model|friends?|colleagues?|guy|man|woman|girl|boy"
    r"|client|company|school|job|together|dating|married|known|know|met|worked|working"
    r"|members?|customers?|users?|used|using|here|rule|law|article|post|page|thread"
    r"|backups?)(?: \d{1,2})? $"
)
"""Right before a date one of these, and no message, is as old as that."""
_NUMBER = re.compile(r"\d{4}|\d{1,2}(?:st|nd|rd|th)")
_OTHERWISE = frozenset(
    {"remind", "schedule", "scheduled", "scheduling", "tomorrow", "deliver", "born"}
)
_BOUGHT = frozenset(
    {
        *("phone", "iphone", "ipad", "mac", "macbook", "imac", "laptop", "computer"),
        *("pc", "tablet", "model", "version", "account", "profile", "watch"),
    }
)
"""Right before a year it is theirs: "an old laptop from 2015"."""
_FEW = 5
"""Words that need not say that something was sent."""
_CUES = frozenset((*_MONTHS, *_SHORT, *_SEASONS, *" ".join(_FEASTS).split())) - {"day"}


class CalendarDate(NamedTuple):
    """When a message went out, as far as a calendar is named; what is open is none."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    days: int = 1
    """How long the time is that is named: a day, a month, a season, a year."""
    taken: tuple[int, int] = (0, 0)
    """The place of the words that say so."""


def calendar_date(said: Sequence[str]) -> CalendarDate | None:
    """The date at which a message went out, where the words name one."""
    # Most questions hold none; they need no search for one.
    if _CUES.isdisjoint(said) and not any(map(_NUMBER.fullmatch, said)):
        return None
    if not _OTHERWISE.isdisjoint(said):
        return None
    line = " ".join(said)
    for pattern in _PATTERNS:
        match = pattern.search(line)
        if match and _fits(match, line, said):
            return _date(match)._replace(taken=tokenizer.word_positions(line, match))
    return None


def since(named: CalendarDate, now: datetime) -> tuple[timedelta, timedelta] | None:
    """How long ago that was, and by how much it may be off; none for a time to come.

    Without a year it is the last time that there was such a day.
    """
    for begin in _begins(named, now):
        start = datetime(begin.year, begin.month, begin.day, tzinfo=now.tzinfo)
        if start <= now:
            end = min(now, start + timedelta(days=named.days))
            # Where the person is the day may be another than ours.
            return now - (start + (end - start) / 2), (end - start) / 2 + _ZONES
    return None


_ZONES = timedelta(hours=12)


def _begins(named: CalendarDate, now: datetime) -> list[date]:
    """The days on which the time that is named may have begun, the last one first."""
    if named.month is None and named.year is None:  # "on the 3rd"
        months = [(now.year, now.month - back) for back in range(3)]
        turned = [(y, m) if m > 0 else (y - 1, m + 12) for y, m in months]
    else:
        month = named.month or 1
        years = [named.year] if named.year else [now.year, now.year - 1]
        turned = [(year, month) for year in years]
    return [
        date(year, month, named.day or 1)
        for year, month in turned
        if (named.day or 1) <= _length(year, month)
    ]


def _length(year: int, month: int) -> int:
    after = date(year + month // 12, month % 12 + 1, 1)
    return (after - date(year, month, 1)).days


def _date(match: re.Match[str]) -> CalendarDate:
    """The date of a match, by the groups that its pattern has."""
    said = match.groupdict()
    year = int(said["year"]) if said.get("year") else None
    if feast := said.get("feast"):
        month, day, days = _FEASTS[feast]
        return CalendarDate(year, month, day, days)
    if season := said.get("season"):
        return CalendarDate(year, _SEASONS[season], None, _SEASON_DAYS)
    month_name = said.get("month") or said.get("month2")
    month_number = (
        _MONTHS.index(_SHORT.get(month_name, month_name)) + 1 if month_name else None
    )
    if day_number := said.get("day") or said.get("day2"):
        return CalendarDate(year, month_number, int(day_number))
    days = _MONTH_DAYS if month_number else _YEAR_DAYS
    return CalendarDate(year, month_number, None, days)


def _fits(match: re.Match[str], line: str, said: Sequence[str]) -> bool:
    """Whether it is when the message was sent: no month of an update, no wish."""
    lead = match["lead"] or ""
    if _BOUGHT & {*line[: match.start()].split()[-1:]}:
        return False
    if match.re is _DAY and not lead and not match["year"]:
        # "3 may be wrong" is no day.
        return not {"may", "march"} & {match["month"], match["month2"]}
    told = match.re is _DAY and (lead or match["year"])
    free = told or lead in _FREE or len(said) <= _FEW
    if match.re is _OWN_YEAR:
        return True
    if lead and _OTHERS.search(line, 0, match.start()):
        return False
    if not lead.startswith(("from", "of", "dated")) and _READ.search(
        line, 0, match.start()
    ):
        return False
    return bool(free) or bool(_SENT.search(line, 0, match.start()))
