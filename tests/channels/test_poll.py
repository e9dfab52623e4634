from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from bot.app import Assistant
from bot.channels.telegram import lines
from bot.channels.telegram.alarm import Alarm
from bot.channels.telegram.pace import Limits
from bot.channels.telegram.poll import Habit
from bot.channels.telegram.service import Tuning, serve
from bot.channels.telegram.tally import Tally
from bot.channels.telegram.transport import Patience
from bot.errors import ChannelError
from bot.knowledge import loader
from bot.settings import Settings
from tests.channels import updates
from tests.channels.recorder import FAST, searching
from tests.channels.stub import Stub, refused, stubbed
from tests.channels.updates import Json

TOKEN = "424242:not-to-be-seen"
TUNING = Tuning(
    limits=Limits(FAST, FAST, FAST),
    patience=Patience(connect=1, read=1, pauses=(0.01, 0.01)),
    habit=Habit(hold=5, linger=0.2, again=0.05, first=0.02),
    person=FAST,
)


@asynccontextmanager
async def running(
    bot: Assistant, stub: Stub, tally: Tally | None = None, alarm: Alarm | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """The channel at work until the end of the block, which stops it."""
    stop = asyncio.Event()
    settings = Settings(token=TOKEN, api_url=stub.address)  # type: ignore[arg-type]
    own = lines.read(loader.root())
    work = asyncio.create_task(
        serve(
            searching(bot),
            own,
            settings,
            tuning=TUNING,
            tally=tally,
            stop=stop,
            alarm=alarm,
        )
    )
    try:
        yield work
        stop.set()
        await asyncio.wait_for(work, 10)
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError, ChannelError):
            await work


async def test_updates_are_answered_and_then_confirmed(toy_bot: Assistant) -> None:
    async with stubbed() as stub, running(toy_bot, stub):
        stub.add(updates.said("hello"), updates.said("thanks", who=2))
        await stub.until(lambda: len(stub.of("sendMessage")) == 2)
        await asyncio.sleep(0.1)
        assert stub.updates == []
    assert stub.polls[0]["allowed_updates"] == [
        "message",
        "callback_query",
        "inline_query",
    ]


async def test_what_is_not_answered_yet_is_not_confirmed(toy_bot: Assistant) -> None:
    held = asyncio.Event()

    async def hold(_: web.Request, method: str, given: Json) -> None:
        if method == "sendMessage" and given["chat_id"] == 1:
            await held.wait()

    async with stubbed() as stub, running(toy_bot, stub):
        stub.fault = hold
        first = updates.said("hello", who=1)
        stub.add(first)
        await asyncio.sleep(0.3)
        # Others are answered meanwhile, and come later.
        stub.add(updates.said("hello", who=2))
        await stub.until(lambda: len(stub.of("sendMessage")) == 1)
        assert first in stub.updates
        held.set()
        await stub.until(lambda: len(stub.of("sendMessage")) == 2)
        await asyncio.sleep(0.4)
        assert stub.updates == []


async def test_a_chat_that_holds_back_a_whole_batch_does_not_hold_the_next(
    toy_bot: Assistant,
) -> None:
    held = asyncio.Event()

    async def hold(_: web.Request, method: str, given: Json) -> None:
        if method == "sendMessage" and given["chat_id"] == 1:
            await held.wait()

    async with stubbed() as stub, running(toy_bot, stub):
        stub.fault = hold
        stub.add(updates.said("hello", who=1))
        stub.add(*(updates.said("hello", who=who) for who in range(2, 152)))
        await stub.until(lambda: len(stub.of("sendMessage")) == 150)
        held.set()
        await stub.until(lambda: len(stub.of("sendMessage")) == 151)


async def test_a_stop_answers_what_was_taken(toy_bot: Assistant) -> None:
    async def slow(_: web.Request, method: str, __: Json) -> None:
        if method == "sendMessage":
            await asyncio.sleep(0.3)

    async with stubbed() as stub:
        async with running(toy_bot, stub):
            stub.fault = slow
            stub.add(*(updates.said("hello", who=who) for who in range(1, 21)))
            await stub.until(lambda: any(p["offset"] for p in stub.polls) or stub.polls)
            await asyncio.sleep(0.15)
        assert len(stub.of("sendMessage")) == 20
        # And Telegram knows, so that a restart does not answer them again.
        assert stub.updates == []


async def test_a_rival_ends_it_with_one_clear_line(toy_bot: Assistant) -> None:
    async def conflict(_: web.Request, method: str, __: Json) -> web.Response | None:
        text = "Conflict: terminated by other getUpdates request"
        return refused(409, text) if method == "getUpdates" else None

    async with stubbed() as stub:
        stub.fault = conflict
        with pytest.raises(ChannelError, match="Another process answers"):
            async with running(toy_bot, stub) as work:
                await work


async def test_a_token_that_was_revoked_ends_it(toy_bot: Assistant) -> None:
    async def revoked(_: web.Request, method: str, __: Json) -> web.Response | None:
        return refused(401, "Unauthorized") if method == "getUpdates" else None

    async with stubbed() as stub:
        stub.fault = revoked
        with pytest.raises(ChannelError, match="does not accept TAKEBACK_TOKEN"):
            async with running(toy_bot, stub) as work:
                await work


async def test_a_lost_connection_is_waited_out_and_said_once(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    lost = 5

    async def fail(_: web.Request, method: str, __: Json) -> web.Response | None:
        nonlocal lost
        if method != "getUpdates" or not lost:
            return None
        lost -= 1
        return web.Response(status=502, text="<html>")

    caplog.set_level(logging.INFO)
    async with stubbed() as stub:
        stub.fault = fail
        async with running(toy_bot, stub):
            stub.add(updates.said("hello"))
            await stub.until(lambda: stub.of("sendMessage"))
    assert caplog.text.count("out of reach") == 1
    assert caplog.text.count("Telegram is back") == 1
    assert "not-to-be-seen" not in caplog.text


@pytest.mark.parametrize(
    ("status", "text", "line"),
    [
        (401, "Unauthorized", "does not accept TAKEBACK_TOKEN"),
        (404, "Not Found", "does not accept TAKEBACK_TOKEN"),
        (500, "Internal", "No connection to http"),
    ],
)
async def test_what_is_wrong_at_the_start_is_one_line(
    toy_bot: Assistant, status: int, text: str, line: str
) -> None:
    async def fault(*_: object) -> web.Response:
        return refused(status, text)

    async with stubbed() as stub:
        stub.fault = fault
        with pytest.raises(ChannelError, match=line) as caught:
            async with running(toy_bot, stub) as work:
                await work
    assert "\n" not in str(caught.value)
    assert "not-to-be-seen" not in str(caught.value)


async def test_another_kind_of_server_is_told_from_telegram(toy_bot: Assistant) -> None:
    async def page(*_: object) -> web.Response:
        return web.Response(status=404, text="<html>nothing here</html>")

    async with stubbed() as stub:
        stub.fault = page
        with pytest.raises(ChannelError, match="is no Bot API server"):
            async with running(toy_bot, stub) as work:
                await work
