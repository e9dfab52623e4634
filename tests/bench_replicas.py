"""python -m tests.bench_replicas [COUNT] [REPLICAS] [SEED]: a proxy, one PostgreSQL.

Updates of 500 chats, 5 % of them twice; people who write twice in a row reach different
replicas at once. Every update must be answered once, in its chat's order, with what one
process alone would have said. First 5,000 in the order of their numbers, for the pace;
then 10,000 shuffled within a window; then with PostgreSQL stopped for ten seconds in
the middle. The same seed plays the same.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from dataclasses import dataclass

from bot.app import Assistant, open_assistant
from bot.settings import cache
from tests.channels.stub import Stub, stubbed
from tests.store import proxy
from tests.store.cluster import Cluster, cluster
from tests.theatre import Play, deliver, expected, judged, play, replicas, say, shuffled

CHATS, REPEATS, WINDOW, AT_ONCE = 500, 0.05, 24, 40
AWAY = 10.0


@dataclass(frozen=True)
class Act:
    """One run. The same seed plays the same updates in the same order."""

    many: int
    count: int
    seed: int
    window: int = WINDOW
    """How far from its place an update may come; what comes early has to wait."""
    stop: bool = False

    def __str__(self) -> str:
        how = "shuffled" if self.window > 1 else "in order"
        away = f", PostgreSQL away for {AWAY:.0f} s" if self.stop else ""
        return f"{self.many} replica(s), {how}{away}"


async def run(bot: Assistant, postgres: Cluster, api: Stub, act: Act) -> bool:
    made = play(act.count, CHATS, seed=act.seed)
    name = f"bench{act.many}w{act.window}{'stop' if act.stop else ''}"
    order = shuffled(made.updates, act.window, REPEATS, seed=act.seed)
    # The first number must be known before the shuffle, as it is to a bot that runs.
    order.insert(0, made.updates[0])
    async with replicas(api, postgres.create(name), act.many) as running:
        async with proxy.proxied([one.port for one in running]) as address:
            stopping = (
                asyncio.create_task(_stopped(postgres, made)) if act.stop else None
            )
            await deliver(made, order[:1], [address], 1)
            made.waits.clear()
            seconds = await deliver(made, order[1:], [address], AT_ONCE)
            if stopping:
                await stopping
        told = [line for one in running for line in one.log if "store" in line]
    verdict = judged(made, expected(bot, made))
    waits = sorted(made.waits)
    say(
        f"{act}: {len(order):,} deliveries in {seconds:.1f} s, "
        f"{len(order) / seconds:.0f}/s, median {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {waits[len(waits) * 99 // 100] * 1000:.0f} ms"
    )
    say(f"  {verdict}; duplicates left unanswered {made.empty}, repeated {made.again}")
    if act.stop:
        say("  " + "  ".join(sorted({line[24:] for line in told})).rstrip())
    say("  good" if verdict.good else "  NOT GOOD")
    return verdict.good


async def _stopped(postgres: Cluster, made: Play) -> None:
    """Away in the middle."""
    while len(made.order) < len(made.updates) // 2:  # noqa: ASYNC110  it is a list
        await asyncio.sleep(0.05)
    await asyncio.to_thread(postgres.stop)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(postgres.start)


async def main(count: int, numbers: list[int], seed: int) -> bool:
    bot = open_assistant(cache=cache())
    good = True
    with cluster() as postgres:
        async with stubbed() as api:
            say(f"{os.cpu_count()} cores, shared with Telegram's part and PostgreSQL")
            say(f"in front: {proxy.name()}; seed {seed}")
            acts = [Act(many, count // 2, seed, window=1) for many in numbers]
            acts += [Act(many, count, seed) for many in numbers]
            acts.append(Act(max(numbers), count // 2, seed, stop=True))
            for act in acts:
                good &= await run(bot, postgres, api, act)
    return good


if __name__ == "__main__":
    updates_ = int(sys.argv[1]) if sys.argv[1:] else 10_000
    wanted = [int(n) for n in sys.argv[2].split(",")] if sys.argv[2:] else [1, 2, 3]
    seed_ = int(sys.argv[3]) if sys.argv[3:] else 1
    sys.exit(not asyncio.run(main(updates_, wanted, seed_)))
