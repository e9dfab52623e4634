"""The real `takeback run` or `serve`, as an operator starts it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

TOKEN = "123456:TEST-TOKEN-that-must-never-be-seen-xx"

_stores = tempfile.TemporaryDirectory(prefix="takeback-stores-")


@dataclass
class Running:
    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def until(self, part: str, seconds: float = 90) -> None:
        """Until a line with this in it; the first fit of a model takes its time."""
        async with asyncio.timeout(seconds):
            while not any(part in line for line in self.lines):
                assert self.process.returncode is None, "".join(self.lines)
                await asyncio.sleep(0.02)

    async def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return await self.process.wait()


@asynccontextmanager
async def takeback_run(
    address: str, command: str = "run", **settings: str
) -> AsyncIterator[Running]:
    """Answering, and killed at the end, if it still runs.

    Settings go without `TAKEBACK_`.
    """
    # One store a stage: what was answered must be known after a restart.
    store = f"sqlite:///{_stores.name}/{address.rpartition(':')[2]}.sqlite"
    given = {"token": TOKEN, "api_url": address, "plain": "yes", "store": store}
    given |= settings
    names = {f"TAKEBACK_{name.upper()}": value for name, value in given.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.__main__ import main; main()",
        command,
        env={**os.environ, **names},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Running(process)

    async def read() -> None:
        assert process.stdout
        async for line in process.stdout:
            running.lines.append(line.decode())

    reading = asyncio.create_task(read())
    try:
        await running.until("Answering")
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
    output = "".join(running.lines)
    assert TOKEN not in output
    assert TOKEN.partition(":")[2] not in output


def free_port() -> int:
    """Below those that outgoing connections take, so that none takes it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
