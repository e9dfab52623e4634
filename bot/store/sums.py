"""What was counted and the phrases for the inbox, in a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.store.records import IGNORED, Count, Group, Line, Phrase
from bot.store.sql import Sql
from bot.store.tables import counts, phrases

_COUNT = tuple(column.name for column in counts.primary_key)


class Sums:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, found: Sequence[Count], said: Sequence[Phrase]) -> None:
        # In one order, so that two replicas never wait for each other.
        def work(connection: Connection) -> None:
            for count in sorted(found, key=str):
                connection.execute(self._one_more(counts, **vars(count)))
            for phrase in sorted(said, key=str):
                new = self._one_more(phrases, {"day": phrase.day}, **vars(phrase))
                connection.execute(new)

        await self._sql.together(work)

    def _one_more(
        self, table: Any, change: Mapping[str, Any] | None = None, **row: Any
    ) -> Any:
        return self._sql.new(table, **row, number=1).on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={"number": table.c.number + 1, **(change or {})},
        )

    async def counted(self, since: datetime) -> list[Line]:
        first = since.date().isoformat()
        rows = await self._sql.rows(select(counts).where(counts.c.day >= first))
        return [
            Line(Count(**dict(zip(_COUNT, row, strict=False))), row.number)
            for row in rows
        ]

    async def inbox(self) -> list[Group]:
        rows = await self._sql.rows(
            select(phrases)
            .where(phrases.c.mark != IGNORED)
            .order_by(phrases.c.number.desc(), phrases.c.text)
        )
        return [Group(Phrase(r.text, r.topic, r.day), r.number, r.mark) for r in rows]

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        chosen = phrases.c.text.in_(texts)
        if mark:
            await self._sql.do(update(phrases).where(chosen).values(mark=mark))
        else:
            await self._sql.do(delete(phrases).where(chosen))
