"""The core's message → Telegram's: sent, or put in the place of an older one."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from telegram import (
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.channels.telegram import outbox
from bot.channels.telegram.keyboard import keyboard
from bot.core import message as core

if TYPE_CHECKING:
    from telegram.ext import ExtBot

T = TypeVar("T")

_log = logging.getLogger(__name__)
_FRESH = timedelta(hours=47)
"""Some messages cannot be edited after two days, and the outbox never learns it."""


@dataclass(frozen=True)
class Place:
    """Where to speak."""

    chat: int
    thread: int | None = None
    """The topic of a forum."""
    reply_to: int | None = None


def place(message: MaybeInaccessibleMessage, *, reply: bool = False) -> Place:
    """Where a message is; with `reply`, as an answer to it."""
    thread = None
    if isinstance(message, Message) and message.is_topic_message:
        thread = message.message_thread_id
    return Place(message.chat.id, thread, message.message_id if reply else None)


class Speech:
    def __init__(self, bot: ExtBot[None], copy: str, *, plain: bool = False) -> None:
        self._bot = bot
        self._copy = copy
        """What a button says that copies a draft."""
        self.plain = plain
        """Leaves out what only Telegram's own, newer servers know."""

    async def say(self, where: Place, message: core.Message) -> None:
        """As a new message; an update's last call."""
        markup = self._keyboard(message)
        answered = None
        if where.reply_to is not None:
            answered = ReplyParameters(where.reply_to, allow_sending_without_reply=True)

        async def send(chat: int) -> None:
            await self._bot.send_message(
                chat,
                core.to_html(message),
                ParseMode.HTML,
                link_preview_options=self._preview(),
                message_thread_id=where.thread,
                reply_parameters=answered,
                reply_markup=markup,
            )

        with outbox.last():
            try:
                await self._plainly(lambda: send(where.chat))
            except ChatMigrated as moved:
                await send(moved.new_chat_id)

    async def show(self, old: MaybeInaccessibleMessage, message: core.Message) -> None:
        """In the place of an older message of ours; anew where that cannot be."""
        if not old.is_accessible:
            await self.say(place(old), message)
            return
        try:
            if datetime.now(UTC) - old.date < _FRESH:
                with outbox.last():
                    await self._edit(old, message)
            else:
                await self._edit(old, message)
        except BadRequest as error:
            said = error.message.casefold()
            if "not modified" in said:
                return  # the same button, pressed twice
            if "can't be edited" in said or "message to edit not found" in said:
                await self.say(place(old), message)
                return
            raise

    async def _edit(self, old: MaybeInaccessibleMessage, message: core.Message) -> None:
        await self._plainly(
            lambda: self._bot.edit_message_text(
                core.to_html(message),
                old.chat.id,
                old.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=self._preview(),
                reply_markup=self._keyboard(message),
            )
        )

    def _keyboard(self, message: core.Message) -> InlineKeyboardMarkup | None:
        drafts = message.drafts
        labels = (
            [self._copy]
            if len(drafts) == 1
            else [f"{self._copy} {number}" for number in range(1, len(drafts) + 1)]
        )
        return keyboard(message.buttons, dict(zip(labels, drafts, strict=True)))

    def _preview(self) -> LinkPreviewOptions | None:
        return None if self.plain else LinkPreviewOptions(is_disabled=True)

    async def _plainly(self, call: Callable[[], Awaitable[T]]) -> T:
        """Once more without the extras, where a server does not know them."""
        try:
            return await call()
        except BadRequest as error:
            if self.plain or "link_preview_options" not in error.message.casefold():
                raise
            _log.warning(
                "This Bot API server takes plain calls only: %s", error.message
            )
            self.plain = True
            return await call()
