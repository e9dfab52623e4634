"""What is done now and then, on a clock that the test moves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import Assistant
from bot.core.count import Count, Line
from bot.errors import StoreError
from bot.ledger import Ledger
from bot.store import Memory
from bot.store.phrases import Phrase
from bot.upkeep import EVERY, SWEEP, upkeep

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


@dataclass
class Swept(Memory):
    """Knows when it was swept; it is away while it is told to be."""

    sweeps: list[datetime] = field(default_factory=list)
    away: bool = False
    broken: bool = False
    torn: bool = False

    def __post_init__(self) -> None:
        Memory.__init__(self)

    async def sweep(self, now: datetime) -> None:
        self.sweeps.append(now)
        if self.broken:
            raise RuntimeError("a fault of ours")
        if self.away:
            raise StoreError("away", passing=True)

    async def add(self, counts: Sequence[Count], phrases: Sequence[Phrase]) -> None:
        if self.away:
            raise StoreError("away", passing=True)
        if self.torn:
            raise RuntimeError("a fault of ours")
        await super().add(counts, phrases)


async def run(bot: Assistant, clock: Clock) -> None:
    with pytest.raises(Ended):
        await upkeep(bot, steady=lambda: clock.steady, now=clock.now, sleep=clock.sleep)


@pytest.fixture
def store() -> Swept:
    return Swept()


@pytest.fixture
def bot(toy_bot: Assistant, store: Swept) -> Assistant:
    return replace(toy_bot, store=store, ledger=Ledger())


async def test_it_sweeps_at_the_start_and_every_hour(
    bot: Assistant, store: Swept
) -> None:
    await run(bot, Clock(2 * ROUNDS + 1))
    hour = timedelta(seconds=SWEEP)
    first = START + timedelta(seconds=EVERY)
    assert store.sweeps == [first, first + hour, first + 2 * hour]


async def test_counts_reach_the_store_within_seconds_and_at_the_end(
    bot: Assistant, store: Swept
) -> None:
    found: list[list[Line]] = []

    def count(number: int) -> None:
        found.append([Line(c, n) for c, n in store._counts.items()])
        bot.count(Count("asked", f"topic{number}"))

    await run(bot, Clock(2, count))
    assert [len(lines) for lines in found] == [0, 1]
    assert len(store._counts) == 2


async def test_a_store_that_is_away_ends_nothing_and_loses_no_count(
    bot: Assistant, store: Swept
) -> None:
    def come_and_go(number: int) -> None:
        store.away = number < ROUNDS
        if number == 1:
            bot.count(Count("asked", "retract"))

    await run(bot, Clock(ROUNDS + 2, come_and_go))
    assert len(store.sweeps) == 2
    assert [c.topic for c in store._counts] == ["retract"]


async def test_a_fault_of_ours_loses_no_count(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture
) -> None:
    def tear_and_mend(number: int) -> None:
        store.torn = number < ROUNDS
        if number == 1:
            bot.count(Count("asked", "retract"))

    await run(bot, Clock(ROUNDS + 2, tear_and_mend))
    assert [c.topic for c in store._counts] == ["retract"]
    assert "The counts were not stored" in caplog.text


async def test_a_fault_of_ours_is_told_and_ends_nothing(
    bot: Assistant, store: Swept, caplog: pytest.LogCaptureFixture
) -> None:
    store.broken = True
    await run(bot, Clock(ROUNDS + 1))
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
    first = START + timedelta(seconds=EVERY)
    after = START + jump + timedelta(seconds=(ROUNDS - 1) * EVERY + SWEEP)
    assert store.sweeps == [first, after]


async def test_what_it_holds_is_handed_over_when_it_is_cancelled(
    bot: Assistant, store: Swept
) -> None:
    care = asyncio.create_task(upkeep(bot))
    await asyncio.sleep(0)
    bot.count(Count("asked", "retract"))
    care.cancel()
    await asyncio.gather(care, return_exceptions=True)
    assert [c.topic for c in store._counts] == ["retract"]
