"""Puts the parts together: what each kind of update leads to."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

from telegram.error import Forbidden, TelegramError

from bot.channels.telegram import profile
from bot.channels.telegram.bot_api import BotApi, last_call
from bot.channels.telegram.dialogue import Dialogue
from bot.channels.telegram.dispatcher import Dispatcher
from bot.channels.telegram.filters import AddressedToUs, BotIdentity
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.log_redaction import where_raised
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.rate_limits import PER_USER, Admission, Rate, UserLimiter
from bot.channels.telegram.sender import Address, Sender
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import (
    CallbackQuery,
    IncomingMessage,
    InlineQuery,
    Update,
)

_log = logging.getLogger(__name__)


class Channel(NamedTuple):
    """The open channel: what brings updates needs no more than this."""

    talker: Talker
    api: BotApi
    dispatcher: Dispatcher
    metrics: Metrics
    texts: Texts
    commands: dict[str, str]


@asynccontextmanager
async def opened(
    talker: Talker,
    texts: Texts,
    bot: BotApi,
    metrics: Metrics,
    *,
    plain: bool = False,
    person: Rate = PER_USER,
    admins: Collection[int] = (),
) -> AsyncIterator[Channel]:
    """Connected and known by name.

    Raises TelegramError, where the server or the token is no good.
    """
    commands = profile.commands(talker.book, texts)
    async with bot:
        me = BotIdentity(bot.id, bot.bot.username)
        sender = Sender(bot, texts.label("copy"), plain=plain)
        addressed = AddressedToUs(me, frozenset(commands))
        dialogue = Dialogue(talker, sender, texts, addressed, admins)
        inline = Inline(talker, sender, texts, bot, me)
        told = _Told(sender, texts, metrics)
        handler = _Handler(dialogue, inline, told)
        user_limiter = UserLimiter(person)
        dispatcher = Dispatcher(
            handler.handle,
            metrics,
            told.refused,
            talker,
            addressed.matches,
            user_limiter,
        )
        yield Channel(talker, bot, dispatcher, metrics, texts, commands)


@dataclass(frozen=True)
class _Handler:
    dialogue: Dialogue
    inline: Inline
    told: _Told

    async def handle(self, update: Update) -> None:
        """Answers, or owns up to it. Raises nothing of ours."""
        try:
            await self._handle(update)
        except Exception as error:  # noqa: BLE001  whatever befell, the next update counts
            await self.told.failed(update, error)

    async def _handle(self, update: Update) -> None:
        match update.what:
            case CallbackQuery() as press:
                await self.dialogue.pressed(press, update.update_id)
            case InlineQuery() as query:
                await self.inline.asked(query)
            case IncomingMessage(private=True) as message:
                await self.dialogue.private(message, update.update_id)
            case IncomingMessage(group=True) as message:
                await self.dialogue.group(message)


class _Told:
    """What a person hears where there is no answer."""

    def __init__(self, sender: Sender, texts: Texts, metrics: Metrics) -> None:
        self._sender, self._texts, self._metrics = sender, texts, metrics

    async def refused(self, update: Update, verdict: Admission) -> None:
        """Too fast. A press is acknowledged each time, a message told so once."""
        if isinstance(update.what, CallbackQuery):
            with last_call():
                await self._sender.answer_callback(
                    update.what, self._texts.label("wait")
                )
        elif verdict is Admission.NOTICE:
            await self._say(update, "hurry")

    async def failed(self, update: Update, error: Exception) -> None:
        """An answer that came to grief: noted without its words, and owned up to."""
        self._metrics.refused[type(error).__name__] += 1
        if isinstance(error, Forbidden):
            _log.info("Someone blocked the bot or left the group")
            return
        _log.error("An update was not answered: %s", _what(error))
        if not isinstance(error, TelegramError):
            with suppress(TelegramError):
                await self._say(update, "trouble")

    async def _say(self, update: Update, line: str) -> None:
        message = update.message
        if message is not None and message.private:
            await self._sender.send(Address(message.chat), self._texts.message(line))


def _what(error: Exception) -> str:
    """Of a call that failed its method, else the place; no words of either."""
    if isinstance(error, TelegramError):
        return " of ".join([type(error).__name__, *getattr(error, "__notes__", ())])
    return where_raised(error)
