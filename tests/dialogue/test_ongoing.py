"""What is asked next is about what was done last."""

from __future__ import annotations

import pytest

from tests.support.books import real_bot
from tests.support.chat import Chat, Core


@pytest.mark.parametrize(
    ("first", "short", "action"),
    [
        ("can I edit a message on Slack", "will he know", "edit"),
        ("can I edit a message on Slack", "will he know I deleted it", "delete"),
        ("can I edit a LINE message", "will he know", "take_back"),
        ("how do I leave a WhatsApp group", "will they know", "leave"),
        ("how do I block someone on Gmail", "does she get told", "block"),
        ("if I delete my Instagram account", "will she know", "close_account"),
        ("can I delete a message on Slack", "will he know", "take_back"),
    ],
)
def test_a_short_question_goes_on_with_the_last_action(
    first: str, short: str, action: str
) -> None:
    chat = Chat(Core(real_bot())).say(first).say(short)
    assert (chat.topic, chat.reply["about"]["action"]) == ("notification", action)


def test_small_talk_ends_a_near_miss() -> None:
    chat = Chat(Core(real_bot())).say("how do I leave a WhatsApp group")
    chat.say("thanks").say("will they know")
    assert chat.reply["about"]["action"] == "take_back"


def test_buttons_under_an_answer_go_on_with_its_action() -> None:
    chat = Chat(Core(real_bot())).say("can I edit a message on Slack")
    chat.press("How long do I have?")
    assert (chat.topic, chat.reply["about"]["action"]) == ("time_limit", "edit")
    chat.say("can I edit a message on Slack").press("Take it back")
    assert (chat.topic, chat.reply["about"]["action"]) == ("retract", "take_back")
