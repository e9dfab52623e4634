"""Long polling. An update is confirmed when it was handled, so a crash loses none."""

from __future__ import annotations

import asyncio
import logging
from typing import NamedTuple

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.bot_api import BotApi
from bot.channels.telegram.dispatcher import Dispatcher, RawUpdate
from bot.channels.telegram.update import KINDS

_log = logging.getLogger(__name__)
_BATCH = 100
"""Updates that Telegram hands out at once, counted from the first unconfirmed one."""


class PollingOptions(NamedTuple):
    """In seconds."""

    hold: int = 30
    """That Telegram may keep an empty request open."""
    linger: float = 1.0
    """That the next request waits for updates in hand, since it confirms them."""
    again: float = 0.3
    """Between requests while some chat takes longer than that."""
    first: float = 1.0
    """Before a second attempt while there is no connection; doubled each time."""
    longest: float = 30.0
    rivals: int = 3
    """Conflicts in a row that mean another process, not our own last request."""


class Polling:
    def __init__(
        self,
        api: BotApi,
        dispatcher: Dispatcher,
        options: PollingOptions = PollingOptions(),
    ) -> None:
        self._api, self._dispatcher, self._options = api, dispatcher, options
        self._open: dict[int, asyncio.Task[None]] = {}
        self._next = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then answers what it took, and confirms it.

        Raises InvalidToken or Conflict, if another attempt would end the same.
        """
        ended = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                asking = asyncio.create_task(self._ask())
                await asyncio.wait({asking, ended}, return_when="FIRST_COMPLETED")
                if not asking.done():
                    # What it may have brought was not confirmed, so it comes again.
                    asking.cancel()
                    await asyncio.gather(asking, return_exceptions=True)
                    break
                for raw in await asking:
                    self._take(raw)
        finally:
            ended.cancel()
            await self._finish()

    async def _finish(self) -> None:
        if self._open:
            await asyncio.wait(self._open.values())
        if self._next:
            try:
                await self._api.raw_updates(self._next, 0, KINDS)
            except TelegramError:
                _log.info("The last updates were not confirmed; they may come again")

    def _take(self, raw: RawUpdate) -> None:
        number = raw.get("update_id")
        if not isinstance(number, int) or number in self._open:
            return
        self._next = max(self._next, number + 1)
        task = self._open[number] = asyncio.create_task(self._dispatcher.take(raw))
        task.add_done_callback(lambda _: self._open.pop(number, None))

    async def _ask(self) -> list[RawUpdate]:
        """The next updates, whatever it takes."""
        pause, conflicts, silent = self._options.first, 0, False
        while True:
            try:
                updates = await self._once()
            except InvalidToken:
                raise
            except Conflict:
                conflicts += 1
                if conflicts >= self._options.rivals:
                    raise
            except RetryAfter as error:
                _log.info("Telegram asks to wait: %s", error.message)
            except TelegramError as error:
                if not silent:
                    _log.warning("Telegram is out of reach: %s", error.message)
                silent = True
            else:
                if silent:
                    _log.warning("Telegram is back")
                return updates
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._options.longest)

    async def _once(self) -> list[RawUpdate]:
        if self._open:
            await asyncio.wait(self._open.values(), timeout=self._options.linger)
        if not self._open:
            return await self._api.raw_updates(self._next, self._options.hold, KINDS)
        first = min(self._open)
        if self._next - first >= _BATCH:
            # One chat has held back a whole batch: it gives up its safety, not the
            # others their answers.
            return await self._api.raw_updates(self._next, 0, KINDS)
        found = await self._api.raw_updates(first, 0, KINDS)
        fresh = [
            raw for raw in found if not self._dispatcher.knows(raw.get("update_id"))
        ]
        if not fresh:
            await asyncio.sleep(self._options.again)
        return fresh
