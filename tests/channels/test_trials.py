"""The steps for Telegram are tried out on a harmless message of the bot's own."""

from __future__ import annotations

from bot.app import Assistant
from tests.support import updates
from tests.support.judge import faults
from tests.support.recorder import desk
from tests.support.updates import Json

ROOM: Json = {"chat": updates.group()}
LABEL = "Try it here first"


async def test_steps_for_telegram_can_be_tried_on_a_message_of_the_bots(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        answer = await opened.one(updates.said("can I delete a telegram message"))
        value = answer.buttons[LABEL]
        calls = await opened.send(updates.pressed(value))
    (trial,) = [call for call in calls if call.method == "sendMessage"]
    assert "This one is for trying" in trial.parameters["text"]
    assert "Also delete for" in trial.parameters["text"]
    assert not trial.buttons
    # The answer stays as it was, to go on from.
    assert not [call for call in calls if call.method == "editMessageText"]
    assert not faults(trial)


async def test_other_services_cannot_be_tried_here(real_bot: Assistant) -> None:
    async with desk(real_bot) as opened:
        answer = await opened.one(updates.said("can I delete a whatsapp message"))
    assert LABEL not in answer.buttons


async def test_nothing_is_tried_before_a_group(real_bot: Assistant) -> None:
    text = "@takeback_bot can I delete a telegram message"
    mention = {"type": "mention", "offset": 0, "length": len("@takeback_bot")}
    async with desk(real_bot) as opened:
        answer = await opened.one(updates.said(text, entities=[mention], **ROOM))
    assert "Step by step" in answer.buttons
    assert LABEL not in answer.buttons
