"""Brings the tables up to date, one process at a time. Alembic only if needed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.tables import HEAD

_LOCK = 7_243_001
"""Any number that no other program locks in the same database."""


def migrate(connection: Connection) -> None:
    """In the caller's transaction. Raises StoreError, if a migration fails."""
    # SQLite's transaction is a lock by itself.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SET LOCAL statement_timeout = '300s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
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
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The store's tables cannot be brought up to date: {error}"
        ) from None
