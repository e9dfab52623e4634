"""Statements to one database. Its failures come as StoreError, in a line each.

What is done at a time is one function of a connection. PostgreSQL runs it on this
thread; SQLite, which waits for the disk, on one of its own: one hop for all of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot.errors import StoreError
from bot.store import engine as engines

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine, Executable, Row
    from sqlalchemy.engine import URL

T = TypeVar("T")

_STEP, _SMALL_STEP = 1_000, 250
"""Pages of SQLite's log after which it is put into the file: usually, and of a sweep."""


class Sql:
    def __init__(self, url: URL) -> None:
        self.url = url
        self.lite = engines.is_lite(url)
        self._run: _Thread | _Pool = _Thread(url) if self.lite else _Pool(url)
        # Only the one that is needed: PostgreSQL's takes 40 ms to import.
        where = "sqlite" if self.lite else "postgresql"
        self._dialect: Any = import_module(f"sqlalchemy.dialects.{where}")

    def new(self, table: Any, **values: Any) -> Any:
        """An insert that can say what is done on a conflict."""
        made = self._dialect.insert(table)
        return made.values(values) if values else made

    async def do(self, statement: Executable, **values: Any) -> int:
        """How many rows it changed."""
        return await self._alone(lambda c: changed(c.execute(statement, values)))

    async def rows(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        return await self._alone(lambda c: c.execute(statement, values).all())

    async def row(self, statement: Executable, **values: Any) -> Row[Any] | None:
        rows = await self.rows(statement, **values)
        return rows[0] if rows else None

    async def together(self, work: Callable[[Connection], T]) -> T:
        """All of what is executed, or nothing if it raises."""
        with engines.told(self.url):
            return await self._run(work, alone=False)

    @asynccontextmanager
    async def in_small_steps(self) -> AsyncIterator[None]:
        """While much is written that nobody waits for.

        When SQLite puts its log into the file, everybody waits for the disk: four times
        as often, the longest wait is half as long. Raises StoreError.
        """
        if not self.lite:
            yield
            return
        await self._step(_SMALL_STEP)
        try:
            yield
        finally:
            await self._step(_STEP)

    async def _step(self, pages: int) -> None:
        text = f"PRAGMA wal_autocheckpoint={pages}"
        await self._alone(lambda c: c.exec_driver_sql(text).all())

    async def prepare(self) -> None:
        """The tables of today."""
        # Here, not above: a store that is up to date needs little of it.
        from bot.store.migrations.upgrade import migrate

        with engines.told(self.url):
            engines.prepare(self.url)
            await self._run(migrate, alone=False)

    async def close(self) -> None:
        await self._run.close()

    async def _alone(self, work: Callable[[Connection], T]) -> T:
        """A single statement is a transaction by itself."""
        with engines.told(self.url):
            return await self._run(work, alone=True)


class _Pool:
    """PostgreSQL: many connections, and nobody waits for the network."""

    def __init__(self, url: URL) -> None:
        self._engine = engines.pool(url)
        self._single = self._engine.execution_options(isolation_level=engines.ALONE)

    async def __call__(self, work: Callable[[Connection], T], *, alone: bool) -> T:
        if alone:
            async with self._single.connect() as connection:
                return await connection.run_sync(work)
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


class _Thread:
    """SQLite: it writes one thing at a time anyway, so the queue is ours."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine: Engine = engines.file(url)
        self._single = self._engine.execution_options(isolation_level=engines.ALONE)
        self._thread = ThreadPoolExecutor(1, "store")
        self._turn = asyncio.Lock()

    async def __call__(self, work: Callable[[Connection], T], *, alone: bool) -> T:
        try:
            async with asyncio.timeout(engines.SECONDS * 2):
                await self._turn.acquire()
        except TimeoutError:
            text = f"The store {engines.name(self._url)} is too slow."
            raise StoreError(text, passing=True) from None
        # Who waits may be cancelled; the next has to wait for the work all the same.
        doing = asyncio.get_running_loop().run_in_executor(
            self._thread, self._do, work, alone
        )
        doing.add_done_callback(lambda _: self._turn.release())
        return await asyncio.shield(doing)

    def _do(self, work: Callable[[Connection], T], alone: bool) -> T:  # noqa: FBT001
        if alone:
            with self._single.connect() as connection:
                return work(connection)
        with self._engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        dispose: Awaitable[None] = asyncio.get_running_loop().run_in_executor(
            self._thread, self._engine.dispose
        )
        await dispose
        self._thread.shutdown()


def changed(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
