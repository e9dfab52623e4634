"""A turn and its update's mark: both or neither, in few statements."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from bot.dialogue.session import Session
from bot.errors import ConflictError
from bot.store.database import Database
from bot.store.tables import chats, updates
from tests.store.test_contract import CHAT, NOW, SESSION

OTHER = update(updates).where(updates.c.number == 1).values(process="elsewhere:1")


async def rows(database: Database) -> list[tuple[Any, ...]]:
    """The chat's turns, and where the update began."""
    found = await database._sql.rows(
        select(updates.c.turn, updates.c.before, chats.c.turn)
        .select_from(updates)
        .outerjoin(chats, chats.c.chat == updates.c.chat)
    )
    return [tuple(row) for row in found]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    found: list[str] = []
    engine = database._sql._run._engine
    engine = getattr(engine, "sync_engine", engine)

    def sent(*arguments: Any) -> None:
        found.append(arguments[2].split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", sent)
    yield found
    event.remove(engine, "before_cursor_execute", sent)


@pytest.mark.parametrize("before", [0, 1])
async def test_an_update_takes_three_statements_and_one_more_with_sqlite(
    database: Database, before: int
) -> None:
    if before:
        await database.sessions.put(CHAT, SESSION, 0, NOW)
    with statements(database) as sent:
        await database.updates.claim(1, CHAT)
        kept = await database.sessions.get(CHAT, NOW, 1)
        await database.sessions.put(CHAT, Session(topic="edit"), kept.turn, NOW, 1)
        await database.updates.acknowledge(1)
    assert kept.turn == before
    step = ["BEGIN", "UPDATE", "UPDATE" if before else "INSERT"]
    if not database._sql.lite:
        step = ["WITH"]
    assert sent == ["INSERT", *step, "UPDATE"]
    assert (await database.sessions.get(CHAT, NOW)).session.topic == "edit"


@pytest.mark.parametrize("before", [0, 1])
async def test_the_mark_is_what_the_turn_began_from(
    database: Database, before: int
) -> None:
    if before:
        await database.sessions.put(CHAT, SESSION, 0, NOW)
    await database.updates.claim(1, CHAT)
    await database.sessions.put(CHAT, Session(topic="edit"), before, NOW, 1)
    ((turn, text, after),) = await rows(database)
    assert (turn, after) == (before, before + 1)
    assert ("call_back" in (text or "")) is bool(before)


@pytest.mark.parametrize("before", [0, 1])
async def test_who_lost_the_update_changes_nothing(
    database: Database, before: int
) -> None:
    if before:
        await database.sessions.put(CHAT, SESSION, 0, NOW)
    await database.updates.claim(1, CHAT)
    await database._sql.do(OTHER)
    there = await rows(database)
    with pytest.raises(ConflictError):
        await database.sessions.put(CHAT, Session(topic="edit"), before, NOW, 1)
    assert await rows(database) == there


async def test_whose_turn_was_overtaken_leaves_no_mark(database: Database) -> None:
    await database.updates.claim(1, CHAT)
    await database.sessions.put(CHAT, SESSION, 0, NOW)
    for stale in (0, 7):
        with pytest.raises(ConflictError):
            await database.sessions.put(CHAT, Session(topic="edit"), stale, NOW, 1)
    assert await rows(database) == [(None, None, 1)]


async def test_what_was_seen_with_the_claim_is_read_anew_once_it_is_stale(
    database: Database, second: Database
) -> None:
    await database.updates.claim(1, CHAT)
    await second.sessions.put(CHAT, SESSION, 0, NOW)
    assert (await database.sessions.get(CHAT, NOW, 1)).turn == 0
    with pytest.raises(ConflictError):
        await database.sessions.put(CHAT, Session(), 0, NOW, 1)
    assert (await database.sessions.get(CHAT, NOW, 1)).session == SESSION


async def test_an_update_that_was_queued_reads_what_the_one_before_it_left(
    database: Database,
) -> None:
    await database.updates.claim(1, CHAT)
    await database.updates.claim(2, CHAT)
    first = await database.sessions.get(CHAT, NOW, 1)
    await database.sessions.put(CHAT, SESSION, first.turn, NOW, 1)
    assert (await database.sessions.get(CHAT, NOW, 2)).session == SESSION


async def test_an_update_that_is_taken_over_meanwhile_is_stale(
    database: Database, second: Database
) -> None:
    """The other holds its row, while the turn is put."""
    if database._sql.lite:
        pytest.skip("SQLite writes one thing at a time")
    await database.updates.claim(1, CHAT)
    held, freed = asyncio.Event(), asyncio.Event()
    pool: Any = second._sql._run

    async def takes_over() -> None:
        async with pool._engine.begin() as connection:
            await connection.run_sync(_other)
            held.set()
            await freed.wait()

    other = asyncio.create_task(takes_over())
    await held.wait()
    putting = asyncio.create_task(database.sessions.put(CHAT, SESSION, 0, NOW, 1))
    await asyncio.sleep(0.2)
    assert not putting.done()
    freed.set()
    await other
    with pytest.raises(ConflictError):
        await putting
    assert await rows(database) == [(None, None, None)]


def _other(connection: Connection) -> None:
    connection.execute(OTHER)
