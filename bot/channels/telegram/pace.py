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

from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.bucket import Bucket, Buckets, Rate

PER_CHAT = Rate(per_second=1, burst=3)
PER_GROUP = Rate(per_second=20 / 60, burst=20)
OVERALL = Rate(per_second=30, burst=30)
TRIES = 3
LONGEST = 60.0
"""Seconds that a person will still wait for; after that the answer is of no use."""


class Limits(NamedTuple):
    chat: Rate = PER_CHAT
    group: Rate = PER_GROUP
    overall: Rate = OVERALL


class Pace:
    def __init__(
        self,
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._chats = Buckets(limits.chat)
        self._groups = Buckets(limits.group)
        self._overall = Bucket(limits.overall)
        self._paused: dict[int, float] = {}

    async def paced(
        self, endpoint: str, data: dict[str, Any], call: Callable[[], Awaitable[Any]]
    ) -> Any:
        """Makes a call in its turn, and again after a 429."""
        chat = data.get("chat_id") if endpoint.startswith(("send", "edit")) else None
        for left in reversed(range(TRIES)):
            if isinstance(chat, int):
                await self._turn(chat)
            try:
                return await call()
            except RetryAfter as error:
                wait = _seconds(error.retry_after)
                if not left or wait > LONGEST:
                    error.add_note(endpoint)
                    raise
                if isinstance(chat, int):
                    self._paused[chat] = self._clock() + wait
                else:
                    await self._sleep(wait)
            except TelegramError as error:
                error.add_note(endpoint)  # for who is told of it
                raise
        raise AssertionError(endpoint)

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

    async def _wait(self, bucket: Bucket) -> None:
        if (wait := bucket.take(self._clock())) > 0:
            await self._sleep(wait)


def _seconds(given: int | timedelta) -> float:
    return given.total_seconds() if isinstance(given, timedelta) else float(given)
