"""python -m tests.bench_memory [COUNT]: memory over 100,000 updates, and cold starts.

One process by webhook on SQLite; 5,000 chats in the middle of their talks.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.channels.stub import stubbed
from tests.theatre import Replica, deliver, play, replicas, say

CHATS, AT_ONCE, STARTS = 5_000, 32, 5


async def started(api: str, store: str) -> tuple[float, float]:
    """Seconds from the start of a process until it is ready, and to its first answer."""
    one, made = Replica(api, store), play(1, 1, seed=int(time.time()))
    made.updates[0]["update_id"] = 10**8 + int(time.time() * 1000) % 10**7
    began = time.perf_counter()
    await one.start()
    await one.ready()
    ready = time.perf_counter() - began
    await deliver(made, made.updates, [one.address], 1)
    answered = time.perf_counter() - began
    await one.end()
    return ready, answered


async def main(count: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        store = f"sqlite:///{path}"
        async with stubbed() as api:
            await started(api.address, store)
            starts = [await started(api.address, store) for _ in range(STARTS)]
            ready, answered = (statistics.median(s) for s in zip(*starts, strict=True))
            say(f"start to ready {ready:.2f} s, to the first answer {answered:.2f} s")
            made = play(count, CHATS)
            async with replicas(api, store, 1) as (one,):
                found = []
                began = time.perf_counter()
                for place in range(0, count, count // 10):
                    part = made.updates[place : place + count // 10]
                    await deliver(made, part, [one.address], AT_ONCE)
                    made.answers.clear()
                    made.waits.clear()
                    found.append(one.memory())
                    say(
                        f"{place + len(part):>8,} updates  {found[-1]:6.1f} MB  "
                        f"{(place + len(part)) / (time.perf_counter() - began):.0f}/s"
                    )
            size = path.stat().st_size / 1e6
    grown = found[-1] - found[1]
    say(f"grown since the second tenth: {grown:+.1f} MB; store file {size:.1f} MB")
    return grown < 8


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if sys.argv[1:] else 100_000
    sys.exit(not asyncio.run(main(wanted)))
