"""What Telegram refuses is said another way; nobody is left in silence."""

from __future__ import annotations

import logging

import pytest

from bot.app import Assistant
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.sender import Address, CopyLabels, Sender
from bot.responses import markup as core
from tests.support import updates
from tests.support.judge import faults
from tests.support.markup import units
from tests.support.recorder import Desk, desk, refusal
from tests.support.updates import Json
from tests.support.wire import Call

LONGEST = 4096
ROOM: Json = {"chat": updates.group()}
ASKED = "@takeback_bot how do I call back a parcel"
MENTION = [{"type": "mention", "offset": 0, "length": 13}]


def refusing(*texts: str, method: str = "sendMessage") -> Json:
    """Refuses the first calls of a method, one text each."""
    left = list(texts)

    def answer(called: str, _: Json) -> tuple[int, Json] | None:
        if called != method or not left:
            return None
        return refusal(400, f"Bad Request: {left.pop(0)}")

    return {"answer": answer}


def arrived(calls: list[Call]) -> list[Call]:
    return [c for c in calls if c.status == 200 and c.method.startswith(("s", "e"))]


@pytest.mark.parametrize(
    "text",
    [
        "can't parse entities: unsupported start tag",
        "message is too long",
        "BUTTON_DATA_INVALID",
        "some reason of tomorrow",
    ],
)
async def test_a_refused_answer_is_sent_plain(toy_bot: Assistant, text: str) -> None:
    async with desk(toy_bot, **refusing(text)) as toys:
        refused, call = await toys.send(updates.said("how do I call back a parcel"))
        assert toys.channel.metrics.shortened == {"plain": 1}
    assert refused.status == 400
    assert set(call.parameters) == {"chat_id", "text"}
    assert "<b>" not in call.parameters["text"]


async def test_who_gets_no_plain_answer_either_is_told_of_the_trouble(
    toy_bot: Assistant,
) -> None:
    async with desk(toy_bot, **refusing("a", "b")) as toys:
        calls = await toys.send(updates.said("hello"))
        assert toys.channel.metrics.refused == {"BadRequest": 1}
    (call,) = arrived(calls)
    assert "went wrong on my side" in call.parameters["text"]


async def test_a_group_is_told_of_the_trouble_too(toy_bot: Assistant) -> None:
    asked = updates.said(ASKED, entities=MENTION, **ROOM)
    async with desk(toy_bot, **refusing("a", "b")) as toys:
        (call,) = arrived(await toys.send(asked))
    assert "went wrong on my side" in call.parameters["text"]
    assert call.parameters["reply_parameters"]["message_id"]


@pytest.mark.parametrize("text", ["message thread not found", "TOPIC_CLOSED"])
async def test_without_its_thread_an_answer_goes_to_the_chat(
    toy_bot: Assistant, text: str
) -> None:
    topic: Json = {"message_thread_id": 5, "is_topic_message": True}
    asked = updates.said(ASKED, entities=MENTION, **ROOM, **topic)
    async with desk(toy_bot, **refusing(text)) as toys:
        refused, call = await toys.send(asked)
    assert refused.parameters["message_thread_id"] == 5
    assert "message_thread_id" not in call.parameters
    assert call.parameters["parse_mode"] == "HTML"


@pytest.mark.parametrize(
    "text", ["not enough rights to send text messages to the chat", "Chat not found"]
)
async def test_where_the_bot_may_not_write_nobody_is_woken(
    toy_bot: Assistant, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = updates.said(ASKED, entities=MENTION, **ROOM)
    async with desk(toy_bot, **refusing(text)) as toys:
        assert len(await toys.send(asked)) == 1
        assert toys.channel.metrics.refused == {"UnreachableError": 1}
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]


async def test_telegrams_reason_is_in_the_log_and_nobodys_words(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    texts = ("message is too long", 'can\'t parse "a secret": x')
    async with desk(toy_bot, **refusing(*texts)) as toys:
        await toys.send(updates.said("hello"))
    assert "sent plain: Message is too long" in caplog.text
    assert "BadRequest of sendMessage, Can't parse" in caplog.text
    assert "secret" not in caplog.text


async def test_a_refused_edit_is_edited_plain(toy_bot: Assistant) -> None:
    async with desk(toy_bot, **refusing("x", method="editMessageText")) as toys:
        calls = await toys.send(updates.pressed("call_back|pheron"))
    (call,) = arrived(calls)
    assert call.method == "editMessageText"
    assert set(call.parameters) == {"chat_id", "message_id", "text"}


def paragraph(text: str) -> core.Paragraph:
    return core.Paragraph(((core.Span(text),),))


NOTE = core.Note(((core.Span("n" * 3000),),))


@pytest.mark.parametrize(
    ("blocks", "counted", "kept"),
    [
        ((paragraph("a" * 2000), NOTE), {"note left out": 1}, 1),
        ((*[paragraph("a" * 1500)] * 3, NOTE), {"note left out": 1, "cut": 1}, 2),
        ((paragraph("\N{FIRE}" * 3000),), {"note left out": 1, "cut": 1}, 1),
        ((paragraph("a" * 1000), NOTE), {}, 2),
    ],
)
async def test_what_is_too_long_loses_its_note_and_is_then_cut_at_a_block(
    toys: Desk, blocks: tuple[core.Block, ...], counted: dict[str, int], kept: int
) -> None:
    metrics = Metrics()
    sender = Sender(toys.channel.api, CopyLabels("Copy", "Copy"), metrics)
    await sender.send(Address(1), core.Message(blocks))
    (call,) = toys.recorder.calls[-1:]
    assert not faults(call)
    shown = call.parameters["text"]
    assert units(shown) <= LONGEST + len("<blockquote expandable></blockquote>")
    assert metrics.shortened == counted
    assert shown.count("\n\n") == kept - 1
