"""The core's message → Telegram's: sent, or put in the place of an older one."""

from __future__ import annotations

import logging
import re
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, NamedTuple

from telegram.constants import MessageLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.bot_api import BotApi, last_call
from bot.channels.telegram.inline_keyboard import Links, Markup, keyboard
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.rate_limits import PATIENCE
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import CallbackQuery, IncomingMessage
from bot.responses import markup as core

_log = logging.getLogger(__name__)
_PREVIEW = "link_preview_options"
NO_PREVIEW = {_PREVIEW: {"is_disabled": True}}
_LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units of a message once its markup was parsed."""
_NO_THREAD = ("thread not found", "topic_closed", "topic_deleted", "topic closed")
_OF_THREAD = ("message_thread_id", "reply_parameters")
_UNEDITABLE = (*("can't be edited", "message to edit not found", "message_id_invalid"),)
_UNREACHABLE = (
    *("chat not found", "not enough rights", "have no rights", "chat_write_forbidden"),
    *("peer_id_invalid", "group chat was deactivated", "chat_restricted"),
    *("user is deactivated", "chat_admin_required", "chat_send_plain_forbidden"),
)
"""Reasons why nobody can be written to there, whatever the message."""
_QUOTING = re.compile(r"""[:"“]|\s'""")
_REASON = 80
_TIME = re.compile(r"</?tg-time\b[^>]*>")


class UnreachableError(TelegramError):
    """Nobody can be written to there: ordinary, and nothing to be done."""


class Address(NamedTuple):
    """Where to speak."""

    chat: int
    thread: int | None = None
    """The topic of a forum."""
    reply_to: int | None = None


def address_of(message: IncomingMessage, *, reply: bool = False) -> Address:
    """Where a message is; with `reply`, as an answer to it."""
    return Address(
        message.chat, message.thread_id, message.message_id if reply else None
    )


class Sender:
    """Speaks, and finds another way where Telegram refuses one."""

    def __init__(
        self, bot: BotApi, texts: Texts, metrics: Metrics, *, plain: bool = False
    ) -> None:
        self._bot, self._metrics = bot, metrics
        self._texts = texts
        self.plain = plain
        """Leaves out what only Telegram's own, newer servers know."""

    async def send(
        self,
        where: Address,
        message: core.Message,
        links: Links | None = None,
        patience: float = PATIENCE,
    ) -> int | None:
        """As a new message, whose number it returns, if that is heard of.

        An update's last call. While Telegram fails, it is tried for so many seconds.
        Raises UnreachableError, where nobody can be written to.
        """
        values = {"chat_id": where.chat, **self._content(message, links)}
        if where.thread is not None:
            values["message_thread_id"] = where.thread
        if where.reply_to is not None:
            values["reply_parameters"] = {
                "message_id": where.reply_to,
                "allow_sending_without_reply": True,
            }
        # A group may refuse a call for many reasons, so what becomes of it is watched.
        with last_call() if where.chat > 0 else nullcontext():
            sent = await self._deliver("sendMessage", values, message, patience)
        return sent.get("message_id") if isinstance(sent, dict) else None

    async def whisper(
        self, where: Address, user_id: int, message: core.Message, links: Links
    ) -> bool:
        """To one person of a group alone; false where that cannot be.

        What is refused is not tried in another form, which all might see.
        """
        if self.plain:
            return False
        values = {"chat_id": where.chat, **self._content(message, links)}
        if where.thread is not None:
            values["message_thread_id"] = where.thread
        values["ephemeral_message_parameters"] = {"receiver_user_id": user_id}
        try:
            await self._bot.call("sendMessage", **values)
        except BadRequest as error:
            _log.info("A whisper was refused: %s", reason_of(error))
            return False
        return True

    async def replace(
        self,
        old: IncomingMessage,
        message: core.Message,
        links: Links | None = None,
    ) -> None:
        """In the place of an older message of ours; anew where that cannot be.

        Never an update's last call: done twice it looks like once, so it is watched.
        """
        if not old.date:
            await self.send(_anew(old), message, links)
            return
        values = {"chat_id": old.chat, "message_id": old.message_id}
        values |= self._content(message, links)
        try:
            await self._deliver("editMessageText", values, message)
        except BadRequest as error:
            said = error.message.casefold()
            if "not modified" in said:
                return  # the same button, pressed twice
            if not any(reason in said for reason in _UNEDITABLE):
                raise
            await self.send(_anew(old), message, links)

    async def exchange_buttons(self, message: IncomingMessage, rows: Markup) -> None:
        """Under a message of ours, whose words stay. Nothing is lost if it fails."""
        values = {"chat_id": message.chat, "message_id": message.message_id}
        try:
            await self._bot.call(
                "editMessageReplyMarkup", patience=0.0, **values, reply_markup=rows
            )
        except TelegramError as error:
            _log.info("Buttons were not exchanged: %s", reason_of(error))

    async def answer_callback(
        self, press: CallbackQuery, text: str | None = None
    ) -> None:
        """Until then a button shows that it is waiting."""
        try:
            await self._bot.call(
                "answerCallbackQuery", callback_query_id=press.id, text=text
            )
        except BadRequest as error:
            # Too old to be acknowledged, which Telegram's client has done itself.
            _log.info("A press was not acknowledged: %s", reason_of(error))
        except (NetworkError, RetryAfter) as error:
            # The answer matters more than the mark on its button.
            _log.info("A press was not acknowledged: %s", type(error).__name__)

    def html(self, message: core.Message) -> str:
        """A message as this server takes it."""
        html = core.to_html(message)
        return _without_moments(html) if self.plain else html

    def _content(
        self, message: core.Message, links: Links | None = None
    ) -> dict[str, Any]:
        message = self._fitted(message)
        drafts = message.drafts
        texts, copied = self._texts.of(message.language), {}
        for number, draft in enumerate(drafts, 1):
            label = texts.label("copy_gap" if core.has_gap(draft) else "copy")
            copied[label if len(drafts) == 1 else f"{label} {number}"] = draft
        return {
            "text": self.html(message),
            "parse_mode": "HTML",
            **({} if self.plain else NO_PREVIEW),
            "reply_markup": keyboard(message.buttons, copied, links, plain=self.plain),
        }

    def _fitted(self, message: core.Message) -> core.Message:
        """Within Telegram's length; the last guard, so what it does is counted."""
        if _fits_text(message):
            return message
        self._metrics.shortened["note left out"] += 1
        message = replace(
            message, blocks=tuple(b for b in message.blocks if not _is_note(b))
        )
        if _fits_text(message):
            return message
        self._metrics.shortened["cut"] += 1
        blocks = message.blocks
        while len(blocks) > 1 and not _fits_text(replace(message, blocks=blocks)):
            blocks = blocks[:-1]
        message = replace(message, blocks=blocks)
        return message if _fits_text(message) else _cut(message)

    async def _deliver(
        self,
        method: str,
        values: dict[str, Any],
        message: core.Message,
        patience: float = PATIENCE,
    ) -> Any:
        """By the way that Telegram takes: each refusal leaves out what it was about."""
        while True:
            try:
                return await self._bot.call(method, patience=patience, **values)
            except ChatMigrated as moved:
                values["chat_id"] = moved.new_chat_id
            except BadRequest as error:
                left = self._without_cause(error, values, message)
                if left is None:
                    raise
                values = left

    def _without_cause(
        self, error: BadRequest, values: dict[str, Any], message: core.Message
    ) -> dict[str, Any] | None:
        """The call without what was refused; none if nothing more can be left out.

        Raises UnreachableError, where nobody can be written to.
        """
        said = error.message.casefold()
        if any(reason in said for reason in _UNREACHABLE):
            raise UnreachableError(error.message) from None
        if "message_thread_id" in values and any(r in said for r in _NO_THREAD):
            return {k: v for k, v in values.items() if k not in _OF_THREAD}
        if any(reason in said for reason in ("not modified", *_UNEDITABLE)):
            return None
        if _PREVIEW in values and _PREVIEW in said:
            _log.warning(
                "This Bot API server takes plain calls only: %s", reason_of(error)
            )
            self.plain = True
            return {k: v for k, v in values.items() if k != _PREVIEW}
        if "tg-time" in said and _TIME.search(values["text"]):
            self.plain = True
            return {**values, "text": _without_moments(values["text"])}
        if "parse_mode" not in values:
            return None
        _log.error("An answer was refused, and sent plain: %s", reason_of(error))
        self._metrics.shortened["plain"] += 1
        self._bot.watch()
        text = core.to_plain(self._fitted(message))
        kept = ("chat_id", "message_id", "message_thread_id")
        return {**{k: v for k, v in values.items() if k in kept}, "text": text}


def reason_of(error: TelegramError) -> str:
    """Telegram's description up to where it may quote the text that it is about."""
    return _QUOTING.split(error.message, maxsplit=1)[0].strip()[:_REASON]


def _without_moments(html: str) -> str:
    """The words in their place, for servers that know no moments."""
    return _TIME.sub("", html)


def _anew(old: IncomingMessage) -> Address:
    """Where an old message was, as an answer to the same question."""
    return Address(old.chat, old.thread_id, old.question_id)


def _is_note(block: core.Block) -> bool:
    return isinstance(block, core.Note)


def _fits_text(message: core.Message) -> bool:
    html = core.to_html(message)
    # Markup only adds; a character takes one UTF-16 unit or two.
    return 2 * len(html) <= _LONGEST or _units(core.to_plain(message)) <= _LONGEST


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(message: core.Message) -> core.Message:
    """A single block, cut as plain words."""
    raw = core.to_plain(message).encode("utf-16-le", "surrogatepass")
    text = raw[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return replace(message, blocks=(core.Paragraph(((core.Span(text),),)),))
