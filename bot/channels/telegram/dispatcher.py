"""One update's way: told from a duplicate, read, let in, queued by chat, handled.

Order is kept within a chat, none between chats; a queue is short: who floods waits alone.

Polling and the webhook bring updates here; an update is done when `take` returns.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from telegram.error import TelegramError

from bot.channels.admission import Admission, UserLimiter
from bot.channels.chat_queues import ChatQueues, QueueFullError
from bot.channels.log_redaction import where_raised
from bot.channels.telegram import update as updates
from bot.channels.telegram.bot_api import TokenRefusedError
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.update import KINDS, Update

_log = logging.getLogger(__name__)
_REMEMBERED = 10_000
"""Update ids; Telegram repeats one within the day at most."""

RawUpdate = dict[str, Any]
Joined = Callable[[Update], asyncio.Event | None]
Refusal = Callable[[Update, Admission], Awaitable[None]]


class Callbacks(NamedTuple):
    """What is done with an update that was taken."""

    handle: Callable[[Update], Awaitable[None]]
    refused: Refusal
    matches: Callable[[Update], bool]
    """Whether an update is for us; else it costs its author nothing."""
    joined: Joined = lambda _: None


class Dispatcher:
    def __init__(
        self,
        callbacks: Callbacks,
        responder: Responder,
        metrics: Metrics,
        user_limiter: UserLimiter,
    ) -> None:
        self._handle, self._refused, self._matches, self._joined = callbacks
        self.responder, self._metrics = responder, metrics
        self._user_limiter = user_limiter
        self.queues = ChatQueues()
        self._seen: OrderedDict[int, asyncio.Future[None] | None] = OrderedDict()
        """Updates that were taken; those in hand with the moment that they are done."""

    def knows(self, number: object) -> bool:
        """Whether an update of this number was taken already."""
        return number in self._seen

    async def take(self, raw: RawUpdate) -> None:
        """Returns when the update was answered or refused.

        Raises TokenRefusedError alone: then the update may come again.
        """
        async with self.taken(raw):
            pass

    @asynccontextmanager
    async def taken(self, raw: RawUpdate) -> AsyncIterator[None]:
        """An update that was answered or refused, but for what the block sends.

        If the block fails, the answer is lost, and the update may come again for it.
        """
        number = raw.get("update_id")
        if not updates.is_update_id(number):
            self._refuse("unreadable")
            _log.warning("An update was refused, unreadable: no number")
            yield
            return
        while number in self._seen:
            if (before := self._seen[number]) is not None:
                _log.info("Update %s came again before its answer had left", number)
                await asyncio.shield(before)
            if number in self._seen:
                self._refuse("duplicate")
                yield
                return
        done = self._seen[number] = asyncio.get_running_loop().create_future()
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        began = time.perf_counter()
        try:
            await self._admit(number, raw)
            yield
        except BaseException:
            self._seen.pop(number, None)
            await self.responder.lost(number)
            raise
        else:
            await self.responder.done(number)
            if number in self._seen:
                self._seen[number] = None
        finally:
            done.set_result(None)
            self._metrics.took(time.perf_counter() - began)

    async def _admit(self, number: int, raw: RawUpdate) -> None:
        kind = next((k for k in KINDS if k in raw), None)
        self._metrics.updates[kind or "other"] += 1
        if kind is None:
            self._refuse("not asked for")
            await self.responder.take(number, None)
            return
        try:
            update = updates.read(number, kind, raw)
            user_id, key = update.user_id, update.queue_key
            matches = self._matches(update)
            # This looks into it as well.
            answered = self._joined(update) if matches else None
        except Exception as error:  # noqa: BLE001  its shape is anybody's guess
            self._refuse("unreadable")
            # The number stands alone, so that the admins hear of a flood as of one.
            where = where_raised(error)
            _log.warning(
                "An update was refused, unreadable: update %s, %s", number, where
            )
            await self.responder.take(number, None)
            return

        if answered is not None or not matches:
            # Not for us, or a piece of a question that waits for more. A piece costs its
            # author nothing, and is done once the question was answered.
            await self.responder.take(number, None)
            if answered is not None:
                await answered.wait()
            return

        async def turn() -> bool:
            chat = updates.chat_name(key) if isinstance(key, int) else None
            return await self.responder.take(number, chat)

        verdict = (
            Admission.ADMIT if user_id is None else self._user_limiter.judge(user_id)
        )
        if verdict is Admission.ADMIT:
            try:
                async with self.queues.enter(key, turn) as mine:
                    if not mine:
                        self._refuse("duplicate")
                        return
                    await self._handle(update)
            except QueueFullError:
                verdict = (
                    self._user_limiter.refuse(user_id) if user_id else Admission.REFUSE
                )
        if verdict is not Admission.ADMIT:
            self._refuse("too fast")
            if not await self.responder.take(number, None):
                return
            await self._tell(update, verdict)

    async def _tell(self, update: Update, verdict: Admission) -> None:
        try:
            await self._refused(update, verdict)
        except TokenRefusedError:
            raise
        except TelegramError as error:
            _log.info("A refusal could not be told: %s", type(error).__name__)

    def _refuse(self, reason: str) -> None:
        self._metrics.refused[reason] += 1
