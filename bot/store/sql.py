"""Statements to one database. Its failures come as StoreError, in a line each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from bot.store import engine as engines
from bot.store.migrate import migrate

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Executable, Row
    from sqlalchemy.engine import URL
    from sqlalchemy.ext.asyncio import AsyncConnection


class Sql:
    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = engines.engine(url)
        self._alone = engines.alone(self._engine)
        self._dialect: Any = (
            sqlite if url.get_backend_name() == "sqlite" else postgresql
        )

    def new(self, table: Any, **values: Any) -> Any:
        """An insert that can say what is done on a conflict."""
        made = self._dialect.insert(table)
        return made.values(values) if values else made

    async def do(self, statement: Executable, **values: Any) -> int:
        """How many rows it changed."""
        with engines.told(self.url):
            async with self._alone.connect() as connection:
                return changed(await connection.execute(statement, values))

    async def rows(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        with engines.told(self.url):
            async with self._alone.connect() as connection:
                return (await connection.execute(statement, values)).all()

    async def row(self, statement: Executable, **values: Any) -> Row[Any] | None:
        rows = await self.rows(statement, **values)
        return rows[0] if rows else None

    @asynccontextmanager
    async def together(self) -> AsyncIterator[AsyncConnection]:
        """All of what is executed, or nothing."""
        with engines.told(self.url):
            async with self._engine.begin() as connection:
                yield connection

    async def prepare(self) -> None:
        """The tables of today."""
        with engines.told(self.url):
            engines.prepare(self.url)
            await migrate(self._engine)

    async def close(self) -> None:
        await self._engine.dispose()


def changed(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
