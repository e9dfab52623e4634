"""Each kind of update to its handler, and a word where there is no answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.admission import Admission
from bot.channels.log_redaction import where_raised
from bot.channels.telegram.bot_api import TokenRefusedError, last_call
from bot.channels.telegram.handlers import Handlers
from bot.channels.telegram.inline import InlineAnswers
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.reminders import Reminders
from bot.channels.telegram.sender import (
    Sender,
    UnreachableError,
    address_of,
    reason_of,
)
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import (
    CallbackQuery,
    EditedMessage,
    IncomingMessage,
    InlineQuery,
    Reaction,
    Update,
)
from bot.troubles import TELEGRAM, Mark, begun

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Router:
    handlers: Handlers
    inline: InlineAnswers
    reminders: Reminders
    told: Failures

    async def handle(self, update: Update) -> None:
        """Answers, or owns up to it. Raises TokenRefusedError alone."""
        try:
            await self._handle(update)
        except TokenRefusedError:
            raise  # nothing can be said, and the update is left to the next token
        except Exception as error:  # noqa: BLE001  the next update counts, whatever went wrong with this one
            await self.told.failed(update, error)

    async def _handle(self, update: Update) -> None:
        match update.what:
            case CallbackQuery() as press:
                left = await self.reminders.pressed(press)
                if left is not None:
                    await self.handlers.pressed(left, update.update_id)
            case InlineQuery() as query:
                await self.inline.asked(query)
            case Reaction() as reaction:
                await self.handlers.reacted(reaction, update.update_id)
            case EditedMessage(message):
                await self.handlers.edited(message, update.update_id)
            case IncomingMessage(private=True) as message:
                await self.handlers.private(message, update.update_id)
            case IncomingMessage(group=True) as message:
                await self.handlers.group(message)


class Failures:
    """What a person hears where there is no answer."""

    def __init__(self, sender: Sender, texts: Texts, metrics: Metrics) -> None:
        self._sender, self._texts, self._metrics = sender, texts, metrics

    async def refused(self, update: Update, verdict: Admission) -> None:
        """Too fast. A press is acknowledged each time, a message told so once."""
        if isinstance(update.what, CallbackQuery):
            with last_call():
                await self._sender.answer_callback(
                    update.what, self._texts.of(update.language).label("wait")
                )
        elif verdict is Admission.NOTICE:
            await self._say(update, "hurry")

    async def failed(self, update: Update, error: Exception) -> None:
        """An answer that did not arrive: noted without its words, and owned up to."""
        self._metrics.refused[type(error).__name__] += 1
        if isinstance(error, Forbidden | UnreachableError):
            _log.info("Someone blocked the bot, or it may not write in a group")
            return
        _log.error("An update was not answered: %s", _what(error), extra=_mark(error))
        try:
            await self._say(update, "trouble")
        except Exception as again:  # noqa: BLE001  of an odd update even this may fail
            _log.info("Nor could that be said: %s", _what(again))

    async def _say(self, update: Update, text: str) -> None:
        message = update.message
        if message is not None and (message.private or text == "trouble"):
            where = address_of(message, reply=message.group)
            said = self._texts.of(update.language).message(text)
            await self._sender.send(where, said)


def _mark(error: Exception) -> Mark | None:
    """Of a fault of the network, which is that of all updates together."""
    away = isinstance(error, NetworkError | RetryAfter)
    if not away or isinstance(error, BadRequest):
        return None
    # An answer was tried for long; a mark or a look-up, of no use later, was not.
    methods = getattr(error, "__notes__", ())
    return begun(TELEGRAM, passing=any(m.startswith("answer") for m in methods))


def _what(error: Exception) -> str:
    """Of a call that failed its method and reason, else the place; nobody's words."""
    if isinstance(error, TelegramError):
        kind = " of ".join([type(error).__name__, *getattr(error, "__notes__", ())])
        return f"{kind}, {reason_of(error)}"
    return where_raised(error)
