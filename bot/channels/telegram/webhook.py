"""The webhook: an endpoint of our own, which answers 200 once an update was handled.

The library's server answers before, so a crash loses updates; and it answers 400 to
what it cannot parse, which Telegram then sends again for a day.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from contextlib import nullcontext
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import web
from telegram.error import TelegramError

from bot.channels.endpoints import LARGEST, PATHS, SLOWEST, Endpoints, Routes, closing
from bot.channels.telegram.bot_api import BotApi, TokenRefusedError, webhook_reply
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.update import KINDS
from bot.errors import ChannelError
from bot.settings import Settings
from bot.troubles import DELIVERY, begun

HEADER = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS = 40
WATCH = 60.0
"""Seconds between two looks at what Telegram says of the webhook."""
_HTTPS = 443
_NONE = (
    "Telegram has no webhook any more: another process with this token, by polling, "
    "took it away. It is set again; stop the other."
)
_ANOTHER = (
    "Telegram has the webhook of another process with this token. "
    "It is set again; stop the other."
)

_log = logging.getLogger(__name__)


class Webhook:
    def __init__(
        self,
        api: BotApi,
        dispatcher: Dispatcher,
        settings: Settings,
        endpoints: Endpoints,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._api, self._dispatcher, self._endpoints = api, dispatcher, endpoints
        self._url = settings.webhook_url or ""
        self._path = urlsplit(self._url).path or "/"
        if self._path in PATHS:
            raise ChannelError(f"TAKEBACK_WEBHOOK_URL needs a path other than {PATHS}.")
        given = settings.webhook_secret
        # Without one, anybody who finds the address could speak as Telegram.
        self._secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
        self._listen = settings.address
        self._in_response, self._watched = not settings.plain, settings.watched

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then answers what it took.

        Raises ChannelError, if nothing can be listened to at the address, and
        TelegramError, if Telegram refuses it, or later on the token.
        """
        async with self._endpoints.serving(Routes({self._path: self._update})):
            await self._set()
            self._endpoints.ready = True
            _log.info("Answering by webhook at %s", self._listen)
            watching = asyncio.create_task(self._watch())
            try:
                await self._api.until(stop)
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    async def _set(self) -> None:
        await self._api.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=KINDS,
            max_connections=CONNECTIONS,
        )

    async def _watch(self) -> None:
        """Tells of what Telegram reports about its deliveries, each fault once."""
        told, ours = datetime.now(UTC), True
        while True:
            await asyncio.sleep(WATCH)
            try:
                info = await self._api.get_webhook_info()
                was, ours = ours, _same(info.url, self._url)
                if not ours:
                    if was:
                        _log.error(_ANOTHER if info.url else _NONE)
                    await self._set()
            except TelegramError as error:
                _log.info("The webhook was not looked at: %s", type(error).__name__)
                continue
            self._metrics.pending = info.pending_update_count
            at = info.last_error_date
            if at is not None and at > told:
                told = at
                said = info.last_error_message or "for no stated reason"
                # What came through since, as after a restart, is nobody's alarm.
                level = logging.WARNING if info.pending_update_count else logging.INFO
                line = "Telegram could not deliver an update: %s"
                _log.log(level, line, said, extra=begun(DELIVERY))

    async def _update(self, request: web.Request) -> web.Response:
        # Bytes that are no UTF-8 come as surrogates.
        given = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return closing(403)
        # All that can be judged before the body is.
        if "Content-Encoding" in request.headers:
            return closing(415)
        if (request.content_length or 0) > LARGEST:
            return closing(413)
        try:
            return await self._answered(request)
        except TokenRefusedError:
            return closing(503)  # it waits at Telegram for the next token
        except ConnectionResetError:
            # It comes again; nobody is there to read this one.
            _log.info("Whoever sent an update hung up before its answer")
            return web.Response()

    async def _answered(self, request: web.Request) -> web.Response:
        """Raises TokenRefusedError; and ConnectionResetError, if the sender hung up.

        Then what the response holds is lost; an answer that was a call has left, so that
        it is not given again when the update comes again.
        """
        try:
            async with asyncio.timeout(SLOWEST):
                sent = await request.read()
        except TimeoutError:
            return closing(408)
        try:
            raw = json.loads(sent)
        except (ValueError, RecursionError):
            raw = None
        if not isinstance(raw, dict):
            # 200 all the same: else it would come again, and hold up its chat.
            _log.warning("An update was no JSON object")
            return web.Response()
        room = webhook_reply(takes_all=not self._watched)
        unread: ConnectionResetError | None = None
        with room if self._in_response else nullcontext() as reply:
            async with self._dispatcher.taken(raw):
                call = reply.call if reply else None
                body = json.dumps(call).encode() if call else None
                kind = None if body is None else "application/json"
                response = web.Response(body=body, content_type=kind)
                # Only what has left is done, so that a crash loses no answer.
                try:
                    await _sent(request, response)
                except ConnectionResetError as error:
                    if body is not None and not self._watched:
                        raise
                    unread = error
        if unread:
            raise unread
        return response


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one; its host may come back in another spelling."""
    try:
        return _parts(one) == _parts(other)
    except ValueError:
        return one == other


def _parts(url: str) -> tuple[str, int, str, str]:
    """Raises ValueError, where it is no address."""
    found = urlsplit(url)
    host = (found.hostname or "").encode("idna").decode()
    return host, found.port or _HTTPS, found.path or "/", found.query


async def _sent(request: web.Request, response: web.Response) -> None:
    """Raises ConnectionResetError, if nobody is there to read it."""
    await response.prepare(request)
    await response.write_eof()
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError
