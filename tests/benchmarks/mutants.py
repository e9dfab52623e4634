"""python -m tests.benchmarks.mutants [COUNT] [SEED]: updates with a field that is no good.

Good updates of every kind, each from a person of its own, in which one to three fields
are another value, gone or new: every field, the ids and the update's own number too. Half
go by webhook, half by polling. The bot must go on, answer the good ones between them, and
write no traceback.
"""

from __future__ import annotations

import asyncio
import copy
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.channels.telegram.update import is_update_id
from tests.support import updates
from tests.support.fake_bot_api import Stub, stubbed
from tests.support.fake_telegram import SECRET, Replica, say
from tests.support.updates import Json

_RAISED = re.compile(r"[A-Za-z.]+(?:Error|Exception)\b")
BATCH, AT_ONCE = 90, 8
LONG = 5_000
WAIT = 120
FIRST = 10**6

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, 1e400, 1 << 31, 1 << 63, -(1 << 63), 1 << 64),
    *(10**400, "", "x", "7", "\ud800", "\x00", "🙈" * LONG, "a" * LONG, "/start x"),
    *([], [None], {}, {"id": None}, {"type": "private"}, [[[[[[]]]]]], {"": ""}),
)


def kinds(who: int, text: str) -> list[Json]:
    """A good update of each kind."""
    answered = updates.message("...", who) | {"from": updates.ME, "chat": {"id": who}}
    answered["chat"]["type"] = "private"
    rich = updates.said(
        text,
        who,
        entities=[{"type": "bold", "offset": 0, "length": 4}],
        reply_to_message=updates.message("before", who),
        quote={"text": "b", "position": 0},
    )
    asked = updates.said(f"@takeback_bot {text}", who, chat=updates.group())
    name = {"type": "mention", "offset": 0, "length": 13}
    asked["message"]["entities"] = [name]
    edited = updates.said(text, who)
    edited["edited_message"] = edited.pop("message") | {"edit_date": 1}
    album = updates.said(None, who, media_group_id="7", caption=text)
    sender = {"type": "user", "sender_user": updates.person(who), "date": 1_700_000_000}
    return [
        updates.said(text, who),
        rich,
        asked,
        edited,
        album | {"photo": [{"file_id": "x", "width": 1, "height": 1}]},
        updates.said(text, who, forward_origin=sender),
        updates.pressed("", answered, who),
        updates.queried(text, who),
        updates.reacted("👍", who=who),
    ]


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each field."""
    for name in value if isinstance(value, dict) else range(len(value)):
        yield (*above, name)
        if isinstance(value[name], dict | list):
            yield from places(value[name], (*above, name))


def mutate(update: Json, dice: random.Random) -> Json:
    made = copy.deepcopy(update)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        *above, name = dice.choice(list(places(made)))
        there: Any = made
        for step in above:
            there = there[step]
        match dice.randrange(8):
            case 0 if isinstance(there, dict):
                del there[name]
            case 1 if isinstance(there, dict):
                there[f"{name}_new"] = copy.deepcopy(dice.choice(VALUES))
            case _:
                there[name] = copy.deepcopy(dice.choice(VALUES))
        if not made:
            break
    return made


def mutants(count: int, dice: random.Random) -> Iterator[Json]:
    for number in range(count):
        who = 10_000 + number
        good = dice.choice(kinds(who, "how do I unsend a message"))
        good["update_id"] = FIRST + number
        yield mutate(good, dice)


class Run:
    """What is seen of one way that updates come by."""

    def __init__(self) -> None:
        self.sent = self.asked = self.answered = 0
        self.statuses: set[int] = set()

    def good(self, who: int) -> Json:
        """An update that must be answered."""
        self.asked += 1
        return updates.said("hello", who) | {"update_id": FIRST // 2 + who}

    def judged(self, way: str, one: Replica, memory: float) -> bool:
        tracebacks = sum(line.startswith("Traceback") for line in one.log)
        for line in sorted({found for found in one.log if _RAISED.match(found)}):
            say(f"  {line.rstrip()[:200]}")
        lines = len({line[24:].split("update ")[0] for line in one.log})
        say(
            f"{way}: {self.sent:,} mutants, tracebacks {tracebacks}, good ones between "
            f"answered {self.answered} of {self.asked}, statuses {sorted(self.statuses)}, "
            f"log lines {len(one.log):,} of {lines:,} kinds, {memory:.0f} MB"
        )
        return not tracebacks and self.answered == self.asked


async def hooked(api: Stub, store: str, made: list[Json]) -> bool:
    one, run = Replica(api.address, store), Run()
    await one.start()
    await one.ready()
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession(headers=headers) as client:

        async def send(update: Json) -> bytes:
            async with client.post(one.address, json=update) as answer:
                run.statuses.add(answer.status)
                return await answer.read()

        for at in range(0, len(made), AT_ONCE):
            part = made[at : at + AT_ONCE]
            await asyncio.gather(*map(send, part))
            run.sent += len(part)
            if at % (AT_ONCE * 10) == 0:
                who = 1 + at
                inside = b"sendMessage" in await send(run.good(who))
                sent = {c.parameters["chat_id"] for c in api.of("sendMessage")}
                run.answered += inside or who in sent
                api.calls.clear()
    memory = one.memory()
    await one.end()
    return run.judged("webhook", one, memory) and run.statuses == {200}


async def polled(api: Stub, store: str, made: list[Json]) -> bool:
    one, run = Replica(api.address, store, polling=True), Run()
    await one.start()
    await one.ready()
    for at in range(0, len(made), BATCH):
        part, who = made[at : at + BATCH], 1 + at
        api.add(*part, run.good(who))
        run.sent += len(part)

        def done(who: int = who) -> bool:
            sent = (c.parameters.get("chat_id") for c in api.of("sendMessage"))
            open_ = [u for u in api.updates if is_update_id(u.get("update_id"))]
            return who in sent and not open_

        await _until(done)
        run.answered += done()
        # What has no number that one can count with is never confirmed.
        api.updates.clear()
        api.calls.clear()
    memory = one.memory()
    await one.end()
    return run.judged("polling", one, memory)


async def _until(done: Any) -> None:
    try:
        async with asyncio.timeout(WAIT):
            while not done():  # noqa: ASYNC110  it looks at a list
                await asyncio.sleep(0.02)
    except TimeoutError:
        say("  a batch was not done with in time")


async def main(count: int, seed: int) -> bool:
    made = list(mutants(count, random.Random(seed)))
    good = True
    for way, part in ((hooked, made[: count // 2]), (polled, made[count // 2 :])):
        with tempfile.TemporaryDirectory() as folder:
            async with stubbed() as api:
                good &= await way(api, f"sqlite:///{folder}/store.sqlite", part)
    say("good" if good else "NOT GOOD")
    return good


if __name__ == "__main__":
    count_ = int(sys.argv[1]) if sys.argv[1:] else 10_000
    seed_ = int(sys.argv[2]) if sys.argv[2:] else 11
    sys.exit(not asyncio.run(main(count_, seed_)))
