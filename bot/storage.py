"""The store that the settings name, for the commands that want one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.settings import Settings, data

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from bot.store.database import Database
    from bot.store.failover import Failover


@asynccontextmanager
async def opened(settings: Settings, bot: int | None = None) -> AsyncIterator[Failover]:
    """For the bot of an id: whatever happens to the database, it answers.

    Raises SettingsError, where TAKEBACK_STORE is no address of one, and
    AnotherBotError, where it is another bot's.
    """
    from bot.store.failover import Failover

    base = database(settings)
    # A slip in its address makes a new, empty one: the place can be seen.
    _log.info("The store is %s", base.name)
    base.bot = bot
    store = Failover(base)
    try:
        await store.open()
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def looked_into(settings: Settings) -> AsyncIterator[Database]:
    """For an operator: what is wrong with it ends the command. Raises StoreError.

    So does a file that is not there: who looks makes none.
    """
    found = database(settings)
    if found.is_missing():
        raise StoreError(f"There is no store at {found.name}; see TAKEBACK_STORE.")
    await found.open(alive=False)
    try:
        yield found
    finally:
        await found.close()


def database(settings: Settings) -> Database:
    # Only now: it takes a third of a second to import.
    from bot.store.database import Database
    from bot.store.engine import address

    # A service may run as a user without a home: one's own folder only if need be.
    own = data() if settings.store is None else Path()
    url = address(settings.store, own)
    idle = timedelta(hours=settings.idle_hours)
    return Database(url, idle, settings.phrase_days)
