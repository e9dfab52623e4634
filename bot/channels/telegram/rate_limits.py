"""How fast calls go out.

Telegram allows a chat one message a second, a group 20 a minute, 30 a second in all.
A 429 pauses the chat that it was about and no other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.channels.admission import Rate, RateLimiter, RateLimiters

PER_CHAT = Rate(per_second=1, burst=3)
PER_GROUP = Rate(per_second=20 / 60, burst=20)
OVERALL = Rate(per_second=30, burst=30)
PATIENCE = 900.0
"""Seconds that an answer is tried for, while Telegram fails: longer than most outages."""
_PROMPT = {"answerCallbackQuery": 10.0, "answerInlineQuery": 10.0}
"""What is of no use later: Telegram's own client has given it up by then."""
_WAITED_FOR = 60.0
"""Seconds of a 429 that calls without patience wait for."""
_LONGEST_PAUSE = 30.0


class CallRates(NamedTuple):
    chat: Rate = PER_CHAT
    group: Rate = PER_GROUP
    overall: Rate = OVERALL


class CallLimiter:
    def __init__(
        self,
        rates: CallRates = CallRates(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._chats = RateLimiters(rates.chat)
        self._groups = RateLimiters(rates.group)
        self._overall = RateLimiter(rates.overall)
        self._paused: dict[int, float] = {}

    async def run(
        self,
        endpoint: str,
        data: dict[str, Any],
        call: Callable[[], Awaitable[Any]],
        patience: float = 0.0,
    ) -> Any:
        """Makes a call in its turn, and again while Telegram asks to wait or is down.

        Seconds of patience limit how long; with none, only a request to wait is heeded.
        A message whose fate is unknown after a silence is sent again, for twice is
        better than never. Raises TelegramError with the method as a note.
        """
        chat = data.get("chat_id") if endpoint.startswith(("send", "edit")) else None
        patience = min(patience, _PROMPT.get(endpoint, patience))
        until, pause = self._clock() + (patience or _WAITED_FOR), 1.0
        while True:
            if isinstance(chat, int):
                await self._turn(chat)
            try:
                return await call()
            except TelegramError as error:
                wait = _pause_after(error, pause if patience else None)
                if wait is None or self._clock() + wait > until:
                    error.add_note(endpoint)  # for who is told of it
                    raise
                pause = min(2 * pause, _LONGEST_PAUSE)
                if isinstance(error, RetryAfter) and isinstance(chat, int):
                    self._paused[chat] = self._clock() + wait
                else:
                    await self._sleep(wait)

    async def _turn(self, chat: int) -> None:
        """Waits for the chat first and for all of them last.

        So a chat that has to wait takes no one else's place.
        """
        while (wait := self._paused.get(chat, 0.0) - self._clock()) > 0:
            await self._sleep(wait)
        self._paused.pop(chat, None)
        now = self._clock()
        await self._wait(self._chats.of(chat, now))
        if chat < 0:
            await self._wait(self._groups.of(chat, now))
        await self._wait(self._overall)

    async def _wait(self, limiter: RateLimiter) -> None:
        if (wait := limiter.take(self._clock())) > 0:
            await self._sleep(wait)


def _pause_after(error: TelegramError, usual: float | None) -> float | None:
    """Seconds until another try makes sense; None where it would end the same."""
    if isinstance(error, RetryAfter):
        return _seconds(error.retry_after)
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return usual
    return None


def _seconds(given: int | timedelta) -> float:
    return given.total_seconds() if isinstance(given, timedelta) else float(given)
