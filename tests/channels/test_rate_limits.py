"""How fast things go, on a clock of the test's own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.channels.telegram.dispatcher import ChatQueues, QueueFullError
from bot.channels.telegram.rate_limits import (
    PATIENCE,
    Admission,
    CallLimiter,
    CallRates,
    Rate,
    RateLimiter,
    RateLimiters,
    UserLimiter,
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


@given(st.lists(st.floats(0, 5), max_size=60))
def test_a_bucket_never_lets_more_through_than_its_rate(gaps: list[float]) -> None:
    limiter, now, let = RateLimiter(Rate(2, 3)), 0.0, list[float]()
    for gap in gaps:
        now += gap
        let.append(now + limiter.take(now))
    for first in let:
        assert sum(first <= at < first + 1 - 1e-6 for at in let) <= 3 + 2


def test_full_buckets_are_forgotten() -> None:
    limiters = RateLimiters(Rate(1, 1))
    for key in range(RateLimiters.MOST + 1):
        limiters.of(key, now=float(key * 10)).take(float(key * 10))
    assert len(limiters) <= 3


def test_who_asks_too_fast_is_told_once() -> None:
    clock = Clock()
    user_limiter = UserLimiter(Rate(1, 2), clock)
    told = [user_limiter.judge(5) for _ in range(5)]
    assert told == [Admission.ADMIT] * 2 + [Admission.NOTICE] + [Admission.REFUSE] * 2
    assert user_limiter.judge(6) is Admission.ADMIT
    clock.now += 1
    assert user_limiter.judge(5) is Admission.ADMIT
    assert user_limiter.judge(5) is Admission.NOTICE


async def test_a_chat_keeps_its_order_and_chats_run_side_by_side() -> None:
    queues, done, slow = ChatQueues(), list[str](), asyncio.Event()

    async def work(chat: int, name: str, wait: asyncio.Event | None = None) -> None:
        async with queues.enter(chat):
            if wait:
                await wait.wait()
            done.append(name)

    jobs = [work(1, "a", slow), work(1, "b"), work(1, "c"), work(2, "d")]
    tasks = [asyncio.create_task(job) for job in jobs]
    await tasks[-1]
    assert done == ["d"]
    slow.set()
    await asyncio.gather(*tasks)
    assert done == ["d", "a", "b", "c"]
    assert not queues._queues


async def test_a_flooding_chat_waits_alone() -> None:
    queues, held = ChatQueues(deep=2), asyncio.Event()

    async def work(chat: int) -> None:
        async with queues.enter(chat):
            await held.wait()

    tasks = [asyncio.create_task(work(1)) for _ in range(5)]
    await asyncio.sleep(0)
    other = asyncio.create_task(work(2))
    held.set()
    await other
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(o, QueueFullError) for o in outcomes] == [False] * 2 + [True] * 3
