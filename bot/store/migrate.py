"""Brings the tables up to date, one process at a time. Alembic only if needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.tables import HEAD

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK = 7_243_001
"""Any number that no other program locks in the same database."""


async def migrate(engine: AsyncEngine) -> None:
    """Raises StoreError, if a migration fails; then nothing of it was done."""
    async with engine.begin() as connection:
        # SQLite's transaction is a lock by itself.
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            await connection.execute(text("SET LOCAL statement_timeout = '300s'"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    there = None
    if inspect(connection).has_table("alembic_version"):
        query = text("SELECT version_num FROM alembic_version")
        there = connection.execute(query).scalar()
    if there == HEAD:
        return
    if there is not None and there > HEAD:
        # The tables of a newer replica, during an upgrade without a gap: they only
        # ever gain columns, which older code does not read.
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The store's tables cannot be brought up to date: {error}"
        ) from None
