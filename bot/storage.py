"""The store that the settings name, for the commands that want one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.settings import Settings, data

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.safe import Safe


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Safe]:
    """For the bot: whatever befalls the database, it answers.

    Raises SettingsError, where TAKEBACK_STORE is no address of one.
    """
    from bot.store.safe import Safe

    safe = Safe(database(settings))
    await safe.open()
    try:
        yield safe
    finally:
        await safe.close()


@asynccontextmanager
async def looked_into(settings: Settings) -> AsyncIterator[Database]:
    """For an operator: what is wrong with it ends the command. Raises StoreError."""
    found = database(settings)
    await found.open(alive=False)
    try:
        yield found
    finally:
        await found.close()


def database(settings: Settings) -> Database:
    # Only now: it takes a third of a second to import.
    from bot.store.database import Database
    from bot.store.engine import address, is_lite

    url = address(settings.store, data())
    idle = timedelta(hours=settings.idle_hours)
    # Who polls gets all updates, and in order; with SQLite they are written in order
    # too, so a gap in their numbers means nothing. PostgreSQL may write the second first.
    straggle = 0.0 if is_lite(url) and not settings.webhook_url else None
    return Database(url, idle, settings.phrase_days, straggle)
