"""Slips of the finger are put right; good words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import languages
from bot.nlu.spelling import Correction, Inflection, SpellingCorrector

BOOK = {"parcel": 9, "track": 5, "deliver": 4, "your": 3, "you": 8, "redirect": 2}
BOOK |= {"how": 6, "to": 9, "at": 3, "late": 2}
SPELLER = SpellingCorrector(BOOK, frozenset({"marcel", "tack", "yours", "weather"}))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("parcle", "parcel"),  # two letters swapped
        ("pacel", "parcel"),  # one dropped
        ("parcell", "parcel"),  # one doubled
        ("oarcel", "parcel"),  # the key beside
        ("yoru", "your"),  # a swap is likelier than a letter too many
        ("rediretc", "redirect"),
        ("redrectt", "redirect"),  # two slips in a long word
        ("weathre", "weather"),  # not in the book, but a word
    ],
)
def test_a_slip_is_put_right(wrong: str, right: str) -> None:
    assert SPELLER.correct([wrong]) == Correction((right,), ((wrong, right),))


@pytest.mark.parametrize("word", ["marcel", "tack", "yo", "ot", "{parcel}", "p4rcel"])
def test_ordinary_short_and_marked_words_stay(word: str) -> None:
    assert SPELLER.correct([word]) == Correction((word,))


MANY = SpellingCorrector(
    {"send": 50_000, "dog": 2, "dear": 2, "re": 1, "signing": 1},
    keyboard=("qwertyuiop", "asdfghjkl", "zxcvbnm"),
)


@pytest.mark.parametrize("word", ["dob", "dsar", "resigning"])
def test_what_is_short_for_something_is_not_made_a_rare_word(word: str) -> None:
    assert MANY.correct([word]) == Correction((word,))


@pytest.mark.parametrize("word", ["snd", "sned", "sebd"])
def test_a_short_slip_of_a_common_word_is_put_right(word: str) -> None:
    assert MANY.correct([word]).words == ("send",)


def test_words_run_together_are_parted_and_parted_words_joined() -> None:
    assert SPELLER.correct(["howto"]).words == ("how", "to")
    assert SPELLER.correct(["re", "direct", "at"]).words == ("redirect", "at")
    assert SPELLER.correct(["re", "direct"]).corrections == (("re direct", "redirect"),)


def test_without_a_book_nothing_is_changed() -> None:
    assert SpellingCorrector({}).correct(["parcle", "to"]) == Correction(
        ("parcle", "to")
    )


WORDS = st.lists(st.text("aeprclt{}é'👍9", min_size=1) | st.sampled_from(sorted(BOOK)))


@given(WORDS)
def test_a_repair_is_final(words: list[str]) -> None:
    once = SPELLER.correct(words).words
    assert SPELLER.correct(once).corrections == () or len(once) > 1


@given(st.lists(st.sampled_from(sorted(BOOK))))
def test_the_book_needs_no_repair(words: list[str]) -> None:
    assert SPELLER.correct(words) == Correction(tuple(words))


INFLECTED = SpellingCorrector(
    {"mande": 9, "llega": 9, "persona": 9, "minutos": 9, "mensaje": 9},
    frozenset({"llevar"}),
    inflection=Inflection(languages.of("es").stem, frozenset({"minutos"})),
)


@pytest.mark.parametrize("form", ["mandar", "lleva", "personas", "mandaste"])
def test_a_form_of_a_word_that_there_is_is_no_slip(form: str) -> None:
    assert INFLECTED.correct([form]) == Correction((form,))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("minuts", "minutos"), ("mensage", "mensaje"), ("mand", "mande")],
)
def test_words_of_time_and_real_slips_are_mended_all_the_same(
    wrong: str, right: str
) -> None:
    assert INFLECTED.correct([wrong]) == Correction((right,), ((wrong, right),))
