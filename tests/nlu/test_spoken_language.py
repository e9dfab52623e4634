"""Which language a text is in, told by the words of two small books."""

from __future__ import annotations

import pytest

from bot.nlu import languages
from bot.nlu.spoken_language import own_words, spoken

ENGLISH = "how do i delete a message i sent | can i take it back | no | chat with me"
SPANISH = "cómo borro un mensaje que mandé | puedo quitarlo | no | un chat con mi jefe"


def _words(code: str, phrases: str, *foreign: str) -> dict[str, int]:
    said = languages.of(code).tokenize(f"{phrases} {' '.join(foreign)}")
    return {word: said.count(word) for word in said}


FOREIGN = ("cómo borro esto", "un mensaje")
BOOKS = (
    own_words(_words("en", ENGLISH, *FOREIGN), languages.of("en"), FOREIGN),
    own_words(_words("es", SPANISH), languages.of("es"), ()),
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do i take back what i sent", "en"),
        ("hola, como borro un mensaje", "es"),
        ("¿CÓMO BORRO UN MENSAJE?", "es"),
        # A quotation is not what is said.
        ("how do i take back what i sent «un mensaje que mandé con mi jefe»", "en"),
        # Nobody's words: of both books, of none, or none at all.
        ("no chat", None),
        ("wie lösche ich das", None),
        ("", None),
        ("🤡", None),
        # Too short, torn, and mostly of another language.
        ("message", None),
        ("can i borro mensaje", None),
        ("wie kann man eine message delete", None),
    ],
)
def test_a_language_is_told_by_words_that_its_book_alone_says(
    text: str, language: str | None
) -> None:
    assert spoken(text, BOOKS) == language


def test_a_single_word_is_enough_for_who_asks_for_no_more() -> None:
    assert spoken("mensaje", BOOKS, least=1) == "es"
    assert spoken("no", BOOKS, least=1) is None


def test_a_word_that_one_book_says_much_more_often_is_its_own() -> None:
    english = own_words({"hola": 1, "message": 999}, languages.of("en"), ())
    spanish = own_words({"hola": 9, "mensaje": 91}, languages.of("es"), ())
    assert spoken("hola hola", (english, spanish)) == "es"


def test_only_the_beginning_of_a_very_long_text_is_looked_at() -> None:
    assert spoken("borro un mensaje " * 100 + "how do i " * 10_000, BOOKS) == "es"
