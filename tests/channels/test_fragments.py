"""A question that is sent in pieces is read as one; a whole one waits for nothing."""

from __future__ import annotations

import asyncio
import time

from bot.app import Assistant
from bot.channels.admission import PER_USER
from tests.support import updates
from tests.support.recorder import Desk, desk
from tests.support.updates import Json
from tests.support.wire import Call

PIECES = ("omg", "help", "i sent a pic", "to my mum", "on insta", "pls")
WHOLE = "sent the wrong message on whatsapp ten minutes ago"
QUIET = 0.2


async def sent(opened: Desk, given: list[Json], pause: float = 0.0) -> list[Call]:
    """All calls that updates lead to, each of which comes a moment after the last."""
    opened.recorder.calls.clear()
    tasks = []
    for update in given:
        tasks.append(asyncio.create_task(opened.channel.dispatcher.take(update)))
        await asyncio.sleep(pause)
    await asyncio.gather(*tasks)
    return opened.recorder.calls


async def test_pieces_within_a_moment_are_one_question(real_bot: Assistant) -> None:
    async with desk(real_bot, quiet=QUIET) as opened:
        (call,) = await sent(opened, [updates.said(p) for p in PIECES], 0.02)
    assert "Instagram" in call.parameters["text"].partition("</b>")[0]


async def test_a_whole_sentence_ends_the_waiting(real_bot: Assistant) -> None:
    async with desk(real_bot, quiet=60) as opened:
        given = [updates.said("omg"), updates.said(WHOLE)]
        (call,) = await sent(opened, given, 0.02)
    assert "WhatsApp" in call.parameters["text"].partition("</b>")[0]


async def test_a_whole_question_waits_for_nothing(real_bot: Assistant) -> None:
    async with desk(real_bot, quiet=60) as opened:
        for text in (WHOLE, "/help", "hello", "unsend whatsapp"):
            await opened.one(updates.said(text))


async def test_an_answer_to_a_question_waits_for_nothing(toy_bot: Assistant) -> None:
    async with desk(toy_bot, quiet=60) as opened:
        await opened.one(updates.said("how do I call back a parcel"))
        await opened.one(updates.said("ferry"))
        await opened.one(updates.said("2"))


async def test_a_piece_that_stays_alone_is_answered(real_bot: Assistant) -> None:
    async with desk(real_bot, quiet=QUIET) as opened:
        began = time.monotonic()
        call = await opened.one(updates.said("omg"))
        assert time.monotonic() - began >= QUIET
        assert "WhatsApp" in call.buttons


async def test_pieces_after_a_pause_are_messages_of_their_own(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot, quiet=0.05) as opened:
        given = [updates.said("omg"), updates.said("help")]
        assert len(await sent(opened, given, 0.4)) == 2


async def test_of_fifteen_pieces_at_once_none_is_lost(real_bot: Assistant) -> None:
    pieces = [updates.said(p) for p in (*(["omg"] * 9), *PIECES)]
    async with desk(real_bot, quiet=QUIET, person=PER_USER) as opened:
        (call,) = await sent(opened, pieces)
    assert "Instagram" in call.parameters["text"].partition("</b>")[0]


async def test_of_fifteen_questions_at_once_some_are_refused_by_one_line(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot, quiet=QUIET, person=PER_USER) as opened:
        calls = await sent(opened, [updates.said(WHOLE) for _ in range(15)])
    hurry = [call for call in calls if "faster than I can" in call.parameters["text"]]
    assert len(hurry) == 1
    assert len(calls) == PER_USER.burst + 1


async def test_pieces_of_others_are_not_gathered(real_bot: Assistant) -> None:
    async with desk(real_bot, quiet=QUIET) as opened:
        given = [updates.said("omg", 1), updates.said("help", 2)]
        assert len(await sent(opened, given)) == 2
