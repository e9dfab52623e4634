"""The answer to the last question follows its edit."""

from __future__ import annotations

from bot.app import Assistant
from tests.channels.test_groups import NAME, mention
from tests.channels.test_webhook import outside
from tests.support import updates
from tests.support.recorder import Desk
from tests.support.updates import Json

WRONG, RIGHT = "qwxz", "how do I call back a parcel"


def edited(update: Json, text: str) -> Json:
    """The same message in other words."""
    number = updates.said("x")["update_id"]
    return {"update_id": number, "edited_message": {**update["message"], "text": text}}


async def test_the_answer_to_the_last_question_is_edited(toys: Desk) -> None:
    asked = updates.said(WRONG)
    await toys.one(asked)
    call = await toys.one(edited(asked, RIGHT))
    assert call.method == "editMessageText"
    assert call.parameters["message_id"] == 5
    assert call.parameters["text"] == "Which carrier took it?"


async def test_an_older_question_may_be_edited_in_silence(toys: Desk) -> None:
    asked = updates.said(WRONG)
    await toys.one(asked)
    await toys.one(updates.said("hello"))
    assert await toys.send(edited(asked, RIGHT)) == []


async def test_what_was_never_asked_may_be_edited_in_silence(toys: Desk) -> None:
    assert await toys.send(edited(updates.said("x"), RIGHT)) == []


async def test_a_group_sees_the_answer_follow_too(toys: Desk) -> None:
    asked = mention(f"{NAME} qwxz")
    await toys.one(asked)
    call = await toys.one(edited(asked, f"{NAME} {RIGHT}"))
    assert call.method == "editMessageText"
    assert call.parameters["text"] == "Which carrier took it?"


async def test_what_a_group_edits_among_itself_is_left_alone(toys: Desk) -> None:
    asked = updates.said("lunch?", chat=updates.group())
    assert await toys.send(edited(asked, "lunch!")) == []
    assert not toys.channel.metrics.refused


async def test_an_answer_in_a_response_has_no_number_so_a_new_one_replies(
    toy_bot: Assistant,
) -> None:
    asked = updates.said(WRONG)
    async with outside(toy_bot) as telegram:
        await telegram.post(asked)
        _, call = await telegram.post(edited(asked, RIGHT))
    assert call["method"] == "sendMessage"
    assert call["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    assert call["text"] == "Which carrier took it?"
