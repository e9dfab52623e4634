"""Gaps in the numbers: waited for while they mean something."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from bot.storage import database as chosen
from bot.storage import looked_into
from bot.store import places
from bot.store.database import Database
from tests.store.test_contract import CHAT

if TYPE_CHECKING:
    from pathlib import Path


async def seconds(database: Database, number: int) -> float:
    began = time.perf_counter()
    assert await database.take(number, CHAT)
    passed = time.perf_counter() - began
    await database.done(number)
    return passed


async def test_where_numbers_have_gaps_the_waits_get_short(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.turns._places, "_patience", 0.8)
    waits = [await seconds(database, number) for number in range(10, 40, 3)]
    assert waits[1] > 0.5
    assert max(waits[5:]) < 0.4


@pytest.mark.parametrize(
    ("store", "webhook", "waits"),
    [
        ("sqlite:///store.sqlite", None, False),
        ("sqlite:///store.sqlite", "https://bot.example.org/telegram", True),
        ("postgresql://localhost/takeback", None, True),
    ],
)
def test_who_polls_waits_for_no_gap_where_one_thread_writes(
    store: str, webhook: str | None, *, waits: bool
) -> None:
    made = chosen(Settings(store=store, webhook_url=webhook))
    assert made.turns._places._straggle == (places.STRAGGLE if waits else 0)


async def test_who_polls_is_not_held_up(tmp_path: Path) -> None:
    now = Settings(store=f"sqlite:///{tmp_path}/store.sqlite")
    async with looked_into(now) as database:
        await seconds(database, 10)
        assert await seconds(database, 13) < places.STRAGGLE / 3


async def test_far_numbers_are_no_gap(database: Database) -> None:
    await seconds(database, 10)
    assert await seconds(database, 10 + 10 * places.NEAR) < 1


async def test_who_waits_is_told_of_any_fault(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: str) -> float:
        raise RuntimeError("a fault of ours")

    await database.take(1, CHAT)
    monkeypatch.setattr(database.turns._places, "_dead_for", broken)
    async with asyncio.timeout(2):
        with pytest.raises(RuntimeError, match="a fault of ours"):
            await database.take(2, CHAT)
