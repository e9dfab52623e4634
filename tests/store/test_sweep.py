"""What is old goes in lots, what is promised to people first, and failures are told."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.errors import StoreError
from bot.store import database as module
from bot.store.database import Database
from bot.store.records import Phrase
from bot.store.tables import updates
from tests.store.test_contract import CHAT, DAY, NOW, SESSION
from tests.store.test_sessions import statements

LONG_AGO = int((NOW - 3 * DAY).timestamp())


async def put_old(database: Database, many: int) -> None:
    rows = [
        {"number": n, "process": "", "answered": True, "taken": LONG_AGO}
        for n in range(10**6, 10**6 + many)
    ]
    insert = database._sql.new(updates)
    await database._sql.together(lambda c: c.execute(insert, rows))


async def left(database: Database) -> int:
    row = await database._sql.row(select(func.count()).select_from(updates))
    assert row
    number: int = row[0]
    return number


async def test_all_that_is_old_goes_in_lots(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOT", 10)
    await put_old(database, 35)
    await database.updates.claim(7, CHAT)
    with statements(database) as sent:
        await database.sweep(NOW)
    assert sent.count("DELETE") == 5 + 3
    assert await left(database) == 1


async def test_with_sqlite_the_log_is_put_into_the_file_in_small_steps_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database._sql.lite:
        pytest.skip("of SQLite alone")
    pragma = text("PRAGMA wal_autocheckpoint")
    seen: list[Any] = []
    before = await database._sql.rows(pragma)

    async def look(*_: object) -> None:
        seen.extend(await database._sql.rows(pragma))
        raise StoreError("The store is too slow.")

    monkeypatch.setattr(database, "_erase", look)
    with pytest.raises(StoreError, match="not erased"):
        await database.sweep(NOW)
    assert before == await database._sql.rows(pragma) == [(1_000,)]
    assert set(seen) == {(250,)}


async def test_of_a_sweep_that_fails_the_rest_is_done_and_the_table_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.sessions.put(CHAT, SESSION, 0, NOW - 2 * DAY)
    await database.counters.add({}, {Phrase("a whale", "", "2025-01-01"): 1})
    await put_old(database, 5)
    erase = database._erase

    async def too_long(table: object, old: object) -> None:
        if table is updates:
            raise StoreError("The store is too slow.")
        await erase(table, old)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "_erase", too_long)
    with pytest.raises(StoreError, match="not erased: updates"):
        await database.sweep(NOW)
    assert await database.counters.inbox() == []
    assert (await database.sessions.get(CHAT, NOW - 2 * DAY)).turn == 0


async def test_nobody_waits_long_for_a_sweep(database: Database) -> None:
    await put_old(database, 20_000)
    sweep = asyncio.create_task(database.sweep(NOW))
    waits = []
    number = 0
    while not sweep.done():
        began = time.perf_counter()
        number += 1
        await database.updates.claim(number, CHAT)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0)
    await sweep
    assert await left(database) == number
    assert len(waits) > 20_000 / module.LOT, "answers go on between the lots"
    assert sorted(waits)[len(waits) // 2] < timedelta(milliseconds=100).total_seconds()
