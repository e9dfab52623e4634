"""Days, months, seasons and years in which a message went out; how long ago that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.session import Session
from bot.dialogue.slot_filling import stated_by
from bot.nlu import dates
from bot.nlu.engine import Parse
from bot.nlu.entities import extract
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from tests.nlu.test_entities import lexicon
from tests.support.books import toy_book

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def read(text: str) -> dates.CalendarDate | None:
    return dates.calendar_date(ENGLISH.tokenize(text), ENGLISH.dates)


def between(text: str) -> tuple[str, str]:
    """The first and the last day that may be meant, without the half day of zones."""
    found = read(text)
    assert found is not None
    ago = dates.since(found, NOW)
    assert ago is not None
    age, slack = ago[0], ago[1] - 12 * HOUR
    return (NOW - age - slack).date().isoformat(), (
        NOW - age + slack
    ).date().isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a parcel from 2021", "2021-01-01", "2022-01-01"),
        ("I sent it back in 2019", "2019-01-01", "2020-01-01"),
        ("dated 2026", "2026-01-01", "2026-11-28"),
        ("sent last christmas", "2025-12-24", "2025-12-27"),
        ("I wrote it on new year's eve", "2025-12-31", "2026-01-01"),
        ("sent in march", "2026-03-01", "2026-03-31"),
        ("it went out in december", "2025-12-01", "2025-12-31"),
        ("from march 2020", "2020-03-01", "2020-03-31"),
        ("last summer I wrote it", "2026-06-01", "2026-09-01"),
        ("texts from summer 2018", "2018-06-01", "2018-09-01"),
        ("it was on the 3rd", "2026-11-03", "2026-11-04"),
        ("sent on the 31st", "2026-10-31", "2026-11-01"),
        ("on the 30th", "2026-10-30", "2026-10-31"),
        ("since march 3rd", "2026-03-03", "2026-03-04"),
        ("sent on 9 May 2020", "2020-05-09", "2020-05-10"),
        ("sent on halloween", "2026-10-31", "2026-11-01"),
    ],
)
def test_a_date_is_the_last_such_time(text: str, first: str, last: str) -> None:
    assert between(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "how do I call a parcel back in the year to come",
        "how do I get my heron parcels back in 2025 or so, please",
        "the ferry changed its rules in 2024, does it still carry parcels",
        "she opened it in march and never told me a word",
        "he has an old macbook from 2014 and reads my parcels there",
        "I have an account from 2017 and want to leave",
        "we have been friends since 2015",
        "on the 3rd floor",
        "may I send it",
        "I have 3, may be 4 parcels",
        "remind me on the 3rd",
        "march on",
        "",
    ],
)
def test_other_years_and_months_are_no_date_of_sending(text: str) -> None:
    assert read(text) is None


def test_a_year_to_come_is_none() -> None:
    found = read("sent in 2031")
    assert found is not None
    assert dates.since(found, NOW) is None


@given(st.text("in the 3rdofmay2019 last", max_size=40).map(ENGLISH.tokenize))
def test_the_place_is_within_the_words(said: tuple[str, ...]) -> None:
    found = dates.calendar_date(said, ENGLISH.dates)
    assert found is None or 0 <= found.taken[0] < found.taken[1] <= len(said)


@given(st.sampled_from(range(1, 13)), st.integers(1, 31), st.datetimes())
def test_what_was_is_never_to_come(month: int, day: int, now: datetime) -> None:
    named = dates.CalendarDate(None, month, day)
    if now.year < 3:
        return
    found = dates.since(named, now.replace(tzinfo=UTC))
    assert found is None or found[0] >= timedelta(0)


def sent(text: str, session: Session) -> str | None:
    said = ENGLISH.tokenize(text)
    parse = Parse(said, extraction=extract(lexicon(), said))
    return stated_by(toy_book(), session, parse, NOW).get("left_at")


def test_the_date_counts_in_a_talk() -> None:
    assert sent("a parcel from 2021", Session()) == "2021-07-02T12:00:00Z~263520"
    assert sent("last year, on 9 march 2025", Session()) == "2025-03-09T12:00:00Z~1440"


@pytest.mark.parametrize("vague", ["some hours ago I think", "today", "this morning"])
def test_a_vague_time_leaves_an_exact_one(vague: str) -> None:
    known = sent("20 minutes ago", Session())
    assert known == "2026-11-28T11:40:00Z"
    assert sent(f"sent {vague}", Session(slots={"left_at": known})) is None


def test_an_exact_time_replaces_a_vague_one() -> None:
    known = sent("this morning", Session())
    assert known is not None
    later = Session(slots={"left_at": known})
    assert sent("20 minutes ago", later) == "2026-11-28T11:40:00Z"


def test_another_day_replaces_an_exact_time_and_so_does_a_correction() -> None:
    later = Session(slots={"left_at": "2026-11-28T11:40:00Z"})
    assert sent("no, yesterday", later) == "2026-11-27T12:00:00Z~720"
    assert sent("sorry, hours ago", later) == "2026-11-28T07:00:00Z~240"
