from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import put_right
from bot.nlu.languages.en.put_right import PUT_RIGHT
from bot.nlu.languages.es.put_right import PUT_RIGHT as SPANISH
from bot.nlu.put_right import Kind, PutRight, PutRightPatterns


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("the date is off, it's 14 May not 4 May", "4 May", "14 May"),
        ("I typed 4,200 instead of 2,400.", "4,200", "2,400"),
        ("it should be $30 instead of $13", "$13", "$30"),
        ("I put 6 pm, it should be 7 pm", "6 pm", "7 pm"),
        ("I wrote Monday, not Tuesday", "Monday", "Tuesday"),
        ("the trip is on Friday, not on Thursday", "Thursday", "Friday"),
        ("Offered 60 instead of 600 to her", "60", "600"),
        ("Room 12, not Room 21, sorry", "Room 21", "Room 12"),
    ],
)
def test_the_wrong_and_the_right_figure_are_told_apart(
    text: str, wrong: str, right: str
) -> None:
    assert put_right.read(text, PUT_RIGHT) == PutRight("figure", wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "I called him Peter, he's Paul",
        "called my new boss Peter but he is Paul",
        "I addressed him as Peter. His name is Paul",
        "his name is Paul, not Peter",
        "wrote hi Peter to the man from the bank, his name is Paul",
        "addressed the new tenant as Peter, he is called Paul",
    ],
)
def test_a_name_is_put_right(text: str) -> None:
    assert put_right.read(text, PUT_RIGHT) == PutRight("name", "Peter", "Paul")


def test_a_name_is_put_right_with_its_title() -> None:
    slip = put_right.read("I called her Mr Hill, it's Dr Hall", PUT_RIGHT)
    assert slip == PutRight("name", "Mr Hill", "Dr Hall")


@pytest.mark.parametrize(
    "text",
    [
        "I wrote to Anna, she is German",
        "delete it for me, not for everyone",
        "I used reply all instead of reply",
        "can I unsend it, it is 3 days old",
        "he is not 12",
        "",
    ],
)
def test_without_two_figures_or_names_nothing_is_put_right(text: str) -> None:
    assert put_right.read(text, PUT_RIGHT) is None


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("es el 14 de mayo, no el 4 de mayo", ("figure", "4 de mayo", "14 de mayo")),
        ("puse 2.400 en vez de 4.200", ("figure", "2.400", "4.200")),
        ("era 30 € en lugar de 13 €", ("figure", "13 €", "30 €")),
        ("escribí a las 18 h y era a las 19 h", ("figure", "18 h", "19 h")),
        ("puse martes, debía ser jueves", ("figure", "martes", "jueves")),
        ("escribí lunes, no martes", ("figure", "lunes", "martes")),
        ("la llamé Ana y se llama Eva", ("name", "Ana", "Eva")),
        ("su nombre es Íñigo, no Iván", ("name", "Iván", "Íñigo")),
        ("bórralo para mí, no para todos", None),
        ("no es 12", None),
    ],
)
def test_spanish_puts_right_too(text: str, slip: tuple[Kind, str, str] | None) -> None:
    found = put_right.read(text, SPANISH)
    assert found == (PutRight(*slip) if slip else None)


@given(st.text(max_size=300), st.sampled_from([PUT_RIGHT, SPANISH]))
def test_any_text_can_be_read(text: str, patterns: PutRightPatterns) -> None:
    found = put_right.read(text, patterns)
    assert found is None or (found.wrong in text and found.right in text)


@pytest.mark.parametrize("patterns", [PUT_RIGHT, SPANISH])
@pytest.mark.parametrize(
    "piece", ["1", "A", "1 not ", "Ab ", "called Ab ", "12,3 ", "1 no ", "llamé Ab "]
)
def test_what_is_read_stays_short_however_long_the_text(
    piece: str, patterns: PutRightPatterns
) -> None:
    found = put_right.read(piece * 3_000, patterns)
    assert found is None or max(map(len, found[1:])) < 60


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Her name is Dr. Hill", "Dr Hill"),
        ("draft a short note to Mr Bell first", "Mr Bell"),
        ("an apology to Anna, please", "Anna"),
        ("an apology to Señora Ruiz", "Señora Ruiz"),
        ("a line for my cousin Zoë please", "Zoë"),
        ("can you write a sorry to lotte and not too long", "lotte"),
        ("sorry to bother you", ""),
        ("an apology to publish", ""),
        ("my name is John", ""),
        ("an apology to German clients", ""),
        ("write to my boss", ""),
    ],
)
def test_whom_a_draft_greets_is_read(text: str, whom: str) -> None:
    assert put_right.addressee(text, PUT_RIGHT) == whom


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('leave it as it is and sign it "R. Moss"', "R. Moss"),
        ("signed Lena Vogel, please", "Lena Vogel"),
        ("sign it as J. R. Dale", "J. R. Dale"),
        ("how do I sign in with Google", ""),
        ("sign me up for Monday", ""),
        ("write to my boss", ""),
    ],
)
def test_who_signs_a_draft_is_read(text: str, who: str) -> None:
    assert put_right.signature(text, PUT_RIGHT) == who


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("write me a line like 'oh well, wrong window'", "oh well, wrong window"),
        ('draft a note saying "this one wasn’t for you"', "this one wasn’t for you"),
        ("I wrote her something like 'you are a clown'", ""),
        ("they said that it reads like 'deleted'", ""),
        ("write to my boss like a friend", ""),
    ],
)
def test_words_that_are_given_for_a_draft_are_read(text: str, words: str) -> None:
    assert put_right.wording(text, PUT_RIGHT) == words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("add that i was tired and i'm ashamed", "I was tired and I'm ashamed."),
        ("add that i deleted it and that it was late", "I deleted it. It was late."),
        ("can you say that it was a joke please", "It was a joke."),
        ("Mention that the file was old. And shorter!", "The file was old."),
        ("make it longer and mention i was under stress", "I was under stress."),
        ("add that she should call me", "You should call me."),
        ("add that his team has the old price", "Your team has the old price."),
        ("and that she wants more", ""),
        ("say that he likes it", ""),
        ("write her that I will call her tomorrow", "I will call you tomorrow."),
        (
            "formal, say it was for another firm, the prices dont hold for you",
            "It was for another firm, the prices dont hold for you.",
        ),
        (
            "a letter to the members please: the list went out by mistake",
            "The list went out by mistake.",
        ),
        (
            "a note asking her to delete it without opening the file",
            "Please delete it without opening the file.",
        ),
        ("ask her to delete it", ""),
        ("tell them the venue stays the same", "The venue stays the same."),
        ("tell her i didn't mean it", "I didn't mean it."),
        ("should i tell them the truth", ""),
        ("an apology that says the mail was for my wife", "The mail was for my wife."),
        ("mention that IT will remove it", "IT will remove it."),
        (
            "ask them to delete the list and not to talk about it",
            "Please delete the list and do not talk about it.",
        ),
        ("shorter, and dont say i'm sorry twice, dont mention the party", ""),
        ("say that i was tired, dont make it long", "I was tired."),
        ("write it for me: professional, in two sentences", ""),
        (
            "write it: two sentences, that I named the wrong firm and that my interest is real",
            "I named the wrong firm. My interest is real.",
        ),
        ("mention my name", ""),
        ("what do I write, I want to say that I am ashamed", "I am ashamed."),
        (
            "she write to me now: 'I saw what you wrote about him.' help me to answer",
            "",
        ),
        ("they wrote back: we are very angry about it", ""),
        ("they say that I am late", ""),
        ("add it", ""),
    ],
)
def test_a_sentence_to_be_added_to_a_draft_is_read(text: str, sentence: str) -> None:
    assert put_right.addition(text, PUT_RIGHT, frozenset({"I"})) == sentence
