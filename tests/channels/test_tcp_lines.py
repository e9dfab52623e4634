"""The channel of `bot/channels/README.md`: it talks, and the page shows it as it is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import Assistant
from tests.channels import tcp_lines
from tests.support.process import free_port

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


@pytest.fixture
async def port(toy_bot: Assistant) -> AsyncIterator[int]:
    found = free_port()
    async with await tcp_lines.serve(toy_bot, found):
        yield found
    # What the connections still have to do; a server waits for none of it.
    if open_ := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(open_, timeout=5)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Connection(reader, writer)
    writer.close()
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


def test_the_page_shows_the_channel_as_it_is_tested() -> None:
    shown = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown
    assert shown[1] == (HERE / "tcp_lines.py").read_text("utf-8")


def test_the_channel_has_about_forty_lines() -> None:
    lines = (HERE / "tcp_lines.py").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 45
