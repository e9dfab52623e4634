"""python-telegram-bot's requests over aiohttp, which costs a third of httpx.

Knows what may be sent again at once: whatever was cut off before Telegram began to
answer, and after a silence only what may happen twice. An address holds the token, so no
error of
this module names one.
"""

from __future__ import annotations

import asyncio
import json
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput

    from bot.channels.telegram.metrics import Metrics
    from bot.channels.telegram.server_clock import ServerClock

_SERVER_FAULT = 500
_OK = 200
_JSON = {"Content-Type": "application/json", "User-Agent": BaseRequest.USER_AGENT}
_CARRIED_OUT = b'{"ok": true, "result": true}'
_DOING = ("send", "edit", "answer")
"""Methods of which it is enough to know that they were carried out."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


class Timeouts(NamedTuple):
    """How long, in seconds, and how often."""

    connect: float = 5.0
    read: float = 10.0
    pauses: tuple[float, ...] = (0.3, 1.0, 3.0)
    """Before each further try."""


class CutOffError(NetworkError):
    """The connection failed before Telegram began to answer."""


class NotTheApiError(TelegramError):
    """What answers at this address is no Bot API server."""


class Transport(BaseRequest):
    """JSON over kept-alive connections. This bot sends no files."""

    def __init__(
        self, metrics: Metrics, timeouts: Timeouts, clock: ServerClock
    ) -> None:
        self._metrics = metrics
        self._timeouts, self._clock = timeouts, clock
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeouts.read

    async def initialize(self) -> None:
        if self._session is not None:
            return
        self._session = aiohttp.ClientSession(
            # Telegram drops idle connections after some 39 seconds: be first.
            connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=30),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_JSON,
            # Looked up anew for each request, so only where there is one to find.
            trust_env=any(name.lower() in _PROXIES for name in os.environ),
        )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """As in the base class, which would log what it cannot parse."""
        try:
            return json.loads(payload)
        except (ValueError, RecursionError):
            raise TelegramError("Invalid server response") from None

    async def do_request(  # noqa: PLR0913 - the parameters of the base class
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        endpoint = _endpoint(url)
        parameters = request_data.parameters if request_data else {}
        read = self._seconds(read_timeout, self._timeouts.read)
        connect = self._seconds(connect_timeout, self._timeouts.connect)
        limits = _limits(read, connect)
        body = json.dumps(parameters).encode()
        again = () if endpoint == "getUpdates" else self._timeouts.pauses
        for pause in (*again, None):
            try:
                status, payload = await self._once(method, url, body, limits)
            except NetworkError as error:
                self._metrics.calls[endpoint, type(error).__name__] += 1
                if pause is None or not _repeatable(endpoint, error):
                    raise
            else:
                self._metrics.calls[endpoint, str(status)] += 1
                if status < _SERVER_FAULT or pause is None:
                    return status, payload
            await asyncio.sleep(pause)
        raise AssertionError(endpoint)

    async def _once(
        self, method: str, url: str, body: bytes, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("this request object is not initialized")
        status = 0
        try:
            async with self._session.request(
                method, _address(url), data=body, timeout=limits, allow_redirects=False
            ) as answer:
                status = answer.status
                payload = await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise CutOffError(_words(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            if status == _OK and _endpoint(url).startswith(_DOING):
                # It was carried out; only the details were lost.
                return status, _CARRIED_OUT
            if status or isinstance(error, TimeoutError):
                raise TimedOut("No answer in time") from None
            raise CutOffError(_words(error)) from None
        if _no_api(answer.status, payload):
            raise NotTheApiError(f"HTTP status {answer.status}")
        self._clock.told(answer.headers.get("Date"))
        return answer.status, payload

    @staticmethod
    def _seconds(given: ODVInput[float], default: float) -> float:
        # PTB's "not given" is an object of its own, and None means "for ever".
        return float(given) if isinstance(given, int | float) else default


# Both are the same for most calls, and dear to make.
@lru_cache
def _limits(read: float, connect: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=read + connect, connect=connect, sock_connect=connect
    )


@lru_cache
def _address(url: str) -> URL:
    return URL(url)


def _endpoint(url: str) -> str:
    return url.rpartition("/")[2]


def _repeatable(endpoint: str, error: NetworkError) -> bool:
    return isinstance(error, CutOffError) or not endpoint.startswith("send")


def _no_api(status: int, payload: bytes) -> bool:
    """Telegram's own proxies answer 5xx in HTML; everything else of it is JSON."""
    return status < _SERVER_FAULT and not payload.lstrip().startswith(b"{")


def _words(error: Exception) -> str:
    """An error without its address."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        # Its number is none of those that the system has words for.
        return "the name does not resolve"
    if isinstance(error, aiohttp.ClientConnectorError) and error.os_error.errno:
        return os.strerror(error.os_error.errno)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
