"""Two processes on one database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialogue.session import Session
from bot.errors import ConflictError
from bot.store import process
from bot.store import updates as log
from bot.store.database import Database
from bot.store.engine import address
from bot.store.process import Process
from bot.store.tables import updates
from tests.store.test_contract import CHAT, NOW, SESSION


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "BEAT", 0.1)
    monkeypatch.setattr(process, "SILENT", 0.5)
    monkeypatch.setattr(log, "SELDOM", 0.05)


async def dies(one: Database) -> None:
    """Without a word, on a machine of its own."""
    assert one.heartbeat._beating
    one.heartbeat._beating.cancel()
    await asyncio.gather(one.heartbeat._beating, return_exceptions=True)


def elsewhere(one: Database, name: str) -> None:
    one.heartbeat.me = Process(name, one.heartbeat.me.number)


async def test_a_repeat_waits_for_the_first_and_is_not_answered(
    database: Database, second: Database
) -> None:
    assert await database.updates.claim(1, CHAT)
    repeat = asyncio.create_task(second.updates.claim(1, CHAT))
    await asyncio.sleep(0.1)
    assert not repeat.done()
    await database.updates.acknowledge(1)
    assert not await repeat


async def test_an_update_waits_for_no_other(
    database: Database, second: Database
) -> None:
    """Telegram sends one of a chat at a time, so only a press can be beside another."""
    assert await database.updates.claim(7, CHAT)
    async with asyncio.timeout(2):
        assert await second.updates.claim(5, CHAT)
        assert await second.updates.claim(700, CHAT)


async def test_of_two_turns_at_once_the_later_one_turns_again(
    database: Database, second: Database
) -> None:
    assert await database.updates.claim(1, CHAT)
    assert await second.updates.claim(2, CHAT)
    message = await database.sessions.get(CHAT, NOW, 1)
    press = await second.sessions.get(CHAT, NOW, 2)
    await database.sessions.put(CHAT, SESSION, message.turn, NOW, 1)
    with pytest.raises(ConflictError):
        await second.sessions.put(CHAT, Session(topic="edit"), press.turn, NOW, 2)
    press = await second.sessions.get(CHAT, NOW, 2)
    assert (press.session, press.turn, press.replayed) == (SESSION, 1, False)
    await second.sessions.put(CHAT, Session(topic="edit"), press.turn, NOW, 2)


async def test_a_dead_process_leaves_its_updates_to_the_others(
    database: Database, second: Database
) -> None:
    elsewhere(database, "far")
    await database.sessions.put(CHAT, SESSION, 0, NOW)
    assert await database.updates.claim(1, CHAT)
    await database.sessions.put(CHAT, Session(topic="edit"), 1, NOW, 1)
    await dies(database)
    async with asyncio.timeout(5):
        assert await second.updates.claim(1, CHAT)
    kept = await second.sessions.get(CHAT, NOW, 1)
    assert (kept.session, kept.replayed) == (SESSION, True)
    # And should it have been asleep only, its turn counts no more.
    with pytest.raises(ConflictError):
        await database.sessions.put(CHAT, SESSION, 2, NOW, 1)


async def test_a_living_process_keeps_its_updates(
    database: Database, second: Database
) -> None:
    elsewhere(database, "far")
    assert await database.updates.claim(1, CHAT)
    repeat = asyncio.create_task(second.updates.claim(1, CHAT))
    await asyncio.sleep(1.2)
    assert not repeat.done()
    await database.updates.acknowledge(1)
    assert not await repeat


async def test_a_death_on_the_same_machine_is_seen_at_once(
    database: Database, second: Database
) -> None:
    sleeper = await asyncio.create_subprocess_exec("sleep", "60")
    started = process._started(sleeper.pid)
    mine = second.heartbeat.me.machine
    database.heartbeat.me = Process(mine, f"{sleeper.pid}/{started}/x")
    assert await database.updates.claim(1, CHAT)
    repeat = asyncio.create_task(second.updates.claim(1, CHAT))
    await asyncio.sleep(0.1)
    assert not repeat.done()
    sleeper.kill()
    async with asyncio.timeout(0.4):
        assert await repeat
    await sleeper.wait()


async def test_many_may_start_at_once_on_an_empty_database(url: str) -> None:
    several = [Database(address(url, Path())) for _ in range(4)]
    await asyncio.gather(*(one.open() for one in several))
    assert await several[0].updates.claim(1, CHAT)
    for one in several:
        await one.close()


async def test_an_answered_update_keeps_no_chat(database: Database) -> None:
    await database.updates.claim(1, CHAT)
    await database.sessions.put(CHAT, SESSION, 0, NOW, 1)
    await database.updates.acknowledge(1)
    rows = await database._sql.rows(select(updates.c.chat, updates.c.before))
    assert [tuple(row) for row in rows] == [(None, None)]
