"""The channel of `bot/channels/README.md`: it talks, and the page shows it as it is."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sqlite3
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.app import Assistant
from bot.errors import StoreError
from bot.responses.markup import Note, to_plain
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from tests.channels import tcp_lines
from tests.support.process import free_port
from tests.support.shell import environment

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "bot/channels/README.md"


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, line: bytes) -> str:
        self.writer.write(line + b"\n")
        said = await self.reader.readuntil(b"\n\n")
        while not said.endswith(b"\n\n") or b"[1]" not in said:
            said += await self.reader.readuntil(b"\n\n")
        return said.decode()

    def reset(self) -> None:
        """An end without a farewell, as of a cable that was pulled."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@pytest.fixture
async def port(toy_bot: Assistant) -> AsyncIterator[int]:
    async with serving(toy_bot) as found:
        yield found


@asynccontextmanager
async def serving(bot: Assistant, idle: float = tcp_lines.IDLE) -> AsyncIterator[int]:
    found, before = free_port(), asyncio.all_tasks()
    async with await tcp_lines.serve(bot, found, idle):
        yield found
    # What the connections still have to do; a server waits for none of it. A fixture
    # ends in a task of its own.
    if open_ := asyncio.all_tasks() - before - {asyncio.current_task()}:
        await asyncio.wait(open_, timeout=5)


@asynccontextmanager
async def kept(bot: Assistant, file: Path) -> AsyncIterator[Assistant]:
    """The bot with a store in a file, as a process has it from its start to its end."""
    store = Failover(Database(address(f"sqlite:///{file}", Path())))
    await store.open()
    yield Assistant(bot.kb, bot.nlu, bot.renderer, store=store)
    await store.close()


def chats(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as store:
        return [chat for (chat,) in store.execute("SELECT chat FROM chats")]


async def soon_empty(file: Path) -> bool:
    for _ in range(50):
        if not chats(file):
            return True
        await asyncio.sleep(0.05)
    return False


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Connection(reader, writer)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_a_line_is_answered_and_a_number_presses_its_button(port: int) -> None:
    async with connected(port) as chat:
        first = await chat.say(b"hello")
        label = re.search(r"\[1\] (.+)", first)
        assert label
        second = await chat.say(b"1")
    assert second != first


async def test_connections_are_chats_of_their_own(port: int) -> None:
    async with connected(port) as one, connected(port) as other:
        assert await one.say(b"hello") == await other.say(b"hello")


async def test_what_is_no_utf8_is_answered_all_the_same(port: int) -> None:
    async with connected(port) as chat:
        assert "[1]" in await chat.say(b"\xff\xfe")


async def test_a_connection_after_a_restart_knows_nothing(
    toy_bot: Assistant, tmp_path: Path
) -> None:
    """Though the process before it was killed and has left its rows."""
    file = tmp_path / "store.sqlite"
    async with kept(toy_bot, file) as bot, serving(bot) as port, connected(port) as one:
        await one.say(b"unsend a whatsapp message")
        first = chats(file)
        assert first, "it is kept while the connection lasts"
        row = sqlite3.connect(file).execute("SELECT * FROM chats").fetchone()
    assert not chats(file)
    with closing(sqlite3.connect(file)) as store, store:
        store.execute(f"INSERT INTO chats VALUES ({', '.join('?' * len(row))})", row)
    async with kept(toy_bot, file) as bot, serving(bot) as port, connected(port) as one:
        alone = await one.say(b"2")
        await one.say(b"unsend a whatsapp message")
        second = set(chats(file)) - set(first)
    assert len(second) == 1
    async with serving(toy_bot) as port, connected(port) as other:
        assert await other.say(b"2") == alone


async def test_a_reset_forgets(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "store.sqlite"
    async with kept(toy_bot, file) as bot, serving(bot) as port:
        async with connected(port) as chat:
            await chat.say(b"unsend a whatsapp message")
            assert chats(file)
            chat.reset()
        assert await soon_empty(file)
    assert not faults(caplog)


async def test_silence_ends_a_connection_and_forgets(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "store.sqlite"
    async with (
        kept(toy_bot, file) as bot,
        serving(bot, idle=0.2) as port,
        connected(port) as chat,
    ):
        await chat.say(b"unsend a whatsapp message")
        assert await soon_empty(file)
        with suppress(ConnectionError):
            assert await chat.reader.read() == b""
    assert not faults(caplog)


@pytest.mark.parametrize("line", [b"9" * 70_000, b"9" * 5_000, b"x" * 4096])
async def test_a_line_that_is_too_long_is_refused_and_the_next_one_answered(
    port: int, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(port) as chat:
        said = await chat.say(line + b"\nhello")
    assert said.startswith("A line may have 4096 bytes.\n\n")
    assert said.count("4096") == 1
    assert not faults(caplog)


async def test_a_huge_number_is_answered(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(port) as chat:
        assert "[1]" in await chat.say(b"9" * 4095)
    assert not faults(caplog)


async def test_a_fault_is_told_and_the_connection_goes_on(
    toy_bot: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = Assistant(toy_bot.kb, toy_bot.nlu, toy_bot.renderer)

    async def broken(*_: object) -> None:
        raise StoreError("a secret word")

    async with serving(bot) as port, connected(port) as chat:
        with monkeypatch.context() as patched:
            patched.setattr(bot, "handle", broken)
            chat.writer.write(b"hello\n")
            said = await chat.reader.readuntil(b"\n\n")
        assert b"Try again" in said
        assert "[1]" in await chat.say(b"hello")
    assert "secret" not in caplog.text


def faults(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [found for found in caplog.records if found.levelno >= logging.ERROR]


async def test_a_note_can_be_left_out_as_the_page_says(real_bot: Assistant) -> None:
    shown = re.search(r"```py\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    reply = real_bot.ask("how do I unsend a whatsapp message")
    names: dict[str, object] = {"reply": reply}
    exec(shown[1], names)
    (note,) = (b for b in reply.message.blocks if isinstance(b, Note))
    folded = to_plain(replace(reply.message, blocks=(note,)))
    assert folded in reply.text
    assert folded not in str(names["text"])
    assert names["text"]


def test_the_page_shows_the_channel_as_it_is_tested() -> None:
    shown = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    assert shown[1] == (HERE / "tcp_lines.py").read_text("utf-8")


def test_the_channel_stays_short() -> None:
    lines = (HERE / "tcp_lines.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 75


async def test_it_is_started_as_the_page_says(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    started = page.partition("It is started so")[2]
    code = started.partition("```py\n")[2].partition("```")[0]
    port = free_port()
    assert "serve(bot, 7007)" in code
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", code.replace("7007", str(port))),
        env=environment(tmp_path),
    )
    try:
        async with asyncio.timeout(60):
            while True:
                try:
                    async with connected(port) as chat:
                        assert "[1]" in await chat.say(b"hello")
                        return
                except ConnectionRefusedError:
                    assert process.returncode is None
                    await asyncio.sleep(0.05)
    finally:
        process.kill()
        await process.wait()
