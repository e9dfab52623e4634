"""python -m tests.benchmarks.kill [sqlite|postgresql|polling] [KILLS]: kill -9 at random.

By webhook, updates are delivered all the while, and again until they are confirmed. No
answer may be lost, all must say what they would have said without a kill, and the database
must be sound.

An answer is a call of its own, which Telegram cannot be told to carry out once. So answers
given twice are counted, as Telegram's side sees them: one a kill at most. With IN_RESPONSE=1
the webhook's are in the response to their update, and none may be given twice.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import open_assistant
from bot.settings import cache
from tests.support import updates
from tests.support.cluster import Cluster, cluster
from tests.support.fake_bot_api import stubbed
from tests.support.fake_telegram import (
    FIRST,
    TALK,
    WATCHED,
    Replica,
    deliver,
    differences,
    expected,
    judged,
    play,
    replicas,
    say,
)
from tests.support.updates import Json

if TYPE_CHECKING:
    from aiohttp import web

AT_ONCE, CHATS = 16, 400
QUEUE, SLOW = 300, 0.3
"""By polling: updates that wait, more than a batch, and seconds that a message takes."""
_TIMES = {"sqlite": 200, "postgresql": 50, "polling": 100}
ALIVE = 1.6
"""Seconds at most between a start and the next kill."""


async def killing(running: list[Replica], kills: int, done: list[float]) -> None:
    dice = random.Random(3)
    for number in range(kills):
        one = running[number % len(running)]
        await one.ready()
        await asyncio.sleep(dice.random() * ALIVE)
        await one.kill()
        await one.start()
        done.append(time.perf_counter())
    await asyncio.gather(*(one.ready() for one in running))


@asynccontextmanager
async def where(kind: str) -> AsyncIterator[tuple[str, Path | Cluster]]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            path = Path(folder) / "store.sqlite"
            yield f"sqlite:///{path}", path
            return
        with cluster() as running:
            yield running.create("kills"), running


async def _slow(_: web.Request, method: str, __: Json) -> None:
    if method == "sendMessage":
        await asyncio.sleep(SLOW)


async def polled(kills: int) -> bool:
    """Each update is of a chat of its own, so that its answers can be counted."""
    done: list[float] = []
    sent = 0
    with tempfile.TemporaryDirectory() as folder:
        async with stubbed() as api:
            api.fault = _slow
            one = Replica(api.address, f"sqlite:///{folder}/store.sqlite", polling=True)
            await one.start()
            killer = asyncio.create_task(killing([one], kills, done))
            while not killer.done() or api.updates:
                if not killer.done() and len(api.updates) < QUEUE:
                    chats = range(sent + 1, sent + QUEUE + 1)
                    # Numbers without gaps, as Telegram's are: a gap is waited for.
                    news = [updates.said(TALK[0], chat) for chat in chats]
                    for chat, update in zip(chats, news, strict=True):
                        update["update_id"] = FIRST + chat
                    api.add(*news)
                    sent += QUEUE
                await asyncio.sleep(0.01)
            await killer
            await one.end()
        answers = Counter(c.parameters["chat_id"] for c in api.of("sendMessage"))
    twice = sum(number > 1 for number in answers.values())
    lost = sent - len(answers)
    say(f"{len(done)} kills while polling, with sqlite")
    say(f"  {sent:,} updates, lost {lost}, given twice {twice}")
    good = not lost and twice <= kills
    say("  good" if good else "  NOT GOOD")
    return good


async def main(kind: str, kills: int) -> bool:
    if kind == "polling":
        return await polled(kills)
    bot = open_assistant(cache=cache())
    made = play(400_000, CHATS)
    done: list[float] = []
    sent = 0
    async with where(kind) as (url, store), stubbed() as api:
        api.heard = made.heard
        count = 1 if kind == "sqlite" else 2
        async with replicas(api, url, count) as running:
            began = time.perf_counter()
            killer = asyncio.create_task(killing(running, kills, done))

            def endless() -> Iterator[Json]:
                nonlocal sent
                for update in made.updates:
                    if killer.done():
                        return
                    sent += 1
                    yield update

            addresses = [one.address for one in running]
            await deliver(made, endless(), addresses, AT_ONCE)
            await killer
            seconds = time.perf_counter() - began
        made.updates = made.updates[:sent]
        wanted = expected(bot, made)
        verdict = judged(made, wanted)
        if isinstance(store, Path):
            with sqlite3.connect(store) as database:
                sound = database.execute("PRAGMA integrity_check").fetchone()[0]
                open_ = database.execute(
                    "SELECT count(*) FROM updates WHERE NOT answered"
                ).fetchone()[0]
            database.close()
        else:
            sound = "ok"
            open_ = store.psql(
                "SELECT count(*) FROM updates WHERE NOT answered", "kills"
            )
    how = "each answer a call" if WATCHED else "answers in the response"
    say(f"{len(done)} kills of {kind}, {count} process(es), {how}, in {seconds:.0f} s")
    say(f"  {sent:,} updates, {made.again:,} deliveries repeated")
    say(f"  {verdict}")
    say(f"  database {sound}, updates left open {open_}")
    differences(made, wanted, verdict)
    good = verdict.good(twice=kills if WATCHED else 0) and sound == "ok"
    say("  good" if good else "  NOT GOOD")
    return good


if __name__ == "__main__":
    kind_ = sys.argv[1] if sys.argv[1:] else "sqlite"
    times = int(sys.argv[2]) if sys.argv[2:] else _TIMES[kind_]
    sys.exit(not asyncio.run(main(kind_, times)))
