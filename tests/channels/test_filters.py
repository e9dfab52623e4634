"""Everything that is not a plain question."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import updates
from tests.support.recorder import Desk
from tests.support.updates import Json

FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
VOICE = {**FILE, "duration": 1}
STICKER = {
    **FILE,
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
POLL = {
    "id": "1",
    "question": "Well?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
FORWARD = {
    "type": "user",
    "date": 1,
    "sender_user": updates.person(5),
}
KIND: list[tuple[Json, str]] = [
    ({"photo": PHOTO}, "words only"),
    ({"voice": VOICE}, "recordings"),
    ({"contact": {"phone_number": "1", "first_name": "Eve"}}, "no contact"),
    ({"location": {"latitude": 1.0, "longitude": 1.0}}, "no contact"),
    ({"poll": POLL}, "words only"),
    ({"text": "call back a parcel", "forward_origin": FORWARD}, "forwarded"),
]
SILENT = [
    {"sticker": STICKER},
    {"dice": {"emoji": "\N{GAME DIE}", "value": 3}},
    {"text": "hello", "via_bot": updates.ME},
    {"group_chat_created": True},
]


@pytest.mark.parametrize(("what", "part"), KIND)
async def test_what_is_no_question_earns_one_kind_line(
    toys: Desk, what: dict[str, Any], part: str
) -> None:
    call = await toys.one(updates.said(**what))
    assert part in call.parameters["text"]


WORDLESS = [
    *SILENT[:2],
    {"checklist": {"title": "x", "tasks": []}},
    {"rich_message": {"blocks": []}},
]


@pytest.mark.parametrize("what", WORDLESS)
async def test_what_says_nothing_earns_a_kind_line_where_a_chat_begins(
    toys: Desk, what: dict[str, Any]
) -> None:
    call = await toys.one(updates.said(**what))
    assert "I can read words only" in call.parameters["text"]
    await toys.send(updates.said("how do I call back a parcel"))
    assert await toys.send(updates.said(**what)) == []


@pytest.mark.parametrize("what", SILENT[2:])
async def test_what_needs_no_answer_gets_none(toys: Desk, what: dict[str, Any]) -> None:
    assert await toys.send(updates.said(**what)) == []


async def test_a_command_that_is_none_is_told_with_those_there_are(toys: Desk) -> None:
    call = await toys.one(updates.said("/foo"))
    assert "There is no such command" in call.parameters["text"]
    assert "• /help" in call.parameters["text"]


@pytest.mark.parametrize("text", ["/call back a parcel", "/ call back a parcel"])
async def test_an_unknown_command_with_words_is_a_question(
    toys: Desk, text: str
) -> None:
    call = await toys.one(updates.said(text))
    assert call.parameters["text"] == "Which carrier took it?"


async def test_a_caption_on_any_picture_of_an_album_is_read(toys: Desk) -> None:
    album: dict[str, Any] = {"photo": [{}], "media_group_id": "9"}
    first = await toys.one(updates.said(**album))
    assert "words only" in first.parameters["text"]
    second = await toys.one(
        updates.said(caption="how do I call back a parcel", **album)
    )
    assert second.parameters["text"] == "Which carrier took it?"
    assert await toys.send(updates.said(**album)) == []


async def test_a_caption_is_a_question(toys: Desk) -> None:
    call = await toys.one(
        updates.said(photo=PHOTO, caption="how do I call back a parcel")
    )
    assert call.parameters["text"] == "Which carrier took it?"


async def test_an_album_is_answered_once(toys: Desk) -> None:
    pictures = [updates.said(photo=PHOTO, media_group_id="7") for _ in range(4)]
    calls = [call for picture in pictures for call in await toys.send(picture)]
    assert len(calls) == 1


@pytest.mark.parametrize("kind", ["channel_post", "poll", "new_kind"])
async def test_updates_that_nobody_asked_for_earn_silence(
    toys: Desk, kind: str
) -> None:
    update = {"update_id": 1, kind: updates.message("hello")}
    assert await toys.send(update) == []
    assert toys.channel.metrics.refused["not asked for"] == 1


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": "x"},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"text": "secret"}},
        {"update_id": 1, "message": updates.message("secret") | {"chat": "secret"}},
        {"update_id": 1, "callback_query": {"id": "1", "message": 4}},
        {"update_id": 1, "inline_query": "secret"},
    ],
)
async def test_an_unreadable_update_is_refused_and_its_words_not_noted(
    toys: Desk, update: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert await toys.send(update) == []
    assert toys.channel.metrics.refused["unreadable"] == 1
    assert "secret" not in caplog.text


async def test_an_update_that_comes_twice_is_answered_once(toys: Desk) -> None:
    update = updates.said("/start")
    assert len(await toys.send(update)) == 1
    assert await toys.send(update) == []
