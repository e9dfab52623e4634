"""python -m tests.benchmarks.store [ROWS]: what updates, counts and a sweep cost by its size.

With 1, 10 and 100 times the rows (ROWS at the most on PostgreSQL, a tenth of it on SQLite),
a tenth as many chats and a thousandth as many counts: what one update costs from its claim
to its acknowledgement, what it costs to add counts, from one process and from three at
once, how long the sweep of all that is old takes, and how long an update waits beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.dialogue.session import Session
from bot.store.database import Database
from bot.store.engine import address
from bot.store.records import Count
from tests.support.cluster import cluster
from tests.support.fake_telegram import say

_LOT = 100_000
_UPDATES = 300
_SIZES = (100, 10, 1)
SESSION = Session(topic="retract", slots={"platform": "linkedin", "kind": "inmail"})
FILLED = {
    "updates": (
        "INSERT INTO updates (number, owner, answered, taken) "
        "SELECT 1000000000 + n, '', true, {at} FROM lot"
    ),
    "chats": (
        "INSERT INTO chats (chat, turn, session, touched) "
        "SELECT 'telegram:' || (100 + n), 3, '{{\"t\": \"retract\"}}', {at} FROM lot"
    ),
    "counts": (
        "INSERT INTO counts (day, what, topic, platform, detail, leaf, way, number) "
        "SELECT '2026-05-01', 'asked', 't' || n, '', 'answer', '', 'first', 1 FROM lot"
    ),
}
_LOTS = (
    "WITH RECURSIVE lot(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM lot "
    "WHERE n < {last}) "
)


async def fill(database: Database, rows: int, at: int) -> None:
    """Answered updates, chats and counts of long ago."""
    for table, many in (
        ("updates", rows),
        ("chats", rows // 10),
        ("counts", rows // 1000),
    ):
        for begin in range(0, many, _LOT):
            last = min(begin + _LOT, many) - 1
            lot = _LOTS.format(first=begin, last=last)
            insert = FILLED[table].format(at=at)
            # SQLite wants what is made first, PostgreSQL takes it so too.
            head, _, rest = insert.partition("SELECT")
            text = f"{head}{lot}SELECT{rest}"
            await database._sql.together(lambda c, t=text: c.exec_driver_sql(t))  # type: ignore[misc]


async def updated(database: Database, now: datetime) -> str:
    """What an update costs, one after the other."""
    waits, began = [], time.process_time()
    for number in range(1, _UPDATES + 1):
        at = time.perf_counter()
        chat = f"telegram:{number % 50}"
        await database.updates.claim(number, chat)
        stored = await database.sessions.get(chat, now, number)
        await database.sessions.put(chat, SESSION, stored.turn, now, number)
        await database.updates.acknowledge(number)
        waits.append((time.perf_counter() - at) * 1000)
    spent = (time.process_time() - began) * 1000 / _UPDATES
    return f"an update {statistics.median(waits):.1f} ms, {spent:.1f} of our processor"


async def swept(database: Database, now: datetime) -> str:
    began, waits, number = time.perf_counter(), [], 10**6
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
    return f"sweep {seconds:.1f} s, a claim beside it p99 {p99:.0f}, max {most:.0f} ms"


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
    say(f"{url.partition(':')[0]}, {rows:,} updates, {rows // 10:,} chats:")
    say(f"  {await updated(database, now)}")
    told = [await added(database, n, m) for n, m in ((100, 1), (1_000, 1), (1_000, 3))]
    say(f"  {', '.join(told)}")
    say(f"  {await swept(database, now)}")
    await database.close()


async def main(rows: int) -> None:
    for part in _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            await measure(f"sqlite:///{folder}/store.sqlite", rows // 10 // part)
    with cluster() as postgres:
        for part in _SIZES:
            await measure(postgres.create(f"size{part}"), rows // part)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 3_600_000))
