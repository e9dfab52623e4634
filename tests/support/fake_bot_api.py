"""A Bot API server of our own, which can be made to misbehave.

It hands out updates by long polling as the real one does: what lies before `offset` is
confirmed, the rest comes again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.updates import ME, Json
from tests.support.wire import Call, serving

Fault = Callable[[web.Request, str, Json], Awaitable[web.Response | None]]
"""Another answer than usual; it may also sleep, or cut the connection."""


@dataclass
class Stub:
    address: str = ""
    calls: list[Call] = field(default_factory=list)
    """Those that were carried out."""
    updates: list[Json] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    fault: Fault | None = None
    heard: Callable[[str, Json], None] | None = None
    """Is told of each call that is carried out."""
    delay: float = 0.0
    """Before each answer, as the network would."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    polls: list[Json] = field(default_factory=list)
    handed: dict[int, Json] = field(default_factory=dict)
    """By their place in memory, which is theirs as long as they are held here."""

    def add(self, *updates: Json) -> None:
        self.updates.extend(updates)
        self.news.set()

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    async def until(self, what: Callable[[], Any], seconds: float = 60) -> None:
        """Soon; a machine with much else to do has as long as that."""
        async with asyncio.timeout(seconds):
            while not what():
                self.news.clear()
                await self.news.wait()

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        parameters = await _parameters(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.fault and (answer := await self.fault(request, method, parameters)):
            return answer
        result = await self.carry_out(method, parameters)
        return web.json_response({"ok": True, "result": result})

    async def carry_out(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return await self.hand_out(parameters)
        self.calls.append(Call(method, parameters))
        self.news.set()
        if self.heard:
            self.heard(method, parameters)
        if method == "getMe":
            return ME
        if method == "setWebhook":
            self.webhook = parameters
        if method == "deleteWebhook":
            self.webhook = {}
        if method == "getWebhookInfo":
            url = self.webhook.get("url", "")
            return {"url": url} | _UNWATCHED
        if method.startswith("send"):
            chat = {"id": parameters["chat_id"], "type": "private"}
            return {"message_id": len(self.calls), "date": 1, "chat": chat}
        return _SHAPES.get(method, True)

    async def hand_out(self, parameters: Json) -> list[Json]:
        self.polls.append(parameters)
        offset = parameters.get("offset", 0)
        if offset:
            self.updates = [
                update
                for update in self.updates
                # One that comes late, out of order, was not seen by anybody yet.
                if _number(update) >= offset or id(update) not in self.handed
            ]
            self.news.set()
        try:
            async with asyncio.timeout(parameters.get("timeout", 0)):
                while not self.updates:
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            pass
        self.handed.update((id(update), update) for update in self.updates[:100])
        return self.updates[:100]


_UNWATCHED: Json = {"has_custom_certificate": False, "pending_update_count": 0}
_SHAPES: Json = {
    "getMyCommands": [],
    "getMyName": {"name": ""},
    "getMyShortDescription": {"short_description": ""},
    "getMyDescription": {"description": ""},
}


async def _parameters(request: web.Request) -> Json:
    """As JSON, or as a form whose fields are JSON unless they are texts."""
    if request.content_type == "application/json":
        given: Json = json.loads(await request.read() or b"{}")
        return given
    form = await request.post()
    return {
        name: value if name in _TEXTS else json.loads(str(value))
        for name, value in form.items()
    }


_TEXTS = {"text", "url", "secret_token", "parse_mode", "callback_query_id"}


def _number(update: Json) -> int:
    number = update.get("update_id", 0)
    return number if isinstance(number, int) else 0


@asynccontextmanager
async def stubbed() -> AsyncIterator[Stub]:
    stub = Stub()
    site = web.Application()
    site.router.add_post("/bot{token}/{method}", stub.handle)
    async with serving(site, handler_cancellation=True) as stub.address:
        yield stub


def refused(status: int, text: str, **parameters: int) -> web.Response:
    body: Json = {"ok": False, "error_code": status, "description": text}
    return web.json_response({**body, "parameters": parameters}, status=status)


def cut(request: web.Request) -> web.Response:
    """Ends the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
