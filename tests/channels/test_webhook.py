"""The webhook's endpoint, from outside."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app import Assistant
from bot.channels.endpoints import LARGEST
from bot.channels.telegram import texts, webhook
from bot.channels.telegram.admin_alerts import AdminAlerts
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.service import Attached, serve
from bot.channels.telegram.update import KINDS
from bot.channels.telegram.webhook import HEADER
from bot.errors import ChannelError
from bot.knowledge import loader
from bot.settings import Secret, Settings
from tests.channels.test_polling import TOKEN, TUNING
from tests.support import updates
from tests.support.fake_bot_api import Stub, refused, stubbed
from tests.support.process import free_port
from tests.support.recorder import searching
from tests.support.updates import Json

SECRET = "A-secret_1"
HOOK = "https://bot.example/hook"


@dataclass
class Outside:
    """Telegram, and whoever else finds the address."""

    address: str
    session: aiohttp.ClientSession
    stub: Stub
    stop: asyncio.Event
    work: asyncio.Task[None]

    async def post(
        self, update: Json | bytes, secret: str = SECRET
    ) -> tuple[int, Json]:
        sent = {"data": update} if isinstance(update, bytes) else {"json": update}
        async with self.session.post(
            f"{self.address}/hook", headers={HEADER: secret}, **sent
        ) as answer:
            text = await answer.text()
            return answer.status, await answer.json() if text[:1] == "{" else {}

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.address + path) as answer:
            return answer.status, await answer.text()


def hooked(stub: Stub, port: int, **more: Any) -> Settings:
    return Settings(
        token=Secret(TOKEN),
        api_url=stub.address,
        webhook_url=HOOK,
        webhook_secret=Secret(SECRET),
        listen=f"127.0.0.1:{port}",
        **more,
    )


@asynccontextmanager
async def outside(
    bot: Assistant,
    metrics: Metrics | None = None,
    alerts: AdminAlerts | None = None,
    **more: bool,
) -> AsyncIterator[Outside]:
    """Answers go in the response, where a test sees them, unless it says otherwise."""
    more = {"watched": False, **more}
    port, stop = free_port(), asyncio.Event()
    async with stubbed() as stub, aiohttp.ClientSession() as session:
        settings, own = hooked(stub, port, **more), texts.read(loader.root())
        work = asyncio.create_task(
            serve(
                searching(bot), own, settings, Attached(metrics, stop, alerts), TUNING
            )
        )
        work.add_done_callback(lambda _: stub.news.set())
        await stub.until(lambda: stub.webhook or work.done())
        try:
            yield Outside(f"http://127.0.0.1:{port}", session, stub, stop, work)
        finally:
            stop.set()
            await work


async def test_the_answer_goes_back_in_the_response(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram:
        status, call = await telegram.post(updates.said("how do I call back a parcel"))
        assert status == 200
        assert call["method"] == "sendMessage"
        assert call["chat_id"] == 100
        assert call["reply_markup"]["inline_keyboard"]
        assert not telegram.stub.of("sendMessage")


async def test_a_press_is_acknowledged_in_the_response_and_edits_by_a_call(
    toy_bot: Assistant,
) -> None:
    async with outside(toy_bot) as telegram:
        _, call = await telegram.post(updates.pressed("call_back|pheron"))
        assert call["method"] == "answerCallbackQuery"
        assert len(telegram.stub.of("editMessageText")) == 1
        assert not telegram.stub.of("answerCallbackQuery")


async def test_an_edit_that_is_refused_is_sent_anew(toy_bot: Assistant) -> None:
    async def refuse(_: web.Request, method: str, __: Json) -> web.Response | None:
        edit = method == "editMessageText"
        return refused(400, "Bad Request: message can't be edited") if edit else None

    async with outside(toy_bot) as telegram:
        telegram.stub.fault = refuse
        _, call = await telegram.post(updates.pressed("call_back|pheron"))
        assert call["method"] == "sendMessage"
        assert len(telegram.stub.of("answerCallbackQuery")) == 1


async def test_an_inline_query_is_answered_in_the_response(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram:
        _, call = await telegram.post(updates.queried("x"))
        assert call["method"] == "answerInlineQuery"


async def test_a_plain_server_gets_nothing_in_the_response(toy_bot: Assistant) -> None:
    async with outside(toy_bot, plain=True) as telegram:
        _, call = await telegram.post(updates.said("hello"))
        assert call == {}
        assert len(telegram.stub.of("sendMessage")) == 1


def test_unless_told_otherwise_answers_are_watched() -> None:
    assert Settings().watched


async def test_watched_answers_go_by_calls_whose_refusal_is_heard(
    toy_bot: Assistant,
) -> None:
    async def refuse(_: web.Request, __: str, given: Json) -> web.Response | None:
        return refused(400, "Bad Request: odd") if "parse_mode" in given else None

    async with outside(toy_bot, watched=True) as telegram:
        telegram.stub.fault = refuse
        _, call = await telegram.post(updates.said("how do I call back a parcel"))
        assert call == {}
        (plain,) = telegram.stub.of("sendMessage")
        assert "parse_mode" not in plain.parameters


async def test_of_what_is_watched_only_the_mark_of_a_press_goes_in_the_response(
    toy_bot: Assistant,
) -> None:
    async with outside(toy_bot, watched=True) as telegram:
        _, call = await telegram.post(updates.pressed("call_back|pheron"))
        assert call["method"] == "answerCallbackQuery"
        assert len(telegram.stub.of("editMessageText")) == 1
        assert await telegram.post(updates.queried("x")) == (200, {})
        assert len(telegram.stub.of("answerInlineQuery")) == 1


async def test_after_a_refusal_answers_are_watched_for_a_while(
    toy_bot: Assistant,
) -> None:
    async def refuse(_: web.Request, __: str, given: Json) -> web.Response | None:
        return refused(400, "Bad Request: odd") if "parse_mode" in given else None

    async with outside(toy_bot) as telegram:
        telegram.stub.fault = refuse
        await telegram.post(updates.pressed("call_back|pheron", None, 101))
        _, call = await telegram.post(updates.said("how do I call back a parcel"))
        assert call == {}
        assert len(telegram.stub.of("sendMessage")) == 1


@pytest.mark.parametrize("secret", ["", "A-secret_2", "é"])
async def test_a_wrong_secret_is_refused(toy_bot: Assistant, secret: str) -> None:
    async with outside(toy_bot) as telegram:
        status, call = await telegram.post(updates.said("hello"), secret)
        assert (status, call) == (403, {})


async def test_telegram_is_told_the_secret_and_what_to_send(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram:
        asked = telegram.stub.webhook
    assert asked["secret_token"] == SECRET
    assert asked["url"] == "https://bot.example/hook"
    assert asked["allowed_updates"] == list(KINDS)
    assert "drop_pending_updates" not in asked


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"secret"', b'{"message": {}}'])
async def test_what_cannot_be_read_is_taken_and_its_words_not_noted(
    toy_bot: Assistant, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with outside(toy_bot) as telegram:
        assert await telegram.post(body) == (200, {})
    assert "secret" not in caplog.text


async def test_what_is_too_large_is_refused(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram:
        status, _ = await telegram.post(b"x" * (LARGEST + 1))
        assert status == 413


@pytest.mark.parametrize("secret", [SECRET, "wrong"])
async def test_what_is_compressed_is_never_inflated(
    toy_bot: Assistant, secret: str
) -> None:
    """243 kB that would be 250 MB; a neighbour's question does not wait for them."""
    bomb = gzip.compress(bytes(250_000_000), 9)
    async with outside(toy_bot) as telegram:
        headers = {HEADER: secret, "Content-Encoding": "gzip"}

        async def throw() -> int:
            async with telegram.session.post(
                f"{telegram.address}/hook", headers=headers, data=bomb
            ) as answer:
                return answer.status

        began = time.process_time()
        found = await asyncio.gather(*(throw() for _ in range(8)))
        spent = time.process_time() - began
        assert set(found) == {415 if secret == SECRET else 403}
        _, call = await telegram.post(updates.said("hello"))
    assert call["method"] == "sendMessage"
    assert spent < 0.6  # inflating takes several


async def test_who_does_not_know_the_secret_is_refused_before_the_body(
    toy_bot: Assistant,
) -> None:
    """The body never comes, and the refusal does not wait for it."""
    head = (
        f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: no\r\nContent-Length: 99\r\n\r\n"
    )
    async with outside(toy_bot) as telegram, asyncio.timeout(5):
        host, port = telegram.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head.encode())
        assert b"403" in await reader.readline()
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"POST /hook HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
        b"POST /hook HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x00\xa5",
    ],
)
async def test_what_is_no_http_writes_no_traceback_and_wakes_nobody(
    toy_bot: Assistant, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with outside(toy_bot) as telegram:
        host, port = telegram.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        writer.write_eof()
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()
    assert not [r for r in caplog.records if r.exc_info or r.levelno >= logging.ERROR]


@pytest.mark.parametrize("sent", [b"[" * 100_000, b"\xff{}", b"", b"7", b'{"a": '])
async def test_what_is_no_object_of_json_is_one_line(
    toy_bot: Assistant, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with outside(toy_bot) as telegram:
        assert await telegram.post(sent) == (200, {})
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.message == "An update was no JSON object"
    assert not record.exc_info


@pytest.mark.parametrize("number", [0, -1, 1 << 64, "7", True, None])
async def test_an_impossible_number_is_one_line(
    toy_bot: Assistant, number: object, caplog: pytest.LogCaptureFixture
) -> None:
    async with outside(toy_bot) as telegram:
        update = updates.said("hello") | {"update_id": number}
        assert await telegram.post(update) == (200, {})
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert not record.exc_info


@pytest.mark.parametrize(
    "change",
    [
        {"forward_origin": {"type": "user", "sender_user": {"id": 100}}},
        {"forward_origin": {"type": "user", "sender_user": {"id": 100}, "date": "x"}},
        {"forward_origin": {"sender_user": {"id": 100}, "date": 1 << 62}},
        {"forward_origin": 5},
        {"caption": "x", "entities": 7, "text": "/"},
        {"reply_to_message": [1]},
        {"date": 1 << 62},
        {"chat": {"id": 100, "type": []}},
        {"message_thread_id": {}, "is_topic_message": True, "chat": {"id": -5}},
    ],
)
async def test_a_field_that_is_no_good_is_one_line_and_the_update_is_taken(
    toy_bot: Assistant, change: Json, caplog: pytest.LogCaptureFixture
) -> None:
    """Else it would come again for a day, and hold up its chat."""
    update = updates.said("hello")
    update["message"] |= change
    async with outside(toy_bot) as telegram:
        status, _ = await telegram.post(update)
        assert status == 200
        assert (await telegram.post(updates.said("hello", who=2)))[1]
    assert not any(record.exc_info for record in caplog.records)


async def test_an_update_that_comes_twice_is_answered_once(toy_bot: Assistant) -> None:
    async with outside(toy_bot) as telegram:
        update = updates.said("hello")
        both = await asyncio.gather(telegram.post(update), telegram.post(update))
    assert sorted(bool(call) for _, call in both) == [False, True]


async def test_it_answers_200_only_when_the_update_was_handled(
    toy_bot: Assistant,
) -> None:
    held = asyncio.Event()

    async def hold(_: web.Request, method: str, __: Json) -> None:
        if method == "editMessageText":
            await held.wait()

    async with outside(toy_bot) as telegram:
        telegram.stub.fault = hold
        posting = asyncio.create_task(telegram.post(updates.pressed("call_back")))
        await asyncio.sleep(0.2)
        assert not posting.done()
        held.set()
        assert (await posting)[0] == 200


async def test_a_stop_answers_what_was_taken(toy_bot: Assistant) -> None:
    """Meanwhile it says that it is not ready, and takes nothing new."""
    held, go = asyncio.Event(), asyncio.Event()

    async def hold(*_: object) -> None:
        held.set()
        await go.wait()

    async with outside(toy_bot) as telegram:
        telegram.stub.fault = hold
        posting = asyncio.create_task(telegram.post(updates.pressed("call_back")))
        await held.wait()
        telegram.stop.set()
        assert (await telegram.get("/ready"))[0] == 503
        assert (await telegram.post(updates.said("hello")))[0] == 503
        go.set()
        assert (await posting)[0] == 200


def request(update: Json) -> bytes:
    body = json.dumps(update).encode()
    head = f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("whole", [True, False])
async def test_who_hangs_up_is_nobodys_alarm_and_gets_the_answer_later(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture, *, whole: bool
) -> None:
    """After the whole update, and in the middle of it."""
    caplog.set_level(logging.INFO)
    update, metrics, lost = (
        updates.pressed("call_back|pheron"),
        Metrics(),
        asyncio.Event(),
    )
    held = asyncio.Event()

    async def hold(*_: object) -> None:
        held.set()
        await lost.wait()

    async with outside(toy_bot, metrics) as telegram:
        telegram.stub.fault = hold
        host, port = telegram.address.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(request(update)[: None if whole else -5])
        await (held.wait() if whole else asyncio.sleep(0.2))
        writer.close()
        await asyncio.sleep(0.2)
        lost.set()
        _, call = await telegram.post(update)
        assert telegram.stub.of("editMessageText")
    assert call["method"] == "answerCallbackQuery"
    assert "hung up before its answer" in caplog.text
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert metrics.refused == {}


@pytest.mark.parametrize(
    ("update", "method"),
    [
        (updates.said("how do I call back a parcel"), "sendMessage"),
        (updates.pressed("call_back|pheron"), "editMessageText"),
    ],
)
async def test_an_answer_by_call_is_not_given_again_to_who_hung_up(
    toy_bot: Assistant, update: Json, method: str
) -> None:
    """Telegram waits for some time only, an answer may take longer."""
    held, left = asyncio.Event(), asyncio.Event()

    async def hold(*_: object) -> None:
        held.set()
        await left.wait()

    async with outside(toy_bot, watched=True) as telegram:
        telegram.stub.fault = hold
        host, port = telegram.address.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(request(update))
        await held.wait()
        writer.close()
        again = asyncio.create_task(telegram.post(update))
        await asyncio.sleep(0.2)
        left.set()
        assert await again == (200, {})
        assert await telegram.post(update) == (200, {})
        assert len(telegram.stub.of(method)) == 1


@pytest.mark.parametrize(("waiting", "level"), [(12, "WARNING"), (0, "INFO")])
async def test_what_telegram_says_of_its_deliveries_is_told_once(
    toy_bot: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    waiting: int,
    level: str,
) -> None:
    """As a warning, unless all has come through since."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(webhook, "WATCH", 0.02)
    info = {
        "url": "https://bot.example/hook",
        "has_custom_certificate": False,
        "pending_update_count": waiting,
        "last_error_date": int(time.time()) + 60,
        "last_error_message": "Connection timed out",
    }

    async def report(_: web.Request, method: str, __: Json) -> web.Response | None:
        asked = method == "getWebhookInfo"
        return web.json_response({"ok": True, "result": info}) if asked else None

    async with outside(toy_bot) as telegram:
        telegram.stub.fault = report
        await asyncio.sleep(0.3)
        _, text = await telegram.get("/metrics")
    assert f"takeback_pending {waiting}.0" in text
    line = "could not deliver an update: Connection timed out"
    assert [r.levelname for r in caplog.records if line in r.message] == [level]


async def test_health_readiness_and_metrics_have_their_own_paths(
    toy_bot: Assistant,
) -> None:
    async with outside(toy_bot) as telegram:
        await telegram.post(updates.said("hello"))
        assert await telegram.get("/health") == (200, "ok")
        assert (await telegram.get("/ready"))[0] == 200
        _, text = await telegram.get("/metrics")
        assert 'takeback_updates_total{kind="message"} 1.0' in text
        assert 'takeback_calls_total{method="sendMessage",outcome="kept"} 1.0' in text
        assert 'takeback_seconds_bucket{le="+Inf"} 1.0' in text
        (build,) = re.findall(r"takeback_build_info\{(.*)\} 1", text)
        assert re.search(r'version="\d', build)
        assert re.search(r'book="[0-9a-f]{12}"', build)
        assert (await telegram.get("/hook"))[0] == 405
        assert (await telegram.get("/"))[0] == 404


@pytest.mark.parametrize(
    ("change", "line", "passing"),
    [
        (lambda port: {"listen": f"127.0.0.1:{port}"}, "Cannot listen at", True),
        (lambda _: {"webhook_url": "https://x/ready"}, "needs a path other", False),
    ],
)
async def test_what_is_wrong_at_the_start_is_one_line(
    toy_bot: Assistant, change: Callable[[int], Json], line: str, *, passing: bool
) -> None:
    taken = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port: int = taken.sockets[0].getsockname()[1]
    async with stubbed() as stub, taken:
        settings = replace(hooked(stub, free_port()), **change(port))
        with pytest.raises(ChannelError, match=line) as caught:
            await serve(
                searching(toy_bot), texts.read(loader.root()), settings, tuning=TUNING
            )
    assert "\n" not in str(caught.value)
    assert caught.value.passing is passing


async def test_a_token_that_is_refused_later_ends_it_with_one_line(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    """The question waits at Telegram, and no call is tried over and over."""
    called = list[str]()

    async def refuse(_: web.Request, method: str, __: Json) -> web.Response | None:
        called.append(method)
        return refused(401, "Unauthorized")

    alerts = AdminAlerts([7])
    logging.getLogger().addHandler(alerts)

    async def until_it_ends() -> None:
        async with outside(toy_bot, alerts=alerts, watched=True) as telegram:
            telegram.stub.fault = refuse
            assert await telegram.post(updates.said("hello")) == (503, {})
            await asyncio.wait({telegram.work}, timeout=5)

    try:
        with pytest.raises(ChannelError, match="does not accept TAKEBACK_TOKEN") as it:
            await until_it_ends()
    finally:
        logging.getLogger().removeHandler(alerts)
    assert not it.value.passing
    assert called == ["sendMessage", "getMe"]
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_a_method_that_a_server_lacks_is_no_refused_token(
    toy_bot: Assistant,
) -> None:
    async def lack(_: web.Request, method: str, __: Json) -> web.Response | None:
        edit = method == "editMessageText"
        return refused(404, "Not Found: method not found") if edit else None

    async with outside(toy_bot, watched=True) as telegram:
        telegram.stub.fault = lack
        status, _ = await telegram.post(updates.pressed("call_back|pheron"))
        assert status == 200
        assert (await telegram.get("/ready"))[0] == 200
        await telegram.post(updates.said("hello", who=2))
        assert telegram.stub.of("sendMessage")[-1].parameters["chat_id"] == 2


async def test_a_refused_address_is_one_line(toy_bot: Assistant) -> None:
    async def bad(_: web.Request, method: str, __: Json) -> web.Response | None:
        text = "Bad Request: bad webhook: Failed to resolve host"
        return refused(400, text) if method == "setWebhook" else None

    async with stubbed() as stub:
        stub.fault = bad
        with pytest.raises(ChannelError, match="Bad webhook: failed to resolve"):
            await serve(
                searching(toy_bot),
                texts.read(loader.root()),
                hooked(stub, free_port()),
                tuning=TUNING,
            )


@pytest.mark.parametrize(
    ("url", "line"),
    [("", "has no webhook any more"), ("https://x/y", "webhook of another process")],
)
async def test_a_webhook_that_others_take_away_is_set_again_and_told_once(
    toy_bot: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    url: str,
    line: str,
) -> None:
    monkeypatch.setattr(webhook, "WATCH", 0.02)
    alerts = AdminAlerts([7])
    logging.getLogger().addHandler(alerts)
    try:
        async with outside(toy_bot, alerts=alerts) as telegram:
            stub = telegram.stub
            await stub.until(lambda: len(stub.of("getWebhookInfo")) > 1)
            assert not caplog.records
            for more in range(1, 4):
                # What is set again is lost again before the next look.
                stub.heard = lambda *_: stub.webhook.update(url=url)
                stub.webhook = {"url": url}
                await stub.until(lambda n=more: len(stub.of("setWebhook")) > n)  # type: ignore[misc]
            stub.heard = None
            await stub.until(lambda: stub.webhook.get("url") == HOOK)
            assert stub.webhook["secret_token"] == SECRET
            await stub.until(lambda: stub.of("sendMessage"))
    finally:
        logging.getLogger().removeHandler(alerts)
    (told,) = stub.of("sendMessage")
    assert told.parameters["chat_id"] == 7
    assert line in told.parameters["text"]
    assert [r.levelname for r in caplog.records if line in r.message] == ["ERROR"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://Bot.example:443/hook", "https://bot.example/hook", True),
        ("https://xn--bt-8ja.example/", "https://bôt.example", True),
        ("https://bot.example/hook", "https://bot.example/other", False),
        ("https://bot.example:8443/hook", "https://bot.example/hook", False),
    ],
)
def test_an_address_may_come_back_in_another_spelling(
    one: str, other: str, *, same: bool
) -> None:
    assert webhook._same(one, other) is same
