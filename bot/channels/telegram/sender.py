"""The core's message → Telegram's: sent, or put in the place of an older one."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit
from telegram.error import BadRequest, ChatMigrated

from bot.channels.telegram.bot_api import BotApi, last_call
from bot.channels.telegram.update import CallbackQuery, IncomingMessage
from bot.core import message as core
from bot.core.message import Button

# --- the inline keyboard, to be read on a phone

Markup = dict[str, list[list[dict[str, Any]]]]
"""As the Bot API has it."""

_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
_COPIED = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
_LEAST = int(InlineKeyboardButtonLimit.MIN_CALLBACK_DATA)
_MOST = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_WIDTHS = {3: 9, 2: 16}
"""The columns of a row, and the longest label that a small phone shows in them."""


def keyboard(
    buttons: Iterable[Button], copied: Mapping[str, str] | None = None
) -> Markup | None:
    """One to three buttons a row; those that Telegram would refuse are left out.

    Above them those that copy words: label to words.
    """
    fit = [b for b in buttons if b.label.strip() and _fits(b.value)]
    copying = [
        [{"text": label, "copy_text": {"text": words}}]
        for label, words in (copied or {}).items()
        if 1 <= len(words) <= _COPIED
    ]
    rows = [
        [{"text": b.label, "callback_data": b.value} for b in row]
        for row in rows_of(fit[:_BUTTONS])
    ]
    return {"inline_keyboard": [*copying, *rows]} if copying or rows else None


def rows_of(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    """In their order. A row shares its width evenly, so its longest label decides."""
    rows, start = [], 0
    while start < len(buttons):
        count = _columns(buttons[start : start + 5])
        rows.append(buttons[start : start + count])
        start += count
    return rows


def _columns(ahead: Sequence[Button]) -> int:
    widths = [_width(button.label) for button in ahead]
    for columns, widest in _WIDTHS.items():
        if len(widths) >= columns and max(widths[:columns]) <= widest:
            # Two and two look better than three and one.
            last_four = columns == 3 and len(widths) == 4 and max(widths) <= widest  # noqa: PLR2004
            return 2 if last_four else columns
    return 1


def _width(label: str) -> int:
    """Columns on the screen; a wide letter takes two."""
    if label.isascii():
        return len(label)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in label)


def _fits(value: str) -> bool:
    return _LEAST <= len(value.encode()) <= _MOST


_log = logging.getLogger(__name__)
_PREVIEW = "link_preview_options"
NO_PREVIEW = {_PREVIEW: {"is_disabled": True}}
_FRESH = timedelta(hours=47)
"""Some messages cannot be edited after two days, and a webhook reply never learns it."""


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
    def __init__(self, bot: BotApi, copy: str, *, plain: bool = False) -> None:
        self._bot = bot
        self._copy = copy
        """What a button says that copies a draft."""
        self.plain = plain
        """Leaves out what only Telegram's own, newer servers know."""

    async def send(self, where: Address, message: core.Message) -> None:
        """As a new message; an update's last call."""
        told = self._content(message)
        if where.thread is not None:
            told["message_thread_id"] = where.thread
        if where.reply_to is not None:
            told["reply_parameters"] = {
                "message_id": where.reply_to,
                "allow_sending_without_reply": True,
            }
        with last_call():
            try:
                await self._call("sendMessage", {"chat_id": where.chat, **told})
            except ChatMigrated as moved:
                await self._call("sendMessage", {"chat_id": moved.new_chat_id, **told})

    async def replace(self, old: IncomingMessage, message: core.Message) -> None:
        """In the place of an older message of ours; anew where that cannot be."""
        if not old.date:
            await self.send(address_of(old), message)
            return
        try:
            if datetime.now(UTC) - old.at < _FRESH:
                with last_call():
                    await self._edit(old, message)
            else:
                await self._edit(old, message)
        except BadRequest as error:
            said = error.message.casefold()
            if "not modified" in said:
                return  # the same button, pressed twice
            if "can't be edited" in said or "message to edit not found" in said:
                await self.send(address_of(old), message)
                return
            raise

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
            _log.info("A press was not acknowledged: %s", error.message)

    async def _edit(self, old: IncomingMessage, message: core.Message) -> None:
        at = {"chat_id": old.chat, "message_id": old.message_id}
        await self._call("editMessageText", {**at, **self._content(message)})

    def _content(self, message: core.Message) -> dict[str, Any]:
        drafts = message.drafts
        labels = (
            [self._copy]
            if len(drafts) == 1
            else [f"{self._copy} {number}" for number in range(1, len(drafts) + 1)]
        )
        copied = dict(zip(labels, drafts, strict=True))
        return {
            "text": core.to_html(message),
            "parse_mode": "HTML",
            **NO_PREVIEW,
            "reply_markup": keyboard(message.buttons, copied),
        }

    async def _call(self, method: str, values: dict[str, Any]) -> None:
        """Once more without the extras, where a server does not know them."""
        if self.plain:
            del values[_PREVIEW]
        try:
            await self._bot.call(method, **values)
        except BadRequest as error:
            if self.plain or _PREVIEW not in error.message.casefold():
                raise
            _log.warning(
                "This Bot API server takes plain calls only: %s", error.message
            )
            self.plain = True
            await self._call(method, values)
