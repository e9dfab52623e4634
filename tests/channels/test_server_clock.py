"""A clock that is wrong from the start is told, by the dates of Telegram's responses."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.telegram.bot_api import bot_api
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.server_clock import ServerClock
from tests.channels.test_transport import QUICK, TOKEN
from tests.support.fake_bot_api import stubbed

if TYPE_CHECKING:
    import pytest

    from tests.support.updates import Json

NOW = 1_800_000_000


def told(caplog: pytest.LogCaptureFixture, *ahead: float) -> list[str]:
    """The lines of a clock that is ahead by so much at one response after another."""
    left = iter(ahead)
    clock = ServerClock(Metrics(), lambda: NOW + next(left))
    for _ in ahead:
        clock.told(formatdate(NOW, usegmt=True))
    return [r.message for r in caplog.records]


def test_a_clock_that_is_right_but_for_the_way_is_not_spoken_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert told(caplog, 0, 40, -40, 119) == []


def test_a_wrong_clock_is_told_once_and_once_more_when_it_is_right(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong, right = told(caplog, 3600, 3601, 3602, 1, 0)
    assert "clock is 3600 s ahead of Telegram's" in wrong
    assert "agrees with Telegram's again" in right


def test_what_is_no_date_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    for text in (
        None,
        "",
        "yesterday",
        "Mon, 99 Foo 2026 25:00:00 GMT",
        "1 Jan 99999999999 0:0",
    ):
        ServerClock(metrics).told(text)
    assert metrics.clock_off == 0
    assert not caplog.records


async def test_it_is_looked_at_with_each_call(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()

    async def late(_: web.Request, __: str, ___: Json) -> web.Response:
        date = formatdate(time.time() + 900, usegmt=True)
        found = {"ok": True, "result": True}
        return web.json_response(found, headers={"Date": date})

    async with (
        stubbed() as stub,
        bot_api(TOKEN, stub.address, metrics, timeouts=QUICK) as bot,
    ):
        assert abs(metrics.clock_off) < 60
        stub.fault = late
        await bot.call("sendMessage", chat_id=1, text="x")
        assert "s behind Telegram's" in caplog.text
        assert -960 < metrics.clock_off < -840
        assert b"takeback_clock_off_seconds -" in metrics.exposition(0)
        stub.fault = None
