"""Runs the channel until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import nullcontext, suppress
from typing import NamedTuple

from telegram.error import TelegramError

from bot import startup
from bot.channels.telegram import channel, profile
from bot.channels.telegram.alarm import Alarm
from bot.channels.telegram.api import api, fault
from bot.channels.telegram.bucket import Rate
from bot.channels.telegram.channel import Channel
from bot.channels.telegram.gate import PER_PERSON
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.pace import Limits
from bot.channels.telegram.poll import Habit, Poll
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.tally import Tally
from bot.channels.telegram.transport import Patience
from bot.settings import Settings

_log = logging.getLogger(__name__)


class Tuning(NamedTuple):
    """Every number that has to do with time; tests shrink them."""

    limits: Limits = Limits()
    patience: Patience = Patience()
    habit: Habit = Habit()
    person: Rate = PER_PERSON
    settle: float = 1.0
    """Seconds after the start until the profile is looked at: answers go first."""


async def serve(
    talker: Talker,
    lines: Lines,
    settings: Settings,
    *,
    tuning: Tuning | None = None,
    tally: Tally | None = None,
    stop: asyncio.Event | None = None,
    alarm: Alarm | None = None,
) -> None:
    """Until SIGTERM, SIGINT or `stop`, answering what was taken by then.

    Raises ChannelError with one line that says what to do.
    """
    tuning, stop = tuning or Tuning(), stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows Ctrl-C ends the loop itself
            loop.add_signal_handler(number, stop.set)
    token = settings.token.get_secret_value() if settings.token else ""
    tally = tally or Tally()
    bot = api(
        token,
        settings.api_url,
        tally,
        limits=tuning.limits,
        patience=tuning.patience,
    )
    try:
        async with channel.opened(
            talker,
            lines,
            bot,
            tally,
            plain=settings.plain,
            person=tuning.person,
            admins=settings.admins,
        ) as opened:
            told = asyncio.create_task(_tell(opened, settings, tuning))
            try:
                async with (
                    alarm.telling(opened.api, settings.api_url)
                    if alarm
                    else nullcontext()
                ):
                    await _answer(opened, settings, tuning, stop)
            finally:
                told.cancel()
                await asyncio.gather(told, return_exceptions=True)
    except TelegramError as error:
        raise fault(error, settings.api_url) from None


async def _tell(opened: Channel, settings: Settings, tuning: Tuning) -> None:
    await asyncio.sleep(tuning.settle)
    await profile.tell(opened.api, opened.lines, opened.commands, plain=settings.plain)


async def _answer(
    opened: Channel, settings: Settings, tuning: Tuning, stop: asyncio.Event
) -> None:
    startup.settled()
    name = opened.api.bot.username or opened.api.bot.first_name
    if settings.webhook_url:
        # Imported here: polling needs no server.
        from bot.channels.telegram.hook import Hook

        await Hook(opened, settings).run(stop)
        return
    await opened.api.delete_webhook()
    _log.info("Answering as %s, by long polling", name)
    await Poll(opened.api, opened.intake, tuning.habit).run(stop)
