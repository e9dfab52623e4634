"""What was counted and the phrases for the inbox, in a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.store.records import IGNORED, Count, DayCount, Phrase, PhraseGroup
from bot.store.sql import Sql
from bot.store.tables import counts, phrases

_COUNT = tuple(column.name for column in counts.primary_key)


class DatabaseCounters:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._add_counts = self._adding(counts)
        self._add_phrases = self._adding(phrases, "day")

    def _adding(self, table: Any, *newer: str) -> Any:
        """Inserts rows, or adds their numbers to those there; `newer` replaces."""
        row = self._sql.new(table)
        change = {name: row.excluded[name] for name in newer}
        change["number"] = table.c.number + row.excluded.number
        return row.on_conflict_do_update(
            index_elements=list(table.primary_key), set_=change
        )

    async def add(self, found: Mapping[Count, int], said: Mapping[Phrase, int]) -> None:
        # In one order, so that two replicas never wait for each other in a circle.
        rows = [{**vars(c), "number": found[c]} for c in sorted(found, key=str)]
        texts = [{**vars(p), "number": said[p]} for p in sorted(said, key=str)]

        def work(connection: Connection) -> None:
            if rows:
                connection.execute(self._add_counts, rows)
            if texts:
                connection.execute(self._add_phrases, texts)

        await self._sql.together(work)

    async def counted(self, since: datetime) -> list[DayCount]:
        first = since.date().isoformat()
        rows = await self._sql.rows(select(counts).where(counts.c.day >= first))
        return [
            DayCount(Count(**dict(zip(_COUNT, row, strict=False))), row.number)
            for row in rows
        ]

    async def inbox(self) -> list[PhraseGroup]:
        rows = await self._sql.rows(
            select(phrases)
            .where(phrases.c.mark != IGNORED)
            .order_by(phrases.c.number.desc(), phrases.c.text)
        )
        return [
            PhraseGroup(Phrase(r.text, r.topic, r.day), r.number, r.mark) for r in rows
        ]

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        chosen = phrases.c.text.in_(texts)
        if mark:
            await self._sql.do(update(phrases).where(chosen).values(mark=mark))
        else:
            await self._sql.do(delete(phrases).where(chosen))
