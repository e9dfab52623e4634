"""Which process claimed an update, and whether that process still lives.

On the same machine a death is seen at once. Elsewhere signs of life are watched, which
each process counts in a row of its own; no clock is compared with another.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from bot.errors import StoreError
from bot.store.sql import Sql
from bot.store.tables import replicas

BEAT = 1.0
"""Seconds between two signs of life."""
SILENT = 6.0
"""Without one for so long, a process counts as dead: others take its updates."""

_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_START = 19
"""Where a process's start is in its stat, counted from after its name."""


@dataclass(frozen=True)
class Process:
    """A process's name for itself. Where there is no /proc it is a random one."""

    machine: str
    number: str

    @classmethod
    def myself(cls) -> Process:
        try:
            space = (_PROC / "self/ns/pid").stat().st_ino
            machine = f"{_BOOT.read_text().strip()[:13]}/{space}"
            pid = os.getpid()
            start = _started(pid)
        except OSError:
            return cls(secrets.token_hex(8), secrets.token_hex(8))
        # A random part besides: one process may hold several stores, in tests.
        return cls(machine, f"{pid}/{start}/{secrets.token_hex(4)}")

    @classmethod
    def read(cls, text: str) -> Process:
        machine, _, number = text.partition(":")
        return cls(machine, number)

    def __str__(self) -> str:
        return f"{self.machine}:{self.number}"

    def surely_dead(self, me: Process) -> bool:
        """Seen at once on the same machine; elsewhere only its heartbeat tells."""
        if self.machine != me.machine:
            return False
        pid, _, rest = self.number.partition("/")
        with suppress(OSError, ValueError):
            return _started(int(pid)) != rest.partition("/")[0]
        return True


def _started(pid: int) -> str:
    stat = (_PROC / str(pid) / "stat").read_text()
    fields = stat.rpartition(")")[2].split()
    # A killed process that no one has waited for yet is as good as gone.
    return "" if fields[0] in "ZX" else fields[_START]


class Heartbeat:
    """Our signs of life, and the look at those of others."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self.me = Process.myself()
        self._beats = 0
        self._beating: asyncio.Task[None] | None = None

    async def start(self, look: Callable[[], None]) -> None:
        """The first sign, and one a second from now on, each with a look at the store.

        Raises StoreError, where the first cannot be written.
        """
        await self.beat()
        if self._beating is None:
            self._beating = asyncio.create_task(self._go_on(look))

    async def stop(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
            mine = replicas.c.process == str(self.me)
            with suppress(StoreError):
                await self._sql.do(delete(replicas).where(mine))

    async def _go_on(self, look: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(BEAT)
            look()
            with suppress(StoreError):  # others tell of it
                await self.beat()

    async def beat(self) -> None:
        """A sign of life. Raises StoreError, where nothing can be written."""
        self._beats += 1
        seen = {"beat": self._beats, "seen": int(time.time())}
        row = self._sql.new(replicas, process=str(self.me), **seen)
        await self._sql.do(
            row.on_conflict_do_update(index_elements=[replicas.c.process], set_=seen)
        )

    async def of(self, process: str) -> int | None:
        """How many signs another has given; nothing, if it has no row."""
        row = await self._sql.row(
            select(replicas.c.beat).where(replicas.c.process == process)
        )
        return None if row is None else row.beat


class Watch:
    """Looks at another process until it has been silent for too long."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self._last: tuple[str, int | None] | None = None
        self._since = self._looked = time.monotonic()

    async def dead(self, process: str) -> bool:
        if not process or Process.read(process).surely_dead(self._heartbeat.me):
            return True
        now = time.monotonic()
        if self._last is not None and now - self._looked < BEAT / 2:
            return False
        seen = (process, await self._heartbeat.of(process))
        if seen != self._last or now - self._looked > BEAT * 3:
            # News of it; or it was us who could not look.
            self._last, self._since = seen, now
        self._looked = now
        return now - self._since > SILENT
