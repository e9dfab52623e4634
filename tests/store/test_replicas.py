"""Two processes on one database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialogue.session import Session
from bot.errors import StaleError
from bot.store import owner, places, turns
from bot.store.database import Database
from bot.store.engine import address
from bot.store.owner import Owner
from bot.store.tables import updates
from tests.store.test_contract import CHAT, NOW, SESSION


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "BEAT", 0.1)
    monkeypatch.setattr(turns, "SILENT", 0.5)
    monkeypatch.setattr(places, "STRAGGLE", 0.3)


async def dies(one: Database) -> None:
    """Without a word, on a machine of its own."""
    assert one.turns._beating
    one.turns._beating.cancel()
    await asyncio.gather(one.turns._beating, return_exceptions=True)


def elsewhere(one: Database, name: str) -> None:
    one.turns.me = Owner(name, one.turns.me.process)


async def test_a_repeat_waits_for_the_first_and_is_not_answered(
    database: Database, second: Database
) -> None:
    assert await database.take(1, CHAT)
    repeat = asyncio.create_task(second.take(1, CHAT))
    await asyncio.sleep(0.1)
    assert not repeat.done()
    await database.done(1)
    assert not await repeat


async def test_updates_of_a_chat_are_taken_in_order(
    database: Database, second: Database
) -> None:
    assert await database.take(1, CHAT)
    later = asyncio.create_task(second.take(2, CHAT))
    assert await second.take(3, "telegram:8")
    await asyncio.sleep(0.1)
    assert not later.done()
    await database.done(1)
    assert await later


async def test_one_that_comes_before_an_earlier_one_lets_it_go_first(
    database: Database, second: Database
) -> None:
    assert await database.take(1, None)
    later = asyncio.create_task(second.take(3, CHAT))
    await asyncio.sleep(0.05)
    assert await database.take(2, CHAT)
    await asyncio.sleep(0.4)
    assert not later.done()
    await database.done(2)
    assert await later


async def test_a_number_that_never_comes_holds_nobody_up_for_long(
    database: Database,
) -> None:
    assert await database.take(1, None)
    async with asyncio.timeout(1):
        assert await database.take(3, CHAT)
    async with asyncio.timeout(0.2):
        assert await database.take(4, "telegram:8")


async def test_a_dead_process_leaves_its_updates_to_the_others(
    database: Database, second: Database
) -> None:
    elsewhere(database, "far")
    await database.put(CHAT, SESSION, 0, NOW)
    assert await database.take(1, CHAT)
    await database.put(CHAT, Session(topic="edit"), 1, NOW, 1)
    await dies(database)
    async with asyncio.timeout(5):
        assert await second.take(1, CHAT)
    kept = await second.get(CHAT, NOW, 1)
    assert (kept.session, kept.again) == (SESSION, True)
    # And should it have been asleep only, its turn counts no more.
    with pytest.raises(StaleError):
        await database.put(CHAT, SESSION, 2, NOW, 1)


async def test_a_living_process_keeps_its_updates(
    database: Database, second: Database
) -> None:
    elsewhere(database, "far")
    assert await database.take(1, CHAT)
    repeat = asyncio.create_task(second.take(1, CHAT))
    await asyncio.sleep(1.2)
    assert not repeat.done()
    await database.done(1)
    assert not await repeat


async def test_a_death_on_the_same_machine_is_seen_at_once(
    database: Database, second: Database
) -> None:
    process = await asyncio.create_subprocess_exec("sleep", "60")
    started = owner._started(process.pid)
    database.turns.me = Owner(second.turns.me.machine, f"{process.pid}/{started}/x")
    assert await database.take(1, CHAT)
    repeat = asyncio.create_task(second.take(1, CHAT))
    await asyncio.sleep(0.1)
    assert not repeat.done()
    process.kill()
    async with asyncio.timeout(0.4):
        assert await repeat
    await process.wait()


async def test_a_later_update_waits_for_one_whose_process_died(
    database: Database, second: Database
) -> None:
    elsewhere(database, "far")
    assert await database.take(1, CHAT)
    await dies(database)
    later = asyncio.create_task(second.take(2, CHAT))
    assert await second.take(1, CHAT)
    assert not later.done()
    await second.done(1)
    assert await later


async def test_many_may_start_at_once_on_an_empty_database(url: str) -> None:
    several = [Database(address(url, Path())) for _ in range(4)]
    await asyncio.gather(*(one.open() for one in several))
    assert await several[0].take(1, CHAT)
    for one in several:
        await one.close()


async def test_an_answered_update_keeps_no_chat(database: Database) -> None:
    await database.take(1, CHAT)
    await database.put(CHAT, SESSION, 0, NOW, 1)
    await database.done(1)
    rows = await database._sql.rows(select(updates.c.chat, updates.c.before))
    assert [tuple(row) for row in rows] == [(None, None)]
