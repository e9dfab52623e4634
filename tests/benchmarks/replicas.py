"""python -m tests.benchmarks.replicas [COUNT] [REPLICAS] [SEED] [RUNS]: several behind a proxy.

They share one PostgreSQL. Updates of 500 chats, 5 % of them twice, beside the first or
later. They come as Telegram sends them: of one chat one at a time, and in any order
between chats. Every update must be answered once, in its chat's order, with what one
process alone would have said. First 5,000 in the order of their ids, for the pace; then
10,000 shuffled between chats; then with PostgreSQL stopped for ten seconds in the
middle. The same seed plays the same. RUNS plays the shuffled act alone, so many times,
with a seed of its own each. With LOADED=1 each core has a busy loop beside, with
IN_RESPONSE=1 answers are in the response to their update.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.app import Assistant, open_assistant
from bot.settings import cache
from tests.support import proxy
from tests.support.cluster import Cluster, cluster
from tests.support.fake_bot_api import Stub, stubbed
from tests.support.fake_telegram import (
    Play,
    deliver,
    differences,
    expected,
    judged,
    play,
    replicas,
    say,
    shuffled,
)

CHATS, REPEATS, WINDOW, AT_ONCE = 500, 0.05, 24, 40
AWAY = 10.0


@dataclass(frozen=True)
class Act:
    """One run. The same seed plays the same updates in the same order."""

    many: int
    count: int
    seed: int
    window: int = WINDOW
    """How far from its place an update may come, beside those of other chats."""
    stop: bool = False

    def __str__(self) -> str:
        how = "shuffled" if self.window > 1 else "in order"
        away = f", PostgreSQL away for {AWAY:.0f} s" if self.stop else ""
        return f"{self.many} replica(s), {how}{away}, seed {self.seed}"


async def run(bot: Assistant, postgres: Cluster, api: Stub, act: Act) -> bool:
    made = play(act.count, CHATS, seed=act.seed)
    api.heard = made.heard
    name = f"bench{act.many}w{act.window}s{act.seed}{'stop' if act.stop else ''}"
    order = shuffled(made.updates, act.window, REPEATS, seed=act.seed)
    async with replicas(api, postgres.create(name), act.many) as running:
        async with proxy.proxied([one.port for one in running]) as address:
            stopping = (
                asyncio.create_task(_stopped(postgres, made)) if act.stop else None
            )
            seconds = await deliver(made, order, [address], AT_ONCE)
            if stopping:
                await stopping
        told = [line for one in running for line in one.log if "store" in line]
    api.calls.clear()
    wanted = expected(bot, made)
    verdict = judged(made, wanted)
    waits = sorted(made.waits)
    say(
        f"{act}: {len(order):,} deliveries in {seconds:.1f} s, "
        f"{len(order) / seconds:.0f}/s, median {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {waits[len(waits) * 99 // 100] * 1000:.0f} ms"
    )
    say(f"  {verdict}; duplicates left unanswered {made.empty}, repeated {made.again}")
    for line in sorted({line[24:].rstrip() for line in told}):
        say(f"  {line}")
    differences(made, wanted, verdict)
    say("  good" if verdict.good() else "  NOT GOOD")
    return verdict.good()


async def _stopped(postgres: Cluster, made: Play) -> None:
    """Away in the middle."""
    while len(made.order) < len(made.updates) // 2:  # noqa: ASYNC110  it is a list
        await asyncio.sleep(0.05)
    await asyncio.to_thread(postgres.stop)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(postgres.start)


@contextmanager
def loaded(cores: int) -> Iterator[None]:
    """Other work on so many cores."""
    loop = ["nice", "-n", "5", sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(loop) for _ in range(cores)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def acts(count: int, numbers: list[int], seed: int, runs: int) -> list[Act]:
    if runs:
        seeds = range(seed, seed + runs)
        return [Act(many, count, own) for own in seeds for many in numbers]
    found = [Act(many, count // 2, seed, window=1) for many in numbers]
    found += [Act(many, count, seed) for many in numbers]
    return [*found, Act(max(numbers), count // 2, seed, stop=True)]


async def main(played: list[Act]) -> bool:
    bot = open_assistant(cache=cache())
    good = True
    cores = (os.cpu_count() or 1) if os.environ.get("LOADED") else 0
    with loaded(cores), cluster() as postgres:
        async with stubbed() as api:
            say(f"{os.cpu_count()} cores, shared with Telegram's part and PostgreSQL")
            say(f"in front: {proxy.name()}")
            for act in played:
                good &= await run(bot, postgres, api, act)
    return good


if __name__ == "__main__":
    updates_ = int(sys.argv[1]) if sys.argv[1:] else 10_000
    wanted = [int(n) for n in sys.argv[2].split(",")] if sys.argv[2:] else [1, 2, 3]
    seed_ = int(sys.argv[3]) if sys.argv[3:] else 1
    runs_ = int(sys.argv[4]) if sys.argv[4:] else 0
    sys.exit(not asyncio.run(main(acts(updates_, wanted, seed_, runs_))))
