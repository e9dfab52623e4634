"""What has to be done now and then beside the answering."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bot.app import Assistant
from bot.errors import StoreError

EVERY = 5.0
"""Seconds between two times that the counts are handed to the store."""
SWEEP = 3600.0
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
    swept, ahead = -SWEEP, now().timestamp() - steady()
    try:
        while True:
            await sleep(EVERY)
            try:
                await bot.ledger.flush(bot.store)
            except Exception:  # noqa: BLE001  it has to go on as long as the bot
                _log.exception("The counts were not stored")
            at = steady()
            off = now().timestamp() - at - ahead
            ahead += off
            if abs(off) > JUMP:
                _log.warning(
                    "The clock jumped by %+.0f s; nothing is erased for an hour.", off
                )
                swept = at
            if at - swept >= SWEEP:
                swept = at
                try:
                    with suppress(StoreError):  # the store tells of it itself
                        await bot.store.sweep(now())
                except Exception:  # noqa: BLE001  it has to go on as long as the bot
                    _log.exception("What is old was not erased")
    finally:
        await bot.ledger.flush(bot.store)
