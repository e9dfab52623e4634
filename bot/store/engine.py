"""From a database's address to an engine; its failures as one line each."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from bot.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

SECONDS = 5
"""For a lock, a connection, a statement."""
ALONE = "AUTOCOMMIT"
"""The isolation level of single statements, each a transaction of its own."""
_OPTIONS = {"preserve_rowcount": True}
"""Of inserts too: none means that the row was there."""


def address(text: str | None, folder: Path) -> URL:
    """The store's address; a file in the user's own folder, if none is given.

    Raises SettingsError. Its words hold no password.
    """
    if text is None:
        return URL.create("sqlite+pysqlite", database=str(folder / "store.sqlite"))
    if text.startswith("postgres") and text.count("@") > 1:
        # What would be taken for the host may be a part of the password.
        raise SettingsError(f"TAKEBACK_STORE: {_TWICE}")
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter of a port, with its words
        raise SettingsError(f"TAKEBACK_STORE: {_FORMS}") from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
    raise SettingsError(f"TAKEBACK_STORE: {_FORMS}")


_FORMS = "has to be sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
_TWICE = (
    "has more than one @; in a user's name or a password percent-encode it: @ is %40, "
    "/ is %2F, : is %3A"
)


def prepare(url: URL) -> None:
    """A file that only its owner can read, as yet empty."""
    if is_lite(url):
        path = Path(str(url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)


def is_lite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def pool(url: URL) -> AsyncEngine:
    """To PostgreSQL. Raises SettingsError, where its driver is not installed."""
    from sqlalchemy.ext.asyncio import create_async_engine

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


def file(url: URL) -> Engine:
    """To SQLite: one connection."""
    made = create_engine(
        url,
        execution_options=_OPTIONS,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": SECONDS, "check_same_thread": False},
    )

    @event.listens_for(made, "connect")
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

    @event.listens_for(made, "begin")
    def _begun(connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != ALONE:
            # At once for writing: a reader that turns writer may be refused.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


class FileWatch:
    """Whether a SQLite file is still the one that was opened."""

    def __init__(self, url: URL) -> None:
        self._path = Path(str(url.database)) if is_lite(url) else None
        self._first: tuple[int, int] | None = None

    def is_missing(self) -> bool:
        try:
            if self._path:
                self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False  # it may be there, and opening it says what is wrong
        return False

    def fault(self) -> str | None:
        """What is wrong with it; nothing for PostgreSQL, which looks after its own."""
        if self._path is None:
            return None
        try:
            found = self._path.stat()
            with self._path.open("rb") as file:
                magic = file.read(len(_MAGIC))
        except OSError:
            return f"The store {self._path} was moved or deleted while it is open"
        identity = (found.st_dev, found.st_ino)
        self._first = self._first or identity
        if identity != self._first:
            return f"The store {self._path} was exchanged for another file"
        if magic and magic != _MAGIC:
            return f"The store {self._path} was overwritten by others"
        return None


_MAGIC = b"SQLite format 3\x00"


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
    if is_lite(url):
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
    if is_lite(url):
        if isinstance(error, OSError) and error.errno != errno.ENOSPC:
            words = "unable to open"
        for part, advice in _SQLITE:
            if part in words:
                return StoreError(f"The store {name(url)} {advice}.")
        if "locked" in words:
            text = f"The store {name(url)} is locked by another program."
            return StoreError(text, passing=True)
        return StoreError(f"The store {name(url)} failed: {type(error).__name__}.")
    state = getattr(error, "sqlstate", None)
    for part, advice in _POSTGRES:
        if part in words:
            return StoreError(f"The store at {name(url)} {advice}.")
    if state is None or state[:2] in ("08", "57", "53", "40", "55", "25"):
        text = f"The store at {name(url)} is out of reach."
        return StoreError(text, passing=True)
    return StoreError(f"The store at {name(url)} failed: SQLSTATE {state}.")


_POSTGRES = (
    ("password authentication failed", "refuses the password of TAKEBACK_STORE"),
    ("no password supplied", "wants a password; put one into TAKEBACK_STORE"),
    ("does not exist", "has no such database, role or table; check TAKEBACK_STORE"),
)
