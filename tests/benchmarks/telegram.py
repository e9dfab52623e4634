"""The bot, watched and not, beside two echo bots: python -m tests.benchmarks.telegram

This process plays Telegram: it posts updates to a bot's webhook and takes its calls. An
update counts as answered when the message or the edit for it arrives, in the webhook's
response or as a call. Everything is on this machine; starts and rounds are interleaved and
medians shown. The bots start as installed ones do, with compiled modules and a model that was
fitted before; no store is kept. Needs `takeback[bench]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.bots import SECRET
from tests.support import updates
from tests.support.fake_bot_api import Stub, stubbed
from tests.support.process import free_port

BOTS = {
    "default": "echo, PTB's defaults",
    "fastest": "echo, fastest",
    "ours": "takeback",
    "unwatched": "in the response",
}
KINDS = ("question", "tap")
STARTS = 9
CHATS, CONNECTIONS = 200, 40
_ENV = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""pip compiles what it installs, so the echo bots' library is compiled in any case."""
_TICK = os.sysconf("SC_CLK_TCK")
_QUESTIONS = (
    "how do I unsend a message on LinkedIn",
    "can I take back an InMail I sent 10 minutes ago",
    "will they be notified if I delete it on WhatsApp",
    "how long do I have to delete an Instagram message",
)


def update(kind: str, number: int) -> dict[str, Any]:
    """Each chat's updates carry the number of the chat, by which answers are known."""
    who = 1 + number % CHATS
    if kind == "question":
        return updates.said(_QUESTIONS[number % len(_QUESTIONS)], who)
    under = updates.message("Has it been opened?", who) | {"from": updates.ME}
    return updates.pressed("retract|pwhatsapp", under, who)


@dataclass
class Telegram:
    stub: Stub
    port: int
    free: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    asked: dict[int, list[float]] = field(default_factory=dict)
    """By chat, when its unanswered updates were posted."""
    latency: list[float] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, call: dict[str, Any]) -> None:
        waiting = self.asked.get(call["chat_id"])
        if waiting:
            self.latency.append(time.perf_counter() - waiting.pop(0))
            self.answered.set()

    async def connect(self, bot: asyncio.subprocess.Process) -> None:
        for _ in range(CONNECTIONS):
            while True:
                assert bot.returncode is None, "the bot ended"
                try:
                    pair = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.005)
                else:
                    break
            self.free.put_nowait(pair)

    async def post(self, kind: str, number: int) -> None:
        """One update, and its answer if that is in the response."""
        given = update(kind, number)
        body = json.dumps(given).encode()
        head = (
            f"POST /hook HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n"
        )
        reader, writer = pair = await self.free.get()
        chat = 1 + number % CHATS
        self.asked.setdefault(chat, []).append(time.perf_counter())
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert b" 200 " in answer[:16], answer
        _, found, rest = answer.partition(b"content-length:")
        size = int(rest.split(b"\r\n", 1)[0]) if found else 0
        kept = json.loads(await reader.readexactly(size)) if size else {}
        self.free.put_nowait(pair)
        if kept.get("method", "").startswith(("send", "edit")):
            self.note(kept)

    async def load(
        self, kind: str, count: int, window: int, rate: float = 0
    ) -> tuple[float, list[float]]:
        """Seconds taken, and the latencies in order; `window` unanswered at a time."""
        self.latency, tasks = [], set[asyncio.Task[None]]()
        began = time.perf_counter()
        for number in range(count):
            if rate:
                await asyncio.sleep(began + number / rate - time.perf_counter())
            while number - len(self.latency) >= window:
                self.answered.clear()
                await asyncio.wait_for(self.answered.wait(), 30)
            task = asyncio.create_task(self.post(kind, number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        while len(self.latency) < count:
            self.answered.clear()
            await asyncio.wait_for(self.answered.wait(), 30)
        took = time.perf_counter() - began
        await asyncio.gather(*tasks)
        return took, sorted(self.latency)


def used(pid: int) -> tuple[float, float]:
    """CPU seconds so far, and megabytes now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [row for row in status.splitlines() if row.startswith("VmRSS")]
    return (int(fields[11]) + int(fields[12])) / _TICK, int(line.split()[1]) / 1024


@asynccontextmanager
async def started(bot: str) -> AsyncIterator[tuple[Telegram, int, float]]:
    """A bot that has given its first answer; its process, and the seconds it took."""
    async with stubbed() as stub:
        telegram = Telegram(stub, free_port())

        async def arrived(_: object, method: str, given: dict[str, Any]) -> None:
            if method in {"sendMessage", "editMessageText"}:
                telegram.note(given)

        stub.fault = arrived
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.benchmarks.bots",
            bot,
            stub.address,
            str(telegram.port),
            env=_ENV,
        )
        try:
            await stub.until(lambda: stub.webhook, 120)
            await telegram.connect(process)
            await telegram.load("question", 1, 1)
            yield telegram, process.pid, time.perf_counter() - began
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def measured(bot: str, count: int) -> dict[str, float]:
    row: dict[str, float] = {}
    async with started(bot) as (telegram, pid, _):
        for kind in KINDS:
            await telegram.load(kind, count // 4, 32)  # warm
            before, _ = used(pid)
            took, _ = await telegram.load(kind, count, 32)
            after, _ = used(pid)
            row[f"{kind}/s"] = count / took
            row[f"{kind} CPU ms"] = (after - before) / count * 1e3
            _, ordered = await telegram.load(kind, count // 2, 10_000, rate=200)
            row[f"{kind} p50 ms"] = ordered[len(ordered) // 2] * 1e3
            row[f"{kind} p99 ms"] = ordered[int(len(ordered) * 0.99)] * 1e3
        row["MB"] = used(pid)[1]
        telegram.stub.delay = 0.05
        for kind in KINDS:
            few = max(60, count // 8)
            took, _ = await telegram.load(kind, few, 64)
            row[f"{kind}/s, +50 ms"] = few / took
    return row


async def main(count: int, rounds: int) -> None:
    # A folder of its own: in the user's a model may be pushed out by others meanwhile,
    # and then each start would fit one anew.
    with tempfile.TemporaryDirectory() as folder:
        _ENV["XDG_CACHE_HOME"] = folder
        await _compared(count, rounds)


async def _compared(count: int, rounds: int) -> None:
    warm = [sys.executable, "-m", "tests.benchmarks.bots", "warm", "", "0"]
    subprocess.run(warm, check=True, env=_ENV)  # noqa: ASYNC221  nothing else goes on yet
    found: dict[str, list[dict[str, float]]] = {bot: [] for bot in BOTS}
    starts: dict[str, list[float]] = {bot: [] for bot in BOTS}
    for _ in range(STARTS):
        # By turns and with nothing else to do: a start is short, the noise is not.
        for bot in BOTS:
            async with started(bot) as (_, _, cold):
                starts[bot].append(cold)
    for _ in range(rounds):
        for bot in BOTS:
            found[bot].append(await measured(bot, count))
    medians = {
        bot: {"start s": statistics.median(starts[bot])}
        | {name: statistics.median(row[name] for row in rows) for name in rows[0]}
        for bot, rows in found.items()
    }
    console = Console(width=110)
    table = Table(
        title=f"{count} updates, {rounds} rounds, load {os.getloadavg()[0]:.1f}"
    )
    table.add_column("")
    for name in BOTS.values():
        table.add_column(name, justify="right")
    for name in medians["ours"]:
        table.add_row(name, *(f"{medians[bot][name]:.2f}" for bot in BOTS))
    console.print(table)
    goals = Table(title="Goals")
    for name in ("goal", "is", "wanted", ""):
        goals.add_column(name)
    for name, value, low, high in _goals(medians):
        met = low <= value <= high
        wanted = f"at least {low}" if low else f"at most {high}"
        goals.add_row(name, f"{value:.2f}", wanted, "met" if met else "MISSED")
    console.print(goals)


def _goals(
    medians: dict[str, dict[str, float]],
) -> list[tuple[str, float, float, float]]:
    """Name, value, least, most."""
    default, fastest, ours = (medians[b] for b in ("default", "fastest", "ours"))
    most = float("inf")
    rows = []
    for kind in KINDS:
        speed = f"{kind}/s"
        slow = f"{kind}/s, +50 ms"
        late = f"{kind}, +50 ms"
        rows += [
            (f"{kind}: times the default", ours[speed] / default[speed], 2.5, most),
            (f"{kind}: of the fastest", ours[speed] / fastest[speed], 0.6, most),
            (
                f"{kind}, +50 ms: times the default",
                ours[slow] / default[slow],
                2.5,
                most,
            ),
            (f"{late}: of the fastest", ours[slow] / fastest[slow], 0.6, most),
            (f"{kind}: p99 at 200/s, ms", ours[f"{kind} p99 ms"], 0, 10),
        ]
    return [
        *rows,
        ("tap: CPU ms", ours["tap CPU ms"], 0, 1),
        ("MB", ours["MB"], 0, 95),
        ("start: times the default", ours["start s"] / default["start s"], 0, 1.5),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1200, help="updates of a kind")
    parser.add_argument("-r", type=int, default=3, help="rounds")
    given = parser.parse_args()
    asyncio.run(main(given.n, given.r))
