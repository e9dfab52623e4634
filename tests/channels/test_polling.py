from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bot.app import Assistant
from bot.channels.telegram import texts
from bot.channels.telegram.admin_alerts import AdminAlerts
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.polling import PollingOptions
from bot.channels.telegram.rate_limits import CallRates
from bot.channels.telegram.service import Attached, Tuning, serve
from bot.channels.telegram.transport import Timeouts
from bot.errors import ChannelError
from bot.knowledge import loader
from bot.settings import Secret, Settings
from tests.support import updates
from tests.support.fake_bot_api import Stub, refused, stubbed
from tests.support.process import free_port
from tests.support.recorder import FAST, searching
from tests.support.updates import Json

TOKEN = "424242:not-to-be-seen"
TUNING = Tuning(
    limits=CallRates(FAST, FAST, FAST),
    timeouts=Timeouts(connect=1, read=1, pauses=(0.01, 0.01)),
    polling=PollingOptions(
        hold=5,
        linger=0.2,
        again=0.05,
        overdue=0.5,
        grace=2,
        first=0.02,
        slow=0.2,
        young=0.0,
    ),
    person=FAST,
)


@asynccontextmanager
async def running(
    bot: Assistant,
    stub: Stub,
    metrics: Metrics | None = None,
    alerts: AdminAlerts | None = None,
    tuning: Tuning = TUNING,
    listen: str | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    """The channel at work until the end of the block, which stops it."""
    stop = asyncio.Event()
    settings = Settings(token=Secret(TOKEN), api_url=stub.address, listen=listen)
    own = texts.read(loader.root())
    work = asyncio.create_task(
        serve(
            searching(bot),
            own,
            settings,
            Attached(metrics, stop, alerts),
            tuning,
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
        await stub.until(lambda: not stub.updates)
    assert stub.polls[0]["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "message_reaction",
    ]


async def test_a_token_that_is_refused_while_nothing_comes_ends_it_at_once(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    """A call hears of it while the request for updates is still held open."""

    async def refuse(_: web.Request, method: str, __: Json) -> web.Response | None:
        if method == "getUpdates":
            await asyncio.sleep(5)
        return refused(401, "Unauthorized")

    async def until_it_ends() -> None:
        async with stubbed() as stub, running(toy_bot, stub) as work:
            await stub.until(lambda: stub.polls)
            stub.fault = refuse
            stub.add(updates.said("hello"))
            await asyncio.wait_for(asyncio.shield(work), 4)

    with pytest.raises(ChannelError, match="does not accept TAKEBACK_TOKEN"):
        await until_it_ends()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


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
        await stub.until(lambda: not stub.updates)


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


async def test_of_a_long_queue_nothing_is_confirmed_before_its_answer_left(
    toy_bot: Assistant,
) -> None:
    """300 wait and answers are slow: a kill at any moment loses none of them."""
    early = list[int]()

    async def slow(_: web.Request, method: str, given: Json) -> None:
        if method == "sendMessage":
            await asyncio.sleep(0.3)
        elif method == "getUpdates" and given["offset"]:
            answered = {c.parameters["chat_id"] for c in stub.of("sendMessage")}
            early.extend(
                update["message"]["chat"]["id"]
                for update in stub.updates
                if update["update_id"] < given["offset"]
                and update["message"]["chat"]["id"] not in answered
            )

    async with stubbed() as stub:
        stub.fault = slow
        stub.add(*(updates.said("hello", who=who) for who in range(1, 301)))
        async with running(toy_bot, stub):
            await stub.until(lambda: len(stub.of("sendMessage")) == 300)
    assert early == []


async def test_few_are_in_work_at_once_and_slow_chats_hold_up_none(
    toy_bot: Assistant,
) -> None:
    """What is in work when a process is killed may be answered twice."""
    held, calling, most = asyncio.Event(), 0, 0

    async def slow(_: web.Request, method: str, given: Json) -> None:
        nonlocal calling, most
        if method != "sendMessage":
            return
        if given["chat_id"] <= 16:  # more than may be in work
            await held.wait()
            return
        calling += 1
        most = max(most, calling)
        await asyncio.sleep(0.05)
        calling -= 1

    # No answer but the held ones may count as slow, on a busy machine either.
    tuning = TUNING._replace(polling=TUNING.polling._replace(slow=1.0))
    async with stubbed() as stub, running(toy_bot, stub, tuning=tuning):
        stub.fault = slow
        stub.add(*(updates.said("hello", who=who) for who in range(1, 117)))
        await stub.until(lambda: len(stub.of("sendMessage")) >= 60)
        assert 1 < most <= TUNING.polling.at_once
        held.set()
        await stub.until(lambda: len(stub.of("sendMessage")) == 116)


async def test_what_a_stop_cannot_wait_for_is_left_unconfirmed(
    toy_bot: Assistant,
) -> None:
    async def down(_: web.Request, method: str, given: Json) -> web.Response | None:
        first = method == "sendMessage" and given["chat_id"] == 1
        return refused(429, "Too Many Requests", retry_after=120) if first else None

    async with stubbed() as stub:
        stub.fault = down
        async with running(toy_bot, stub):
            stub.add(*(updates.said("hello", who=who) for who in (2, 1, 3)))
            await stub.until(lambda: len(stub.of("sendMessage")) == 2)
        assert [u["message"]["chat"]["id"] for u in stub.updates] == [1, 3]


async def test_a_rival_is_told_from_our_own_last_request_under_load_too(
    toy_bot: Assistant,
) -> None:
    """Conflicts come between requests that succeed."""
    polls = 0

    async def conflict(_: web.Request, method: str, __: Json) -> web.Response | None:
        nonlocal polls
        polls += method == "getUpdates"
        if method != "getUpdates" or polls % 2:
            return None
        return refused(409, "Conflict: terminated by other getUpdates request")

    async with stubbed() as stub:
        stub.fault = conflict

        async def load() -> None:
            for who in range(1, 40):
                stub.add(updates.said("hello", who=who))
                await asyncio.sleep(0.05)

        loading = asyncio.create_task(load())
        with pytest.raises(ChannelError, match="Another process answers"):
            async with running(toy_bot, stub) as work:
                await work
        loading.cancel()


@pytest.mark.parametrize(
    "body",
    [
        '{"ok": true, "result": null}',
        '{"ok": true, "result": 5}',
        '{"ok": true, "result": [null, 7, {"update_id": "x"}, {"update_id": -1}]}',
        '{"ok": true, "result": [{"update_id": 36893488147419103232, "message": {}}]}',
        "[" * 100_000,
    ],
)
async def test_what_is_no_list_of_updates_is_one_line(
    toy_bot: Assistant, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad = 3

    async def odd(_: web.Request, method: str, __: Json) -> web.Response | None:
        nonlocal bad
        bad -= method == "getUpdates"
        return web.Response(text=body) if method == "getUpdates" and bad > 0 else None

    async with stubbed() as stub:
        stub.fault = odd
        async with running(toy_bot, stub):
            stub.add(updates.said("hello"))
            await stub.until(lambda: stub.of("sendMessage"))
    warned = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert len([r for r in warned if "back" not in r.getMessage()]) == 1
    assert not any(r.exc_info for r in warned)


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


async def test_of_two_with_one_token_the_younger_stays(toy_bot: Assistant) -> None:
    """Each request ends the other's; the older tires of it first."""
    conflicts = 0

    async def rival(_: web.Request, method: str, __: Json) -> web.Response | None:
        nonlocal conflicts
        conflicts += method == "getUpdates"
        if method != "getUpdates" or conflicts > 5:  # then the other has ended
            return None
        return refused(409, "Conflict: terminated by other getUpdates request")

    patient = TUNING.polling._replace(young=60.0)
    async with stubbed() as stub:
        stub.fault = rival
        tuning = TUNING._replace(polling=patient)
        async with running(toy_bot, stub, tuning=tuning):
            stub.add(updates.said("hello"))
            await stub.until(lambda: stub.of("sendMessage"))


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
    ("status", "text", "line", "passing"),
    [
        (401, "Unauthorized", "does not accept TAKEBACK_TOKEN", False),
        (404, "Not Found", "does not accept TAKEBACK_TOKEN", False),
        (400, "Bad Request", "refused a call", False),
        (500, "Internal", "No connection to http", True),
        (502, "Bad Gateway", "No connection to http", True),
    ],
)
@pytest.mark.parametrize("at", ["getMe", "deleteWebhook"])
async def test_what_is_wrong_at_the_start_is_one_line(
    toy_bot: Assistant, status: int, text: str, line: str, *, passing: bool, at: str
) -> None:
    async def fault(_: web.Request, method: str, __: Json) -> web.Response | None:
        return refused(status, text) if method == at else None

    async with stubbed() as stub:
        stub.fault = fault
        with pytest.raises(ChannelError, match=line) as caught:
            async with running(toy_bot, stub) as work:
                await work
    assert caught.value.passing is passing
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


async def test_health_and_metrics_are_there_while_polling_where_they_are_asked_for(
    toy_bot: Assistant,
) -> None:
    listen = f"127.0.0.1:{free_port()}"
    async with (
        stubbed() as stub,
        running(toy_bot, stub, listen=listen),
        aiohttp.ClientSession(f"http://{listen}") as outside,
    ):
        stub.add(updates.said("hello"))
        await stub.until(lambda: stub.of("sendMessage"))
        for path, part in (("/health", "ok"), ("/ready", ""), ("/metrics", "seconds")):
            async with outside.get(path) as answer:
                assert answer.status == 200
                assert part in await answer.text()


async def test_who_cannot_listen_takes_no_webhook_away(toy_bot: Assistant) -> None:
    taken = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port: int = taken.sockets[0].getsockname()[1]
    async with stubbed() as stub, taken:
        with pytest.raises(ChannelError, match="Cannot listen at"):
            async with running(toy_bot, stub, listen=f"127.0.0.1:{port}") as work:
                await work
        assert not stub.of("deleteWebhook")


async def test_a_stop_is_said_and_it_is_not_ready_while_the_rest_is_answered(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    held, go = asyncio.Event(), asyncio.Event()

    async def hold(_: web.Request, method: str, __: Json) -> None:
        if method == "sendMessage":
            held.set()
            await go.wait()

    listen = f"127.0.0.1:{free_port()}"
    async with (
        stubbed() as stub,
        running(toy_bot, stub, listen=listen) as work,
        aiohttp.ClientSession(f"http://{listen}") as outside,
    ):
        stub.fault = hold
        stub.add(updates.said("hello"))
        await held.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)
        async with outside.get("/ready") as answer:
            assert answer.status == 503
        async with outside.get("/health") as answer:
            assert answer.status == 200
        go.set()
        await work
        assert stub.of("sendMessage")
    assert caplog.text.count("SIGTERM: stopping, once what was taken") == 1
