"""From a database's address to an engine; its failures as one line each."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError, StoreError

SECONDS = 5
"""For a lock, a connection, a statement."""
_ALONE = "AUTOCOMMIT"
_OPTIONS = {"preserve_rowcount": True}
"""Of inserts too: none means that the row was there."""


def address(text: str | None, folder: Path) -> URL:
    """The store's address; a file in the user's own folder, if none is given.

    Raises SettingsError. Its words hold no password.
    """
    if text is None:
        return URL.create("sqlite+aiosqlite", database=str(folder / "store.sqlite"))
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError(f"TAKEBACK_STORE: {_FORMS}") from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
    raise SettingsError(f"TAKEBACK_STORE: {_FORMS}")


_FORMS = "has to be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


def prepare(url: URL) -> None:
    """A file that only its owner can read, as yet empty."""
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)


def engine(url: URL) -> AsyncEngine:
    """Raises SettingsError, where the database's driver is not installed."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    try:
        return create_async_engine(
            url,
            execution_options=_OPTIONS,
            pool_size=16,
            max_overflow=0,
            pool_timeout=SECONDS,
            connect_args={
                "connect_timeout": SECONDS,
                "options": f"-c statement_timeout={SECONDS}s",
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 3,
                "tcp_user_timeout": SECONDS * 1000,
            },
        )
    except ImportError:
        raise SettingsError(
            "TAKEBACK_STORE: PostgreSQL needs `pip install takeback[postgres]`"
        ) from None


def _sqlite(url: URL) -> AsyncEngine:
    # One connection: SQLite writes one thing at a time, and so the queue is ours.
    made = create_async_engine(
        url,
        execution_options=_OPTIONS,
        pool_size=1,
        max_overflow=0,
        pool_timeout=SECONDS * 2,
        connect_args={"timeout": SECONDS},
    )

    @event.listens_for(made.sync_engine, "connect")
    def _opened(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in (
            "journal_mode=WAL",
            # A power cut may take back the last moments, never damage the file; a
            # killed process takes back nothing. FULL waits for the disk three times a
            # turn: 6 ms each where that was measured.
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is forgotten is overwritten
            f"busy_timeout={SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != _ALONE:
            # At once for writing: a reader that turns writer may be refused.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


def alone(made: AsyncEngine) -> AsyncEngine:
    """The same engine for single statements, each a transaction of its own."""
    return made.execution_options(isolation_level=_ALONE)


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Failures within become StoreError, in a line without statements or values."""
    try:
        yield
    except DBAPIError as error:
        raise _fault(url, error.orig or error) from None
    except PoolTimeoutError:
        raise StoreError(f"The store {name(url)} is too slow.", passing=True) from None
    except SQLAlchemyError as error:
        raise StoreError(f"The store {name(url)}: {type(error).__name__}.") from None
    except (OSError, sqlite3.Error) as error:
        raise _fault(url, error) from None


def name(url: URL) -> str:
    """How operators know it; without a password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or url.query.get('host', 'localhost')}/{url.database or ''}"


_SQLITE = (
    ("readonly", "cannot be written; give the bot's user the right to write it"),
    ("read-only", "cannot be written; give the bot's user the right to write it"),
    ("full", "cannot grow: the disk is full; make room"),
    ("no space", "cannot grow: the disk is full; make room"),
    ("disk i/o error", "cannot be written: the disk fails or is full"),
    ("malformed", "is damaged; move it away, and restore a backup or start anew"),
    ("not a database", "is no database; move it away, or set TAKEBACK_STORE"),
    ("unable to open", "cannot be opened; its folder has to exist and be writable"),
    ("no such table", "was changed by others; move it away"),
)


def _fault(url: URL, error: BaseException) -> StoreError:
    words = str(error).casefold()
    if url.get_backend_name() == "sqlite":
        if isinstance(error, OSError) and error.errno != errno.ENOSPC:
            words = "unable to open"
        for part, meaning in _SQLITE:
            if part in words:
                return StoreError(f"The store {name(url)} {meaning}.")
        if "locked" in words:
            text = f"The store {name(url)} is locked by another program."
            return StoreError(text, passing=True)
        return StoreError(f"The store {name(url)} failed: {type(error).__name__}.")
    state = getattr(error, "sqlstate", None)
    for part, meaning in _POSTGRES:
        if part in words:
            return StoreError(f"The store at {name(url)} {meaning}.")
    if state is None or state[:2] in ("08", "57", "53", "40", "55", "25"):
        text = f"The store at {name(url)} is out of reach."
        return StoreError(text, passing=True)
    return StoreError(f"The store at {name(url)} failed: SQLSTATE {state}.")


_POSTGRES = (
    ("password authentication failed", "refuses the password of TAKEBACK_STORE"),
    ("no password supplied", "wants a password; put one into TAKEBACK_STORE"),
    ("does not exist", "has no such database, role or table; check TAKEBACK_STORE"),
)
