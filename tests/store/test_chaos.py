"""A fault at every step of an update's way, in turn: the answer comes once all the same.

As SQLite's own tests do it: the first statement fails, then the second, and so on, in each
way that there is. `pytest tests/store/test_chaos.py -s` prints the matrix.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

import pytest

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.errors import StoreError
from bot.responses.markup import to_html
from bot.store import outage
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from bot.store.process import Process
from tests.support.chat import NOW

STEPS = ("claim", "turn", "send", "confirm", "acknowledge")
FAULTS = ("error before", "error after", "hang", "kill before", "kill after")
TALK = ("how do I call back a parcel", "heron", "20 minutes ago", "not yet")
CHAT = "telegram:7"
PATIENCE = 15.0
Way = Literal["webhook", "in response", "polling"]
"""By webhook an answer is a call, and the response to its update confirms that; or it is
in the response. By polling what was acknowledged is confirmed by the next request.
"""
NEWS_LOST = {("send", "error after"), ("send", "kill after")}
"""Telegram has carried the call out, and we do not hear of it."""
MAY_BE_TWICE: dict[Way, set[tuple[str, str]]] = {
    "webhook": NEWS_LOST | {("confirm", "kill before")},
    "in response": set(),
    "polling": NEWS_LOST | {("acknowledge", "kill before")},
}
UNMARKED: dict[Way, set[tuple[str, str]]] = {
    "webhook": {("confirm", "kill after"), ("acknowledge", "kill before")},
    "in response": NEWS_LOST | {("acknowledge", "kill before")},
    "polling": set(),
}
"""What Telegram confirmed without our mark stays open until it is swept."""


class Killed(BaseException):
    """The process is gone: nothing after this is carried out."""


class Lost(Exception):
    """The answer did not arrive, as far as we know."""


@dataclass
class Fault:
    """Happens once, at one step of one update."""

    step: str
    kind: str
    armed: bool = False

    async def around(self, step: str, work: Any, error: Exception) -> Any:
        if not self.armed or step != self.step:
            return await work()
        self.armed = False
        match self.kind:
            case "error before":
                raise error
            case "kill before":
                raise Killed
            case "hang":
                await asyncio.sleep(60)
        await work()
        raise Killed if self.kind == "kill after" else error


@dataclass
class Running:
    """One process: its store's statements pass the fault."""

    bot: Assistant
    database: Database
    store: Failover
    step: str = ""

    @classmethod
    async def start(cls, toy: Assistant, url: str, fault: Fault) -> Running:
        database = Database(address(url, Path()))
        store = Failover(database, patience=PATIENCE)
        await store.open()
        one = cls(replace(toy, store=store), database, store)
        beating = database.heartbeat._beating
        assert beating
        beating.cancel()
        run: Any = database._sql._run

        class Line:
            async def __call__(self, work: Any, *, alone: bool) -> Any:
                error = StoreError("away", passing=True)
                return await fault.around(
                    one.step, lambda: run(work, alone=alone), error
                )

            async def close(self) -> None:
                await run.close()

        database._sql._run = Line()  # type: ignore[assignment]
        return one

    async def answer(self, update_id: int, text: str, send: Any, confirm: Any) -> None:
        """As the channel does it. Raises Lost or Killed."""
        self.step = "claim"
        if not await self.store.updates.claim(update_id, CHAT):
            return
        self.step = "turn"
        reply = await self.bot.handle(Said(CHAT, text, NOW), update_id)
        self.step = "send"
        try:
            await send(to_html(reply.message))
        except Lost:
            await self.store.updates.release(update_id)
            raise
        self.step = "confirm"
        # Whoever hangs up does not undo that the call was carried out.
        with suppress(Lost, TimeoutError):
            async with asyncio.timeout(1):
                await confirm()
        self.step = "acknowledge"
        await self.store.updates.acknowledge(update_id)


@dataclass
class Telegram:
    """Delivers an update until it is confirmed; remembers what it carried out."""

    toy: Assistant
    url: str
    way: Way
    fault: Fault
    sent: dict[int, list[str]] = field(default_factory=dict)
    running: Running | None = None
    deaths: int = 0

    async def deliver(self, update_id: int, text: str) -> None:
        answers = self.sent.setdefault(update_id, [])

        async def send(answer: str) -> None:
            async def carry_out() -> None:
                answers.append(answer)

            await self.fault.around("send", carry_out, Lost())

        confirmed = False

        async def confirm() -> None:
            async def read() -> None:
                nonlocal confirmed
                confirmed = True

            if self.way == "webhook":
                await self.fault.around("confirm", read, Lost())

        for _ in range(4):
            one = self.running or await self.start()
            # Short where it is waited for in vain, long where a busy machine may need it.
            vain = self.fault.armed and self.fault.kind == "hang"
            one.store.outage._patience = 1.5 if vain else PATIENCE
            try:
                async with asyncio.timeout(5 if vain else 2 * PATIENCE):
                    await one.answer(update_id, text, send, confirm)
            except (Lost, TimeoutError):
                pass
            except Killed:
                await self.bury(one)
            else:
                return
            # What is in the response is confirmed once it was read.
            if confirmed or (self.way == "in response" and answers):
                return

    async def start(self) -> Running:
        one = await Running.start(self.toy, self.url, self.fault)
        me = one.database.heartbeat.me
        self.deaths += 1
        # A process number that nobody has: dead as soon as another looks.
        one.database.heartbeat.me = Process(me.machine, f"999999999/{self.deaths}/x")
        self.running = one
        return one

    async def bury(self, one: Running) -> None:
        await one.store.close()
        self.running = None


def wanted(toy: Assistant) -> Iterator[str]:
    session = Session()
    for text in TALK:
        reply, session = toy.reply(session, Said(CHAT, text, NOW))
        yield to_html(reply.message)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("_AGAIN", 0.05), ("_PAUSE", 0.01), ("_SHORTEST", 1.5)):
        monkeypatch.setattr(outage, name, seconds)


@pytest.mark.slow
@pytest.mark.parametrize("way", get_args(Way))
async def test_the_answer_comes_once_whatever_fails(
    toy_bot: Assistant, url: str, way: Way
) -> None:
    texts = list(wanted(toy_bot))
    wrong = []
    rows = [f"{way}, {url.partition(':')[0]}: times that the answer came"]
    steps = [s for s in STEPS if s != "confirm" or way == "webhook"]
    for place, step in enumerate(steps):
        cells = []
        for at, kind in enumerate(FAULTS):
            fault = Fault(step, kind)
            telegram = Telegram(toy_bot, url, way, fault)
            first = 1000 * (1 + place) + 100 * at
            for number, text in enumerate(TALK):
                fault.armed = number == 1
                await telegram.deliver(first + number, text)
                if fault.kind == "hang" and number == 1:
                    await _back(telegram)
            one = telegram.running
            assert one
            left = await one.database._sql.rows(_open(first))
            await one.store.sessions.forget(CHAT)
            await telegram.bury(one)
            times = [len(telegram.sent[first + n]) for n in range(len(TALK))]
            same = all(
                answer == texts[n]
                for n in range(len(TALK))
                for answer in telegram.sent[first + n]
                if kind != "hang" or n == 0
            )
            twice = (step, kind) in MAY_BE_TWICE[way]
            good = times == [1, 2 if twice else 1, 1, 1] and same
            good &= len(left) == ((step, kind) in UNMARKED[way])
            cells.append(f"{kind} {times[1]}{'' if good else ' WRONG'}")
            if not good:
                wrong.append((step, kind, times, same, len(left)))
        rows.append(f"  {step:12} " + ", ".join(cells))
    sys.stdout.write("\n".join(rows) + "\n")
    assert not wrong


def _open(first: int) -> Any:
    from sqlalchemy import select

    from bot.store.tables import updates

    mine = updates.c.number.between(first, first + 99)
    return select(updates.c.number).where(mine, updates.c.answered.is_(False))


async def _back(telegram: Telegram) -> None:
    """The store counts as there again."""
    one = telegram.running
    if one is not None and one.store.outage._healing is not None:
        one.step = ""
        async with asyncio.timeout(5):
            await one.store.outage._healing
