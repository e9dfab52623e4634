"""Long polling. An update is confirmed when it was handled, so a crash loses none."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import NamedTuple

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.bot_api import BotApi, TokenRefusedError
from bot.channels.telegram.dispatcher import Dispatcher, RawUpdate
from bot.channels.telegram.update import KINDS, is_update_id
from bot.troubles import TELEGRAM, begun, ended

_log = logging.getLogger(__name__)
_MINUTE = 60.0
_FEW = 4
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
    overdue: float = 30.0
    """After which a few slow chats no longer hold back all others; see `_offset`."""
    grace: float = 20.0
    """That updates in hand get at a stop."""
    first: float = 1.0
    """Before a second attempt while there is no connection; doubled each time."""
    longest: float = 30.0
    at_once: int = 8
    """Updates in work: more than Telegram lets out, few enough to be marked at once."""
    slow: float = 1.0
    """After which one no longer counts among them, so that slow chats hold up none."""
    rivals: int = 3
    """Conflicts within a minute that mean another process, not our own last request."""
    young: float = 15.0
    """Since the start, while the other is given time to end, who has asked for longer."""


class Polling:
    def __init__(
        self,
        api: BotApi,
        dispatcher: Dispatcher,
        options: PollingOptions = PollingOptions(),
    ) -> None:
        self._api, self._dispatcher, self._options = api, dispatcher, options
        self._open: dict[int, _Taken] = {}
        self._room = asyncio.Semaphore(options.at_once)
        self._next = 0
        self._told_unreadable = False
        self._conflicts: deque[float] = deque(maxlen=options.rivals)
        self._began = time.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; then answers what it took, and confirms it.

        Raises InvalidToken or Conflict, if another attempt would end the same.
        """
        over = asyncio.create_task(self._api.until(stop))
        try:
            while not over.done():
                asking = asyncio.create_task(self._ask())
                await asyncio.wait({asking, over}, return_when="FIRST_COMPLETED")
                if not asking.done():
                    # What it may have brought was not confirmed, so it comes again.
                    asking.cancel()
                    await asyncio.gather(asking, return_exceptions=True)
                    break
                for raw in await asking:
                    self._take(raw)
            await over
        finally:
            over.cancel()
            await asyncio.gather(over, return_exceptions=True)
            await self._finish()

    async def _finish(self) -> None:
        """What is not answered in time is left to the next start, unconfirmed."""
        tasks = [taken.task for taken in self._open.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._options.grace)
            first = min(self._open) if late else self._next
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            self._next = first
        if self._next:
            try:
                await self._api.raw_updates(self._next, 0, KINDS)
            except TelegramError:
                _log.info("The last updates were not confirmed; they may come again")

    def _take(self, raw: RawUpdate) -> None:
        number: int = raw["update_id"]
        if number in self._open:
            return
        self._next = max(self._next, number + 1)
        task = asyncio.create_task(self._answer(raw))
        self._open[number] = _Taken(task, time.monotonic())
        task.add_done_callback(lambda _: self._open.pop(number, None))

    async def _answer(self, raw: RawUpdate) -> None:
        """In its turn, for what is in work when the process dies may be answered twice.

        The more there is of it, the longer an answer that has left waits for its mark.
        """
        await self._room.acquire()
        counted = True

        def leave() -> None:
            nonlocal counted
            if counted:
                counted = False
                self._room.release()

        slow = asyncio.get_running_loop().call_later(self._options.slow, leave)
        try:
            await self._dispatcher.take(raw)
        except TokenRefusedError:
            pass  # which ends the run; nothing is confirmed any more
        finally:
            slow.cancel()
            leave()

    async def _ask(self) -> list[RawUpdate]:
        """The next updates, whatever it takes."""
        pause, silent = self._options.first, False
        while True:
            try:
                updates = await self._once()
            except InvalidToken:
                raise
            except Conflict:
                if self._has_rival():
                    raise
            except RetryAfter as error:
                _log.info("Telegram asks to wait: %s", error.message)
            except TelegramError as error:
                if not silent:
                    _log.warning(
                        "Telegram is out of reach: %s",
                        error.message,
                        extra=begun(TELEGRAM, passing=True),
                    )
                silent = True
            else:
                if silent:
                    _log.warning("Telegram is back", extra=ended(TELEGRAM))
                return updates
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._options.longest)

    def _has_rival(self) -> bool:
        """Whether conflicts come so often that somebody else must be asking."""
        now = time.monotonic()
        self._conflicts.append(now)
        if now - self._began < self._options.young:
            return False
        full = len(self._conflicts) == self._options.rivals
        return full and now - self._conflicts[0] < _MINUTE

    async def _once(self) -> list[RawUpdate]:
        if self._open:
            tasks = [taken.task for taken in self._open.values()]
            await asyncio.wait(tasks, timeout=self._options.linger)
        hold = 0 if self._open else self._options.hold
        found = await self._api.raw_updates(self._offset(), hold, KINDS)
        fresh = [raw for raw in found if self._is_new(raw)]
        if not fresh and (found or self._open):
            await asyncio.sleep(self._options.again)
        return fresh

    def _offset(self) -> int:
        """Up to here all is confirmed: nothing whose answer has not left.

        But for a few slow chats, when Telegram would hand out nothing else because of
        them: then these give up their safety in a crash, not all others their answers.
        """
        if not self._open:
            return self._next
        first = min(self._open)
        full = self._next - first >= _BATCH
        overdue = time.monotonic() - self._options.overdue
        few = len(self._open) <= _FEW
        if full and few and all(t.since < overdue for t in self._open.values()):
            return self._next
        return first

    def _is_new(self, raw: object) -> bool:
        if not isinstance(raw, dict) or not is_update_id(raw.get("update_id")):
            if not self._told_unreadable:
                _log.warning("Telegram handed out what is no update")
            self._told_unreadable = True
            return False
        return not self._dispatcher.knows(raw["update_id"])


class _Taken(NamedTuple):
    task: asyncio.Task[None]
    since: float
