"""What is no HTTP, sent over real sockets, is refused as JSON like all that is wrong."""

from __future__ import annotations

import asyncio
import json
from copy import copy

import pytest

from bot.app import Assistant
from bot.channels.malformed import LONGEST_HEADER, LONGEST_LINE
from bot.dialogue.events import Event
from bot.responses.reply import Reply
from tests.channels.test_http import served
from tests.channels.test_webhook import outside

HEAD = b"POST /ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
LONG = b"a" * 20_000


def body(sent: bytes) -> bytes:
    return b"%bContent-Length: %d\r\n\r\n%b" % (HEAD, len(sent), sent)


MALFORMED = {
    b"hello there\r\n\r\n": (400, "not HTTP: Invalid method encountered"),
    b"\x16\x03\x01\x02\x00\x01\r\n\r\n": (400, "not HTTP: Received HTTPS traffic"),
    b"GET /ask HTTP/9\r\n\r\n": (400, "not HTTP: Bad status line"),
    b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n" % LONG: (
        414,
        f"the first line may have {LONGEST_LINE} bytes",
    ),
    b"GET / HTTP/1.1\r\nHost: a\r\nX: %b\r\n\r\n" % LONG: (
        431,
        f"a header may have {LONGEST_HEADER} bytes",
    ),
    b"GET / HTTP/1.1\r\nHost a\r\n\r\n": (400, "not HTTP: Invalid header token"),
    b"GET http://[::1/ask HTTP/1.1\r\nHost: a\r\n\r\n": (400, "not HTTP: no address"),
    b"%bContent-Length: abc\r\n\r\n{}" % HEAD: (400, "not HTTP: Invalid character in"),
    b"%bContent-Length: -1\r\n\r\n{}" % HEAD: (400, "not HTTP: Invalid character in"),
    b"%bContent-Length: 99999\r\n\r\n{" % HEAD: (413, "a body may have 16384 bytes"),
    b"%bTransfer-Encoding: chunked\r\n\r\nzz\r\n" % HEAD: (400, "not HTTP: Invalid"),
    body(b'{"text": "\xff"}'): (400, "a body has to be UTF-8"),
    body(b"hello"): (400, "not JSON: Expecting value"),
    body(b"[]"): (400, "not an object"),
    body(b"[" * 9000): (400, "not JSON: nested too deep"),
    body(b"9" * 5000): (400, "not JSON: a number is too long"),
}


async def exchanged(address: str, sent: bytes) -> tuple[bytes, bytes]:
    """The head and the body of the first answer to what is sent."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split()[0]
        rest = await reader.readexactly(int(length))
    writer.close()
    return head, rest


@pytest.mark.parametrize(("sent", "told"), MALFORMED.items(), ids=range(len(MALFORMED)))
async def test_it_is_answered_in_one_line_of_json(
    toy_bot: Assistant, sent: bytes, told: tuple[int, str]
) -> None:
    async with served(toy_bot) as client:
        head, said = await exchanged(client.address, sent)
    assert int(head.split()[1]) == told[0]
    assert b"Content-Type: application/json\r\n" in head
    found = json.loads(said)
    assert list(found) == ["error"]
    assert told[1] in found["error"]
    assert "\n" not in found["error"]


async def test_it_is_counted_and_not_told_in_the_log(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(toy_bot) as client:
        await exchanged(client.address, b"GET /secret HTTP/9\r\n\r\n")
        text = await (await client.send("GET", "/metrics")).text()
    assert 'takeback_refused_total{reason="malformed request"} 1.0' in text
    assert "secret" not in caplog.text


async def test_a_channel_of_no_json_refuses_it_without_words(
    toy_bot: Assistant,
) -> None:
    async with outside(toy_bot) as telegram:
        head, said = await exchanged(telegram.address, b"GET / HTTP/9\r\n\r\n")
    assert (int(head.split()[1]), said) == (400, b"")


async def test_what_comes_while_it_ends_is_told_to_come_again(
    toy_bot: Assistant,
) -> None:
    taken, held, answered = asyncio.Event(), asyncio.Event(), toy_bot.handle

    async def slow(event: Event, number: int | None = None) -> Reply:
        taken.set()
        await held.wait()
        return await answered(event, number)

    toy_bot = copy(toy_bot)
    toy_bot.handle = slow  # type: ignore[method-assign]
    stop = asyncio.Event()
    async with served(toy_bot, stop=stop) as client:
        event = {"chat": "7", "text": "hello"}
        first = asyncio.create_task(client.post("/chat", event))
        await taken.wait()
        stop.set()
        while (await client.send("GET", "/ready")).ok:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        late = await client.post("/chat", event)
        held.set()
        assert (await first)[0] == 200
    assert late == (503, {"error": "this one is ending; try again"})
