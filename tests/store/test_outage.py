"""Updates and forgetting that span the beginning or the end of an outage."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.errors import AnotherBotError, StoreError
from bot.store import outage
from bot.store.contract import IDLE
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from bot.store.tables import updates
from tests.store.test_contract import CHAT, NOW, SESSION

ASKED = Said(CHAT, "how do I call back a parcel", NOW)


class Line:
    """The way to the database: it can be cut, or carry statements and no news."""

    def __init__(self, database: Database) -> None:
        self.cut = self.deaf = False
        self._run: Any = database._sql._run
        database._sql._run = self  # type: ignore[assignment]

    async def __call__(self, work: Any, *, alone: bool) -> Any:
        if self.cut:
            raise StoreError("away", passing=True)
        found = await self._run(work, alone=alone)
        if self.deaf:
            raise StoreError("away", passing=True)
        return found

    async def close(self) -> None:
        await self._run.close()


class Shaky:
    """A store whose database comes and goes."""

    def __init__(self, url: str) -> None:
        self.database = Database(address(url, Path()))
        self.line = Line(self.database)
        self.store = Failover(self.database, patience=0)

    async def goes(self) -> None:
        """For so long that it is not waited for."""
        self.line.cut = True
        await self.store.sessions.get("another", NOW)
        await self.store.sessions.get("another", NOW)
        assert self.store.outage.away

    async def comes(self) -> None:
        self.line.cut = self.line.deaf = False
        assert self.store.outage._healing is not None
        await asyncio.wait_for(self.store.outage._healing, 5)
        assert not self.store.outage.away


@pytest.fixture
async def shaky(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shaky]:
    monkeypatch.setattr(outage, "_AGAIN", 0.05)
    monkeypatch.setattr(outage, "_PAUSE", 0.01)
    made = Shaky(url)
    await made.store.open()
    yield made
    await made.store.close()


async def open_rows(database: Database) -> list[int]:
    found = await database._sql.rows(
        select(updates.c.number).where(updates.c.answered.is_(False))
    )
    return [row.number for row in found]


async def known_open(shaky: Shaky) -> list[int]:
    """As others see it, who have a line of their own."""
    other = Database(shaky.database._url)
    await other.open(alive=False)
    found = await open_rows(other)
    await other.close()
    return found


async def next_is_taken(shaky: Shaky, number: int) -> None:
    async with asyncio.timeout(2):
        assert await shaky.store.updates.claim(number, CHAT)


async def test_taken_in_the_outage_and_answered_after_it(
    shaky: Shaky, toy_bot: Assistant
) -> None:
    bot = replace(toy_bot, store=shaky.store)
    await shaky.goes()
    assert await bot.take(7, CHAT)
    await shaky.comes()
    assert (await bot.handle(ASKED, 7)).topic == "call_back"
    await bot.done(7)
    assert not await bot.take(7, CHAT)
    assert (await shaky.database.sessions.get(CHAT, NOW)).turn == 1
    await next_is_taken(shaky, 8)


async def test_taken_before_the_outage_and_answered_in_it(
    shaky: Shaky, toy_bot: Assistant
) -> None:
    bot = replace(toy_bot, store=shaky.store)
    assert await bot.take(7, CHAT)
    await shaky.goes()
    assert (await bot.handle(ASKED, 7)).topic == "call_back"
    await bot.done(7)
    await shaky.comes()
    assert await open_rows(shaky.database) == []
    await next_is_taken(shaky, 8)


async def test_taken_before_the_outage_and_lost_in_it(shaky: Shaky, url: str) -> None:
    assert await shaky.store.updates.claim(7, CHAT)
    await shaky.goes()
    await shaky.store.updates.release(7)
    await shaky.comes()
    other = Database(address(url, Path()))
    await other.open()
    async with asyncio.timeout(2):
        assert await other.updates.claim(7, CHAT)
    await other.close()


async def test_a_place_whose_news_is_lost_is_given_up_all_the_same(
    shaky: Shaky,
) -> None:
    shaky.line.deaf = True
    assert await shaky.store.updates.claim(7, CHAT)
    assert await known_open(shaky) == [7]
    await shaky.store.sessions.put(CHAT, SESSION, 0, NOW, 7)
    await shaky.store.updates.acknowledge(7)
    await shaky.comes()
    assert await open_rows(shaky.database) == []
    await next_is_taken(shaky, 8)


async def test_an_answer_lost_in_the_outage_is_the_same_after_it(
    shaky: Shaky,
) -> None:
    await shaky.goes()
    await shaky.store.updates.claim(7, CHAT)
    await shaky.store.sessions.put(CHAT, SESSION, 0, NOW, 7)
    await shaky.store.updates.release(7)
    await shaky.comes()
    assert await shaky.store.updates.claim(7, CHAT)
    kept = await shaky.store.sessions.get(CHAT, NOW, 7)
    assert (kept.session, kept.turn, kept.replayed) == (Session(), 0, True)


async def test_what_is_forgotten_in_the_outage_is_gone_after_it(shaky: Shaky) -> None:
    await shaky.store.sessions.put(CHAT, SESSION, 0, NOW)
    await shaky.goes()
    await shaky.store.sessions.forget(CHAT)
    await shaky.comes()
    kept = await shaky.store.sessions.get(CHAT, NOW)
    assert (kept.session, kept.turn) == (Session(), 0)


async def test_of_updates_that_it_never_heard_of_the_database_is_told_nothing(
    shaky: Shaky,
) -> None:
    await shaky.goes()
    for number in range(50):
        assert await shaky.store.updates.claim(number, CHAT)
        await shaky.store.updates.acknowledge(number)
    assert not shaky.store.outage.owed
    assert not shaky.store.updates.asked


async def test_that_another_process_takes_long_is_no_fault_of_the_store(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while Telegram fails, and a proxy hands the update to the next replica."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(outage, "_SHORTEST", 0.5)
    first = Database(address(url, Path()))
    await first.open()
    assert await first.updates.claim(7, CHAT)
    store = Failover(Database(address(url, Path())), patience=0.5)
    await store.open()
    repeat = asyncio.create_task(store.updates.claim(7, CHAT))
    await asyncio.sleep(1.2)
    assert not repeat.done()
    await first.updates.acknowledge(7)
    assert await asyncio.wait_for(repeat, 5) is False
    assert store.outage.failures == 0
    told = [r.message for r in caplog.records if r.name.startswith("bot.store")]
    assert told == ["Update 7 came again while another process answers it"]
    await store.close()
    await first.close()


async def test_a_sweep_in_an_outage_is_no_second_fault(shaky: Shaky) -> None:
    await shaky.store.sessions.put(CHAT, SESSION, 0, NOW)
    await shaky.goes()
    await shaky.store.sweep(NOW + 2 * IDLE)
    await shaky.comes()
    assert (await shaky.database.sessions.get(CHAT, NOW)).turn == 1
    await shaky.store.sweep(NOW + 2 * IDLE)
    assert (await shaky.database.sessions.get(CHAT, NOW)).turn == 0


def owned(url: str, bot: int) -> Database:
    made = Database(address(url, Path()))
    made.bot = bot
    return made


async def test_the_store_of_another_bot_is_refused_at_the_start(url: str) -> None:
    for bot in (11, 11):  # a new token, or another replica
        own = owned(url, bot)
        await own.open()
        await own.close()
    store = Failover(owned(url, 22))
    with pytest.raises(AnotherBotError, match=r"to the bot 11, .* is of 22: give it"):
        await store.open()
    await store.close()


async def test_the_store_of_another_bot_that_comes_late_is_not_used(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "_AGAIN", 0.02)
    own, other = owned(url, 11), owned(url, 22)
    await own.open()
    line, store = Line(other), Failover(other, patience=0)
    line.cut = True
    await store.open()
    line.cut = False
    assert await store.updates.claim(7, CHAT)
    await asyncio.wait_for(store.updates.acknowledge(7), 2)
    await asyncio.sleep(0.5)
    assert "belongs to the bot 11" in caplog.text
    assert store.outage.away
    assert await own.updates.claim(7, CHAT)
    await store.close()
    await own.close()


async def test_each_outage_has_its_beginning_and_its_end_in_the_log(
    shaky: Shaky, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        await shaky.goes()
        await shaky.comes()
    told = [r.message for r in caplog.records if r.name == "bot.store.outage"]
    assert len(told) == 4
    assert told[0] == told[2] == "away Answering without memory."
    assert all(line.startswith("The store is back") for line in told[1::2])


async def test_a_turn_that_is_never_let_in_is_given_up(
    shaky: Shaky, toy_bot: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its update was never taken."""
    monkeypatch.setattr("bot.app._PAUSE", 0)
    bot = replace(toy_bot, store=shaky.store)
    with pytest.raises(StoreError, match="another process has its update"):
        await bot.handle(ASKED, 7)
