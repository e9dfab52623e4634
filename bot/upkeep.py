"""What has to be done now and then beside the answering."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from bot.app import Assistant
from bot.errors import StoreError
from bot.troubles import CLOCK, begun

EVERY = 5.0
"""Seconds between two times that the counts are handed to the store."""
SWEEP = 3600.0
FIRST_SWEEP = 600.0
"""Seconds before the first one. What waited at Telegram while the bot was away is answered
first: by its dates a talk may look idle that is going on just now."""
JUMP = 60.0
"""Seconds by which the clock may go wrong without a word."""

_log = logging.getLogger(__name__)


async def upkeep(
    bot: Assistant,
    *,
    steady: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
) -> None:
    """Until it is cancelled: counts are stored, and what is old is erased."""
    swept = steady() + FIRST_SWEEP - SWEEP
    ahead = now().timestamp() - steady()
    try:
        while True:
            await sleep(EVERY)
            try:
                await bot.recorder.flush(bot.store.counters)
            except Exception:  # noqa: BLE001  it has to go on as long as the bot
                _log.exception("The counts were not stored")
            at = steady()
            off = now().timestamp() - at - ahead
            ahead += off
            if abs(off) > JUMP:
                _log.warning(
                    "The clock jumped by %+.0f s; nothing is erased for an hour.",
                    off,
                    extra=begun(CLOCK),
                )
                swept = at
            if at - swept >= SWEEP:
                swept = at
                try:
                    await bot.store.sweep(now())
                except StoreError as error:
                    _log.warning("%s It is tried again in an hour.", error)
                except Exception:  # noqa: BLE001  it has to go on as long as the bot
                    _log.exception("What is old was not erased")
    finally:
        await bot.recorder.flush(bot.store.counters)
