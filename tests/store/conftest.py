"""Every store there is, each empty."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.store import MemoryStore, Store
from bot.store.database import Database
from bot.store.engine import address
from tests.support.cluster import Cluster, cluster, missing

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if reason := missing():
        pytest.skip(reason)
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database may be made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    running: Cluster = request.getfixturevalue("postgres")
    return running.create(f"test{next(_numbers)}")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(address(url, Path()))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def second(url: str, database: Database) -> AsyncIterator[Database]:  # noqa: ARG001  it is first
    """Another process on the same database; it comes after the first."""
    opened = Database(address(url, Path()))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "sqlite":
        text = f"sqlite:///{tmp_path / 'store.sqlite'}"
    else:
        text = request.getfixturevalue("postgres").create(f"test{next(_numbers)}")
    opened = Database(address(text, Path()))
    await opened.open()
    yield opened
    await opened.close()


Opener = Callable[[], Database]
