"""python -m tests.benchmarks.memory [COUNT] [HOSTILE]: memory over updates, and cold starts.

One process by webhook on SQLite; 100,000 updates of 5,000 chats in the middle of their
talks. Then a hostile hour: 3,600 messages of up to 1,000 characters that were never seen,
as one person may send them at one a second: new code points, new words, new slips of known
words, services compared in a new order. What counts then is the process's own memory:
words that nobody uses also bring pages of the weights' file into memory, which is of one
size, and the system takes these back when it needs the room.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from string import ascii_lowercase

from tests.support.fake_bot_api import stubbed
from tests.support.fake_telegram import Replica, deliver, play, replicas, say

CHATS, AT_ONCE, STARTS = 5_000, 32, 5
FEW = 20
"""Chats of a hostile hour: whoever it is has few accounts."""
HOUR, LONG = 3_600, 1_000
_ONCE = 4
SERVICES = (
    *(
        "whatsapp",
        "signal",
        "telegram",
        "slack",
        "discord",
        "instagram",
        "viber",
        "gmail",
    ),
    *("linkedin", "wechat", "messenger", "imessage", "outlook", "kik", "snapchat", "x"),
)
ASKED = (
    *("compare unsending", "how long do i have", "will they notice a deleted message"),
    *("can i edit", "how do i delete a message for everyone"),
)
FLAT = 10.0
"""MB by which a hostile hour may grow."""


async def started(api: str, store: str) -> tuple[float, float]:
    """Seconds from the start of a process until it is ready, and to its first answer."""
    one, made = Replica(api, store), play(1, 1, seed=int(time.time()))
    made.updates[0]["update_id"] = 10**8 + int(time.time() * 1000) % 10**7
    began = time.perf_counter()
    try:
        await one.start()
        await one.ready()
        ready = time.perf_counter() - began
        await deliver(made, made.updates, [one.address], 1)
        return ready, time.perf_counter() - began
    finally:
        await one.end()


async def main(count: int, hostile: int) -> bool:
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
                    api.calls.clear()
                    found.append(one.memory())
                    say(
                        f"{place + len(part):>8,} updates  {found[-1]:6.1f} MB  "
                        f"{(place + len(part)) / (time.perf_counter() - began):.0f}/s"
                    )
                flat = await hostile_hour(one, hostile)
            size = path.stat().st_size / 1e6
    grown = found[-1] - found[1]
    say(f"grown since the second tenth: {grown:+.1f} MB; store file {size:.1f} MB")
    return grown < 8 and flat


def strange(number: int, dice: random.Random) -> str:
    """A text of characters or words that nobody has sent before."""
    match number % 4:
        case 0:
            first = 0x3400 + number * LONG % 200_000
            return "".join(chr(first + n) for n in range(LONG))
        case 1:
            return "".join(dice.choices(ascii_lowercase, k=LONG))
        case 2:
            some = dice.sample(SERVICES, k=dice.randint(2, 8))
            return f"{dice.choice(ASKED)} on {', '.join(some)}"
        case _:
            words = ("".join(dice.choices(ascii_lowercase, k=6)) for _ in range(150))
            return " ".join(f"mes{word}" for word in words)[:LONG]


async def hostile_hour(one: Replica, count: int) -> bool:
    made, dice = play(count, FEW), random.Random(7)
    for number, update in enumerate(made.updates):
        update["update_id"] = 10**7 + number
        update["message"]["text"] = strange(number, dice)
    # What is made once, at the first slip, is made now.
    await deliver(made, made.updates[:_ONCE], [one.address], 1)
    began, files = own(one), one.mapped()
    for place in range(_ONCE, count, max(1, count // 4)):
        part = made.updates[place : place + max(1, count // 4)]
        await deliver(made, part, [one.address], AT_ONCE)
        made.answers.clear()
        made.order.clear()
        waits = sorted(made.waits)
        made.waits.clear()
        say(
            f"{place + len(part):>8,} hostile  {one.memory():6.1f} MB, "
            f"{one.mapped():5.1f} of files  "
            f"p99 {waits[len(waits) * 99 // 100] * 1000:.0f} ms"
        )
    grown = own(one) - began
    say(
        f"a hostile hour: {grown:+.1f} MB, aim at most {FLAT:.0f}, and "
        f"{one.mapped() - files:+.1f} of files"
    )
    return grown <= FLAT


def own(one: Replica) -> float:
    """MB that no file can give back."""
    return one.memory() - one.mapped()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if sys.argv[1:] else 100_000
    hostile_ = int(sys.argv[2]) if sys.argv[2:] else HOUR
    sys.exit(not asyncio.run(main(wanted, hostile_)))
