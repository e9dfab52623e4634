from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import durations, languages
from bot.nlu.languages.en import LANGUAGE as ENGLISH

LANGUAGES = [languages.of(code) for code in languages.codes()]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNITS = {
    "second": timedelta(seconds=1), "sec": timedelta(seconds=1),
    "minute": MINUTE, "min": MINUTE, "hour": HOUR, "hr": HOUR,
    "day": DAY, "week": 7 * DAY,
}  # fmt: skip


def age(text: str) -> timedelta | None:
    return durations.stated_age(ENGLISH.tokenize(text), ENGLISH.durations)[0]


@given(st.integers(1, 400), st.sampled_from(sorted(UNITS)), st.sampled_from(["", "s"]))
def test_so_many_units_ago_is_read_exactly(number: int, unit: str, plural: str) -> None:
    assert age(f"I sent it {number} {unit}{plural} ago, help") == number * UNITS[unit]
    assert age(f"{number}{unit}{plural} ago") == number * UNITS[unit]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("an hour ago", HOUR),
        ("half an hour ago", HOUR / 2),
        ("it went out a couple of minutes ago", 2 * MINUTE),
        ("about twenty minutes ago", 20 * MINUTE),
        ("like 5 mins ago", 5 * MINUTE),
        ("an hour and a half ago", HOUR * 1.5),
        ("after two hours", 2 * HOUR),
        ("1 hour 10 min ago", 70 * MINUTE),
        ("an hour and five minutes ago", 65 * MINUTE),
        ("2 days and 5 hours ago", 53 * HOUR),
        ("two and a half days ago", 60 * HOUR),
        ("1.5 hours ago", 90 * MINUTE),
        ("1:10 hours ago", 70 * MINUTE),
        ("1h10 ago", 70 * MINUTE),
        ("an hour and ten ago", 70 * MINUTE),
        ("three quarters of an hour ago", 45 * MINUTE),
        ("an hour and three quarters ago", 105 * MINUTE),
        ("two hours and a quarter ago", 135 * MINUTE),
        ("an hour and half ago", 90 * MINUTE),
        ("it's been 3 days", 3 * DAY),
        ("20m", 20 * MINUTE),
        ("two hours", 2 * HOUR),
        ("I have two minutes to recall it and it is now ten minutes", 10 * MINUTE),
        ("it has been up for 20 minutes", 20 * MINUTE),
        ("I sent before 5 minutes a mail", 5 * MINUTE),
        ("it is from three days before, is it still possible", 3 * DAY),
        ("sent it half an hour ago, she read it five minutes ago", HOUR / 2),
        ("she saw it 2 minutes ago, I wrote it an hour ago", HOUR),
        ("sent it the day before around 4, so like 20 hours", 20 * HOUR),
        ("sent an hour ago, she was online 5 min ago", HOUR),
        ("a 2 year old message", 730 * DAY),
        ("sent 45 minutes ago already", 45 * MINUTE),
        ("posted yesterday", DAY),
        ("the day before yesterday", 2 * DAY),
        ("two nights ago", 2 * DAY),
        ("the night before last", 2 * DAY),
        ("an hour or so ago", HOUR),
        ("last night I sent it", 12 * HOUR),
        ("last week", 7 * DAY),
        ("days ago", 5 * DAY),
        ("a good hour ago", HOUR),
        ("sent it a solid two hours ago", 2 * HOUR),
        ("20ish minutes ago", 20 * MINUTE),
        ("it is out since breakfast", 5 * HOUR),
        ("wrote it over lunch", 5 * HOUR),
        # As people say it who think in another language.
        ("Passed 2 days, is it possible", 2 * DAY),
        ("already has 4 hours that I wrote", 4 * HOUR),
        ("it makes 3 hours that it is out", 3 * HOUR),
        ("before 2 hours I wrote him", 2 * HOUR),
        ("was 4 hour before, the button is not there", 4 * HOUR),
        ("is 3 day before the delete is missing", 3 * DAY),
        ("I wrote it from 2 hours", 2 * HOUR),
    ],
)
def test_what_people_say_of_a_time_is_read(text: str, span: timedelta) -> None:
    assert age(text) == span


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("over an hour ago", HOUR, 90 * MINUTE),
        ("more than 2 hours ago", 2 * HOUR, 3 * HOUR),
        ("less than an hour ago", 30 * MINUTE, HOUR),
        ("not even half an hour ago", 15 * MINUTE, 30 * MINUTE),
        ("sent this afternoon", 15 * MINUTE, 8 * HOUR - 15 * MINUTE),
        ("this morning", 30 * MINUTE, 12 * HOUR - 30 * MINUTE),
    ],
)
def test_what_is_bounded_or_vague_has_its_bounds(
    text: str, least: timedelta, most: timedelta
) -> None:
    found = durations.stated_age(ENGLISH.tokenize(text), ENGLISH.durations)
    assert found.age is not None
    assert (found.age - found.slack, found.age + found.slack) == (least, most)


def test_a_span_that_is_denied_is_none() -> None:
    found = durations.bare(
        ENGLISH.tokenize("it was not 10 minutes but 2 hours"), ENGLISH.durations
    )
    assert found.age == 2 * HOUR
    assert (
        durations.bare(ENGLISH.tokenize("10 minutes or 2 hours"), ENGLISH.durations).age
        is None
    )


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("it was not 10 minutes, rather three hours, I looked just now", 3 * HOUR),
        ("that wasn't 20 min ago but 4 hours ago", 4 * HOUR),
        ("sorry it wasn't 20 min, 4 hours. too late?", 4 * HOUR),
        ("not 10 minutes, the clock under it says 8:05 so closer to 45", 45 * MINUTE),
        ("I said 10 minutes, it was two hours", 2 * HOUR),
        ("2 hours, not 10 minutes", 2 * HOUR),
        ("I got that wrong, it was 70 minutes, can I still", 70 * MINUTE),
    ],
)
def test_a_span_takes_the_place_of_the_one_that_is_denied(
    text: str, span: timedelta
) -> None:
    assert age(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "he has 2 days to accept",
        "should I not wait 10 minutes",
        "is the limit on it 2 days and not, as they write, only 2 hours",
    ],
)
def test_a_span_of_a_rule_takes_no_place(text: str) -> None:
    assert age(text) is None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("yesterday evening I wrote it, reading it this morning I blushed", 12 * HOUR),
        ("woke up this morning and saw what I sent last night", 12 * HOUR),
        ("sent it yesterday, this morning he answered", DAY),
        ("last night I mailed them, this morning I am sorry", 12 * HOUR),
        ("sent it this morning, yesterday all was well", 6 * HOUR),
    ],
)
def test_of_two_days_the_one_of_the_sending_counts(text: str, span: timedelta) -> None:
    assert age(text) == span


@pytest.mark.parametrize(
    "text", ["I just now sent it", "right now", "seconds ago", "a moment ago"]
)
def test_just_now_is_a_minute_at_most(text: str) -> None:
    span = age(text)
    assert span is not None
    assert timedelta(0) <= span <= MINUTE


@pytest.mark.parametrize("text", ["60 years ago", "9999 years ago", "9999 weeks ago"])
def test_what_is_older_than_any_message_is_just_very_old(text: str) -> None:
    span = age(text)
    assert span is not None
    assert timedelta(days=365) < span < timedelta(days=20 * 365)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "how do I get it back",
        "is there a limit of 60 minutes or so for that",
        "can it be done within two days",
        "I have 2 parcels",
        "room 20",
        "ago",
        "9 a.m.",
        "I'm back",
        "the parcel went to a neighbour and now I want it",
        "he is 70 and never at home",
        "I sent it at 9 a.m. now what",
        "can it wait two minutes before every mail goes out",
        "is the 48 hours rule meant or is 72 hours relevant",
    ],
)
def test_what_says_nothing_of_a_time_has_no_age(text: str) -> None:
    assert (
        durations.stated_age(ENGLISH.tokenize(text), ENGLISH.durations)
        == durations.StatedAge()
    )


@pytest.mark.parametrize(
    "text",
    [
        "my 13 year old sent a picture",
        "a 14 year old girl wrote it",
        "he just replied to it",
        "deleted it just now",
        "I removed it about five minutes later",
        "it had been up for 15 minutes before I deleted it",
        "she opened my message ten minutes ago",
        "he was active a minute ago",
        "my phone was not updated since last year",
        "we are friends since three years ago",
        "recall was clicked 6 minutes later",
        "pressed unsend ten minutes ago",
    ],
)
def test_another_time_is_told_apart_and_is_no_age(text: str) -> None:
    said = ENGLISH.tokenize(text)
    found = durations.stated_age(said, ENGLISH.durations)
    assert found.age is None
    assert all(0 <= start < end <= len(said) for start, end in found.taken)
    assert found.taken


def test_what_comes_after_a_span_is_another_matter_where_a_day_is_named() -> None:
    said = ENGLISH.tokenize("we split up after four years")
    grammar = ENGLISH.durations
    assert durations.stated_age(said, grammar).age == timedelta(days=4 * 365)
    assert durations.stated_age(said, grammar, dated=True).age is None
    assert age("we split up after four years, and last night I wrote") == 12 * HOUR


def test_the_words_that_state_the_time_are_told() -> None:
    said = ENGLISH.tokenize("I sent it 20 minutes ago to the wrong house")
    ((start, end),) = durations.stated_age(said, ENGLISH.durations).taken
    assert said[start:end] == ("20", "minutes", "ago")


@given(st.data())
def test_no_time_is_overlooked_for_want_of_a_cue(data: st.DataObject) -> None:
    """Texts without a cue or a unit are not searched at all."""
    language = data.draw(st.sampled_from(LANGUAGES))
    grammar = language.durations
    times = data.draw(st.sampled_from([times for times, *_ in grammar.times]))
    text = data.draw(st.from_regex(times.compiled, fullmatch=True))
    assert durations.stated_age(language.tokenize(text), grammar).age is not None


tokens = st.one_of(
    st.sampled_from(
        [
            "ago",
            "20",
            "9999",
            "0",
            "a",
            "an",
            "half",
            "and",
            "minutes",
            "years",
            "m",
            "d",
        ]
        + [
            "h",
            "yesterday",
            "last",
            "night",
            "after",
            "been",
            "is",
            "just",
            "now",
            "of",
        ]
    ),
    st.text(min_size=1, max_size=6).filter(lambda text: not text.isspace()),
)


@given(st.lists(tokens, max_size=12))
def test_arbitrary_words_never_raise_and_their_places_are_within(
    said: list[str],
) -> None:
    said = [w for word in said for w in ENGLISH.tokenize(word)]
    span, _, places = durations.stated_age(said, ENGLISH.durations)
    assert (span is None) == (not places)
    assert span is None or span >= timedelta(0)
    for start, end in places:
        assert 0 <= start < end <= len(said)


def test_every_span_that_is_spelled_out_is_found() -> None:
    said = ENGLISH.tokenize("For 5, 10 or 30 seconds; as of 2024 half an hour, 1 h.")
    assert durations.spans(said, ENGLISH.durations) == (
        timedelta(seconds=30),
        timedelta(minutes=30),
    )
