"""What is left of a phrase when all that is a person's own is gone."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics import redact
from bot.analytics.redact import GAP, Redactor, WordLists
from bot.folders import root

LISTS = WordLists.read(root() / "knowledge" / "redaction")
KNOWN = """
how do i undo my message to the boss it was a joke can be taken back please help sent and
he saw about told sarah bob which one of two minutes ago mark as unread will they notice if
number is friend on gmail at hospital
"""
USES = Counter(dict.fromkeys(KNOWN.split(), 9))
REDACTOR = Redactor(USES.__getitem__, LISTS)


def redacted(text: str) -> str:
    return REDACTOR.redact(text)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("How do I undo a fax?", "how do i undo a fax"),
        ("sent it to Sarah Connor", "sent it to …"),
        ("SARAH CONNOR saw it", "… saw it"),
        ("sarah saw my message", "… saw my message"),
        ("i told bob and jessica", "i told … and …"),
        ("sent it to mark smith", "sent it to …"),
        ("rose saw it", "… saw it"),
        ("mark smith saw it", "… saw it"),
        ("can i mark it as unread", "can i mark it as unread"),
        ("if i will undo it", "if i will undo it"),
        ("can be a May joke", "can be a … joke"),
        ("undo “you are fat” please", "undo … please"),
        ("undo 'my salary' please", "undo … please"),
        ("undo 'don't tell my boss' please", "undo … please"),
        ('undo "my salary', "undo …"),
        ("how do i undo: my salary", "how do i undo …"),
        ("how do i undo 4111 1111 1111 1111", "how do i undo …"),
        ("my number is one two two", "my number is …"),
        ("which one of two", "which one of …"),
        ("two minutes ago", "two minutes ago"),
        ("undo 020-7946-0958 please", "undo … please"),
        ("help joe.bloggs+1@example.co.uk please", "help … please"),
        ("joe dot bloggs at gmail", "… at gmail"),
        ("help https://example.com/s?x=1 please", "help … please"),
        ("help example.com/secret please", "help … please"),
        ("help t.me/bob please", "help … please"),
        ("help @bobby please", "help … please"),
        ("help #mysecret please", "help … please"),
        ("PLEASE HELP", "please help"),
        ("please help hunter2trombone", "please help …"),
        ("please help correcthorse", "please help …"),
        ("he is at the Elm Street hospital in London", "he is at the … hospital …"),
        ("Sarah", ""),
        ("+49 170 1234567", ""),
        ("", ""),
    ],
)
def test_what_is_left(said: str, left: str) -> None:
    assert redacted(said) == left


def test_names_are_never_kept_however_often_the_phrases_use_them() -> None:
    often = Redactor(lambda _: 1_000, LISTS)
    for name in LISTS.names:
        for phrase in (f"sent it to {name}", f"{name} saw it", f"tell {name.title()}!"):
            assert name not in often.redact(phrase).split(), phrase


@given(st.text(max_size=300))
def test_nothing_is_left_but_words_that_all_people_use(text: str) -> None:
    kept = set(USES) | LISTS.ordinary | {GAP}
    assert set(redacted(text).split()) <= kept - LISTS.names


@given(st.sampled_from(sorted(USES)), st.text("qxz0123456789@./#'\"", min_size=3))
def test_a_secret_beside_ordinary_words_is_gone(word: str, secret: str) -> None:
    assert secret not in redacted(f"{word} {secret} {word}") or not secret.strip(
        "./#'\""
    )


def steps(text: str) -> int:
    """Lines of Python and calls that the redaction of a text takes."""
    found = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:  # noqa: ARG001
        nonlocal found
        # Not what the collector of garbage may run meanwhile.
        if frame.f_code.co_filename != redact.__file__:
            return None
        found += 1
        return count

    sys.settrace(count)
    try:
        REDACTOR.redact(text)
    finally:
        sys.settrace(None)
    return found


HOSTILE = (
    "a",
    "a.",
    "'",
    "“",
    "“a ",
    "a'",
    "1",
    "@",
    ": ",
    "how do i ",
    "mark ",
    "://",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_is_at_most_two_and_a_half_times_the_work(piece: str) -> None:
    for length in (50, 100, 200):
        one, two = (steps((piece * n)[:n]) for n in (length, 2 * length))
        assert two <= 2.5 * one + 40


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_costs_no_more_than_its_beginning(piece: str) -> None:
    assert steps(piece * 4096) == steps(piece * 8192) < 12_000
