"""Words → the day, month, season or year in which a message went out: "from 2021".

How long ago that is depends on today, so it is told apart from what was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.nlu import tokenizer
from bot.nlu.expressions import Expression

_YEAR_DAYS, _MONTH_DAYS, _SEASON_DAYS = 365, 30, 92
_FEW = 5
"""Words that need not say that something was sent."""


class DateGrammar(NamedTuple):
    """How a language names days, months, seasons and years.

    Patterns look at words joined by spaces. They have the groups `lead` and `year`, and
    some of `day`, `day2`, `month`, `month2`, `season`, `feast`.
    """

    months: Mapping[str, int]
    seasons: Mapping[str, int]
    """The month in which each begins."""
    feasts: Mapping[str, tuple[int, int, int]]
    """Month, day and days of what may be meant."""
    day: Expression
    of_message: Expression
    """What can only be a message's: "my 2019 messages"."""
    others: tuple[Expression, ...]
    """The others, those that say most first."""
    doubtful: frozenset[str]
    """Months that are ordinary words too: "3 may be wrong" is no day."""
    free: frozenset[str]
    """Behind one of these a date is the message's; "in 2021" may be anything's."""
    own: tuple[str, ...]
    """What such a lead begins with even where something was read before it."""
    sent: Expression
    read: Expression
    aged: Expression
    """Ends in what, right before a date, is as old as that, and no message: "my phone is
    from 2021"."""
    bought: frozenset[str]
    """Right before a year it is theirs: "an old laptop from 2015"."""
    number: Expression
    """Words that may be a year or a day."""
    otherwise: frozenset[str]
    """Beside one of these it is no date of the past, or of something else."""
    cues: frozenset[str]
    """Words of which every date without a number has one."""


class CalendarDate(NamedTuple):
    """When a message went out, as far as a calendar is named; what is open is none."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    days: int = 1
    """How long the time is that is named: a day, a month, a season, a year."""
    taken: tuple[int, int] = (0, 0)
    """The place of the words that say so."""


def calendar_date(said: Sequence[str], grammar: DateGrammar) -> CalendarDate | None:
    """The date at which a message went out, where the words name one."""
    # Most questions hold none; they need no search for one.
    if grammar.cues.isdisjoint(said) and not any(map(grammar.number.fullmatch, said)):
        return None
    if not grammar.otherwise.isdisjoint(said):
        return None
    line = " ".join(said)
    for pattern in (grammar.day, *grammar.others, grammar.of_message):
        match = pattern.search(line)
        if match and _fits(match, line, said, grammar):
            return _date(match, grammar)._replace(
                taken=tokenizer.word_positions(line, match)
            )
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


def _date(match: re.Match[str], grammar: DateGrammar) -> CalendarDate:
    """The date of a match, by the groups that its pattern has."""
    said = match.groupdict()
    year = int(said["year"]) if said.get("year") else None
    if feast := said.get("feast"):
        month, day, days = grammar.feasts[feast]
        return CalendarDate(year, month, day, days)
    if season := said.get("season"):
        return CalendarDate(year, grammar.seasons[season], None, _SEASON_DAYS)
    month_name = said.get("month") or said.get("month2")
    month_number = grammar.months[month_name] if month_name else None
    if day_number := said.get("day") or said.get("day2"):
        return CalendarDate(year, month_number, int(day_number))
    days = _MONTH_DAYS if month_number else _YEAR_DAYS
    return CalendarDate(year, month_number, None, days)


def _fits(
    match: re.Match[str], line: str, said: Sequence[str], grammar: DateGrammar
) -> bool:
    """Whether it is when the message was sent: no month of an update, no wish."""
    lead = match["lead"] or ""
    if {*line[: match.start()].split()[-1:]} & grammar.bought:
        return False
    if match.re is grammar.day.compiled and not lead and not match["year"]:
        return not grammar.doubtful & {*match.groupdict().values()}
    told = match.re is grammar.day.compiled and (lead or match["year"])
    free = told or lead in grammar.free or len(said) <= _FEW
    if match.re is grammar.of_message.compiled:
        return True
    if lead and grammar.aged.search(line, 0, match.start()):
        return False
    if not lead.startswith(grammar.own) and grammar.read.search(line, 0, match.start()):
        return False
    return bool(free) or bool(grammar.sent.search(line, 0, match.start()))
