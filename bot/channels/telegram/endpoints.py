"""The bot's HTTP server: health, readiness and metrics, and the webhook where it is used."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.channels.telegram.metrics import TYPE, Metrics
from bot.errors import ChannelError

LARGEST = 256 * 1024
"""Bytes of an update; Telegram's longest are a tenth of that."""
GRACE = 20.0
"""Seconds that updates in hand get at a stop."""
PATHS = ("/health", "/ready", "/metrics")
_LINGER = 1.0
"""Seconds that the rest of a refused body is waited for, so that the refusal is read."""

Endpoint = Callable[[web.Request], Awaitable[web.Response]]


class Endpoints:
    def __init__(
        self, listen: str, metrics: Metrics, exposition: Callable[[], bytes]
    ) -> None:
        self._listen, self._metrics = listen, metrics
        self._exposition = exposition
        self.ready = False
        """Whether updates are answered; false before, and once a stop was asked for."""

    @asynccontextmanager
    async def serving(self, posted: dict[str, Endpoint]) -> AsyncIterator[None]:
        """Listens; at the end what was taken is answered.

        Raises ChannelError, if nothing can be listened to at the address.
        """
        runner = web.AppRunner(
            self._site(posted),
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
            yield
        finally:
            self.ready = False
            await runner.cleanup()

    def _site(self, posted: dict[str, Endpoint]) -> web.Application:
        site = web.Application(client_max_size=LARGEST)
        for path, answer in posted.items():
            site.router.add_post(path, answer)
        own: tuple[Endpoint, ...] = (self._health, self._readiness, self._figures)
        for path, answer in zip(PATHS, own, strict=True):
            site.router.add_get(path, answer)
        return site

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readiness(self, _: web.Request) -> web.Response:
        return web.Response(status=200 if self.ready else 503)

    async def _figures(self, _: web.Request) -> web.Response:
        return web.Response(body=self._exposition(), headers={"Content-Type": TYPE})


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
    log = logging.getLogger("aiohttp.server.endpoints")
    log.filters[:] = [_Malformed(metrics)]
    return log
