"""A person who floods, as the wire sees it."""

from __future__ import annotations

import asyncio

from bot.app import Assistant
from bot.channels.admission import Rate
from tests.support import updates
from tests.support.recorder import desk
from tests.support.updates import Json


async def test_a_flood_earns_one_notice_and_others_are_answered(
    toy_bot: Assistant,
) -> None:
    async with desk(toy_bot, person=Rate(1, 3)) as toys:
        flood = [updates.said("hello", who=1) for _ in range(50)]
        other = updates.said("hello", who=2)
        await asyncio.gather(
            *(toys.channel.dispatcher.take(update) for update in [*flood, other])
        )
        texts = [
            (call.parameters["chat_id"], "One moment" in call.parameters["text"])
            for call in toys.recorder.calls
            if call.method == "sendMessage"
        ]
        assert sorted(texts) == [(1, False)] * 3 + [(1, True), (2, False)]
        assert toys.channel.metrics.refused["too fast"] == 47


async def test_what_a_group_talks_about_costs_its_members_nothing(
    toy_bot: Assistant,
) -> None:
    group: Json = {"chat": updates.group()}
    async with desk(toy_bot, person=Rate(1, 2)) as toys:
        for _ in range(9):
            assert not await toys.send(updates.said("hello everybody", **group))
        assert await toys.send(updates.said("/help", **group))
        assert not toys.channel.metrics.refused


async def test_each_press_is_acknowledged_even_when_refused(toy_bot: Assistant) -> None:
    async with desk(toy_bot, person=Rate(1, 1)) as toys:
        for _ in range(4):
            await toys.channel.dispatcher.take(updates.pressed("call_back|pheron"))
        methods = [call.method for call in toys.recorder.calls]
    assert methods.count("answerCallbackQuery") == 4
    assert methods.count("editMessageText") == 1


async def test_messages_of_a_chat_are_answered_in_their_order(
    toy_bot: Assistant,
) -> None:
    async with desk(toy_bot) as toys:
        said = ["hello", "thanks", "start over", "hello", "thanks"]
        await asyncio.gather(
            *(toys.channel.dispatcher.take(updates.said(text)) for text in said)
        )
        sent = [c.parameters.get("text") for c in toys.recorder.calls[1:]]
    async with desk(toy_bot) as toys:
        one_by_one = [
            (await toys.one(updates.said(text))).parameters["text"] for text in said
        ]
    assert sent == one_by_one
