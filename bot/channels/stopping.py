"""When a channel that runs as a process is to stop; the channels share it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress


def stop_at_signals(stop: asyncio.Event) -> None:
    """Sets it at SIGTERM and SIGINT, as long as the loop runs."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
            loop.add_signal_handler(number, stop.set)
