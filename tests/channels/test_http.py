"""The HTTP channel: a server that was really started, spoken to over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import Assistant
from bot.channels.admission import Rate
from bot.channels.http.api import LARGEST, ApiOptions
from bot.channels.http.service import serve
from bot.errors import ChannelError, StoreError
from bot.settings import Settings
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from tests.support.process import free_port, takeback_run

FREELY = ApiOptions(rate=Rate(1000, 1000))
CHAT = "a-chat.of_7"


@dataclass
class Client:
    address: str
    session: aiohttp.ClientSession

    async def post(
        self, path: str, value: object, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        found = await self.send("POST", path, body, **headers)
        return found.status, await found.json()

    async def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> aiohttp.ClientResponse:
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        named = {"Content-Type": "application/json", **named}
        async with self.session.request(
            method, self.address + path, data=body, headers=named
        ) as answer:
            await answer.read()
            return answer


@asynccontextmanager
async def served(
    bot: Assistant, options: ApiOptions = FREELY, stop: asyncio.Event | None = None
) -> AsyncIterator[Client]:
    port, stop = free_port(), stop or asyncio.Event()
    settings = Settings(listen=f"127.0.0.1:{port}")
    task = asyncio.create_task(serve(bot, settings, options, stop))
    try:
        async with aiohttp.ClientSession() as session:
            client = Client(f"http://127.0.0.1:{port}", session)
            async with asyncio.timeout(20):
                while not task.done():
                    try:
                        await client.send("GET", "/ready")
                        break
                    except aiohttp.ClientConnectorError:
                        await asyncio.sleep(0.01)
            yield client
    finally:
        stop.set()
        await task


@pytest.fixture
async def client(toy_bot: Assistant) -> AsyncIterator[Client]:
    async with served(toy_bot) as opened:
        yield opened


async def test_a_question_gets_the_reply_object_of_the_command_line(
    client: Client, toy_bot: Assistant
) -> None:
    status, found = await client.post("/ask", {"text": "hello"})
    assert status == 200
    assert found == json.loads(json.dumps(toy_bot.ask("hello").as_json()))


async def test_a_chat_goes_on_where_it_was(client: Client) -> None:
    _, first = await client.post("/chat", {"chat": CHAT, "text": "hello"})
    assert first["chat"] == CHAT
    value = first["buttons"][0]["value"]
    status, second = await client.post("/chat", {"chat": CHAT, "press": value})
    assert status == 200
    assert second["text"] != first["text"]
    _, stranger = await client.post("/chat", {"chat": "other", "text": "hello"})
    assert stranger["text"] == first["text"]


async def test_a_number_names_the_same_chat_as_its_digits(client: Client) -> None:
    _, first = await client.post("/chat", {"chat": 7, "text": "hello"})
    assert first["chat"] == "7"
    pressed = {"chat": "7", "press": first["buttons"][0]["value"]}
    _, second = await client.post("/chat", pressed)
    _, again = await client.post("/chat", {"chat": 7, "text": "hello"})
    assert again["slots"] == second["slots"]


async def test_a_chat_is_kept_apart_from_those_of_other_channels(
    client: Client, toy_bot: Assistant
) -> None:
    _, first = await client.post("/chat", {"chat": "telegram:7", "text": "hello"})
    value = first["buttons"][0]["value"]
    await client.post("/chat", {"chat": "telegram:7", "press": value})
    at = datetime.now(UTC)
    assert (await toy_bot.store.sessions.get("telegram:7", at)).turn == 0
    assert (await toy_bot.store.sessions.get("http:telegram:7", at)).turn == 2


async def test_events_of_one_chat_at_once_are_all_answered(client: Client) -> None:
    event = {"chat": CHAT, "text": "hello"}
    found = await asyncio.gather(*(client.post("/chat", event) for _ in range(8)))
    assert [status for status, _ in found] == [200] * 8


async def test_a_chat_with_too_many_waiting_is_refused(toy_bot: Assistant) -> None:
    held = asyncio.Event()
    answered = toy_bot.handle

    async def slow(event: Any, number: int | None = None) -> Any:
        await held.wait()
        return await answered(event, number)

    toy_bot = copy(toy_bot)
    toy_bot.handle = slow  # type: ignore[method-assign]
    async with served(toy_bot) as client:
        event = {"chat": CHAT, "text": "hello"}
        tasks = [asyncio.create_task(client.post("/chat", event)) for _ in range(20)]
        done, _ = await asyncio.wait(tasks, return_when="FIRST_COMPLETED")
        status, found = done.pop().result()
        assert (status, found) == (
            429,
            {"error": "too many requests of this chat wait already"},
        )
        held.set()
        statuses = sorted(status for status, _ in await asyncio.gather(*tasks))
        assert statuses == [200] * 16 + [429] * 4


WRONG = {
    b"{": "not JSON",
    b"[]": "not an object",
    b"": "not JSON",
    b"[" * 9000: "not JSON",
    b'{"text": 5}': "needs `text`",
    b'{"text": "hi", "chat": "7"}': "unknown key: chat",
    b'{"text": "hi", "at": "soon"}': "ISO 8601",
    b'{"text": "\xff"}': "has to be UTF-8",
    b'{"text": "\\ud800"}': "not Unicode",
    b'{"text": "hi", "language": 5}': "`language` has to be a language tag such as",
    b'{"text": "hi", "language": ""}': "`language` has to be a language tag such as",
}
WRONG_IN_A_CHAT = {
    b'{"text": "hi"}': "`chat` has to be a text or a whole number",
    b'{"chat": true, "text": "a"}': "`chat` has to be a text or a whole number",
    b'{"chat": 7.5, "press": "a"}': "`chat` has to be a text or a whole number",
    b'{"chat": null, "text": "a"}': "`chat` has to be a text or a whole number",
    b'{"chat": "7", "text": "a", "language": "e s"}': "`language` has to be",
    b'{"chat": "7"}': "needs `text` or `press`",
    b'{"chat": "7", "text": "a", "press": "b"}': "not both",
    b'{"chat": "7", "text": "a", "at": "2026-01-01"}': "unknown key: at",
    b'{"chat": "", "text": "a"}': "1 to 48",
    b'{"chat": "a/b", "text": "a"}': "1 to 48",
    b'{"chat": "\\ud800", "text": "a"}': "1 to 48",
    b'{"chat": "7", "press": "\\ud800"}': "not Unicode",
}


@pytest.mark.parametrize(
    ("path", "body", "part"),
    [("/ask", *case) for case in WRONG.items()]
    + [("/chat", *case) for case in WRONG_IN_A_CHAT.items()],
)
async def test_what_is_no_event_gets_one_line(
    client: Client, path: str, body: bytes, part: str
) -> None:
    status, found = await client.post(path, body)
    assert status == 400
    assert list(found) == ["error"]
    assert part in found["error"]
    assert "\n" not in found["error"]


async def test_a_button_that_there_is_not_is_answered(client: Client) -> None:
    status, found = await client.post("/chat", {"chat": "7", "press": "no|such"})
    assert status == 200
    assert found["decision"] == "decline"


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(
    client: Client,
) -> None:
    large = json.dumps({"text": "x" * LARGEST}).encode()
    assert (await client.post("/ask", large))[0] == 413

    async def chunks() -> AsyncIterator[bytes]:
        yield large

    async with client.session.post(
        f"{client.address}/ask",
        data=chunks(),
        headers={"Content-Type": "application/json"},
    ) as answer:
        assert answer.status == 413
        assert await answer.json() == {"error": f"a body may have {LARGEST} bytes"}


async def test_nothing_is_inflated(client: Client) -> None:
    body = gzip.compress(b'{"text": "hello"}')
    status, found = await client.post("/ask", body, Content_Encoding="gzip")
    assert (status, found) == (415, {"error": "a body has to come uncompressed"})


async def test_only_json_is_taken_so_that_no_page_can_post_unasked(
    client: Client,
) -> None:
    status, found = await client.post("/ask", b"{}", Content_Type="text/plain")
    assert (status, found["error"]) == (415, "a body has to be application/json")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_another_method_is_refused_with_the_one_that_is_taken(
    client: Client, method: str
) -> None:
    answer = await client.send(method, "/ask")
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    assert await answer.json() == {"error": "this path takes POST"}


@pytest.mark.parametrize("path", ["/", "/ask/", "/ask/7", "/../etc/passwd"])
async def test_an_unknown_path_says_where_the_known_ones_are(
    client: Client, path: str
) -> None:
    answer = await client.send("POST", path, b"{}")
    assert answer.status == 404
    assert await answer.json() == {"error": "no such path; see /openapi.json"}


async def test_who_asks_too_fast_is_told_how_long_to_wait(toy_bot: Assistant) -> None:
    async with served(toy_bot, ApiOptions(rate=Rate(0.1, 3))) as client:
        body = b'{"text": "hello"}'
        found = [await client.send("POST", "/ask", body) for _ in range(4)]
        assert [answer.status for answer in found] == [200, 200, 200, 429]
        assert found[-1].headers["Retry-After"] == "10"
        assert await found[-1].json() == {
            "error": "too many requests from this address"
        }


@pytest.mark.parametrize(
    ("proxies", "noted", "statuses"),
    [
        (0, ["1.1.1.1", "2.2.2.2"], [200, 429]),
        (1, ["1.1.1.1", "2.2.2.2"], [200, 200]),
        (1, ["9.9.9.9, 1.1.1.1", "8.8.8.8, 1.1.1.1"], [200, 429]),
        (2, ["1.1.1.1, 7.7.7.7", "2.2.2.2, 7.7.7.7"], [200, 200]),
        (1, ["2001:db8::1", "2001:db8::2"], [200, 429]),
        (1, ["2001:db8::1", "2001:db8:1::1"], [200, 200]),
        (1, ["nobody", "nobody"], [200, 429]),
    ],
)
async def test_who_asks_is_whom_a_trusted_proxy_names(
    toy_bot: Assistant, proxies: int, noted: list[str], statuses: list[int]
) -> None:
    options = ApiOptions(rate=Rate(0.1, 1), proxies=proxies)
    async with served(toy_bot, options) as client:
        found = [
            (await client.post("/ask", {"text": "hello"}, X_Forwarded_For=who))[0]
            for who in noted
        ]
    assert found == statuses


async def test_a_body_that_does_not_come_is_not_waited_for(toy_bot: Assistant) -> None:
    async with served(toy_bot, ApiOptions(patience=0.05)) as client:
        port = int(client.address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 50\r\n\r\n{{".encode())
        said = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert said.startswith(b"HTTP/1.1 408")
    assert b'{"error": "the body took too long"}' in said


async def test_no_answer_sets_a_cookie_or_may_be_kept(client: Client) -> None:
    answer = await client.send("POST", "/ask", b'{"text": "hello"}')
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_fault_of_ours_names_no_words_of_people(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(event: Any) -> Any:
        raise ValueError(event.text)

    toy_bot = copy(toy_bot)
    toy_bot.handle = broken  # type: ignore[assignment,method-assign]
    async with served(toy_bot) as client:
        status, found = await client.post("/chat", {"chat": "7", "text": "a secret"})
        assert (status, found) == (500, {"error": "this could not be answered"})
        assert (await client.post("/ask", {"text": "hello"}))[0] == 200
    assert "ValueError at" in caplog.text
    assert "a secret" not in caplog.text


async def test_a_store_that_is_away_is_said_to_be(toy_bot: Assistant) -> None:
    async def away(_: Any) -> Any:
        raise StoreError("postgresql://name:secret@host")

    toy_bot = copy(toy_bot)
    toy_bot.handle = away  # type: ignore[assignment,method-assign]
    async with served(toy_bot) as client:
        status, found = await client.post("/chat", {"chat": "7", "text": "hello"})
    assert status == 503
    assert found == {"error": "the conversation cannot be kept just now; try again"}


async def test_the_description_has_every_path_and_every_key_of_a_reply(
    client: Client,
) -> None:
    described = await (await client.send("GET", "/openapi.json")).json()
    for path, methods in described["paths"].items():
        (method,) = methods
        answer = await client.send(method.upper(), path, b'{"text":"hi","chat":"7"}')
        assert answer.status not in (404, 405), path
    _, reply = await client.post("/ask", {"text": "hello"})
    schema = described["components"]["schemas"]["Reply"]
    assert set(reply) == set(schema["properties"]) == set(schema["required"])
    assert described["info"]["version"]


async def test_what_came_in_and_was_refused_is_counted(client: Client) -> None:
    await client.post("/ask", {"text": "hello"})
    await client.post("/ask", b"{")
    text = await (await client.send("GET", "/metrics")).text()
    assert 'takeback_updates_total{kind="ask"} 2.0' in text
    assert 'takeback_refused_total{reason="400"} 1.0' in text


async def test_a_lost_store_is_said_by_readiness_which_stays(
    toy_bot: Assistant, tmp_path: Path
) -> None:
    """People are answered; with 503 a balancer would leave all of them without."""
    (tmp_path / "file").touch()
    url = address(f"sqlite:///{tmp_path}/file/store.sqlite", tmp_path)
    store = Failover(Database(url))
    await store.open()
    async with served(replace(toy_bot, store=store)) as client:
        status, _ = await client.post("/chat", {"chat": CHAT, "text": "hello"})
        assert status == 200
        found = await client.send("GET", "/ready")
        assert (found.status, await found.text()) == (200, "ok\nstore: away")
        text = await (await client.send("GET", "/metrics")).text()
    await store.close()
    assert "takeback_store_away 1.0" in text
    assert "takeback_store_missed_total 1.0" in text


async def test_a_port_that_is_taken_is_one_clear_line(toy_bot: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ChannelError, match=f"Cannot listen at .*{listen}"):
            await serve(toy_bot, Settings(listen=listen))


@pytest.mark.slow
async def test_takeback_serve_answers_and_remembers_over_a_restart() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    listen = address.removeprefix("http://")
    async with aiohttp.ClientSession() as session:
        client = Client(address, session)
        async with takeback_run(address, "serve", listen=listen) as running:
            status, first = await client.post(
                "/chat", {"chat": CHAT, "text": "I sent it on WhatsApp"}
            )
            assert await running.end() == 0
        assert status == 200
        async with takeback_run(address, "serve", listen=listen) as running:
            _, second = await client.post("/chat", {"chat": CHAT, "text": "how long?"})
            assert await running.end() == 0
    assert second["slots"] == first["slots"] != {}
