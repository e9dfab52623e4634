"""What counts as a word, and how it is spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.nlu.tokenizer import proper_names, set_apart


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where's my PARCEL?", "where is my parcel"),
        ("I can't, won't, don't", "i can not will not do not"),
        ("i cant, wont, dont", "i can not will not do not"),
        ("it isn’t hers", "it is not hers"),
        ("im sure ive paid", "i am sure i have paid"),
        ("the courier's van", "the courier van"),
        ("heyyy soooo goood", "hey so good"),
        ("van 1000 at xxx", "van 1000 at xxx"),
        ("Café naïve", "cafe naive"),
        ("ﬁne ＯＫ", "fine ok"),
        ("lost❤️it 👍🏽!", "lost ❤ it 👍"),
        ("пакет हिन्दी", "пакет हिन्दी"),
        ("ab\u200bc so\u00adft", "ab c soft"),
        ("...", ""),
        ("version 7.x of it", "version 7 of it"),
    ],
)
def test_text_becomes_plain_words(text: str, words: str) -> None:
    assert ENGLISH.tokenize(text) == tuple(words.split())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I sent it with Heron yesterday", {"heron"}),
        ("Heron (the new van): no way in", {"heron"}),
        ("It went off. Heron says no", set()),
        ("the heron flies", set()),
        ("HERON LOST IT", set()),
        ("Heron Lost My Only Parcel", set()),
        ("I asked:\nHeron or not", set()),
    ],
)
def test_a_capital_within_a_sentence_or_before_a_mark_makes_a_name(
    text: str, names: set[str]
) -> None:
    assert proper_names(text, ENGLISH.capitals) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("heron. it went off", {"heron"}),
        ("heron, two crates to my boss", {"heron"}),
        ("lost a crate (heron)", {"heron"}),
        ("it went off - heron", {"heron"}),
        ("q: how", {"q", "how"}),
        ("thanks, q", {"thanks"}),
        ("best, Al", {"best"}),
        ("heron", set()),
        ("the heron, a big one", set()),
        ("so it went by heron.com", set()),
    ],
)
def test_a_word_that_is_a_clause_by_itself_is_set_apart(
    text: str, words: set[str]
) -> None:
    assert set_apart(text) == words


def test_forms_of_a_word_share_a_stem() -> None:
    assert ENGLISH.stem("parcels") == ENGLISH.stem("parcel")
    assert ENGLISH.stem("delivering") == ENGLISH.stem("delivered")


@given(st.text())
def test_words_are_idempotent(text: str) -> None:
    words = ENGLISH.tokenize(text)
    assert ENGLISH.tokenize(" ".join(words)) == words


@given(st.text(alphabet="abnst'’ d\u0301\u0345ŉ❤\ufe0f"))
def test_words_are_idempotent_where_apostrophes_crowd(text: str) -> None:
    words = ENGLISH.tokenize(text)
    assert ENGLISH.tokenize(" ".join(words)) == words


@given(st.text())
def test_case_makes_no_difference_to_plain_letters(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert ENGLISH.tokenize(plain.upper()) == ENGLISH.tokenize(plain)
