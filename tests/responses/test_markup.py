from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.responses.markup import (
    Items,
    Message,
    Note,
    Paragraph,
    Span,
    parse,
    spans,
    to_html,
    to_plain,
)
from tests.support.markup import text_of

marks = st.sampled_from(
    ["**", "`", "x", "[", "](", ")", "<b>", "</b>", "&", "&amp;", "<", ">", '"', "'"]
    + [
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "word",
        "two words",
        "http://a.example/?b&c",
        " ",
    ]
)
texts = st.one_of(st.text(max_size=200), st.lists(marks, max_size=30).map("".join))


def test_paragraphs_steps_points_and_a_note_are_told_apart() -> None:
    text = "One.\nTwo.\n\n1. First\n2. Second\n\n- a\n- b\n\n> from\n> there"
    assert parse(text) == (
        Paragraph(((Span("One."),), (Span("Two."),))),
        Items(((Span("First"),), (Span("Second"),)), numbered=True),
        Items(((Span("a"),), (Span("b"),)), numbered=False),
        Note(((Span("from"),), (Span("there"),))),
    )


def test_steps_with_blank_lines_between_them_are_one_list() -> None:
    assert parse("1. a\n\n2. b") == (
        Items(((Span("a"),), (Span("b"),)), numbered=True),
    )


def test_a_list_right_under_a_sentence_is_a_list() -> None:
    assert parse("Do this:\n1. a\n2. b") == (
        Paragraph(((Span("Do this:"),),)),
        Items(((Span("a"),), (Span("b"),)), numbered=True),
    )


def test_a_line_holds_strong_words_code_and_links() -> None:
    assert spans("Tap **Delete**, or `x`, see [help](https://a.example).") == (
        Span("Tap "),
        Span("Delete", strong=True),
        Span(", or "),
        Span("x", code=True),
        Span(", see "),
        Span("help", address="https://a.example"),
        Span("."),
    )


def test_not_a_letter_is_lost_between_marks() -> None:
    assert spans("**a**b`c`d") == (
        Span("a", strong=True),
        Span("b"),
        Span("c", code=True),
        Span("d"),
    )


@pytest.mark.parametrize("text", ["**", "* *", "`", "[a]", "[a](", "(b)", "2 ** 3"])
def test_marks_that_mark_nothing_stay_text(text: str) -> None:
    assert to_plain(Message(parse(text))) == text


def test_nothing_makes_no_blocks() -> None:
    assert parse("") == parse(" \n\n ") == ()


def test_plain_text_numbers_steps_and_has_no_marks() -> None:
    message = Message(parse("**Yes.**\n\n1. Go [there](https://a.example)\n2. **Tap**"))
    shown = to_plain(message).replace(" (https://a.example)", "")
    assert shown == "Yes.\n\n1. Go there\n2. Tap"


def test_html_folds_the_note_and_escapes_what_looks_like_markup() -> None:
    message = Message(parse('**1 < 2 & 3**\n\n> [a "b"](https://a.example/?x="y"&z=1)'))
    assert to_html(message) == (
        "<b>1 &lt; 2 &amp; 3</b>\n\n"
        "<blockquote expandable>"
        '<a href="https://a.example/?x=&quot;y&quot;&amp;z=1">a "b"</a></blockquote>'
    )


def letters(text: str) -> str:
    """Without digits: the numbers of steps are given anew."""
    return "".join(re.findall(r"[^\W\d_]+", text))


@given(texts)
def test_no_word_is_lost_on_the_way_to_plain_text(text: str) -> None:
    shown = iter(letters(to_plain(Message(parse(text)))))
    without_addresses = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)
    assert all(letter in shown for letter in letters(without_addresses))


@given(texts)
def test_arbitrary_text_becomes_valid_html(text: str) -> None:
    text_of(to_html(Message(parse(text))))


@given(texts)
def test_html_and_plain_text_say_the_same(text: str) -> None:
    message = Message(parse(text.replace("](", "] (")))  # links differ
    assert text_of(to_html(message)) == to_plain(message)


@given(texts)
def test_neighbouring_lists_and_notes_are_always_one(text: str) -> None:
    blocks = parse(text)
    for one, other in pairwise(blocks):
        assert not (isinstance(one, Note) and isinstance(other, Note))
        if isinstance(one, Items) and isinstance(other, Items):
            assert one.numbered != other.numbered


def test_a_moment_is_a_tag_for_telegram_and_words_elsewhere() -> None:
    said = Message(parse("Ends [in 5 minutes](time:1700000000:r)."))
    assert to_plain(said) == "Ends in 5 minutes."
    tag = '<tg-time unix="1700000000" format="r">in 5 minutes</tg-time>'
    assert to_html(said) == f"Ends {tag}."


def test_a_chunk_that_two_answers_share_is_parsed_and_printed_once() -> None:
    one, *_ = parse("**Yes: 9 minutes left.**\n\n1. Hold it\n2. Unsend")[1:]
    other, *_ = parse("**Yes: 8 minutes left.**\n\n1. Hold it\n2. Unsend")[1:]
    assert one is other
