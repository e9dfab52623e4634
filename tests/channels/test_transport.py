"""What is sent again, and what is not."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.channels.telegram.bot_api import BotApi, bot_api, last_call, webhook_reply
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.transport import NotTheApiError, Timeouts
from tests.support.fake_bot_api import Fault, Stub, cut, stubbed
from tests.support.updates import Json

TOKEN = "424242:not-to-be-seen"
QUICK = Timeouts(connect=0.3, read=0.3, pauses=(0.01, 0.01))


@asynccontextmanager
async def line(fault: Fault | None = None) -> AsyncIterator[tuple[BotApi, Stub]]:
    async with (
        stubbed() as stub,
        bot_api(TOKEN, stub.address, Metrics(), timeouts=QUICK) as bot,
    ):
        stub.fault = fault
        yield bot, stub


def times(
    number: int, what: Callable[[web.Request], Awaitable[web.Response | None]]
) -> tuple[Fault, Counter[str]]:
    """A fault of the first calls of each method; and how often each was tried."""
    tried = Counter[str]()

    async def fault(request: web.Request, method: str, _: Json) -> web.Response | None:
        tried[method] += 1
        return await what(request) if tried[method] <= number else None

    return fault, tried


async def hang_up(request: web.Request) -> web.Response:
    return cut(request)


async def sleep(_: web.Request) -> None:
    await asyncio.sleep(1)


async def bad_gateway(_: web.Request) -> web.Response:
    return web.Response(status=502, text="<html>bad gateway</html>")


async def half(request: web.Request) -> web.Response:
    """Begins to answer, and breaks off."""
    answer = web.StreamResponse(headers={"Content-Length": "100"})
    await answer.prepare(request)
    await answer.write(b"{")
    return cut(request)


@pytest.mark.parametrize("what", [hang_up, bad_gateway])
async def test_what_did_not_arrive_is_sent_again(
    what: Callable[[web.Request], Awaitable[web.Response | None]],
) -> None:
    fault, tried = times(2, what)
    async with line(fault) as (bot, stub):
        await bot.send_message(1, "x")
        assert tried["sendMessage"] == 3
        assert len(stub.of("sendMessage")) == 1


async def test_what_telegram_began_to_answer_was_carried_out() -> None:
    fault, tried = times(9, half)
    async with line(fault) as (bot, _):
        assert await bot.call("sendMessage", chat_id=1, text="x") is True
        assert tried["sendMessage"] == 1


async def test_what_met_with_silence_is_sent_again_after_a_pause() -> None:
    """It may have arrived; twice is better than never."""
    fault, tried = times(1, sleep)
    async with line(fault) as (bot, stub):
        await bot.call("sendMessage", chat_id=1, text="x")
        assert tried["sendMessage"] == 2
        assert len(stub.of("sendMessage")) == 1


async def test_what_the_library_calls_by_itself_ends_with_the_first_silence() -> None:
    fault, tried = times(1, sleep)
    async with line(fault) as (bot, _):
        with pytest.raises(TimedOut):
            await bot.send_message(1, "x")
        assert tried["sendMessage"] == 1


async def test_what_may_happen_twice_is_tried_again_after_a_silence() -> None:
    fault, tried = times(1, sleep)
    async with line(fault) as (bot, _):
        await bot.edit_message_text("x", 1, 1)
        assert tried["editMessageText"] == 2


@pytest.mark.parametrize("what", [hang_up, bad_gateway])
async def test_trying_again_has_an_end(
    what: Callable[[web.Request], Awaitable[web.Response | None]],
) -> None:
    fault, tried = times(99, what)
    async with line(fault) as (bot, _):
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(1, "x")
        assert tried["sendMessage"] == 3
    assert "not-to-be-seen" not in repr(caught.value)


@pytest.mark.parametrize("status", [200, 302, 404])
async def test_a_page_is_not_taken_for_the_api(status: int) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>hello</html>")

    fault, _ = times(9, page)
    async with line(fault) as (bot, _):
        with pytest.raises(NotTheApiError):
            await bot.send_message(1, "x")


async def test_a_broken_answer_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_: web.Request) -> web.Response:
        return web.Response(text='{"ok": true, "result": "a secret')

    fault, _ = times(9, broken)
    async with line(fault) as (bot, _):
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(1, "x")
    assert "secret" not in caplog.text + repr(caught.value)


async def test_no_error_shows_the_token() -> None:
    bot = bot_api(TOKEN, "http://127.0.0.1:1", Metrics(), timeouts=QUICK)
    with pytest.raises(NetworkError) as caught:
        await bot.initialize()
    await bot.shutdown()
    error: BaseException | None = caught.value
    while error is not None:
        assert "not-to-be-seen" not in repr(error)
        error = error.__cause__


async def test_the_last_call_of_an_update_is_kept_for_the_webhook() -> None:
    async with line() as (bot, stub):
        with webhook_reply() as reply:
            await bot.call("answerCallbackQuery", callback_query_id="1")
            with last_call():
                await bot.call("sendMessage", chat_id=7, text="x")
                await bot.call("sendMessage", chat_id=7, text="y")
        assert reply.call == {"method": "sendMessage", "chat_id": 7, "text": "x"}
        methods = [call.method for call in stub.calls]
        assert methods == ["getMe", "answerCallbackQuery", "sendMessage"]


async def test_after_a_fault_the_last_call_is_watched_instead_of_kept() -> None:
    """Of a call in the response nobody hears whether Telegram could carry it out."""
    fault, _ = times(4, bad_gateway)
    async with line(fault) as (bot, stub):
        await bot.call("editMessageText", chat_id=7, message_id=1, text="x")
        with webhook_reply() as reply, last_call():
            await bot.call("sendMessage", chat_id=8, text="y")
        assert reply.call is None
        assert len(stub.of("sendMessage")) == 1


def test_a_start_takes_no_more_of_the_library_than_it_needs() -> None:
    """And what was put off is there for who asks."""
    code = (
        "import sys, bot.channels.telegram.service, bot.channels.telegram.webhook;"
        "assert not {'httpx', 'telegram.ext', 'sqlalchemy'} & set(sys.modules);"
        "from telegram.request import HTTPXRequest; HTTPXRequest();"
        "assert 'httpx' in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert not done.returncode, done.stderr.decode()


async def test_without_a_webhook_everything_is_sent() -> None:
    async with line() as (bot, stub):
        with last_call():
            await bot.call("sendMessage", chat_id=7, text="x")
        assert len(stub.of("sendMessage")) == 1
