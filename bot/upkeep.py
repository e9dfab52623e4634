"""What has to be done now and then beside the answering."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from datetime import UTC, datetime

from bot.app import Bot
from bot.errors import StoreError

EVERY = 5.0
"""Seconds between two times that the counts are handed to the store."""
SWEEP = 3600.0
JUMP = 60.0
"""Seconds by which the clock may go wrong without a word."""

_log = logging.getLogger(__name__)


async def upkeep(bot: Bot) -> None:
    """Until it is cancelled: counts are stored, and what is old is erased."""
    swept, ahead = -SWEEP, time.time() - time.monotonic()
    try:
        while True:
            await asyncio.sleep(EVERY)
            await bot.ledger.flush(bot.store)
            now = time.monotonic()
            off = time.time() - now - ahead
            ahead += off
            if abs(off) > JUMP:
                _log.warning(
                    "The clock jumped by %+.0f s; nothing is erased for an hour.", off
                )
                swept = now
            if now - swept >= SWEEP:
                swept = now
                with suppress(StoreError):
                    await bot.store.sweep(datetime.now(UTC))
    finally:
        await bot.ledger.flush(bot.store)
