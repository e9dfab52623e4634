"""What clock and calendar showed; how long ago that is, where it can be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.nlu import clock_times
from bot.nlu.clock_times import TimeOfDay
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from tests.support.books import real_bot

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def read(text: str) -> clock_times.ClockReading:
    return clock_times.clock_reading(ENGLISH.tokenize(text), ENGLISH.clock)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("i texted her at 3pm", TimeOfDay(15, 0, exact=True)),
        ("it was at 9 a.m.", TimeOfDay(9, 0, exact=True)),
        ("wrote it at 12:05 am", TimeOfDay(0, 5, exact=True)),
        ("the email left, sent at 17.45", TimeOfDay(17, 45, exact=True)),
        (
            "my message from this morning, at 8 this morning",
            TimeOfDay(8, 0, exact=True),
        ),
        ("sent at 9:30", TimeOfDay(9, 30, exact=False)),
        ("slack at 12:30", TimeOfDay(12, 30, exact=False)),
        ("at quarter past two", TimeOfDay(2, 15, exact=False)),
        ("ten to two, actually", TimeOfDay(1, 50, exact=False)),
        ("20 past 2", TimeOfDay(2, 20, exact=False)),
        ("at nine", TimeOfDay(9, 0, exact=False)),
        ("wrote it at noon", TimeOfDay(12, 0, exact=True)),
    ],
)
def test_a_time_of_day_is_read(text: str, time: TimeOfDay) -> None:
    assert read(text).time == time


@pytest.mark.parametrize(
    "text",
    [
        "remind me at 9am to write a message",
        "schedule a message for 10 pm",
        "a message to 12 people",
        "2 hours ago",
        "message number 10 30 times",
        "it is 15:20 now",
        "will the message be there until 6pm",
        "sent from 2 phones",
        "to twenty people at five companies",
        "message to one friend",
        "i sent 10-20 messages",
        "about 10-15 minutes",
        "she read my message at 3pm",
        "she wakes up at 7am, can i delete the message",
        "he will see my message at 8am",
        "before 3pm",
    ],
)
def test_other_numbers_are_no_time_of_day(text: str) -> None:
    assert read(text).time is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("sent at 3pm, it's 3.40pm now", 40 * MINUTE),
        ("it is 0:10 now and i sent it at 23:50", 20 * MINUTE),
        ("message went out at 11:50, now 12:10", 20 * MINUTE),
        ("it is 3:20pm and i sent a message at 1:10pm", 130 * MINUTE),
        ("message at 3pm or at 4pm", None),
        ("sent: Tuesday 18:20. Now: Thursday 09:05", 2325 * MINUTE),
        ("sent it at 9.02, now it is 10.30", 88 * MINUTE),
        ("I wrote it at 7 this morning and it's 10 now", 180 * MINUTE),
        ("sent Sunday at 23:50, now it is Monday 00:10", 20 * MINUTE),
        (
            "sent at 3pm, the meeting is at 5, now it is 3:20pm, will he know",
            20 * MINUTE,
        ),
        ("I mailed it yesterday at 6pm. Now it is 10am. Will it vanish", 16 * HOUR),
    ],
)
def test_two_times_tell_what_passed_between_them(
    text: str, span: timedelta | None
) -> None:
    assert read(text).elapsed == span


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on friday", 4),
        ("i sent it sunday night", 6),
        ("since last monday", 0),
        ("tuesday", 1),
        ("black friday message", None),
        ("by friday", None),
        ("friday message", None),
        ("we have a tournament on saturday", None),
        ("I have sent it on friday", 4),
    ],
)
def test_a_weekday_is_read_where_it_is_past(text: str, day: int | None) -> None:
    assert read(text).day == day


@given(st.text("at3pmno5:40 isfrdy1", max_size=40).map(ENGLISH.tokenize))
def test_places_are_within_the_words_and_apart(said: tuple[str, ...]) -> None:
    taken = clock_times.clock_reading(said, ENGLISH.clock).taken
    assert all(0 <= start < end <= len(said) for start, end in taken)


def test_a_clock_that_is_the_persons_own_tells_how_long_ago() -> None:
    at = datetime(2026, 11, 24, 15, 40, tzinfo=timezone(HOUR))
    text = "I wrote a WhatsApp message at 2:10pm, delete it for everyone"
    reply, _ = real_bot().reply(Session(), Said("x", text, at))
    assert reply.slots["sent"] == "PT1H30M"
    utc = Said("x", text, at.astimezone(UTC))
    reply, _ = real_bot().reply(Session(), utc)
    assert "sent" not in reply.slots
    assert "do not see the time" in reply.text


def test_a_mistake_is_no_deadline() -> None:
    assert read("i sent it on friday by mistake").day == 4
    assert read("sent at 1pm by accident").time == TimeOfDay(13, 0, exact=True)


def test_a_clock_a_little_behind_is_no_day_ago() -> None:
    now = datetime(2026, 11, 24, 15, 20, tzinfo=timezone(HOUR))
    assert clock_times.ago(TimeOfDay(15, 25, exact=True), now) == timedelta(0)
    assert clock_times.ago(TimeOfDay(15, 0, exact=True), now) == 20 * MINUTE


def test_a_day_that_is_stated_outdoes_two_times() -> None:
    text = "on whatsapp, sent yesterday at 9:30, it is 10:15 now"
    reply, _ = real_bot().reply(
        Session(), Said("x", text, datetime(2026, 11, 24, 10, 15, tzinfo=UTC))
    )
    assert reply.slots["sent"] == "P1D"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I wrote it on Tuesday, it is Thursday now", 2),
        ("today is Friday. The mail is from Saturday", 6),
        ("sent on Friday, today is Friday", None),
    ],
)
def test_two_weekdays_tell_what_passed_between_them(
    text: str, days: int | None
) -> None:
    assert read(text).elapsed == (None if days is None else days * DAY)


@pytest.mark.parametrize(
    ("text", "span", "slack"),
    [
        ("posted it on Friday evening. It is Sunday morning", 37 * HOUR, 6 * HOUR),
        ("from 7pm on Thursday, today is Friday evening", 25 * HOUR, 3 * HOUR),
        ("I sent it on Friday at 9 pm, it is Saturday 10am", 13 * HOUR, 0 * HOUR),
        ("sent on Friday morning, today is Saturday", DAY, 12 * HOUR),
    ],
)
def test_parts_of_two_days_tell_it_more_exactly(
    text: str, span: timedelta, slack: timedelta
) -> None:
    found = read(text)
    assert (found.elapsed, found.slack) == (span, slack)


def test_two_times_fit_a_vague_age_in_one_way_or_tell_nothing() -> None:
    exact = read("sent at 11:30pm, it is 7:15am now")
    assert exact.within(12 * HOUR, 6 * HOUR) == 7 * HOUR + 45 * MINUTE
    assert exact.within(DAY, 12 * HOUR) == 31 * HOUR + 45 * MINUTE
    assert read("sent at 9:30, it is 10:15 now").within(DAY, 12 * HOUR) is None


def test_a_weekday_is_a_day_and_no_hour() -> None:
    tuesday = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert clock_times.since(4, tuesday) == (4 * DAY, DAY)
    assert clock_times.since(1, tuesday) is None

    def told(text: str) -> str:
        reply, _ = real_bot().reply(Session(), Said("x", text, tuesday))
        return reply.text

    assert "too late" in told("a whatsapp sent on friday, delete for everyone?")
    # Sunday is two days ago, give or take: neither yes nor no would be honest.
    text = told("a whatsapp sent on sunday, delete for everyone?")
    assert "too late" not in text
    assert "left" not in text
