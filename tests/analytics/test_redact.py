"""What is left of a phrase when all that is a person's own is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analytics.redact import redact

COMMON = frozenset(
    [
        "how",
        "do",
        "i",
        "undo",
        "my",
        "message",
        "to",
        "the",
        "boss",
        "it",
        "was",
        "a",
        "joke",
        "can",
        "be",
        "taken",
        "back",
        "fax",
        "salary",
        "please",
        "help",
        "sent",
        "jessica",
        "bob",
        "rose",
        "will",
        "sarah",
        "wrote",
        "and",
        "he",
        "saw",
        "about",
        "told",
    ]
)
OURS = frozenset(
    [
        "and",
        "how",
        "do",
        "i",
        "undo",
        "message",
        "it",
        "to",
        "the",
        "was",
        "back",
        "sent",
        "help",
        "please",
        "can",
    ]
)


def redacted(text: str) -> str:
    return redact(text, COMMON.__contains__, OURS.__contains__)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("How do I undo a fax?", "how do i undo a fax"),
        ("sent it to Sarah Connor", "sent it to …"),
        ("sent it to sarah", "sent it to …"),
        ("i told bob and jessica", "i told … and …"),
        ("Bob saw it", "… saw it"),
        ("undo “you are fat” please", "undo … please"),
        ("undo 'my salary' please", "undo … please"),
        ('undo "my salary', "undo …"),
        ("how do i undo: my salary", "how do i undo …"),
        ("how do i undo 4111 1111 1111 1111", "how do i undo …"),
        ("undo 020-7946-0958 please", "undo … please"),
        ("help joe.bloggs+1@example.co.uk please", "help … please"),
        ("help https://example.com/s?x=1 please", "help … please"),
        ("help example.com/secret please", "help … please"),
        ("help t.me/bob please", "help … please"),
        ("help @bobby please", "help … please"),
        ("help #mysecret please", "help … please"),
        ("PLEASE HELP", "please help"),
        ("please help hunter2trombone", "please help …"),
        ("please help correcthorse", "please help …"),
        ("Sarah", ""),
        ("+49 170 1234567", ""),
        ("", ""),
    ],
)
def test_what_is_left(said: str, left: str) -> None:
    assert redacted(said) == left


@given(st.text(max_size=300))
def test_nothing_is_left_but_words_that_all_people_use(text: str) -> None:
    assert set(redacted(text).split()) <= COMMON | OURS | {"…"}


@given(st.sampled_from(sorted(OURS)), st.text("qxz0123456789@./#'\"", min_size=3))
def test_a_secret_beside_ordinary_words_is_gone(word: str, secret: str) -> None:
    assert secret not in redacted(f"{word} {secret} {word}") or not secret.strip(
        "./#'\""
    )
