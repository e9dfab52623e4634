"""A reminder over several processes: said once, and by another if one dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.errors import StoreError
from bot.store import process
from bot.store.database import Database
from bot.store.engine import address
from bot.store.tables import HEAD, meta, reminders
from tests.store.test_contract import CHAT, DAY, NOW, REMINDER
from tests.store.test_outage import Shaky


async def rows(database: Database) -> int:
    return len(await database._sql.rows(reminders.select()))


async def test_of_two_processes_one_says_it(
    database: Database, second: Database
) -> None:
    many = [REMINDER._replace(chat=f"telegram:{n}") for n in range(20)]
    for reminder in many:
        await database.reminders.keep(reminder)
    one, other = await asyncio.gather(
        database.reminders.due(NOW), second.reminders.due(NOW)
    )
    assert sorted(one + other) == sorted(many)
    assert await database.reminders.due(NOW) == []
    assert await second.reminders.due(NOW) == []


async def test_what_a_dead_process_did_not_say_another_says(
    database: Database, second: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.reminders.keep(REMINDER)
    assert await database.reminders.due(NOW) == [REMINDER]
    assert await second.reminders.due(NOW) == []
    monkeypatch.setattr(process.Process, "surely_dead", lambda *_: True)
    assert await second.reminders.due(NOW) == [REMINDER]


async def test_after_it_was_said_no_row_is_left(database: Database) -> None:
    await database.reminders.keep(REMINDER)
    for reminder in await database.reminders.due(NOW):
        await database.reminders.done(reminder)
    assert await rows(database) == 0


async def test_one_that_nobody_said_for_a_day_is_swept(database: Database) -> None:
    await database.reminders.keep(REMINDER)
    await database.sweep(NOW + DAY)
    assert await rows(database) == 1
    await database.sweep(NOW + DAY + timedelta(seconds=1))
    assert await rows(database) == 0


async def test_a_look_that_failed_midway_is_made_good_by_the_next(url: str) -> None:
    shaky = Shaky(url)
    await shaky.store.open()
    await shaky.store.reminders.keep(REMINDER)
    shaky.line.deaf = True
    with pytest.raises(StoreError):
        await shaky.database.reminders.due(NOW)
    shaky.line.deaf = False
    assert await shaky.database.reminders.due(NOW) == [REMINDER]
    await shaky.store.close()


async def test_while_the_database_is_away_reminders_are_kept_in_memory(
    url: str,
) -> None:
    shaky = Shaky(url)
    store = shaky.store
    await store.open()
    await store.reminders.keep(REMINDER)
    await shaky.goes()
    other = REMINDER._replace(place="gossip")
    assert await store.reminders.keep(other)
    assert await store.reminders.due(NOW) == [other]
    await store.reminders.done(other)
    await store.reminders.forget(CHAT)
    shaky.line.cut = False
    while store.outage.away:  # noqa: ASYNC110  the outage has no event
        await asyncio.sleep(0.02)
    # What was forgotten meanwhile is forgotten there too.
    assert await store.reminders.due(NOW) == []
    assert await rows(shaky.database) == 0
    await store.close()


async def test_a_store_of_the_first_release_gains_the_tables(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    before, later = create_engine(f"sqlite:///{file}"), {"reminders", "bot"}
    with before.begin() as connection:
        meta.create_all(
            connection, [t for n, t in meta.tables.items() if n not in later]
        )
        connection.execute(
            text("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        )
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    before.dispose()
    opened = Database(address(f"sqlite:///{file}", Path()))
    await opened.open()
    await opened.reminders.keep(REMINDER)
    found = await opened._sql.row(text("SELECT version_num FROM alembic_version"))
    assert found is not None
    assert found[0] == HEAD
    await opened.close()
