"""When a channel that runs as a process is to stop; the channels share it."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

_log = logging.getLogger(__name__)


def stop_at_signals(stop: asyncio.Event) -> None:
    """Sets it at SIGTERM and SIGINT, as long as the loop runs."""
    loop = asyncio.get_running_loop()

    def begin(number: signal.Signals) -> None:
        if not stop.is_set():
            _log.info("%s: stopping, once what was taken is answered", number.name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
            loop.add_signal_handler(number, begin, number)
