"""python -m tests.bench_store [ROWS]: counts, and a sweep beside live updates.

On SQLite with a hundredth of the rows and on PostgreSQL with all: how long the sweep takes,
how long an update waits meanwhile, and what it costs to add counts, from one process and
from three at once.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store.database import Database
from bot.store.engine import address
from bot.store.records import Count
from bot.store.tables import updates
from tests.store.cluster import cluster
from tests.theatre import say

_LOT = 20_000


async def fill(database: Database, many: int, taken: int) -> None:
    """Answered updates of long ago."""
    insert = database._sql.new(updates)
    row = {"process": "", "answered": True, "taken": taken}
    for begin in range(0, many, _LOT):
        numbers = range(begin, min(begin + _LOT, many))
        rows = [{"number": 10**9 + n, **row} for n in numbers]
        await database._sql.together(lambda c, rows=rows: c.execute(insert, rows))  # type: ignore[misc]


async def swept(database: Database, now: datetime) -> str:
    began, waits, number = time.perf_counter(), [], 0
    sweep = asyncio.create_task(database.sweep(now))
    while not sweep.done():
        at = time.perf_counter()
        number += 1
        await database.updates.claim(number, "telegram:1")
        waits.append(time.perf_counter() - at)
        await asyncio.sleep(0.02)
    await sweep
    waits.sort()
    p99, most = waits[len(waits) * 99 // 100] * 1000, waits[-1] * 1000
    seconds = time.perf_counter() - began
    return (
        f"sweep {seconds:.1f} s, an update beside it p99 {p99:.0f}, max {most:.0f} ms"
    )


async def added(database: Database, different: int, at_once: int) -> str:
    day = "2026-05-10"
    counts = {
        Count("asked", f"topic{n}", "", "answer", "", "first", day): 3
        for n in range(different)
    }
    began = time.perf_counter()
    await asyncio.gather(*(database.counters.add(counts, {}) for _ in range(at_once)))
    return f"{at_once} x {different} counts {time.perf_counter() - began:.2f} s"


async def measure(url: str, rows: int) -> None:
    database, now = Database(address(url, Path())), datetime.now(UTC)
    await database.open()
    await fill(database, rows, int((now - timedelta(days=3)).timestamp()))
    say(f"{url.partition(':')[0]}, {rows:,} rows: {await swept(database, now)}")
    for different, at_once in ((100, 1), (1_000, 1), (1_000, 3)):
        say(f"  {await added(database, different, at_once)}")
    await database.close()


async def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await measure(f"sqlite:///{folder}/store.sqlite", rows // 100)
    with cluster() as postgres:
        await measure(postgres.create("size"), rows)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000))
