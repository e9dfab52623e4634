"""The webhook: an endpoint of our own, which answers 200 once an update was handled.

The library's server answers before, so a crash loses updates; and it answers 400 to
what it cannot parse, which Telegram then sends again for a day.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic_core import from_json, to_json

from bot.channels.telegram.bot_api import BotApi, webhook_reply
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.metrics import TYPE, Metrics
from bot.channels.telegram.update import KINDS
from bot.errors import ChannelError
from bot.settings import Settings

HEADER = "X-Telegram-Bot-BotApi-Secret-Token"
LARGEST = 256 * 1024
"""Bytes of an update; Telegram's longest are a tenth of that."""
GRACE = 20.0
"""Seconds that updates in hand get at a stop."""
CONNECTIONS = 40
_LINGER = 1.0
"""Seconds that the rest of a refused body is waited for, so that the refusal is read."""

_log = logging.getLogger(__name__)
_OWN = ("/health", "/ready", "/metrics")


class Webhook:
    def __init__(
        self,
        api: BotApi,
        dispatcher: Dispatcher,
        settings: Settings,
        metrics: Metrics,
        exposition: Callable[[], bytes],
    ) -> None:
        self._api, self._dispatcher, self._metrics = api, dispatcher, metrics
        self._exposition = exposition
        self._url = settings.webhook_url or ""
        self._path = urlsplit(self._url).path or "/"
        if self._path in _OWN:
            raise ChannelError(f"TAKEBACK_WEBHOOK_URL needs a path other than {_OWN}.")
        given = settings.webhook_secret
        # Without one, anybody who finds the address could speak as Telegram.
        self._secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
        self._listen = settings.listen
        self._in_response = not settings.plain
        self._ready = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then answers what it took.

        Raises ChannelError, if nothing can be listened to at the address, and
        TelegramError, if Telegram refuses it.
        """
        runner = web.AppRunner(
            self._site(),
            access_log=None,
            shutdown_timeout=GRACE,
            handle_signals=False,
            # What is compressed may be a thousand times as long, and Telegram sends none.
            auto_decompress=False,
            lingering_time=_LINGER,
            logger=_server_log(self._metrics),
        )
        await runner.setup()
        host, _, port = self._listen.rpartition(":")
        try:
            try:
                site = web.TCPSite(runner, host.strip("[]"), int(port))
                await site.start()
            except OSError as error:
                text = f"Cannot listen at TAKEBACK_LISTEN={self._listen}: "
                raise ChannelError(f"{text}{error.strerror}.") from None
            await self._api.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=KINDS,
                max_connections=CONNECTIONS,
            )
            self._ready = True
            _log.info("Answering by webhook at %s", self._listen)
            await stop.wait()
        finally:
            self._ready = False
            await runner.cleanup()

    def _site(self) -> web.Application:
        site = web.Application(client_max_size=LARGEST)
        site.router.add_post(self._path, self._update)
        own: list[tuple[str, Callable[[web.Request], Awaitable[web.Response]]]]
        own = [("/health", _health), ("/ready", self._readiness)]
        for path, answer in [*own, ("/metrics", self._figures)]:
            site.router.add_get(path, answer)
        return site

    async def _update(self, request: web.Request) -> web.Response:
        # Bytes that are no UTF-8 come as surrogates.
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return _closing(403)
        # All that can be judged before the body is.
        if "Content-Encoding" in request.headers:
            return _closing(415)
        if (request.content_length or 0) > LARGEST:
            return _closing(413)
        try:
            return await self._answered(request)
        except ConnectionResetError:
            # Not answered, so it comes again; nobody is there to read this one.
            _log.info("Whoever sent an update hung up before its answer")
            return web.Response()

    async def _answered(self, request: web.Request) -> web.Response:
        """Raises ConnectionResetError, if whoever sent the update hung up."""
        try:
            raw = from_json(await request.read(), cache_strings="keys")
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            # 200 all the same: else it would come again, and hold up its chat.
            _log.warning("An update was no JSON object")
            return web.Response()
        response = web.Response()
        with webhook_reply() if self._in_response else nullcontext() as reply:
            async with self._dispatcher.taken(raw):
                if reply and reply.call:
                    body = to_json(reply.call)
                    response = web.Response(body=body, content_type="application/json")
                # Only what has left is done, so that a crash loses no answer.
                await _sent(request, response)
        return response

    async def _readiness(self, _: web.Request) -> web.Response:
        return web.Response(status=200 if self._ready else 503)

    async def _figures(self, _: web.Request) -> web.Response:
        return web.Response(body=self._exposition(), headers={"Content-Type": TYPE})


def _closing(status: int) -> web.Response:
    """A refusal. Whatever body there is goes unread."""
    response = web.Response(status=status)
    response.force_close()
    return response


class _Malformed(logging.Filter):
    """Counts what strangers send that is no HTTP, instead of telling of it."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__()
        self._metrics = metrics

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        strange = isinstance(error, HttpProcessingError | ConnectionError)
        self._metrics.refused["malformed request"] += strange
        return not strange


def _server_log(metrics: Metrics) -> logging.Logger:
    log = logging.getLogger("aiohttp.server.webhook")
    log.filters[:] = [_Malformed(metrics)]
    return log


async def _sent(request: web.Request, response: web.Response) -> None:
    """Raises ConnectionResetError, if nobody is there to read it."""
    await response.prepare(request)
    await response.write_eof()
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok")
