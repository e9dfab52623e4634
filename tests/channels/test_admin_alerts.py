"""What the admins hear in their chat, how often, and what they never hear."""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.app import Assistant
from bot.channels.telegram import admin_alerts
from bot.channels.telegram.admin_alerts import AdminAlerts
from bot.errors import ChannelError
from bot.knowledge.loader import root
from bot.troubles import DELIVERY, STORE, begun, ended
from tests.channels.test_emulator import staged
from tests.channels.test_polling import running
from tests.support import updates
from tests.support.fake_bot_api import refused, stubbed
from tests.support.process import takeback_run
from tests.support.recorder import Desk, desk, refusal

ADMIN, TOKEN = 777, "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
HOUR = admin_alerts.QUIET


@dataclass
class Api:
    """Takes calls, or fails."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    error: TelegramError | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event | None = None
    """What an answer waits for."""

    async def call(
        self, method: str, *, patience: float, chat_id: int, text: str
    ) -> None:
        assert not patience  # the next look tries again
        assert method == "sendMessage"
        if self.error:
            raise self.error
        self.sent.append((chat_id, text))
        self.begun.set()
        if self.held:
            await self.held.wait()


@dataclass
class Night:
    """AdminAlerts on a clock that the test moves."""

    alerts: AdminAlerts
    log: logging.Logger
    api: Any = field(default_factory=Api)
    at: float = 1e6

    async def told(self) -> list[str]:
        """The lines of one message to the first admin, without its head."""
        self.api.sent.clear()
        await self.alerts._tell(self.api)
        texts = [text for admin, text in self.api.sent if admin == ADMIN]
        assert len(texts) < 2
        return texts[0].splitlines()[1:] if texts else []


@pytest.fixture
def night(caplog: pytest.LogCaptureFixture) -> Iterator[Night]:
    caplog.set_level(logging.INFO)  # as the bot's own log
    made: list[Night] = []
    alerts = AdminAlerts([ADMIN, 778], TOKEN, lambda: made[0].at)
    log = logging.getLogger("bot.night")
    made.append(Night(alerts, log))
    logging.getLogger().addHandler(alerts)
    yield made[0]
    logging.getLogger().removeHandler(alerts)


async def test_every_admin_is_told_once(night: Night) -> None:
    night.log.error("The store is away")
    assert await night.told() == ["The store is away"]
    assert [admin for admin, _ in night.api.sent] == [ADMIN, 778]
    assert await night.told() == []


async def test_the_same_is_told_again_after_an_hour_with_how_often_it_was(
    toys: Desk, night: Night
) -> None:
    """Updates that cannot be read, at one place and at another."""

    async def come(*kinds: str) -> list[str]:
        for kind in kinds:
            number = next(numbers)
            await toys.send({"update_id": number, kind: {}})
        return await night.told()

    numbers = itertools.count(1)
    first, other = await come("message", "callback_query", "message", "message")
    assert first.startswith("An update was refused, unreadable: update 1, KeyError at ")
    assert other.startswith("An update was refused, unreadable: update 2, KeyError at ")
    night.at += HOUR - 1
    assert await come("message") == []
    night.at += 1
    again = first.replace("update 1,", "update 6,")
    assert await come("message") == [f"{again} (3 more since that was last told)"]


def falls(night: Night, line: str = "The store is away") -> None:
    night.log.error(line, extra=begun(STORE, passing=True))


def rises(night: Night) -> None:
    night.log.info("The store is back", extra=ended(STORE))


async def test_what_mends_itself_within_a_minute_is_not_told(night: Night) -> None:
    for _ in range(3):
        falls(night)
        night.at += admin_alerts.LASTING - 1
        assert await night.told() == []
        rises(night)
        night.at += 2
        assert await night.told() == []


async def test_what_lasts_is_one_line_and_its_end_another(night: Night) -> None:
    falls(night, "Waiting for it")
    night.at += 15
    falls(night, "Answering without memory")
    night.at += admin_alerts.LASTING - 15
    assert await night.told() == ["Answering without memory"]
    falls(night, "Answering without memory, again")
    night.at += 600
    assert await night.told() == []
    rises(night)
    assert await night.told() == ["The store is back"]


async def test_an_end_is_told_if_and_only_if_its_beginning_was(night: Night) -> None:
    """Also where the end before it was told within the hour."""
    told = []
    for pause in (HOUR - 180, 180, HOUR):
        falls(night)
        night.at += admin_alerts.LASTING
        told.append(await night.told())
        night.at += pause
        rises(night)
        told.append(await night.told())
    first, last, second, third, *rest = told
    assert (first, last) == (["The store is away"], ["The store is back"])
    assert (second, third) == ([], [])
    assert rest == [
        ["The store is away (1 more since that was last told)"],
        ["The store is back"],
    ]


async def test_what_only_an_operator_ends_is_told_at_once(night: Night) -> None:
    night.log.error("The disk is full", extra=begun(STORE))
    assert await night.told() == ["The disk is full"]
    falls(night)
    assert await night.told() == []


async def test_one_cause_in_other_words_is_told_once_an_hour(night: Night) -> None:
    line = "Telegram could not deliver an update: %s"
    for said in ("Connection timed out", "Wrong response: 502 Bad Gateway"):
        night.log.warning(line, said, extra=begun(DELIVERY))
    night.log.info(line, "Connection reset", extra=begun(DELIVERY))
    assert await night.told() == [line % "Connection timed out"]
    night.at += HOUR
    night.log.warning(line, "Connection reset", extra=begun(DELIVERY))
    more = " (1 more since that was last told)"
    assert await night.told() == [line % "Connection reset" + more]


async def test_while_telegram_fails_it_is_one_cause(
    toy_bot: Assistant, night: Night
) -> None:
    """The call that is tried again, and every answer that is given up."""

    down = refusal(429, "Too Many Requests", retry_after=1000)
    async with desk(toy_bot) as toys:
        toys.recorder.answer = lambda *_: down
        await toys.send(updates.said("hello"))
        await toys.send(updates.said("hello", who=2))
        (line,) = await night.told()
        assert line.startswith("An update was not answered: RetryAfter of sendMessage")
        toys.recorder.answer = lambda *_: None
        await toys.send(updates.said("hello"))
        assert await night.told() == ["Telegram answers again"]


async def test_a_flood_is_one_message(night: Night) -> None:
    for number in range(3 * admin_alerts.MOST):
        night.log.error("%s", f"knowledge/x.yaml:{number}: wrong")
    lines = await night.told()
    assert len(lines) == admin_alerts.LINES + 1
    assert (
        lines[-1]
        == f"... and {admin_alerts.MOST - admin_alerts.LINES} more in the log."
    )
    assert len(night.alerts._told) == admin_alerts.MOST


async def test_what_is_in_order_is_not_told(night: Night) -> None:
    night.log.info("An update was answered")
    logging.getLogger("aiohttp").warning("Chatter")
    assert await night.told() == []


async def test_no_token_no_traceback_and_no_words_of_a_library(night: Night) -> None:
    night.log.error("At /bot%s/getMe", TOKEN)
    try:
        int("a person's words")
    except ValueError:
        night.log.exception("It failed")
        logging.getLogger("aiohttp.server").exception("Of a person's words")
    logging.getLogger("asyncio").error("Task with a person's words")
    lines = await night.told()
    assert lines[0] == "At /bot<token>/getMe"
    assert lines[1].startswith("It failed: ValueError at test_admin_alerts.py:")
    assert lines[2].startswith(
        "An error in aiohttp.server: ValueError at test_admin_alerts"
    )
    assert lines[3].startswith("An error in asyncio: test_admin_alerts:")
    assert "words" not in "".join(lines)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (NetworkError("down"), True),
        (RetryAfter(30), True),
        (TimedOut(), False),
        (Forbidden("bot can't initiate conversation"), False),
        (BadRequest("chat not found"), False),
    ],
)
async def test_what_did_not_leave_is_told_later(
    night: Night, error: TelegramError, *, again: bool
) -> None:
    night.log.error("The store is away")
    night.api.error = error
    assert await night.told() == []
    night.api.error = None
    assert bool(await night.told()) is again


async def test_what_is_on_its_way_at_the_end_is_told_once(night: Night) -> None:
    night.api.held = held = asyncio.Event()
    night.log.error("The store is away")

    async def end() -> None:
        async with night.alerts.telling(night.api, "x"):
            await night.api.begun.wait()
            asyncio.get_running_loop().call_later(0.1, held.set)
            raise ChannelError("Another process answers.")

    with pytest.raises(ChannelError):
        await end()
    told = [text.splitlines()[1:] for admin, text in night.api.sent if admin == ADMIN]
    assert [line for lines in told for line in lines] == [
        "The store is away",
        "The bot ended. Another process answers.",
    ]


async def test_the_end_waits_for_no_answer_that_never_comes(
    night: Night, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(admin_alerts, "LAST_WORDS", 0.05)
    caplog.set_level(logging.INFO)
    night.api.held = asyncio.Event()
    night.log.error("The store is away")
    async with asyncio.timeout(5), night.alerts.telling(night.api, "x"):
        await night.api.begun.wait()
    assert "The last words to the admins did not get through" in caplog.text


def test_a_line_that_cannot_be_told_does_not_trouble_who_logs_it(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    record = logging.makeLogRecord(
        {"name": "bot.x", "levelno": logging.ERROR, "msg": "%d", "args": ("a word",)}
    )
    night.alerts.handle(record)
    assert "--- Logging error ---" in capsys.readouterr().err


async def test_a_line_of_another_thread_is_told(night: Night) -> None:
    thread = threading.Thread(target=night.log.error, args=("The edit is refused",))
    thread.start()
    thread.join()
    assert await night.told() == ["The edit is refused"]


# What there is to be told.


async def test_a_fault_in_a_turn(
    toys: Desk, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a person's words")

    monkeypatch.setattr(Assistant, "turn", fail)
    await toys.send(updates.said("hello a person's words"))
    (line,) = await night.told()
    assert line.startswith("An update was not answered: ValueError at bot/book.py:")
    assert "words" not in line


async def test_a_refused_call_is_told_with_its_method(
    toy_bot: Assistant, night: Night
) -> None:
    def refuse(method: str, _: object) -> Any:
        text = "Bad Request: can't parse entities: a person's words"
        return refusal(400, text) if method == "sendMessage" else None

    async with desk(toy_bot, answer=refuse) as toys:
        await toys.send(updates.said("hello"))
    assert await night.told() == [
        "An answer was refused, and sent plain: Can't parse entities",
        "An update was not answered: BadRequest of sendMessage, Can't parse entities",
    ]


async def test_who_blocked_the_bot_is_nobodys_alarm(
    toy_bot: Assistant, night: Night
) -> None:
    text = "Forbidden: bot was blocked by the user"

    def refuse(method: str, _: object) -> Any:
        return refusal(403, text) if method == "sendMessage" else None

    async with desk(toy_bot, answer=refuse) as toys:
        await toys.send(updates.said("hello"))
    assert await night.told() == []


async def test_a_rival_is_told_before_the_end(toy_bot: Assistant) -> None:
    async def conflict(_: object, method: str, __: object) -> Any:
        text = "Conflict: terminated by other getUpdates request"
        return refused(409, text) if method == "getUpdates" else None

    alerts = AdminAlerts([ADMIN])
    async with stubbed() as stub:
        stub.fault = conflict
        with pytest.raises(ChannelError, match="Another process answers"):
            async with running(toy_bot, stub, alerts=alerts) as work:
                await work
    (call,) = [c for c in stub.calls if c.method == "sendMessage"]
    assert call.parameters["chat_id"] == ADMIN
    assert "The bot ended. Another process answers" in call.parameters["text"]


@pytest.mark.slow
async def test_by_the_real_process_beside_the_emulator(tmp_path: Path) -> None:
    """The store is away at the start and comes back, and an edit is refused."""
    files = tmp_path / "files"
    files.mkdir()
    for name in ("knowledge", "templates"):
        copytree(root() / name, files / name)
    data = tmp_path / "data"
    data.write_text("no folder")
    async with (
        staged(tmp_path) as stage,
        takeback_run(
            stage.wire.address,
            admins=str(ADMIN),
            store=f"sqlite:///{data}/store.sqlite",
            files=str(files),
        ) as bot,
    ):

        def told() -> str:
            calls = stage.wire.of("sendMessage")
            mine = [c for c in calls if c.parameters["chat_id"] == ADMIN]
            return "\n".join(c.parameters["text"] for c in mine)

        await stage.wire.until(lambda: "cannot be opened" in told())
        assert "Answering without memory." in told()
        data.unlink()
        await stage.wire.until(lambda: "The store is back after" in told())
        (files / "knowledge/topics/call_back.yaml").write_text("tree: [\n")
        bot.process.send_signal(signal.SIGHUP)
        await stage.wire.until(lambda: "The edit is refused" in told(), 60)
        assert "knowledge/topics/call_back.yaml:" in told()
        await asyncio.sleep(1.5)
        assert told().count("cannot be opened") == 1
        assert await bot.end() == 0
        stage.judge("sendMessage")
