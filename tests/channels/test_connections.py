"""Connections in a flood, and those that never ask anything."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter

import pytest

from bot.app import Assistant
from bot.channels import endpoints
from bot.channels.connections import AT_ONCE, listen
from bot.channels.telegram import webhook
from tests.channels.test_webhook import SECRET, outside

HALF = f"POST /hook HTTP/1.1\r\nHost: x\r\n{webhook.HEADER}: {SECRET}\r\n"
SOON = 0.05


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "IDLE", SOON)
    monkeypatch.setattr(webhook, "SLOWEST", SOON)


async def test_of_a_flood_of_connections_a_few_are_accepted_at_a_time() -> None:
    """Between them the loop comes round, and looks at what others sent."""
    rounds = 0
    made: Counter[int] = Counter()

    def turn() -> None:
        nonlocal rounds
        rounds += 1
        loop.call_soon(turn)

    def accepted() -> asyncio.Protocol:
        made[rounds] += 1
        return asyncio.Protocol()

    loop = asyncio.get_running_loop()
    listener = await listen(accepted, "127.0.0.1", 0)
    address = listener.sockets[0].getsockname()
    # All at once, before the loop looks: they wait at the system.
    flood = [socket.create_connection(address) for _ in range(6 * AT_ONCE)]
    loop.call_soon(turn)
    async with asyncio.timeout(30):
        while made.total() < len(flood):  # noqa: ASYNC110  it is a counter
            await asyncio.sleep(0)
    listener.close()
    for one in flood:
        one.close()
    assert max(made.values()) <= AT_ONCE


@pytest.mark.parametrize("sent", ["", HALF])
async def test_a_connection_that_asks_nothing_is_let_go(
    toy_bot: Assistant, sent: str
) -> None:
    async with outside(toy_bot) as telegram, asyncio.timeout(30):
        host, port = telegram.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent.encode())
        assert await reader.read() == b""
        writer.close()


async def test_an_update_whose_body_never_comes_is_refused(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram, asyncio.timeout(30):
        host, port = telegram.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"{HALF}Content-Length: 99\r\n\r\n{{".encode())
        assert b"408" in await reader.readline()
        writer.close()
