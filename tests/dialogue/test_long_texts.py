"""Of a very long text the beginning and the end are read, and that is said."""

from __future__ import annotations

import pytest

from bot.nlu.engine import LONGEST
from tests.support.books import real_bot
from tests.support.chat import NOW

ASKED = "I sent a WhatsApp message to the wrong group 10 minutes ago, can I delete it?"
STORY = "It was a long day, and my boss was on the phone about the printer again. "


@pytest.mark.parametrize("at_the_end", [True, False])
def test_a_question_at_either_end_of_a_long_story_is_answered(
    *, at_the_end: bool
) -> None:
    story = STORY * 60
    text = f"{story} {ASKED}" if at_the_end else f"{ASKED} {story}"
    reply = real_bot().ask(text, NOW)
    assert (reply.topic, reply.slots["platform"]) == ("retract", "whatsapp")
    assert "sent" in reply.slots
    assert "I read its beginning and its end" in reply.text


def test_a_text_that_fits_is_read_as_a_whole() -> None:
    text = f"{STORY * 9} {ASKED}"
    assert len(text) < LONGEST
    reply = real_bot().ask(text, NOW)
    assert reply.slots["platform"] == "whatsapp"
    assert "its beginning and its end" not in reply.text


@pytest.mark.parametrize("text", ["x" * 5000, "é" * 1001, " " * 3000, "a " * 3000])
def test_a_long_text_without_words_is_no_trouble(text: str) -> None:
    assert real_bot().ask(text, NOW).text
