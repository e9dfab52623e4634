"""What may befall a store: one clear line, and the bot answers without memory."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.errors import SettingsError
from bot.store import outage, process
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from tests.support.chat import NOW
from tests.support.cluster import Cluster
from tests.support.process import free_port

pytestmark = pytest.mark.slow

_numbers = itertools.count(1)


@asynccontextmanager
async def talking(
    bot: Assistant, url: str, patience: float = 0.3
) -> AsyncIterator[Assistant]:
    store = Failover(Database(address(url, Path())), patience)
    await store.open()
    yield replace(bot, store=store)
    await store.close()


async def conversation(
    bot: Assistant, chat: str = "1", first: str | None = None
) -> str:
    """The reply to "heron", which makes sense only to who remembers the question."""
    for text in (first or "how do I call back a parcel", "heron"):
        number = next(_numbers)
        assert await bot.take(number, chat)
        reply = await bot.handle(Said(chat, text, NOW), number)
        await bot.done(number)
    return reply.topic or ""


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "_AGAIN", 0.1)


async def test_a_damaged_file(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this was a database once" * 1000)
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        assert await conversation(bot) == "call_back"
    assert lines(caplog) == [
        (
            f"The store {path} is no database; move it away, or set TAKEBACK_STORE."
            " Answering without memory."
        )
    ]


async def test_a_file_that_is_damaged_inside(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        await conversation(bot)
    raw = bytearray(path.read_bytes())
    raw[4096:] = os.urandom(len(raw) - 4096)
    path.write_bytes(raw)
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        assert await conversation(bot) == "call_back"
    (line,) = lines(caplog)
    assert "is damaged; move it away" in line


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root may write everything, so for a while we are someone else."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    yield
    os.seteuid(0)


async def test_a_file_that_may_not_be_written(
    toy_bot: Assistant,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        await conversation(bot)
    path.chmod(0o444)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o555)
    try:
        request.getfixturevalue("nobody")
        async with talking(toy_bot, f"sqlite:///{path}") as bot:
            assert await conversation(bot) == "call_back"
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(0o755)
    (line,) = lines(caplog)
    assert line.startswith(f"The store {path} cannot be ")
    assert line.endswith("Answering without memory.")


async def test_a_folder_that_cannot_be_made(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        assert await conversation(bot) == "call_back"
    (line,) = lines(caplog)
    assert "cannot be opened; its folder has to exist and be writable" in line


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_and_room_again(
    toy_bot: Assistant, tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tiny / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        assert await conversation(bot) == "call_back"
        filler = tiny / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"x" * 1024)
                file.flush()
        for chat in range(60):
            assert await conversation(bot, str(chat)) == "call_back"
        (line,) = lines(caplog)
        assert line.startswith(f"The store {path} cannot")
        assert "full" in line
        filler.unlink()
        await asyncio.sleep(0.5)
        assert "The store is back" in caplog.text
        assert await conversation(bot, "later") == "call_back"
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ("delete", "was moved or deleted"),
        ("exchange", "was exchanged for another file"),
        ("overwrite", "was overwritten by others"),
    ],
)
async def test_what_happens_to_an_open_file_is_told_once(
    toy_bot: Assistant,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    what: str,
) -> None:
    monkeypatch.setattr(process, "BEAT", 0.05)
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        assert await conversation(bot) == "call_back"
        await asyncio.sleep(0.2)
        assert not lines(caplog)
        match how:
            case "delete":
                path.unlink()
            case "exchange":
                shutil.copy(path, tmp_path / "copy")
                (tmp_path / "copy").rename(path)
            case "overwrite":
                path.write_bytes(b"not a database " * 1000)
        await asyncio.sleep(0.3)
        assert [what in line for line in lines(caplog)][:1] == [True]
        assert sum(what in line for line in lines(caplog)) == 1
        assert await conversation(bot, "2") == "call_back"


async def test_for_a_file_that_stays_locked_an_answer_waits_once(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not once for each step, nor again for the next answer."""
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}", 1.5) as bot:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = asyncio.get_running_loop().time()
        assert await conversation(bot) == "call_back"
        assert await conversation(bot, "2") == "call_back"
        assert asyncio.get_running_loop().time() - began < 2.5
        assert "Answering without memory" in caplog.text
        other.execute("COMMIT")
        other.close()


async def test_a_locked_file_is_waited_for(toy_bot: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}", 10) as bot:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        talk = asyncio.create_task(conversation(bot))
        await asyncio.sleep(0.3)
        assert not talk.done()
        other.execute("COMMIT")
        other.close()
        assert await talk == "call_back"


async def test_a_database_that_refuses_the_connection(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"postgresql://me:my-password@127.0.0.1:{free_port()}/takeback"
    async with talking(toy_bot, url) as bot:
        async with asyncio.timeout(2):
            assert await conversation(bot) == "call_back"
    (line,) = lines(caplog)
    assert "127.0.0.1/takeback is out of reach" in line
    assert line.endswith("Answering without memory.")
    assert "my-password" not in caplog.text


async def test_a_database_that_is_not_there(
    toy_bot: Assistant, postgres: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(toy_bot, postgres.url("nowhere")) as bot:
        assert await conversation(bot) == "call_back"
    (line,) = lines(caplog)
    assert "has no such database, role or table; check TAKEBACK_STORE" in line


async def test_a_database_that_restarts_is_waited_for(
    toy_bot: Assistant, postgres: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(toy_bot, postgres.create("restarts"), 20) as bot:
        assert await conversation(bot) == "call_back"
        await asyncio.to_thread(postgres.stop)
        talks = [asyncio.create_task(conversation(bot, str(n))) for n in range(5)]
        await asyncio.sleep(1)
        assert not any(talk.done() for talk in talks)
        await asyncio.to_thread(postgres.start)
        assert await asyncio.gather(*talks) == ["call_back"] * 5
        # All of it is in the database.
        kept = await bot.store.sessions.get("3", NOW)
        assert (kept.session.topic, kept.turn) == ("call_back", 2)
    (line,) = lines(caplog)
    assert line.endswith("Waiting for it.")
    assert "The store is back after" in caplog.text


async def test_an_outage_that_lasts_is_answered_without_memory(
    toy_bot: Assistant, postgres: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(toy_bot, postgres.create("lasts")) as bot:
        assert await conversation(bot) == "call_back"
        await asyncio.to_thread(postgres.stop, "immediate")
        assert await conversation(bot) == "call_back"
        async with asyncio.timeout(0.5):
            assert await conversation(bot) == "call_back"
        await asyncio.to_thread(postgres.start)
        await asyncio.sleep(1)
        assert "The store is back after" in caplog.text
        assert await conversation(bot, "new") == "call_back"
        assert (await bot.store.sessions.get("new", NOW)).turn == 2


@pytest.mark.parametrize("jump", [timedelta(days=-4000), timedelta(days=4000)])
async def test_a_clock_that_jumps(
    toy_bot: Assistant, tmp_path: Path, jump: timedelta
) -> None:
    async with talking(toy_bot, f"sqlite:///{tmp_path}/store.sqlite") as bot:
        await conversation(bot)
        for at in (NOW + jump, NOW):
            reply = await bot.handle(Said("1", "how do I call back a parcel", at))
            assert reply.topic == "call_back"
            reply = await bot.handle(Said("1", "heron", at))
            assert reply.slots["carrier"] == "heron"


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "sqlite://", "store.sqlite", "", "postgresql"]
)
def test_what_is_no_address_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="TAKEBACK_STORE: has to be sqlite"):
        address(url, Path())


async def test_the_file_is_its_owners_alone(toy_bot: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        await conversation(bot)
        assert {p.stat().st_mode & 0o777 for p in path.parent.iterdir()} == {0o600}
