"""python -m tests.benchmarks.neighbour [SECONDS]: what a neighbour waits while someone attacks.

One process by webhook on SQLite, which keeps phrases; a neighbour asks a question twenty
times a second. By turns the neighbour is alone, and beside: every second eight bodies that
would inflate a thousandfold, half of them with the secret; 600 connections that never
finish; 30 texts of 4,096 letters a second; ten texts a second of words or signs that nobody
has sent before, as ten people may. Who attacks is a process of its own, or the neighbour
would wait for the attack to be made up. The neighbour's p99 may rise by 50 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing.sharedctypes import Synchronized

import aiohttp

from bot.channels.telegram.webhook import HEADER
from tests.benchmarks.memory import strange
from tests.support import updates
from tests.support.fake_bot_api import stubbed
from tests.support.fake_telegram import SECRET, replicas, say
from tests.support.updates import Json

MORE = 50.0
"""ms that the neighbour's p99 may rise."""
EVERY = 0.05
LETTERS, SLOW_HEADS, SLOW_BODIES = 4_096, 400, 200
BOMB = 250_000_000
FIRST, APART = 10**6, 10**7
"""The first update's number; each attack has numbers of its own."""
ATTACKS = ("bombs", "slow", "letters", "strangers")


class Scene:
    def __init__(self, address: str, client: aiohttp.ClientSession, first: int) -> None:
        self._address, self._client, self._number = address, client, first
        self._dice = random.Random(5)
        self._bomb = b""
        self._host, _, port = address.split("/")[2].partition(":")
        self._port = int(port)

    async def post(self, update: Json) -> None:
        self._number += 1
        headers = {HEADER: SECRET}
        update = update | {"update_id": self._number}
        async with self._client.post(
            self._address, json=update, headers=headers
        ) as answer:
            assert answer.status == 200
            await answer.read()

    async def neighbour(self, seconds: float) -> list[float]:
        """ms that each question takes."""
        waits = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            began = time.perf_counter()
            await self.post(updates.said("how do I unsend a message", 7))
            waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))
        return sorted(waits)

    # --- what somebody does beside, again and again until the process ends

    async def bombs(self) -> None:
        self._bomb = self._bomb or gzip.compress(bytes(BOMB), 9)
        await asyncio.gather(*(self._throw(s) for s in ("", SECRET) * 4))
        await asyncio.sleep(1)

    async def _throw(self, secret: str) -> None:
        headers = {HEADER: secret, "Content-Encoding": "gzip"}
        # The refusal may close the connection while the body is still on its way.
        with contextlib.suppress(aiohttp.ClientError):
            async with self._client.post(
                self._address, data=self._bomb, headers=headers
            ) as answer:
                assert answer.status in {403, 415}

    async def slow(self) -> None:
        head = f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
        whole = f"{head}Content-Length: 999\r\n\r\n{{"
        writers = []
        for text in (head,) * SLOW_HEADS + (whole,) * SLOW_BODIES:
            _, writer = await asyncio.open_connection(self._host, self._port)
            writer.write(text.encode())
            writers.append(writer)
        await asyncio.sleep(5)
        for writer in writers:
            writer.close()

    async def letters(self) -> None:
        for who, text in enumerate(("a" * LETTERS, "a." * 2048, "a a'" * 1024), 1000):
            await self.post(updates.said(text, who))
        await asyncio.sleep(0.1)

    async def strangers(self) -> None:
        text = strange(self._number, self._dice)
        await self.post(updates.said(text, 2000 + self._number % 20))
        await asyncio.sleep(0.1)


def attack(address: str, name: str, rounds: Synchronized[int]) -> None:
    """Attacks again and again, and counts how often."""
    asyncio.run(_attack(address, name, rounds))


async def _attack(address: str, name: str, rounds: Synchronized[int]) -> None:
    first = FIRST + APART * (1 + ATTACKS.index(name))
    async with _client() as client:
        once: Callable[[], Awaitable[None]] = getattr(
            Scene(address, client, first), name
        )
        while True:
            rounds.value += 1
            await once()


@asynccontextmanager
async def attacked(address: str, name: str) -> AsyncIterator[Synchronized[int]]:
    """How often it was attacked so far."""
    context = multiprocessing.get_context("spawn")
    rounds: Synchronized[int] = context.Value("i", 0)
    process = context.Process(target=attack, args=(address, name, rounds), daemon=True)
    process.start()
    try:
        while rounds.value < 2:  # noqa: ASYNC110  the first makes the bomb
            await asyncio.sleep(0.1)
        yield rounds
        assert process.is_alive(), "the attack went on all the while"
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


def p99(waits: list[float]) -> float:
    return sorted(waits)[len(waits) * 99 // 100]


async def main(seconds: float) -> bool:
    os.environ["TAKEBACK_KEEP_PHRASES"] = "yes"
    good = True
    with tempfile.TemporaryDirectory() as folder:
        async with (
            stubbed() as api,
            replicas(api, f"sqlite:///{folder}/store.sqlite", 1) as (one,),
            _client() as client,
        ):
            scene = Scene(one.address, client, FIRST)
            await scene.neighbour(1)
            for name in ATTACKS:
                alone = await scene.neighbour(seconds / 2)
                async with attacked(one.address, name) as rounds:
                    before = rounds.value
                    waits = await scene.neighbour(seconds)
                    times = rounds.value - before
                alone = [*alone, *await scene.neighbour(seconds / 2)]
                more = p99(waits) - p99(alone)
                good &= more <= MORE
                say(
                    f"{name:10} alone median {sorted(alone)[len(alone) // 2]:.1f}, "
                    f"p99 {p99(alone):.1f} ms; beside median {waits[len(waits) // 2]:.1f}, "
                    f"p99 {p99(waits):.1f} ms: {more:+.1f}; {times} times, "
                    f"{one.memory():.0f} MB"
                )
    say("good" if good else "NOT GOOD")
    return good


if __name__ == "__main__":
    sys.exit(not asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else 20.0)))
