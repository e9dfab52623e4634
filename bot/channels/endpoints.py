"""A channel's HTTP server: health, readiness and metrics, and what the channel serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from bot.channels.connections import listen
from bot.channels.malformed import Malformed, Refusing
from bot.channels.metrics import TYPE, ChannelMetrics, Figures
from bot.errors import ChannelError

if TYPE_CHECKING:
    from aiohttp.typedefs import Middleware

LARGEST = 256 * 1024
"""Bytes of a body; Telegram's longest updates are a tenth of that."""
IDLE = 75.0
"""Seconds that a connection may be silent; nginx lets its own go before."""
SLOWEST = 10.0
"""Seconds that a body may take to come."""
GRACE = 20.0
"""Seconds that updates in hand get at a stop."""
PATHS = ("/health", "/ready", "/metrics")
_LAST = 1.0
"""Seconds that what is in hand after that has until it is cut off."""
_LINGER = 1.0
"""Seconds that the rest of a refused body is waited for, so that the refusal is read."""

Endpoint = Callable[[web.Request], Awaitable[web.Response]]


class Routes(NamedTuple):
    """What a channel serves beside health, readiness and metrics, by path."""

    posted: Mapping[str, Endpoint] = MappingProxyType({})
    got: Mapping[str, Endpoint] = MappingProxyType({})
    largest: int = LARGEST
    """Bytes of a body."""
    middleware: Middleware | None = None
    refusing: Refusing = lambda status, _: closing(status)
    """Answers what reaches none of the paths: what is no HTTP, or comes too late."""


class Inside(NamedTuple):
    """What the bot behind the channel counts just now."""

    waiting: int
    """Events in hand."""
    figures: Figures


class Endpoints:
    def __init__(
        self,
        listen: str,
        metrics: ChannelMetrics,
        inside: Callable[[], Inside],
        stop: asyncio.Event,
    ) -> None:
        self._listen, self._metrics, self._stop = listen, metrics, stop
        self._inside = inside
        self.ready = False
        """Whether updates are answered; false until all is set up."""
        self._ending = False
        self._in_hand = 0
        self._none_in_hand = asyncio.Event()
        self._none_in_hand.set()

    @asynccontextmanager
    async def serving(self, routes: Routes = Routes()) -> AsyncIterator[str]:
        """Listens, at the address it yields; at the end what was taken is answered.

        Until it is, whoever asks hears that this one is not ready any more.

        Raises ChannelError, if nothing can be listened to at the address.
        """
        runner = web.AppRunner(
            _application(self._counted(routes), self._own()),
            shutdown_timeout=_LAST,
            handle_signals=False,
        )
        await runner.setup()
        assert runner.server
        connected = partial(
            Malformed(self._metrics, routes.refusing).connection,
            runner.server,
            loop=asyncio.get_running_loop(),
            access_log=None,
            # What is compressed may be a thousand times as long; nobody has to.
            auto_decompress=False,
            lingering_time=_LINGER,
            keepalive_timeout=IDLE,
        )
        try:
            listener = await self._listener(connected)
            host, _, _ = self._listen.rpartition(":")
            port = listener.sockets[0].getsockname()[1]
            try:
                yield f"http://{host}:{port}"
            finally:
                self.ready, self._ending = False, True
                await self._finish()
                listener.close()
        finally:
            await runner.cleanup()

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_in_hand.wait(), GRACE)

    def _counted(self, routes: Routes) -> Routes:
        posted = {
            path: self._counting(one, routes.refusing)
            for path, one in routes.posted.items()
        }
        return routes._replace(posted=posted)

    def _counting(self, answer: Endpoint, refusing: Refusing) -> Endpoint:
        """What is posted, while it is in hand; once the end has begun, nothing new."""

        async def counting(request: web.Request) -> web.Response:
            if self._ending:
                return refusing(503, "this one is ending; try again")
            self._in_hand += 1
            self._none_in_hand.clear()
            try:
                return await answer(request)
            finally:
                self._in_hand -= 1
                if not self._in_hand:
                    self._none_in_hand.set()

        return counting

    async def _listener(
        self, connected: Callable[[], asyncio.BaseProtocol]
    ) -> asyncio.Server:
        host, _, port = self._listen.rpartition(":")
        try:
            return await listen(connected, host.strip("[]"), int(port))
        except OSError as error:
            text = f"Cannot listen at TAKEBACK_LISTEN={self._listen}: "
            # A port may be free in a moment, and an address be there.
            passing = not isinstance(error, PermissionError)
            raise ChannelError(f"{text}{error.strerror}.", passing=passing) from None

    def _own(self) -> dict[str, Endpoint]:
        own: tuple[Endpoint, ...] = (self._health, self._readiness, self._figures)
        return dict(zip(PATHS, own, strict=True))

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readiness(self, _: web.Request) -> web.Response:
        """A lost store is said, and no reason for 503: people are answered without.

        All replicas share it, so that a balancer would be left with none.
        """
        if not self.ready or self._stop.is_set():
            return web.Response(status=503, text="not ready")
        away = self._inside().figures.get("store_away", {}).get("")
        return web.Response(text="ok\nstore: away" if away else "ok")

    async def _figures(self, _: web.Request) -> web.Response:
        body = self._metrics.exposition(*self._inside())
        return web.Response(body=body, headers={"Content-Type": TYPE})


def closing(status: int) -> web.Response:
    """A refusal. Whatever body there is goes unread."""
    response = web.Response(status=status)
    response.force_close()
    return response


def _application(routes: Routes, own: dict[str, Endpoint]) -> web.Application:
    used = [routes.middleware] if routes.middleware else []
    made = web.Application(client_max_size=routes.largest, middlewares=used)
    for path, answer in routes.posted.items():
        made.router.add_post(path, answer)
    for path, answer in (own | dict(routes.got)).items():
        made.router.add_get(path, answer)
    return made
