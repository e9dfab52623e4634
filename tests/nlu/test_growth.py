"""Texts of strangers: twice the text is twice the work, and little of it is remembered.

Steps are counted, not timed: the instructions of Python that run. What a regular
expression does is not among them, so those are looked at by their form.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from types import FrameType
from typing import Any

import pytest

from bot.knowledge.training_data import entity_patterns
from bot.nlu import (
    clauses,
    clock_times,
    dates,
    durations,
    engine,
    entities,
    language,
    languages,
    spelling,
    tokenizer,
)
from bot.nlu.durations import DurationGrammar
from bot.nlu.expressions import Expression
from bot.nlu.extraction import EntityPatterns
from bot.nlu.language import Language
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.nlu.spelling import SpellingCorrector
from tests.support.books import real_book, real_bot

LANGUAGES = [languages.of(code) for code in languages.codes()]
WORDS = 200
MOST = 2.5
SPAN = re.compile(r"\S+ ?")

SAID = (
    "wa ", "line signal ", "not on ", "on line ", "not ", "before ", "a while ago ",
    "about about ", "3 ", "3 hours ", "at 9 ", "at 9 30 pm ", "yesterday ", "march 3 ",
    "in in may ", "like on slack ", "to gmail from ", "she read ", "in mail ", "x chat ",
    "yes ", "my group ", "sorry no ", "aaaa ", "d'd'd'", "qzkw", "🙈 ", "é", "\u0301",
    "“wrote ", "? and how ", "i am the ", "blue ", "half an hour and ",
)  # fmt: skip


@cache
def patterns() -> EntityPatterns:
    return entity_patterns(real_book())


def steps(work: Callable[[], object]) -> int:
    """The instructions that run."""
    count = 0

    def traced(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_evenly(work: Callable[[str], object], one: str, size: int) -> None:
    """Twice the text takes at most two and a half times the work."""
    work(one * (2 * size))  # what is made once is made now
    once = steps(lambda: work(one * size))
    twice = steps(lambda: work(one * (2 * size)))
    assert twice <= MOST * once + 500, (once, twice)


@pytest.mark.parametrize("one", SAID)
def test_words_take_steps_in_proportion_to_the_text(one: str) -> None:
    grows_evenly(ENGLISH.tokenize, one, WORDS)


@pytest.mark.parametrize("one", SAID)
@pytest.mark.parametrize(
    "read", [durations.stated_age, durations.bare, durations.spans]
)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_spans_take_steps_in_proportion_to_the_words(
    one: str,
    read: Callable[[tuple[str, ...], DurationGrammar], object],
    language: Language,
) -> None:
    def work(text: str) -> object:
        return read(language.tokenize(text), language.durations)

    grows_evenly(work, one, WORDS)


@pytest.mark.parametrize("one", SAID)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_times_take_steps_in_proportion_to_the_words(
    one: str, language: Language
) -> None:
    def work(text: str) -> object:
        said = language.tokenize(text)
        return (
            clock_times.clock_reading(said, language.clock),
            dates.calendar_date(said, language.dates),
        )

    grows_evenly(work, one, WORDS)


@pytest.mark.parametrize("asked", [None, "read"])
@pytest.mark.parametrize("one", SAID)
def test_facts_take_steps_in_proportion_to_the_words(
    one: str, asked: str | None
) -> None:
    def work(text: str) -> object:
        return entities.extract(
            patterns(), ENGLISH.tokenize(text), frozenset({asked} if asked else ())
        )

    grows_evenly(work, one, WORDS // 4)


@pytest.mark.parametrize("one", SAID)
def test_a_whole_reading_takes_steps_in_proportion_to_the_text(one: str) -> None:
    size = engine.LONGEST // 2 // len(one)
    grows_evenly(real_bot().nlu.parse, one, size)


@pytest.mark.parametrize("one", SAID)
def test_a_whole_answer_takes_steps_in_proportion_to_the_text(one: str) -> None:
    grows_evenly(real_bot().ask, one, engine.LONGEST // 4 // len(one))


@pytest.mark.parametrize("one", ["delete it ", "x ", "🙈", "a.", "group on signal "])
def test_what_is_too_long_is_read_no_further(one: str) -> None:
    ask = real_bot().ask
    ask(one * 10_000)
    long = steps(lambda: ask(one * engine.LONGEST))
    assert steps(lambda: ask(one * 10_000)) <= long + 500
    assert len(real_bot().nlu.parse(one * 10_000).words) <= clauses.MOST_WORDS


def test_only_so_many_slips_are_looked_up_in_one_text() -> None:
    corrector = SpellingCorrector({"parcel": 9, "deliver": 4, "heron": 2})
    slips = [f"par{letter}el" for letter in "bdfghijklmnopqst"]
    clauses = [slips[at : at + 3] for at in range(0, len(slips), 3)]
    found = corrector.correct_each(clauses)
    assert sum(len(one.corrections) for one in found) == spelling.MOST_SLIPS
    assert [w for one in found for w in one.words][-1] == slips[-1]
    again = corrector.correct_each([["parbel"] * 50])
    assert again[0].words == ("parcel",) * 50


def test_no_long_word_and_not_every_character_is_remembered() -> None:
    ENGLISH.tokenize(" ".join(chr(code) for code in range(0x3000, 0xD000)))
    tables = tokenizer._BARE, tokenizer._SPACED
    assert max(len(one) for one in tables) <= tokenizer._CHARACTERS
    words = ENGLISH._tokenizer._remembered
    held = words.cache_info().currsize
    for letter in "bcdfghjk":
        assert ENGLISH.tokenize(f"{letter}ac" * 20) == (f"{letter}ac" * 20,)
        ENGLISH.stem(f"{letter}ac" * 20)
    assert words.cache_info().currsize == held


MODULES = (engine, language, tokenizer)


def expressions() -> Iterator[re.Pattern[str]]:
    for module in MODULES:
        yield from patterns_in(tuple(vars(module).values()))
    for one in LANGUAGES:
        yield from patterns_in(tuple(vars(one).values()))


def patterns_in(values: tuple[object, ...]) -> Iterator[re.Pattern[str]]:
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, Expression):
            yield value.compiled
        elif isinstance(value, tuple):
            yield from patterns_in(value)


def unbounded(parsed: Any, *, last: bool = True) -> Iterator[str]:
    """The repeats of an expression that have no bound and something behind them."""
    parts = list(parsed)
    for at, (kind, value) in enumerate(parts):
        end = last and at == len(parts) - 1
        if str(kind) in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, inner = value
            single = len(inner) == 1 and str(inner[0][0]) in ("IN", "GROUPREF")
            if most > engine.LONGEST and not (end and single):
                yield f"{kind} {inner}"
            yield from unbounded(inner, last=False)
        elif str(kind) == "SUBPATTERN":
            yield from unbounded(value[-1], last=end)
        elif str(kind) == "BRANCH":
            for branch in value[1]:
                yield from unbounded(branch, last=end)


def test_no_expression_goes_back_over_what_it_has_read() -> None:
    every = list(expressions())
    assert len(every) > 20
    parser = re._parser  # type: ignore[attr-defined]
    for found in every:
        parsed = parser.parse(found.pattern, found.flags & re.IGNORECASE)
        assert list(unbounded(parsed)) == [], found.pattern


def test_an_expression_that_goes_back_is_told() -> None:
    parser = re._parser  # type: ignore[attr-defined]
    assert list(unbounded(parser.parse(r"(?:about |like )*\d")))
    assert list(unbounded(parser.parse(r"a+b")))
    assert not list(unbounded(parser.parse(r"b[a-z]+")))
