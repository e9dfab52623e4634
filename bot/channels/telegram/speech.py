"""The core's message → Telegram's: sent, or put in the place of an older one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from telegram.error import BadRequest, ChatMigrated

from bot.channels.telegram import outbox
from bot.channels.telegram.api import Api
from bot.channels.telegram.keyboard import keyboard
from bot.channels.telegram.update import Message, Press
from bot.responses import markup as core

_log = logging.getLogger(__name__)
_PREVIEW = "link_preview_options"
NO_PREVIEW = {_PREVIEW: {"is_disabled": True}}
_FRESH = timedelta(hours=47)
"""Some messages cannot be edited after two days, and the outbox never learns it."""


class Place(NamedTuple):
    """Where to speak."""

    chat: int
    thread: int | None = None
    """The topic of a forum."""
    reply_to: int | None = None


def place(message: Message, *, reply: bool = False) -> Place:
    """Where a message is; with `reply`, as an answer to it."""
    return Place(message.chat, message.thread, message.number if reply else None)


class Speech:
    def __init__(self, bot: Api, copy: str, *, plain: bool = False) -> None:
        self._bot = bot
        self._copy = copy
        """What a button says that copies a draft."""
        self.plain = plain
        """Leaves out what only Telegram's own, newer servers know."""

    async def say(self, where: Place, message: core.Message) -> None:
        """As a new message; an update's last call."""
        told = self._content(message)
        if where.thread is not None:
            told["message_thread_id"] = where.thread
        if where.reply_to is not None:
            told["reply_parameters"] = {
                "message_id": where.reply_to,
                "allow_sending_without_reply": True,
            }
        with outbox.last():
            try:
                await self._call("sendMessage", {"chat_id": where.chat, **told})
            except ChatMigrated as moved:
                await self._call("sendMessage", {"chat_id": moved.new_chat_id, **told})

    async def show(self, old: Message, message: core.Message) -> None:
        """In the place of an older message of ours; anew where that cannot be."""
        if not old.date:
            await self.say(place(old), message)
            return
        try:
            if datetime.now(UTC) - old.at < _FRESH:
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

    async def acknowledge(self, press: Press, text: str | None = None) -> None:
        """Until then a button shows that it is waiting."""
        try:
            await self._bot.call(
                "answerCallbackQuery", callback_query_id=press.number, text=text
            )
        except BadRequest as error:
            # Too old to be acknowledged, which Telegram's client has done itself.
            _log.info("A press was not acknowledged: %s", error.message)

    async def _edit(self, old: Message, message: core.Message) -> None:
        at = {"chat_id": old.chat, "message_id": old.number}
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
