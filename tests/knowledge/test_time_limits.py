from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import time_limits
from bot.nlu.languages.en import LANGUAGE as ENGLISH

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)

spans = st.integers(0, 10 * 365 * 86_400).map(lambda s: timedelta(seconds=s))
moments = st.datetimes(
    datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT60M", timedelta(minutes=60)),
        ("PT1H", timedelta(hours=1)),
        ("PT30S", timedelta(seconds=30)),
        ("P2D", timedelta(days=2)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT12H30M5S", timedelta(days=1, hours=12, minutes=30, seconds=5)),
    ],
)
def test_an_iso_duration_is_a_span(text: str, span: timedelta) -> None:
    assert time_limits.duration(text) == span


@pytest.mark.parametrize(
    "text",
    [None, "", "none", "unclear", "P", "PT", "60M", "PT1.5H", "P1M", "pt5m", "-PT5M"],
)
def test_any_other_text_is_no_span(text: str | None) -> None:
    assert time_limits.duration(text) is None


@given(st.text(alphabet="PTWDHMS0123456789 x", max_size=40))
def test_no_text_makes_reading_a_duration_raise(text: str) -> None:
    time_limits.duration(text)


@given(spans)
def test_a_span_written_in_iso_reads_as_itself(span: timedelta) -> None:
    assert time_limits.duration(time_limits.iso(span)) == span


def test_a_span_below_zero_is_written_as_none_at_all() -> None:
    assert time_limits.iso(timedelta(seconds=-5)) == "PT0S"
    assert (
        time_limits.in_words(timedelta(seconds=-5), ENGLISH.time_words) == "0 seconds"
    )


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=15), "15 minutes"),
        (timedelta(minutes=60), "60 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=3, minutes=1), "3 hours 1 minute"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=30), "30 days"),
    ],
)
def test_a_span_in_words_has_the_unit_that_people_use(
    span: timedelta, said: str
) -> None:
    assert time_limits.in_words(span, ENGLISH.time_words) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(hours=48) - timedelta(minutes=1), "almost 2 days"),
        (timedelta(hours=43, minutes=20), "43 hours"),
        (timedelta(hours=23, minutes=55), "almost 24 hours"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=11, minutes=59), "11 hours 59 minutes"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(seconds=20), "20 seconds"),
        (timedelta(days=365) - timedelta(minutes=5), "almost 365 days"),
        (timedelta(days=6, hours=10), "6 days"),
    ],
)
def test_what_is_left_is_told_to_the_minute_only_where_little_is(
    span: timedelta, said: str
) -> None:
    assert time_limits.rest(span, ENGLISH.time_words) == said


@given(spans)
def test_what_is_left_is_never_told_as_more_unless_almost(span: timedelta) -> None:
    said = time_limits.rest(span, ENGLISH.time_words)
    assert said == time_limits.in_words(span, ENGLISH.time_words) or said.startswith(
        "almost "
    )


@given(spans, spans)
def test_the_longer_of_two_spans_never_reads_as_the_shorter(
    one: timedelta, other: timedelta
) -> None:
    units = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}

    def size(text: str) -> int:
        numbers, names = text.split()[::2], text.split()[1::2]
        return sum(
            int(n) * units[name.rstrip("s")]
            for n, name in zip(numbers, names, strict=True)
        )

    short, long = sorted((one, other))
    assert size(time_limits.in_words(short, ENGLISH.time_words)) <= size(
        time_limits.in_words(long, ENGLISH.time_words)
    )


@given(moments)
def test_a_moment_is_kept_to_the_second(moment: datetime) -> None:
    assert time_limits.moment(time_limits.instant(moment)) == moment


def test_a_moment_is_kept_in_one_zone() -> None:
    there = datetime(2026, 5, 10, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert time_limits.instant(there) == time_limits.instant(NOW)


@pytest.mark.parametrize(
    ("age", "state"), [(20, "unknown"), (40, "between"), (120, "over")]
)
def test_a_vague_age_mostly_past_the_limit_leaves_little_hope(
    age: int, state: str
) -> None:
    sent = time_limits.instant(
        NOW - timedelta(minutes=age), timedelta(minutes=min(age, 30))
    )
    assert time_limits.time_left("PT30M", sent, NOW).state == state


@given(spans.filter(bool), spans)
def test_what_is_left_and_what_has_passed_make_up_the_limit(
    limit: timedelta, age: timedelta
) -> None:
    found = time_limits.time_left(
        time_limits.iso(limit), time_limits.instant(NOW - age), NOW
    )
    assert found.age == age
    if age < limit:
        assert (found.state, found.left, found.since) == ("open", limit - age, None)
    else:
        assert (found.state, found.left, found.since) == ("over", None, age - limit)


@pytest.mark.parametrize(
    ("limit", "sent", "state"),
    [
        ("none", None, "none"),
        ("none", "2026-05-10T11:00:00Z", "none"),
        ("unclear", "2026-05-10T11:00:00Z", "unknown"),
        (None, "2026-05-10T11:00:00Z", "unknown"),
        ("PT30M", None, "unknown"),
    ],
)
def test_without_a_limit_or_a_moment_nothing_is_left_to_tell(
    limit: str | None, sent: str | None, state: str
) -> None:
    assert time_limits.time_left(limit, sent, NOW) == time_limits.TimeLeft(state)  # type: ignore[arg-type]


def test_a_message_from_the_future_was_sent_just_now() -> None:
    ahead = time_limits.instant(NOW + timedelta(minutes=5))
    assert time_limits.time_left("PT30M", ahead, NOW).left == timedelta(minutes=30)


# --- a limit that is a range


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PT60M", "60 minutes"),
        ("PT48H..PT60H", "48 to 60 hours"),
        ("PT1H..PT24H", "1 to 24 hours"),
        ("PT30M..PT1H", "30 to 60 minutes"),
        ("PT5S..PT30S", "5 to 30 seconds"),
        ("none", None),
        (None, None),
        ("PT60H..PT48H", None),
        ("PT1H..", None),
        ("PT1H..PT1H", None),
    ],
)
def test_a_range_is_said_in_one_unit(text: str | None, said: str | None) -> None:
    assert time_limits.limit_in_words(text, ENGLISH.time_words) == said


@given(spans.filter(bool), spans.filter(bool), spans)
def test_between_the_ends_of_a_range_it_is_perhaps(
    low: timedelta, more: timedelta, age: timedelta
) -> None:
    limit = f"{time_limits.iso(low)}..{time_limits.iso(low + more)}"
    found = time_limits.time_left(limit, time_limits.instant(NOW - age), NOW)
    if age < low:
        assert (found.state, found.left) == ("open", low - age)
    elif age < low + more:
        assert found == time_limits.TimeLeft("between", age=age)
    else:
        assert (found.state, found.since) == ("over", age - low - more)


@pytest.mark.parametrize(
    ("age", "state"),
    [(40, "open"), (47, "unknown"), (54, "between"), (59, "between"), (63, "over")],
)
def test_a_rough_age_says_no_more_of_a_range_than_is_sure(age: int, state: str) -> None:
    sent = time_limits.instant(NOW - timedelta(hours=age), timedelta(hours=2))
    assert time_limits.time_left("PT48H..PT60H", sent, NOW).state == state


def test_what_may_be_as_good_as_whole_is_told_so() -> None:
    span, off = timedelta(hours=47, minutes=30), timedelta(minutes=29)
    words = ENGLISH.time_words
    assert time_limits.rest(span, words) == "47 hours"
    assert time_limits.rest(span, words, off) == "almost 2 days"
    assert time_limits.rest(span, words, timedelta(minutes=10)) == "47 hours"
