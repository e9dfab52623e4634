from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import Assistant
from bot.channels.telegram.inline_keyboard import owned, owner_of
from tests.support import updates
from tests.support.recorder import Desk, desk, refusal
from tests.support.updates import Json

GROUP: Json = {"chat": updates.group()}
NAME = "@takeback_bot"


def mention(text: str, name: str = NAME) -> Json:
    at = text.index(name)
    entity = {"type": "mention", "offset": at, "length": len(name)}
    return updates.said(text, entities=[entity], **GROUP)


@pytest.mark.parametrize(
    "update",
    [
        updates.said("/help", **GROUP),
        updates.said("/help@Takeback_Bot", **GROUP),
        mention(f"{NAME} how do I call back a parcel"),
        mention(f"how do I call back a parcel, {NAME}?"),
        updates.said(
            "how do I call back a parcel",
            reply_to_message=updates.message("Hm", **GROUP) | {"from": updates.ME},
            **GROUP,
        ),
    ],
)
async def test_what_is_meant_for_the_bot_is_answered_as_a_reply(
    toys: Desk, update: Json
) -> None:
    call = await toys.one(update)
    asked = update["message"]["message_id"]
    assert call.parameters["reply_parameters"] == {
        "message_id": asked,
        "allow_sending_without_reply": True,
    }
    assert call.buttons


@pytest.mark.parametrize(
    "update",
    [
        updates.said("how do I call back a parcel", **GROUP),
        updates.said("/roll", **GROUP),
        updates.said("/help@other_bot", **GROUP),
        updates.said("/", **GROUP),
        mention("ask @other_bot about the parcel", "@other_bot"),
        updates.said(caption="/help", photo=[], **GROUP),
        updates.said(
            "/help",
            forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "x"},
            **GROUP,
        ),
        updates.said(
            "yes", reply_to_message=updates.message("Well?", **GROUP), **GROUP
        ),
    ],
)
async def test_what_people_say_to_each_other_is_left_alone(
    toys: Desk, update: Json
) -> None:
    assert await toys.send(update) == []


async def test_a_mention_is_not_part_of_the_question(toys: Desk) -> None:
    call = await toys.one(mention(f"{NAME} how do I call back a parcel"))
    assert call.parameters["text"] == "Which carrier took it?"


async def test_a_bot_without_a_name_hears_its_commands_alone(
    toy_bot: Assistant,
) -> None:
    nameless = {"id": 7, "is_bot": True, "first_name": "Takeback"}
    async with desk(toy_bot, me=nameless) as toys:
        assert await toys.send(updates.said("/help", **GROUP))
        assert not await toys.send(mention(f"{NAME} hello"))


def under(asker: int | None) -> Json:
    """A reply of ours to a member's message."""
    found: Json = updates.message("Which carrier took it?", **GROUP)
    found["from"] = updates.ME
    if asker is not None:
        found["reply_to_message"] = updates.message("?", asker, **GROUP)
    return found


async def test_who_asked_may_press(toys: Desk) -> None:
    calls = await toys.send(updates.pressed("call_back|pheron", under(100), 100))
    assert {call.method for call in calls} == {"answerCallbackQuery", "editMessageText"}


@pytest.mark.parametrize("asker", [200, None])
async def test_nobody_else_may_press(toys: Desk, asker: int | None) -> None:
    call = await toys.one(updates.pressed("call_back|pheron", under(asker), 100))
    assert call.method == "answerCallbackQuery"
    assert "person who asked" in call.parameters["text"]


async def test_who_speaks_as_the_group_gets_no_buttons(toys: Desk) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    asked = updates.said("/help", sender_chat=updates.group(), **GROUP)
    asked["message"]["from"] = anonymous
    call = await toys.one(asked)
    assert list(call.buttons) == ["Continue in private"]


async def test_nothing_of_a_group_is_kept(
    toy_bot: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(*_: Any) -> None:
        raise AssertionError

    async with desk(toy_bot) as toys:
        for name in ("get", "put"):
            monkeypatch.setattr(type(toy_bot.store.sessions), name, keep)
        assert await toys.send(mention(f"{NAME} how do I call back a parcel"))
        assert await toys.send(updates.pressed("call_back|pheron", under(100), 100))


async def test_a_forum_is_answered_in_its_topic(toys: Desk) -> None:
    topic: Json = {"message_thread_id": 77, "is_topic_message": True}
    call = await toys.one(updates.said("/help", **topic, **GROUP))
    assert call.parameters["message_thread_id"] == 77


async def test_a_caption_that_names_the_bot_is_a_question(toys: Desk) -> None:
    text = f"{NAME} how do I call back a parcel"
    entity = {"type": "mention", "offset": 0, "length": len(NAME)}
    asked = updates.said(caption=text, caption_entities=[entity], photo=[{}], **GROUP)
    call = await toys.one(asked)
    assert call.parameters["text"] == "Which carrier took it?"


@pytest.mark.parametrize("words", [NAME, f"{NAME} can you help?"])
async def test_a_mention_in_reply_to_a_question_answers_that_question(
    toys: Desk, words: str
) -> None:
    question = updates.message("how do I call back a parcel", 200, **GROUP)
    asked = mention(words)
    asked["message"]["reply_to_message"] = question
    call = await toys.one(asked)
    assert call.parameters["text"] == "Which carrier took it?"


@pytest.mark.parametrize(
    ("theirs", "words", "answer"),
    [
        ("I sent the wrong thing on Teams", "can they see it?", "on Microsoft Teams"),
        ("wrong chat on signal, please help", "can I edit it?", "Yes, for 24 hours"),
        ("how can I unsend an instagram dm?", "", "Yes on Instagram"),
    ],
)
async def test_a_question_about_anothers_message_is_answered_by_what_that_says(
    real_bot: Assistant, theirs: str, words: str, answer: str
) -> None:
    asked = mention(f"{NAME} {words}")
    asked["message"]["reply_to_message"] = updates.message(theirs, 200, **GROUP)
    async with desk(real_bot) as opened:
        call = await opened.one(asked)
    assert answer in call.parameters["text"]


async def test_what_another_said_is_reckoned_from_when_it_was_said(
    real_bot: Assistant,
) -> None:
    theirs = updates.message("sent an imessage 1 minute ago, can I unsend it", 200)
    theirs |= {**GROUP, "date": theirs["date"] - 600}
    asked = mention(NAME)
    asked["message"]["reply_to_message"] = theirs
    async with desk(real_bot) as opened:
        call = await opened.one(asked)
    assert "Sent 11 minutes ago: too late" in call.parameters["text"]


@pytest.mark.parametrize("name", ["foo", "back", "link"])
async def test_a_command_that_a_group_does_not_have_is_answered_by_those_it_has(
    toys: Desk, name: str
) -> None:
    call = await toys.one(updates.said(f"/{name}{NAME}", **GROUP))
    assert call.parameters["text"].startswith("There is no such command.")
    assert "/help" in call.parameters["text"]
    assert "/link" not in call.parameters["text"]


async def test_an_unknown_command_with_words_is_a_question_in_a_group_too(
    toys: Desk,
) -> None:
    text = f"/call{NAME} back a parcel"
    call = await toys.one(updates.said(text, **GROUP))
    assert call.parameters["text"] == "Which carrier took it?"


async def test_a_reply_to_the_bots_answer_goes_on_from_it(toys: Desk) -> None:
    first = await toys.one(mention(f"{NAME} how do I call back a parcel"))
    ours = under(100) | {"reply_markup": first.parameters["reply_markup"]}
    call = await toys.one(updates.said("Heron", reply_to_message=ours, **GROUP))
    assert "carrier" not in call.parameters["text"]
    direct = await toys.one(mention(f"{NAME} how do I call back a parcel with heron"))
    assert call.parameters["text"] == direct.parameters["text"]


async def test_buttons_belong_to_the_asker_though_the_question_was_deleted(
    toys: Desk,
) -> None:
    first = await toys.one(mention(f"{NAME} how do I call back a parcel"))
    value = first.buttons["Ferry"]
    mine = await toys.send(updates.pressed(value, under(None), 100))
    assert {call.method for call in mine} == {"answerCallbackQuery", "editMessageText"}
    theirs = await toys.one(updates.pressed(value, under(None), 200))
    assert "person who asked" in theirs.parameters["text"]


async def test_after_a_refused_edit_the_new_answer_is_the_askers_too(
    toy_bot: Assistant,
) -> None:
    def refuse(method: str, _: Json) -> tuple[int, Json] | None:
        text = "Bad Request: message can't be edited"
        return refusal(400, text) if method == "editMessageText" else None

    async with desk(toy_bot, answer=refuse) as toys:
        calls = await toys.send(updates.pressed("call_back", under(100), 100))
        (call,) = (c for c in calls if c.method == "sendMessage")
        again = await toys.one(updates.pressed(call.buttons["Ferry"], under(None), 7))
    assert call.parameters["reply_parameters"]["message_id"]
    assert again.method == "answerCallbackQuery"


async def test_what_is_known_goes_along_into_private(toys: Desk) -> None:
    call = await toys.one(mention(f"{NAME} how do I call back a parcel with heron"))
    url = call.buttons["Continue in private"]
    assert url == "https://t.me/takeback_bot?start=call_back-pheron"


@given(st.text(alphabet="abc|@?/~0", max_size=64), st.integers(1, 1 << 52))
def test_a_button_tells_whose_it_is_where_there_is_room(value: str, who: int) -> None:
    data = owned(value, who)
    assert len(data.encode()) <= 64
    if data != value:
        assert owner_of(data) == (value, who)
