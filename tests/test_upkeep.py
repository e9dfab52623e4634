"""What is done now and then, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.analytics.recorder import Recorder
from bot.app import Assistant
from bot.errors import StoreError
from bot.store import MemoryStore
from bot.store.memory import MemoryCounters
from bot.store.records import Count, DayCount, Phrase
from bot.upkeep import EVERY, FIRST_SWEEP, SWEEP, upkeep

START = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
ROUNDS = int(SWEEP / EVERY)


class Ended(Exception):
    """The test is over."""


@dataclass
class Clock:
    """Moves on by what is slept; the wall's clock may be set."""

    rounds: int
    meanwhile: Callable[[int], None] = lambda _: None
    steady: float = 0.0
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.steady) + self.off

    async def sleep(self, seconds: float) -> None:
        if not self.rounds:
            raise Ended
        self.rounds -= 1
        self.steady += seconds
        self.meanwhile(round(self.steady / EVERY))


class Shaky(MemoryCounters):
    """Takes counts if the store is there and whole."""

    def __init__(self, store: Swept) -> None:
        super().__init__()
        self._store = store

    async def add(
        self, counts: Mapping[Count, int], phrases: Mapping[Phrase, int]
    ) -> None:
        if self._store.away:
            raise StoreError("away", passing=True)
        if self._store.torn:
            raise RuntimeError("a fault of ours")
        await super().add(counts, phrases)


@dataclass
class Swept(MemoryStore):
    """Knows when it was swept; it is away while it is told to be."""

    sweeps: list[datetime] = field(default_factory=list)
    away: bool = False
    broken: bool = False
    torn: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self.counters = Shaky(self)

    async def sweep(self, now: datetime) -> None:
        self.sweeps.append(now)
        if self.broken:
            raise RuntimeError("a fault of ours")
        if self.away:
            raise StoreError("away", passing=True)


async def run(bot: Assistant, clock: Clock) -> None:
    with pytest.raises(Ended):
        await upkeep(bot, steady=lambda: clock.steady, now=clock.now, sleep=clock.sleep)


@pytest.fixture
def store() -> Swept:
    return Swept()


@pytest.fixture
def bot(toy_bot: Assistant, store: Swept) -> Assistant:
    return replace(toy_bot, store=store, recorder=Recorder())


FIRST = START + timedelta(seconds=FIRST_SWEEP)
HOUR = timedelta(seconds=SWEEP)


async def test_it_sweeps_some_time_after_the_start_and_then_every_hour(
    bot: Assistant, store: Swept
) -> None:
    """What waited at Telegram comes first: it may go on with a talk that looks old."""
    await run(bot, Clock(3 * ROUNDS))
    assert store.sweeps == [FIRST, FIRST + HOUR, FIRST + 2 * HOUR]


async def test_a_sweep_that_fails_is_told_and_tried_again(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture
) -> None:
    store.away = True
    await run(bot, Clock(2 * ROUNDS))
    assert len(store.sweeps) == 2
    assert caplog.messages == ["away It is tried again in an hour."] * 2


async def test_counts_reach_the_store_within_seconds_and_at_the_end(
    bot: Assistant, store: Swept
) -> None:
    found: list[list[DayCount]] = []

    def count(number: int) -> None:
        found.append([DayCount(c, n) for c, n in store.counters.counts.items()])
        bot.count(Count("asked", f"topic{number}"))

    await run(bot, Clock(2, count))
    assert [len(lines) for lines in found] == [0, 1]
    assert len(store.counters.counts) == 2


async def test_a_store_that_is_away_ends_nothing_and_loses_no_count(
    bot: Assistant, store: Swept
) -> None:
    def come_and_go(number: int) -> None:
        store.away = number < ROUNDS
        if number == 1:
            bot.count(Count("asked", "call_back"))

    await run(bot, Clock(2 * ROUNDS, come_and_go))
    assert len(store.sweeps) == 2
    assert [c.topic for c in store.counters.counts] == ["call_back"]


async def test_a_fault_of_ours_loses_no_count(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture
) -> None:
    def tear_and_mend(number: int) -> None:
        store.torn = number < ROUNDS
        if number == 1:
            bot.count(Count("asked", "call_back"))

    await run(bot, Clock(ROUNDS + 2, tear_and_mend))
    assert [c.topic for c in store.counters.counts] == ["call_back"]
    assert "The counts were not stored" in caplog.text


async def test_a_fault_of_ours_is_told_and_ends_nothing(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture
) -> None:
    store.broken = True
    await run(bot, Clock(2 * ROUNDS))
    assert len(store.sweeps) == 2
    assert caplog.messages == ["What is old was not erased"] * 2


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
async def test_a_clock_that_jumps_erases_nothing_for_an_hour(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture, jump: timedelta
) -> None:
    clock = Clock(2 * ROUNDS)

    def set_it(number: int) -> None:
        if number == ROUNDS - 1:
            clock.off = jump

    clock.meanwhile = set_it
    with caplog.at_level(logging.WARNING):
        await run(bot, clock)
    (line,) = caplog.messages
    assert f"The clock jumped by {jump.total_seconds():+.0f} s" in line
    after = START + jump + timedelta(seconds=(ROUNDS - 1) * EVERY + SWEEP)
    assert store.sweeps == [FIRST, after]


async def test_what_it_holds_is_handed_over_when_it_is_cancelled(
    bot: Assistant, store: Swept
) -> None:
    care = asyncio.create_task(upkeep(bot))
    await asyncio.sleep(0)
    bot.count(Count("asked", "call_back"))
    care.cancel()
    await asyncio.gather(care, return_exceptions=True)
    assert [c.topic for c in store.counters.counts] == ["call_back"]
