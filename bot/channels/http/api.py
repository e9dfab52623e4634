"""POST /ask and POST /chat: JSON in, the reply object out; what is wrong is one line.

A body is bounded, waited for so long and no longer, and never inflated.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from bot import __version__
from bot.app import Assistant
from bot.channels.admission import Rate, RateLimiters
from bot.channels.chat_queues import ChatQueues, QueueFullError
from bot.channels.endpoints import Routes
from bot.channels.json_events import NotAnEvent, read, read_question
from bot.channels.log_redaction import where_raised
from bot.channels.metrics import ChannelMetrics
from bot.dialogue.events import Said
from bot.errors import StoreError

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

LARGEST = 16 * 1024
"""Bytes of a body."""
PER_ADDRESS = Rate(per_second=5, burst=30)
"""Several people may share an address."""
PATIENCE = 10.0
"""Seconds that a body may take."""
_CHAT = re.compile(r"[A-Za-z0-9._:-]{1,48}")
_OF_AN_EVENT = frozenset({"chat", "text", "press", "language"})
"""No time: a chat is kept by the clock of the server."""
_NETWORK = 64
"""Bits of an IPv6 address that one customer has."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_OPENAPI = Path(__file__).with_name("openapi.json")

_log = logging.getLogger(__name__)


class Refusal(Exception):
    """A request without an answer; says why, in one line."""

    def __init__(
        self, status: int, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.text, self.headers = status, text, headers or {}
        super().__init__(text)


class ApiOptions(NamedTuple):
    rate: Rate = PER_ADDRESS
    patience: float = PATIENCE
    proxies: int = 0
    """Reverse proxies in front, each of which notes the address before it."""


class Api:
    def __init__(
        self,
        bot: Assistant,
        metrics: ChannelMetrics,
        options: ApiOptions = ApiOptions(),
    ) -> None:
        self._bot, self._metrics, self._options = bot, metrics, options
        self._limiters = RateLimiters(options.rate)
        self.queues = ChatQueues()
        described = json.loads(_OPENAPI.read_text(encoding="utf-8"))
        described["info"]["version"] = __version__
        self._described = described

    def routes(self) -> Routes:
        """The paths of this channel."""
        posted = {"/ask": self._asked, "/chat": self._said}
        got = {"/openapi.json": self._openapi}
        return Routes(posted, got, LARGEST, self._guarded, _refusal)

    async def _asked(self, request: web.Request) -> web.Response:
        return await self._posted(request, self._ask)

    async def _said(self, request: web.Request) -> web.Response:
        return await self._posted(request, self._chat)

    async def _openapi(self, _: web.Request) -> web.Response:
        return _as_json(self._described)

    async def _ask(self, body: str) -> dict[str, Any]:
        event = read_question(body)
        _readable(event.text)
        return self._bot.look(event).as_json()

    async def _chat(self, body: str) -> dict[str, Any]:
        event = read(body, _OF_AN_EVENT)
        if not _CHAT.fullmatch(event.chat):
            raise NotAnEvent("`chat` has to be 1 to 48 of A-Z a-z 0-9 . _ : -")
        _readable(event.text if isinstance(event, Said) else event.value)
        # Other channels may share the store, and nobody gets at their chats from here.
        kept = replace(event, chat=f"http:{event.chat}")
        async with self.queues.enter(kept.chat):
            reply = await self._bot.handle(kept)
        return {"chat": event.chat, **reply.as_json()}

    async def _posted(
        self, request: web.Request, answer: Callable[[str], Awaitable[dict[str, Any]]]
    ) -> web.Response:
        """Raises Refusal."""
        began = time.perf_counter()
        self._metrics.updates[request.path.strip("/")] += 1
        self._admit(request)
        try:
            found = await answer(await self._body(request))
        except NotAnEvent as error:
            raise Refusal(400, str(error)) from None
        except QueueFullError:
            text = "too many requests of this chat wait already"
            raise Refusal(429, text, {"Retry-After": "1"}) from None
        except StoreError:
            text = "the conversation cannot be kept just now; try again"
            raise Refusal(503, text, {"Retry-After": "1"}) from None
        self._metrics.took(time.perf_counter() - began)
        return _as_json(found)

    def _admit(self, request: web.Request) -> None:
        """Judges all that can be judged before the body. Raises Refusal."""
        now = time.monotonic()
        asker = _asker(request, self._options.proxies)
        if not self._limiters.of(asker, now).try_take(now):
            wait = ceil(1 / self._options.rate.per_second)
            text = "too many requests from this address"
            raise Refusal(429, text, {"Retry-After": str(wait)})
        if "Content-Encoding" in request.headers:
            raise Refusal(415, "a body has to come uncompressed")
        # A page of somebody else's can make a browser post any other type unasked.
        if request.content_type != "application/json":
            raise Refusal(415, "a body has to be application/json")
        if (request.content_length or 0) > LARGEST:
            raise Refusal(413, f"a body may have {LARGEST} bytes")

    async def _body(self, request: web.Request) -> str:
        """Raises Refusal."""
        try:
            async with asyncio.timeout(self._options.patience):
                return (await request.read()).decode()
        except TimeoutError:
            raise Refusal(408, "the body took too long") from None
        except UnicodeDecodeError:
            raise Refusal(400, "a body has to be UTF-8") from None
        except web.HTTPRequestEntityTooLarge:
            raise Refusal(413, f"a body may have {LARGEST} bytes") from None

    @property
    def _guarded(self) -> Any:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Whatever goes wrong is an object with one line, never a page."""
            try:
                return await handler(request)
            except Refusal as refusal:
                return self._refused(refusal)
            except web.HTTPNotFound:
                return self._refused(Refusal(404, "no such path; see /openapi.json"))
            except web.HTTPMethodNotAllowed as error:
                allowed = ", ".join(sorted(error.allowed_methods))
                text = f"this path takes {allowed}"
                return self._refused(Refusal(405, text, {"Allow": allowed}))
            except ConnectionResetError:
                raise
            except Exception as error:  # noqa: BLE001  the next request counts
                _log.error("A request was not answered: %s", where_raised(error))
                return self._refused(Refusal(500, "this could not be answered"))

        return guarded

    def _refused(self, refusal: Refusal) -> web.Response:
        self._metrics.refused[str(refusal.status)] += 1
        response = _as_json({"error": refusal.text}, refusal.status, refusal.headers)
        if refusal.status in (408, 413, 415):
            # Whatever body there is goes unread.
            response.force_close()
        return response


def _refusal(status: int, text: str) -> web.Response:
    return _as_json({"error": text}, status)


def _as_json(
    value: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    body = json.dumps(value).encode()
    return web.Response(
        body=body,
        status=status,
        content_type="application/json",
        headers={**_HEADERS, **(headers or {})},
    )


def _readable(text: str) -> None:
    """Raises NotAnEvent for half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotAnEvent("not Unicode: half of a surrogate pair") from None


def _asker(request: web.Request, proxies: int) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one."""
    address = request.remote or ""
    noted = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    if 0 < proxies <= len(noted):
        address = noted[-proxies].strip()
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{int(found) >> _NETWORK:x}"
    return str(found)
