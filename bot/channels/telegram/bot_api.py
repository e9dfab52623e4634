"""The Bot API as the library speaks it, and its failures as lines for operators.

An update's last call may go back in the webhook's response instead of over the wire.
Telegram executes it and throws its result away: no message id, no error. So it is for
the last call alone, which a handler marks as such.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.rate_limits import PATIENCE, CallLimiter, CallRates
from bot.channels.telegram.server_clock import ServerClock
from bot.channels.telegram.transport import NotTheApiError, Timeouts, Transport
from bot.errors import ChannelError
from bot.troubles import TELEGRAM, begun, ended

_log = logging.getLogger(__name__)
_Call = dict[str, Any]
_MARK = "answerCallbackQuery"
_DOUBT = 60.0
"""Seconds after a fault or a refusal in which calls go over the wire, to be watched."""


@dataclass
class WebhookReply:
    takes_all: bool = True
    """Whether any last call goes back here; else the mark of a press alone, whose
    refusal leaves nobody without an answer.
    """
    call: _Call | None = None


_room: ContextVar[WebhookReply | None] = ContextVar("open", default=None)
_last_call: ContextVar[WebhookReply | None] = ContextVar("last", default=None)


@contextmanager
def webhook_reply(*, takes_all: bool = True) -> Iterator[WebhookReply]:
    """While an update of the webhook is handled: room for one call."""
    reply = WebhookReply(takes_all)
    token = _room.set(reply)
    try:
        yield reply
    finally:
        _room.reset(token)


@contextmanager
def last_call() -> Iterator[None]:
    """What is called within is an update's last call."""
    token = _last_call.set(_room.get())
    try:
        yield
    finally:
        _last_call.reset(token)


def may_be_kept() -> bool:
    """Whether an update's last call may go back in the response to it."""
    return _room.get() is not None


def _keep(method: str, parameters: Mapping[str, Any]) -> bool:
    """Keeps a last call; false for what must be sent."""
    reply = _last_call.get()
    if reply is None or reply.call is not None:
        return False
    if not reply.takes_all and method != _MARK:
        return False
    reply.call = {"method": method, **parameters}
    return True


# Durations as timedelta, the form that the library keeps; else each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class TokenRefusedError(InvalidToken):
    """Telegram takes the token no more; whatever waits is left to the next one."""


class BotApi(Bot):
    """A bot that keeps the limits, and whose name does not show its token.

    Of the library's Bot, and not of its ExtBot: the applications, handlers and job
    queues that come with that one take a tenth of a second of each start.
    """

    def __init__(
        self, token: str, limiter: CallLimiter, metrics: Metrics, **how: Any
    ) -> None:
        super().__init__(token, **how)
        self._limiter, self._metrics = limiter, metrics
        self._doubtful_until = self._logged_until = 0.0
        self._failing = False
        self._refused = asyncio.Event()

    def __repr__(self) -> str:
        return "BotApi"

    async def call(
        self, method: str, *, patience: float = PATIENCE, **values: Any
    ) -> Any:
        """A call whose values are plain, as JSON has them; none means left out.

        The library's own method makes an object of each button and takes it apart
        again, which was measured at eight times the cost for the same JSON. While
        Telegram fails, it is tried for so many seconds of patience.
        """
        given = {name: value for name, value in values.items() if value is not None}

        async def call() -> Any:
            if time.monotonic() >= self._doubtful_until and _keep(method, given):
                self._metrics.calls[method, "kept"] += 1
                return True
            try:
                done = await self._posted(method, given)
            except (NetworkError, RetryAfter) as error:
                if not isinstance(error, BadRequest):
                    self._notice(error)
                raise
            if self._failing:
                self._failing = False
                _log.info("Telegram answers again", extra=ended(TELEGRAM))
            return done

        return await self._limiter.run(method, given, call, patience)

    def _notice(self, error: TelegramError) -> None:
        """Of a fault that lasts the log says so once a minute."""
        if time.monotonic() >= self._logged_until:
            self._logged_until = time.monotonic() + _DOUBT
            self._failing = True
            _log.warning(
                "Telegram fails, and is tried again: %s",
                error.message,
                extra=begun(TELEGRAM, passing=True),
            )
        self.watch()

    def watch(self) -> None:
        """For a while no call goes in a response, where nobody hears what became of it."""
        self._doubtful_until = time.monotonic() + _DOUBT

    async def _do_post(self, endpoint: str, data: Any, **timeouts: Any) -> Any:
        """Whatever the library calls by itself, when the bot starts and ends."""
        return await self._limiter.run(
            endpoint, data, lambda: self._posted(endpoint, data, **timeouts)
        )

    async def _posted(self, method: str, given: Any, **timeouts: Any) -> Any:
        """A single try. Raises TokenRefusedError, as any later one does."""
        if self._refused.is_set():
            raise TokenRefusedError("Unauthorized")
        try:
            return await super()._do_post(method, given, **timeouts)
        except InvalidToken as error:
            # A server refuses a method that it lacks in the same way.
            if method == "getMe" or await self._is_refused():
                self._refused.set()
                raise TokenRefusedError(error.message) from None
            raise

    async def _is_refused(self) -> bool:
        try:
            await super()._do_post("getMe", {})
        except InvalidToken:
            return True
        except TelegramError:
            return False
        return False

    async def until(self, stop: asyncio.Event) -> None:
        """Waits for a stop. Raises TokenRefusedError, if that comes first."""
        events = [asyncio.create_task(e.wait()) for e in (stop, self._refused)]
        try:
            await asyncio.wait(events, return_when="FIRST_COMPLETED")
        finally:
            for event in events:
                event.cancel()
        if self._refused.is_set():
            raise TokenRefusedError("Unauthorized")

    async def raw_updates(
        self, offset: int, hold: int, kinds: tuple[str, ...]
    ) -> list[Any]:
        """Unparsed: one bad update must not spoil the others, nor be logged."""
        wanted = {"offset": offset, "timeout": hold, "allowed_updates": list(kinds)}
        answer = await self._post("getUpdates", wanted, read_timeout=hold + 10.0)
        if not isinstance(answer, list):
            raise TelegramError("The list of updates is none")
        return answer


def bot_api(
    token: str,
    address: str,
    metrics: Metrics,
    *,
    limits: CallRates | None = None,
    timeouts: Timeouts | None = None,
) -> BotApi:
    timeouts, clock = timeouts or Timeouts(), ServerClock(metrics)
    return BotApi(
        token,
        CallLimiter(limits or CallRates()),
        metrics,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=Transport(metrics, timeouts, clock),
        get_updates_request=Transport(metrics, timeouts, clock),
    )


def as_channel_error(error: TelegramError, address: str) -> ChannelError:
    """What to do about an error that ends the run; PTB's own words hold the token.

    Passing is what no setting ends. A rival is not: whoever tries again throws the other
    out, which does the same in turn.
    """
    passing = False
    match error:
        case NotTheApiError():
            text = f"{address} is no Bot API server; check TAKEBACK_API_URL."
        case InvalidToken():
            text = (
                "Telegram does not accept TAKEBACK_TOKEN; "
                "ask @BotFather for the bot's current token."
            )
        case Conflict():
            text = (
                "Another process answers for this bot; stop it, or give this one "
                "a token of its own."
            )
        case BadRequest():
            text = f"The Bot API at {address} refused a call: {error.message}."
        case NetworkError():
            passing = True
            text = f"No connection to {address}: {error.message}."
        case _:
            passing = True
            text = f"The Bot API at {address} failed: {error.message}."
    return ChannelError(text, passing=passing)
