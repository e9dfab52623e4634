"""How fast things go, on a clock of the test's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.channels.telegram.rate_limits import (
    PATIENCE,
    CallLimiter,
    CallRates,
)


class Clock:
    """Sleeping moves it, so a test takes no time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Api:
    """Takes calls, and notes when."""

    def __init__(self, clock: Clock, *refusals: float) -> None:
        self.clock, self.refusals = clock, list(refusals)
        self.at: list[float] = []

    async def __call__(self) -> bool:
        if self.refusals:
            raise RetryAfter(timedelta(seconds=self.refusals.pop(0)))
        self.at.append(self.clock() - 1000)
        return True


async def send(
    limiter: CallLimiter, api: Api, chat: int, endpoint: str = "sendMessage"
) -> None:
    await limiter.run(endpoint, {"chat_id": chat}, api)


def opened(*refusals: float) -> tuple[CallLimiter, Api, Clock]:
    clock = Clock()
    return CallLimiter(CallRates(), clock, clock.sleep), Api(clock, *refusals), clock


async def test_a_chat_gets_three_at_once_and_then_one_a_second() -> None:
    limiter, api, _ = opened()
    for _ in range(6):
        await send(limiter, api, 1)
    assert [round(at) for at in api.at] == [0, 0, 0, 1, 2, 3]


async def test_a_group_gets_twenty_a_minute() -> None:
    limiter, api, _ = opened()
    for _ in range(50):
        await send(limiter, api, -1)
    assert all(
        late - early >= 59 for early, late in zip(api.at, api.at[40:], strict=False)
    )


async def test_thirty_a_second_go_out_in_all() -> None:
    limiter, api, _ = opened()
    for chat in range(1, 91):
        await send(limiter, api, chat)
    assert api.at[29] == 0
    assert api.at[89] == pytest.approx(2, abs=0.01)


async def test_a_429_pauses_its_chat_and_no_other() -> None:
    clock, over = Clock(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        await over.wait()
        clock.now += seconds

    limiter, api = CallLimiter(CallRates(), clock, sleep), Api(clock, 20)
    paused = [asyncio.create_task(send(limiter, api, 1)) for _ in range(2)]
    await asyncio.sleep(0)
    await send(limiter, api, 2)
    assert api.at == [0]
    over.set()
    await asyncio.gather(*paused)
    assert min(api.at[1:]) >= 20


async def test_a_429_is_not_waited_for_without_end() -> None:
    for refusals in ((30, 30, 30), (600,)):
        limiter, api, _ = opened(*refusals)
        with pytest.raises(RetryAfter):
            await send(limiter, api, 1)


@pytest.mark.parametrize("wait", [2, 120, 600])
async def test_an_answer_waits_for_a_429_however_long(wait: float) -> None:
    limiter, api, _ = opened(wait)
    await limiter.run("sendMessage", {"chat_id": 1}, api, PATIENCE)
    assert api.at == [wait]


@pytest.mark.parametrize("seconds", [6, 60, 600])
async def test_an_answer_outlasts_an_outage(seconds: float) -> None:
    clock = Clock()
    api = Api(clock)

    async def call() -> bool:
        if clock() < 1000 + seconds:
            raise NetworkError("Bad Gateway")
        return await api()

    limiter = CallLimiter(CallRates(), clock, clock.sleep)
    await limiter.run("sendMessage", {"chat_id": 1}, call, PATIENCE)
    assert api.at[0] <= seconds + 30


async def test_what_is_refused_is_not_tried_again() -> None:
    limiter, _, clock = opened()

    async def refuse() -> bool:
        raise BadRequest("Chat not found")

    with pytest.raises(BadRequest):
        await limiter.run("sendMessage", {"chat_id": 1}, refuse, PATIENCE)
    assert clock() == 1000


async def test_acknowledging_a_press_waits_for_nobody() -> None:
    limiter, api, _ = opened()
    for _ in range(100):
        await send(limiter, api, 1, "answerCallbackQuery")
    assert api.at == [0] * 100
