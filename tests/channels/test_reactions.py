"""A thumb under an answer says whether it helped."""

from __future__ import annotations

from bot.app import Assistant
from bot.channels.telegram.handlers import DOWN, UP
from tests.channels.test_counted import counted
from tests.support import updates
from tests.support.recorder import Desk, desk

STEPS = "how do I wrap it anew"


async def test_a_thumb_up_is_counted_and_not_answered(toys: Desk) -> None:
    await toys.one(updates.said(STEPS))
    assert await toys.send(updates.reacted(UP)) == []
    assert ("worked", "wrap", "", "yes", "") in await counted(toys)


async def test_a_thumb_down_is_answered_by_what_else_to_try(toys: Desk) -> None:
    await toys.one(updates.said(STEPS))
    call = await toys.one(updates.reacted(DOWN))
    assert call.method == "sendMessage"
    assert "Use more string." in call.parameters["text"]
    assert ("worked", "wrap", "", "no", "") in await counted(toys)


async def test_a_thumb_under_an_answer_without_steps_is_a_vote(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        await opened.one(updates.said("will they be notified on whatsapp"))
        await opened.send(updates.reacted(UP))
        assert ("thumbs", "notification", "whatsapp", "up", "") in await counted(opened)


async def test_a_vote_goes_by_the_names_of_the_book(toys: Desk) -> None:
    await toys.one(updates.said("will the neighbours know, by heron"))
    call = await toys.one(updates.reacted(DOWN))
    assert call.method == "sendMessage"
    assert [n for what, *_, n, _ in await counted(toys) if what == "thumbs"] == ["down"]


async def test_other_emoji_and_thumbs_taken_back_are_left_alone(toys: Desk) -> None:
    await toys.one(updates.said(STEPS))
    assert await toys.send(updates.reacted("\N{FIRE}")) == []
    assert await toys.send(updates.reacted(before=(DOWN,))) == []
    assert all(what == "asked" for what, *_ in await counted(toys))


async def test_a_thumb_before_any_answer_says_nothing(toys: Desk) -> None:
    assert await toys.send(updates.reacted(DOWN)) == []


async def test_a_groups_reactions_are_left_alone(toys: Desk) -> None:
    update = updates.reacted(DOWN)
    update["message_reaction"]["chat"] = updates.group()
    assert await toys.send(update) == []


async def test_a_reaction_that_comes_again_is_counted_once(toys: Desk) -> None:
    await toys.one(updates.said(STEPS))
    update = updates.reacted(UP)
    await toys.send(update)
    toys.channel.dispatcher._seen.clear()
    await toys.send(update)
    assert [what for what, *_ in await counted(toys)].count("worked") == 1
