"""Puts the parts together: a library application with one handler a kind of update."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.channels.telegram import outbox, profile
from bot.channels.telegram.api import Api
from bot.channels.telegram.bucket import Rate
from bot.channels.telegram.dialogue import Context, Dialogue
from bot.channels.telegram.gate import PER_PERSON, Gate, Verdict
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.reading import Ears
from bot.channels.telegram.secrecy import place as place_of
from bot.channels.telegram.speech import Place, Speech
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.tally import Tally

App = Application[Any, Any, Any, Any, Any, Any]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Channel:
    """The open channel: what brings updates needs no more than this."""

    talker: Talker
    api: Api
    intake: Intake
    tally: Tally
    lines: Lines
    commands: dict[str, str]


@asynccontextmanager
async def opened(
    talker: Talker,
    lines: Lines,
    bot: Api,
    tally: Tally,
    *,
    plain: bool = False,
    person: Rate = PER_PERSON,
    admins: Collection[int] = (),
) -> AsyncIterator[Channel]:
    """Connected and known by name.

    Raises TelegramError, where the server or the token is no good.
    """
    commands = profile.commands(talker.book, lines)
    application: App = (
        ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    )
    # The bot by itself first: an application that fails to start does not close it.
    async with bot, application:
        speech = Speech(bot, lines.short("copy"), plain=plain)
        ears = Ears(bot.bot, frozenset(commands))
        dialogue = Dialogue(talker, speech, lines, ears, admins)
        inline = Inline(talker, speech, lines, bot.bot)
        told = _Told(speech, lines, tally)
        new = filters.UpdateType.MESSAGE
        application.add_handlers(
            [
                CallbackQueryHandler(dialogue.pressed),
                MessageHandler(new & filters.ChatType.PRIVATE, dialogue.private),
                MessageHandler(new & filters.ChatType.GROUPS, dialogue.group),
                InlineQueryHandler(inline.asked),
            ]
        )
        application.add_error_handler(told.failed)
        gate = Gate(person)
        intake = Intake(application, tally, told.refused, talker, ears.concern, gate)
        yield Channel(talker, bot, intake, tally, lines, commands)


class _Told:
    """What a person hears where there is no answer."""

    def __init__(self, speech: Speech, lines: Lines, tally: Tally) -> None:
        self._speech, self._lines, self._tally = speech, lines, tally

    async def refused(self, update: Update, verdict: Verdict) -> None:
        """Too fast. A press is acknowledged each time, a message told so once."""
        if update.callback_query:
            with outbox.last():
                await update.callback_query.answer(self._lines.short("wait"))
        elif verdict is Verdict.NOTICE:
            await self._say(update, "hurry")

    async def failed(self, update: object, context: Context) -> None:
        """An answer that came to grief: noted without its words, and owned up to."""
        error = context.error
        self._tally.refused[type(error).__name__] += 1
        if isinstance(error, Forbidden):
            _log.info("Someone blocked the bot or left the group")
            return
        if error is not None:
            _log.error("An update was not answered: %s", _what(error))
        if isinstance(update, Update) and not isinstance(error, TelegramError):
            with suppress(TelegramError):
                await self._say(update, "trouble")

    async def _say(self, update: Update, line: str) -> None:
        chat = update.effective_chat
        if chat is not None and chat.type == chat.PRIVATE:
            await self._speech.say(Place(chat.id), self._lines.spoken(line))


def _what(error: Exception) -> str:
    """Of a call that failed its method, else the place; no words of either."""
    if isinstance(error, TelegramError):
        return " of ".join([type(error).__name__, *getattr(error, "__notes__", ())])
    return place_of(error)
