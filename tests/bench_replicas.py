"""python -m tests.bench_replicas [COUNT] [REPLICAS]: one PostgreSQL, a proxy, Telegram.

10,000 updates of 500 chats, 5 % of them twice, shuffled within a window; people who
write twice in a row reach different replicas at once. Every update must be answered
once, in its chat's order, with what one process alone would have said. Then the same
with PostgreSQL stopped for ten seconds in the middle.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys

from bot.app import Bot, open_bot
from bot.settings import cache
from tests.channels.stub import Stub, stubbed
from tests.store import proxy
from tests.store.cluster import Cluster, cluster
from tests.theatre import Play, deliver, expected, judged, play, replicas, say, shuffled

CHATS, REPEATS, WINDOW, AT_ONCE = 500, 0.05, 24, 40
AWAY = 10.0


async def run(
    bot: Bot, postgres: Cluster, api: Stub, many: int, count: int, *, stop: bool = False
) -> bool:
    made = play(count, CHATS, seed=many)
    name = f"bench{many}{'stop' if stop else ''}"
    order = shuffled(made.updates, WINDOW, REPEATS, seed=5)
    # The first number must be known before the shuffle, as it is to a bot that runs.
    order.insert(0, made.updates[0])
    async with replicas(api, postgres.create(name), many) as running:
        async with proxy.proxied([one.port for one in running]) as address:
            stopping = asyncio.create_task(_stopped(postgres, made)) if stop else None
            await deliver(made, order[:1], [address], 1)
            made.waits.clear()
            seconds = await deliver(made, order[1:], [address], AT_ONCE)
            if stopping:
                await stopping
        told = [line for one in running for line in one.log if "store" in line]
    verdict = judged(made, expected(bot, made))
    waits = sorted(made.waits)
    say(
        f"{many} replica(s){', PostgreSQL away for 10 s' if stop else ''}: "
        f"{len(order):,} deliveries in {seconds:.1f} s, {len(order) / seconds:.0f}/s, "
        f"median {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {waits[len(waits) * 99 // 100] * 1000:.0f} ms"
    )
    say(f"  {verdict}; duplicates left unanswered {made.empty}, repeated {made.again}")
    if stop:
        say("  " + "".join(sorted({line[24:] for line in told})).replace("\n", "\n  "))
    say("  good" if verdict.good else "  NOT GOOD")
    return verdict.good


async def _stopped(postgres: Cluster, made: Play) -> None:
    """Away in the middle."""
    while len(made.order) < len(made.updates) // 2:  # noqa: ASYNC110  it is a list
        await asyncio.sleep(0.05)
    await asyncio.to_thread(postgres.stop)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(postgres.start)


async def main(count: int, numbers: list[int]) -> bool:
    bot = open_bot(cache=cache())
    good = True
    with cluster() as postgres:
        async with stubbed() as api:
            say(f"{os.cpu_count()} cores, shared with Telegram's part and PostgreSQL")
            say(f"in front: {proxy.name()}")
            for many in numbers:
                good &= await run(bot, postgres, api, many, count)
            good &= await run(bot, postgres, api, max(numbers), count // 2, stop=True)
    return good


if __name__ == "__main__":
    updates_ = int(sys.argv[1]) if sys.argv[1:] else 10_000
    wanted = [int(n) for n in sys.argv[2].split(",")] if sys.argv[2:] else [1, 2, 3]
    sys.exit(not asyncio.run(main(updates_, wanted)))
