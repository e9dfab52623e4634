"""What a store is given: values of the book and moments, nothing a person wrote."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.store import codec
from tests.support import books
from tests.support.chat import NOW

SAID = (
    "how do I call back a parcel",
    "with heron",
    "the mole has it, sent 20 minutes ago to Zebulon Quux",
    "call bakc my parcle",
    "not yet",
    "/help",
    "back",
    "2",
    "thanks",
    "is there a deadline",
    "did zebulon get a card",
)


@given(st.lists(st.sampled_from(SAID) | st.text(max_size=40), max_size=6))
def test_no_word_of_a_person_is_kept(said: list[str]) -> None:
    bot, session = books.toy_bot(), Session()
    for text in said:
        _, session = bot.reply(session, Said("1", f"{text} Quux", NOW))
        kept = codec.encode(session)
        assert "Quux" not in kept
        assert "quux" not in kept
        restored = codec.decode(kept)
        assert restored == session


def test_a_session_of_another_version_is_a_new_one() -> None:
    assert codec.decode('{"known": 7}') == Session()
    assert codec.decode("{") == Session()
    assert (
        codec.decode(json.dumps({"topic": "call_back", "later": 1})).topic
        == "call_back"
    )
