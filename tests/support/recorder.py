"""A bot on a recorded wire: updates go in, calls come out, nothing leaves the test."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.app import Assistant
from bot.channels.admission import Rate
from bot.channels.telegram import texts
from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.rate_limits import CallLimiter, CallRates
from bot.channels.telegram.reminders import ReminderTuning
from bot.channels.telegram.service import Channel, ChannelOptions, opened_channel
from bot.channels.telegram.texts import Texts
from bot.knowledge import loader
from bot.polyglot import Polyglot
from bot.responses.reply import Reply
from tests.support.updates import ME, Json
from tests.support.wire import Call

_SLOW = ReminderTuning()
FAST = Rate(per_second=10_000, burst=10_000)
Answer = Callable[[str, Json], tuple[int, Json] | None]
"""Another answer than usual, to a method with its parameters."""


@dataclass
class Searching(Assistant):
    """A bot with a search of its own, so that a test knows what is found."""

    found: Sequence[tuple[str, Reply]] = ()

    def search(
        self, text: str, at: datetime | None = None, language: str | None = None
    ) -> list[tuple[str, Reply]]:
        if not self.found:
            return super().search(text, at, language)
        return [(f"{title} {text}".strip(), reply) for title, reply in self.found]


@dataclass
class Recorder(BaseRequest):
    calls: list[Call] = field(default_factory=list)
    answer: Answer = lambda *_: None
    me: Json = field(default_factory=lambda: dict(ME))

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        endpoint = url.rpartition("/")[2]
        parameters: Json = dict(request_data.parameters) if request_data else {}
        # As the wire carries it.
        parameters = json.loads(json.dumps(parameters))
        status, body = self.answer(endpoint, parameters) or (200, self.usual(endpoint))
        self.calls.append(Call(endpoint, parameters, status))
        return status, json.dumps(body).encode()

    def usual(self, endpoint: str) -> Json:
        if endpoint == "getMe":
            return {"ok": True, "result": self.me}
        if endpoint.startswith("send"):
            return {"ok": True, "result": {"message_id": 5, "date": 1, "chat": _CHAT}}
        if endpoint in _UNSET:
            return {"ok": True, "result": _UNSET[endpoint]}
        return {"ok": True, "result": True}


_UNSET: Json = {
    "getMyCommands": [],
    "getMyName": {"name": ""},
    "getMyShortDescription": {"short_description": ""},
    "getMyDescription": {"description": ""},
}
_CHAT = {"id": 100, "type": "private"}


@dataclass
class Desk:
    """One bot, any number of people."""

    channel: Channel
    recorder: Recorder

    async def send(self, update: Json) -> list[Call]:
        """The calls that an update leads to."""
        self.recorder.calls.clear()
        await self.channel.dispatcher.take(update)
        return list(self.recorder.calls)

    async def one(self, update: Json) -> Call:
        (call,) = await self.send(update)
        return call


@asynccontextmanager
async def desk(
    bot: Assistant,
    *,
    plain: bool = False,
    person: Rate = FAST,
    limits: CallRates | None = None,
    admins: frozenset[int] = frozenset(),
    quiet: float = 0.0,
    reminders: ReminderTuning = _SLOW,
    own: Texts | None = None,
    **recorder: Any,
) -> AsyncIterator[Desk]:
    wire, metrics = Recorder(**recorder), Metrics()
    limiter = CallLimiter(limits or CallRates(FAST, FAST, FAST))
    api = BotApi("1:x", limiter, metrics, request=wire, get_updates_request=wire)
    own = own or texts.read(loader.root())
    responder = bot if isinstance(bot, Searching | Polyglot) else searching(bot)
    async with opened_channel(
        responder,
        own,
        api,
        metrics,
        ChannelOptions(plain, person, admins, quiet, reminders),
    ) as opened:
        yield Desk(opened, wire)


def searching(bot: Assistant, *questions: str) -> Searching:
    found = [(question, bot.ask(question)) for question in questions]
    return Searching(bot.kb, bot.nlu, bot.renderer, found=found)


def refusal(status: int, text: str, **parameters: int) -> tuple[int, Json]:
    body = {"ok": False, "error_code": status, "description": text}
    return status, {**body, "parameters": parameters} if parameters else body
