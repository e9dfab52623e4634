"""A thousand updates, while everything that can go wrong on the way does."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.app import Assistant
from bot.channels.telegram.metrics import Metrics
from tests.channels.test_polling import TOKEN, TUNING, running
from tests.channels.test_webhook import Outside, outside
from tests.support import updates
from tests.support.fake_bot_api import Stub, cut, refused, stubbed
from tests.support.updates import Json
from tests.support.wire import Call

pytestmark = pytest.mark.slow

READABLE, UNREADABLE, REPEATED = 960, 40, 150
LATE = TUNING.timeouts.read + TUNING.timeouts.connect + 0.5
DEALT = {
    # of a hundred calls
    "429": 4,
    "502": 4,
    "cut off": 4,
    "answer cut off": 2,
    "answer late": 2,
    "lost": 2,
}
UNSURE = {"answer late", "lost"}
"""After which a message is sent again, though the first may have arrived."""


@dataclass
class Weather:
    """Deals faults to calls, by chance but the same each time."""

    stub: Stub
    chance: random.Random = field(default_factory=lambda: random.Random(4))
    dealt: Counter[str] = field(default_factory=Counter)
    of_chat: dict[Any, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def __call__(
        self, request: web.Request, method: str, given: Json
    ) -> web.Response | None:
        if method == "getUpdates":
            return await self._updates(request)
        kinds = [*DEALT, ""]
        weights = [*DEALT.values(), 100 - sum(DEALT.values())]
        kind = self.chance.choices(kinds, weights)[0]
        if not kind:
            return None
        self.dealt[kind] += 1
        self.of_chat[given.get("chat_id")].append(kind)
        return await self._fault(kind, request, method, given)

    async def _updates(self, request: web.Request) -> web.Response | None:
        if self.chance.random() > 0.1:
            return None
        self.dealt["no updates"] += 1
        return cut(request) if self.chance.random() > 0.5 else web.Response(status=502)

    async def _fault(
        self, kind: str, request: web.Request, method: str, given: Json
    ) -> web.Response:
        if kind == "429":
            return refused(429, "Too Many Requests", retry_after=1)
        if kind == "502":
            return web.Response(status=502, text="<html>")
        if kind == "cut off":
            return cut(request)
        if kind != "lost":
            await self.stub.carry_out(method, given)
        if kind == "answer cut off":
            answer = web.StreamResponse(headers={"Content-Length": "99"})
            await answer.prepare(request)
            await answer.write(b"{")
            return cut(request)
        await asyncio.sleep(LATE)
        return web.Response(status=502)


MALFORMED: list[Json] = [
    {"message": None},
    {"message": []},
    {"message": {"text": "a secret"}},
    {"callback_query": {"id": "1", "message": "a secret"}},
    {"inline_query": {"query": "a secret"}},
]


def traffic() -> tuple[list[Json], list[Json]]:
    """A thousand updates, and how they are delivered: some twice, out of order."""
    found = []
    for who in range(1, READABLE + 1):
        match who % 4:
            case 0:
                under = updates.message("...", who) | {"from": updates.ME}
                found.append(updates.pressed("call_back|pheron", under, who))
            case _:
                found.append(updates.said("hello", who))
    first = max(update["update_id"] for update in found) + 1
    found += [
        {"update_id": first + at, **MALFORMED[at % len(MALFORMED)]}
        for at in range(UNREADABLE)
    ]
    chance = random.Random(5)
    again = [dict(update) for update in chance.sample(found, REPEATED)]
    delivered = [*found, *again]
    # Out of order, but not by days.
    delivered.sort(key=lambda update: update["update_id"] + chance.uniform(-30, 30))
    return found, delivered


def audit(
    found: list[Json], answers: Counter[int], weather: Weather, reasons: Counter[str]
) -> dict[str, int]:
    """Each update's fate; fails where nobody answered, or twice for no reason."""
    table = Counter[str]()
    for update in found:
        message = update.get("message") or update.get("callback_query")
        if not isinstance(message, dict) or "from" not in message:
            table["refused: unreadable"] += 1
            continue
        who = message["from"]["id"]
        dealt = weather.of_chat[who]
        assert answers[who], (who, dealt)
        once = answers[who] == 1 or "message" not in update
        assert once or UNSURE & set(dealt), (who, dealt)
        table["answered once" if once else "answered twice, after a silence"] += 1
    assert sum(table.values()) == len(found)
    assert not reasons.keys() & {"TimedOut", "RetryAfter", "NetworkError"}
    assert reasons["unreadable"] >= UNREADABLE
    return dict(table)


def answers_of(calls: list[Call]) -> Counter[int]:
    """By chat. The same edit twice is one answer."""
    found = Counter(c.parameters["chat_id"] for c in calls if c.method == "sendMessage")
    edited = {c.parameters["chat_id"] for c in calls if c.method == "editMessageText"}
    return found + Counter(edited)


def show(
    capsys: pytest.CaptureFixture[str],
    title: str,
    weather: Weather,
    table: dict[str, int],
    metrics: Metrics,
) -> None:
    rows = {"updates": table, "faults": weather.dealt, "reasons": metrics.refused}
    with capsys.disabled():
        print(f"\n{title}")  # noqa: T201
        for name, row in rows.items():
            told = ", ".join(f"{key} {count}" for key, count in sorted(row.items()))
            print(f"  {name:8} {told}")  # noqa: T201


@pytest.fixture
def untroubled(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> Any:
    """No exception is left unhandled, and the token appears nowhere."""
    caplog.set_level(logging.INFO)
    yield
    captured = capsys.readouterr()
    output = caplog.text + captured.out + captured.err
    assert "never retrieved" not in output
    assert "a secret" not in output
    errors = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert all(e.startswith("An update was not answered: ") for e in errors), errors
    # aiohttp's server is the stub's; what the bot itself prints is what counts.
    ours = "\n".join(r.getMessage() for r in caplog.records if "aiohttp" not in r.name)
    assert TOKEN.partition(":")[2] not in ours
    assert TOKEN.partition(":")[2] not in captured.out + captured.err


@pytest.mark.usefixtures("untroubled")
async def test_by_polling_each_update_is_answered_once_or_refused_for_a_reason(
    toy_bot: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    (found, delivered), metrics = traffic(), Metrics()
    async with stubbed() as stub:
        weather = Weather(stub)
        async with running(toy_bot, stub, metrics) as work:
            await stub.until(lambda: stub.polls)
            stub.fault = weather
            for at in range(0, len(delivered), 50):
                stub.add(*delivered[at : at + 50])
                await asyncio.sleep(0.05)
            await stub.until(lambda: not stub.updates or work.done(), 40)
            # A few slow ones are confirmed before their answers, so as not to hold up the rest.
            with suppress(TimeoutError):
                await stub.until(
                    lambda: len(answers_of(stub.calls)) >= READABLE or work.done(), 20
                )
        answers = answers_of(stub.calls)
    table = audit(found, answers, weather, metrics.refused)
    show(capsys, "1,000 updates by polling", weather, table, metrics)


@pytest.mark.usefixtures("untroubled")
async def test_by_webhook_each_update_is_answered_once_or_refused_for_a_reason(
    toy_bot: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    (found, delivered), metrics, kept = traffic(), Metrics(), list[Call]()

    async def deliver(telegram: Outside, waiting: asyncio.Queue[Json]) -> None:
        while not waiting.empty():
            status, call = await telegram.post(waiting.get_nowait())
            assert status == 200
            if call:
                kept.append(Call(call["method"], call))

    async with outside(toy_bot, metrics) as telegram:
        telegram.stub.fault = weather = Weather(telegram.stub)
        waiting = asyncio.Queue[Json]()
        for update in delivered:
            waiting.put_nowait(update)
        await asyncio.gather(*(deliver(telegram, waiting) for _ in range(40)))
        answers = answers_of([*telegram.stub.calls, *kept])
    table = audit(found, answers, weather, metrics.refused)
    show(capsys, "1,000 updates by webhook", weather, table, metrics)
