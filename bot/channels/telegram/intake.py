"""One update's way: told from a duplicate, read, let in, queued by chat, handled.

Polling and the webhook bring updates here; an update is done when `take` returns.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram.error import TelegramError

from bot.channels.telegram import update as updates
from bot.channels.telegram.lanes import FullError, Lanes
from bot.channels.telegram.log_redaction import where_raised
from bot.channels.telegram.rate_limits import Admission, UserLimiter
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.tally import Tally
from bot.channels.telegram.update import KINDS, Update

_log = logging.getLogger(__name__)
_REMEMBERED = 10_000
"""Update ids; Telegram repeats one within the day at most."""

Raw = dict[str, Any]
Refusal = Callable[[Update, Admission], Awaitable[None]]


class Intake:
    def __init__(
        self,
        handle: Callable[[Update], Awaitable[None]],
        tally: Tally,
        refused: Refusal,
        talker: Talker,
        matches: Callable[[Update], bool] = lambda _: True,
        user_limiter: UserLimiter | None = None,
        lanes: Lanes | None = None,
    ) -> None:
        self._handle, self._tally, self._refused = handle, tally, refused
        self.talker = talker
        self._matches = matches
        """Whether an update is for us; else it costs its author nothing."""
        self._user_limiter = user_limiter or UserLimiter()
        self.lanes = lanes or Lanes()
        self._seen: OrderedDict[int, asyncio.Future[None]] = OrderedDict()

    def knows(self, number: object) -> bool:
        """Whether an update of this number was taken already."""
        return number in self._seen

    async def take(self, raw: Raw) -> None:
        """Returns when the update was answered or refused; it never raises."""
        async with self.taken(raw):
            pass

    @asynccontextmanager
    async def taken(self, raw: Raw) -> AsyncIterator[None]:
        """An update that was answered or refused, but for what the block sends.

        If the block fails, the answer is lost, and the update may come again for it.
        """
        number = raw.get("update_id")
        if not isinstance(number, int):
            self._refuse("unreadable")
            _log.warning("An update was refused, unreadable: no number")
            yield
            return
        while (before := self._seen.get(number)) is not None:
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
            await self.talker.lost(number)
            raise
        else:
            await self.talker.done(number)
        finally:
            done.set_result(None)
            self._tally.handled += 1
            self._tally.seconds += time.perf_counter() - began

    async def _admit(self, number: int, raw: Raw) -> None:
        kind = next((k for k in KINDS if k in raw), None)
        self._tally.updates[kind or "other"] += 1
        if kind is None:
            self._refuse("not asked for")
            await self.talker.take(number, None)
            return
        try:
            update = updates.read(number, kind, raw)
            user_id, key = update.user_id, update.queue_key
            matches = self._matches(update)
        except Exception as error:  # noqa: BLE001  its shape is anybody's guess
            self._refuse("unreadable")
            # The number stands alone, so that the admins hear of a flood as of one.
            where = where_raised(error)
            _log.warning(
                "An update was refused, unreadable: update %s, %s", number, where
            )
            await self.talker.take(number, None)
            return

        if not matches:
            await self.talker.take(number, None)
            return

        async def turn() -> bool:
            chat = f"telegram:{key}" if isinstance(key, int) else None
            return await self.talker.take(number, chat)

        verdict = (
            Admission.ADMIT if user_id is None else self._user_limiter.judge(user_id)
        )
        if verdict is Admission.ADMIT:
            try:
                async with self.lanes.enter(key, turn) as mine:
                    if not mine:
                        self._refuse("duplicate")
                        return
                    await self._handle(update)
            except FullError:
                verdict = (
                    self._user_limiter.refuse(user_id) if user_id else Admission.REFUSE
                )
        if verdict is not Admission.ADMIT:
            self._refuse("too fast")
            if not await self.talker.take(number, None):
                return
            await self._tell(update, verdict)

    async def _tell(self, update: Update, verdict: Admission) -> None:
        try:
            await self._refused(update, verdict)
        except TelegramError as error:
            _log.info("A refusal could not be told: %s", type(error).__name__)

    def _refuse(self, reason: str) -> None:
        self._tally.refused[reason] += 1
