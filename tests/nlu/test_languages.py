"""What every language has to bring, and the times of Spanish."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.nlu import clock_times, dates, durations, languages
from bot.nlu.clock_times import TimeOfDay
from bot.nlu.expressions import Expression
from bot.nlu.language import Language

LANGUAGES = [languages.of(code) for code in languages.codes()]
SPANISH = languages.of("es")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SPAN = {
    *("bound", "whole", "point", "past", "number", "more", "unit", "half"),
    *("number2", "unit2", "minutes"),
}
CLOCK = {"at", "hour", "minute", "half", "part"}


def groups(pattern: Expression) -> set[str]:
    return {*pattern.compiled.groupindex}


def test_english_and_spanish_are_there_and_no_other_is_made_up() -> None:
    assert {"en", "es"} <= {*languages.codes()}
    with pytest.raises(KeyError):
        languages.of("xx")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_its_patterns_have_the_groups_that_are_read(language: Language) -> None:
    spans, clock, calendar = language.durations, language.clock, language.dates
    for pattern in (spans.span, spans.ago, spans.after, spans.alone):
        assert groups(pattern) >= SPAN
    assert groups(clock.day) >= {"day", "only"}
    for pattern in (clock.sent_day, clock.this_day):
        assert groups(pattern) >= {"day", "hour", "minute"}
    assert groups(clock.today) >= {"day"}
    assert groups(clock.time) >= CLOCK
    assert groups(clock.spoken) >= {"hour", "step", "side", "whole"}
    for pattern in (calendar.day, calendar.of_message, *calendar.others):
        assert groups(pattern) >= {"lead"}
    assert groups(calendar.day) >= {"day", "month", "year"}
    assert {*language.clauses.quotation.compiled.groupindex} >= {"said", "a", "b", "c"}
    for form in language.put_right.forms if language.put_right else ():
        assert groups(form) >= {"wrong", "right"}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_it_writes_any_number_of_any_unit(language: Language) -> None:
    words = language.time_words
    assert len(words.months) == 12
    for forms in (words.seconds, words.minutes, words.hours, words.days):
        assert {words.plural(n) for n in range(200)} <= {*range(len(forms))}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_its_numbers_and_units_are_words_as_they_are_read(language: Language) -> None:
    """A word that the tokenizer never makes, such as one with an accent, is never found."""
    spans = language.durations
    for word in (*spans.units, *spans.numbers, *spans.cues, *language.clock.hours):
        assert " ".join(language.tokenize(word)) == word


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("hace 20 minutos", 20 * MINUTE),
        ("lo mandé hace media hora", 30 * MINUTE),
        ("hace una hora y media que lo envié", 90 * MINUTE),
        ("hace dos horas y diez", 130 * MINUTE),
        ("hace un par de horas", 2 * HOUR),
        ("hace 2h", 2 * HOUR),
        ("hace 1h30", 90 * MINUTE),
        ("hace 1 h 30", 90 * MINUTE),
        ("hace 2 h 10 personas lo vieron", 2 * HOUR),
        ("hace hora y media", 90 * MINUTE),
        ("hace día y medio", 36 * HOUR),
        ("ha pasado un día desde que lo mandé", DAY),
        ("ya van 3 días", 3 * DAY),
        ("lleva tres horas ahí", 3 * HOUR),
        ("antenoche", 36 * HOUR),
        ("20 minutos atrás", 20 * MINUTE),
        ("hace 1,5 horas", 90 * MINUTE),
        ("hace tres cuartos de hora", 45 * MINUTE),
        ("acabo de mandarlo", timedelta(0)),
        ("anoche", 12 * HOUR),
        ("lo envié anteayer", 2 * DAY),
        ("hace un año", 365 * DAY),
        ("tengo 10 minutos para borrarlo", None),
    ],
)
def test_spanish_says_how_long_ago(text: str, age: timedelta | None) -> None:
    said = SPANISH.tokenize(text)
    assert durations.stated_age(said, SPANISH.durations).age == age


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("lo envié a las 3 de la tarde", TimeOfDay(15, 0, exact=True)),
        ("un mensaje a las 15:30", TimeOfDay(15, 30, exact=True)),
        ("lo mandé a las tres y media", TimeOfDay(3, 30, exact=False)),
        ("mandé a las tres menos cuarto de la tarde", TimeOfDay(14, 45, exact=True)),
        ("lo mandé al mediodía", TimeOfDay(12, 0, exact=True)),
        ("escribí a las dos chicas", None),
        ("se lo mandé a una amiga", None),
    ],
)
def test_spanish_tells_the_time(text: str, time: TimeOfDay | None) -> None:
    said = SPANISH.tokenize(text)
    assert clock_times.clock_reading(said, SPANISH.clock).time == time


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("el mensaje del 3 de mayo", None, 5, 3),
        ("lo envié en marzo de 2025", 2025, 3, None),
        ("lo mandé el verano pasado", None, 6, None),
        ("mensajes de 2019", 2019, None, None),
        ("lo mandé el 29/11", None, 11, 29),
        ("lo mandé el 05-03-2026 por la tarde", 2026, 3, 5),
        ("lo mandé en Navidad", None, 12, 24),
    ],
)
def test_spanish_names_a_date(
    text: str, year: int | None, month: int | None, day: int | None
) -> None:
    found = dates.calendar_date(SPANISH.tokenize(text), SPANISH.dates)
    assert found
    assert (found.year, found.month, found.day) == (year, month, day)


@pytest.mark.parametrize(
    "text",
    [
        "mi teléfono es de 2019 y no lo encuentro",
        "la cuenta es desde marzo de 2020",
        "el 10 12 personas lo vieron",
    ],
)
def test_what_is_as_old_in_spanish_and_no_message_has_no_date(text: str) -> None:
    assert dates.calendar_date(SPANISH.tokenize(text), SPANISH.dates) is None


def test_two_weekdays_in_spanish_are_so_far_apart() -> None:
    said = SPANISH.tokenize("lo mandé el lunes a las 10:00, ahora es martes 9:30")
    reading = clock_times.clock_reading(said, SPANISH.clock)
    assert reading.elapsed == timedelta(hours=23, minutes=30)


def test_a_weekday_in_spanish() -> None:
    said = SPANISH.tokenize("lo envié el lunes")
    assert clock_times.clock_reading(said, SPANISH.clock).day == 0
