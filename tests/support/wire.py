"""A wire that remembers: it stands between a bot and a server and passes all on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Call:
    method: str
    parameters: dict[str, Any]
    status: int = 200

    @property
    def buttons(self) -> dict[str, str]:
        """Label to what the button carries."""
        markup = self.parameters.get("reply_markup", {})
        rows = markup.get("inline_keyboard", ())
        return {
            b["text"]: b.get("callback_data", b.get("url", "")) for r in rows for b in r
        }


@dataclass
class Wire:
    address: str = ""
    calls: list[Call] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is cleared, nothing of ours is passed on but requests for updates."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, call: Call) -> None:
        if call.method != "getUpdates":
            self.calls.append(call)
            self._news.set()

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    async def until(self, what: Callable[[], Any], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds):
            while not what():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def wired(upstream: str) -> AsyncIterator[Wire]:
    wire = Wire()
    wire.open.set()
    async with aiohttp.ClientSession() as session:

        async def pass_on(request: web.Request) -> web.Response:
            body, method = await request.read(), request.match_info["method"]
            if method != "getUpdates":
                await wire.open.wait()
            async with session.post(
                upstream + request.path, data=body, headers=_JSON
            ) as answer:
                payload = await answer.read()
            wire.note(Call(method, json.loads(body or b"{}"), answer.status))
            return web.Response(
                body=payload, status=answer.status, content_type="application/json"
            )

        site = web.Application()
        site.router.add_post("/bot{token}/{method}", pass_on)
        async with serving(site, handler_cancellation=True) as wire.address:
            yield wire


@asynccontextmanager
async def serving(site: web.Application, **how: Any) -> AsyncIterator[str]:
    """The address of a site on a free port of this machine."""
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1, **how)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
