"""Which process took an update, and whether that process still lives."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_START = 19
"""Where a process's start is in its stat, counted from after its name."""


@dataclass(frozen=True)
class Owner:
    """A process's name for itself. Where there is no /proc it is a random one."""

    machine: str
    process: str

    @classmethod
    def myself(cls) -> Owner:
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
    def read(cls, text: str) -> Owner:
        machine, _, process = text.partition(":")
        return cls(machine, process)

    def __str__(self) -> str:
        return f"{self.machine}:{self.process}"

    def surely_dead(self, me: Owner) -> bool:
        """Seen at once on the same machine; elsewhere only its heartbeat tells."""
        if self.machine != me.machine:
            return False
        pid, _, rest = self.process.partition("/")
        with suppress(OSError, ValueError):
            return _started(int(pid)) != rest.partition("/")[0]
        return True


def _started(pid: int) -> str:
    stat = (_PROC / str(pid) / "stat").read_text()
    fields = stat.rpartition(")")[2].split()
    # A killed process that no one has waited for yet is as good as gone.
    return "" if fields[0] in "ZX" else fields[_START]
