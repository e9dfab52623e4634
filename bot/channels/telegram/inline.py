"""@BOT QUESTION in any chat: titled answers, each with a button to the guide."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
    User,
)
from telegram.constants import InlineQueryLimit, ParseMode
from telegram.error import BadRequest

from bot.channels.telegram import link, outbox
from bot.channels.telegram.dialogue import Context
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.speech import Speech
from bot.channels.telegram.talker import Talker
from bot.core import button, count
from bot.core.book import Book
from bot.reply import Reply

CACHE = 300
"""Seconds. The answers are the same for everybody."""
_DESCRIPTION = 120
_START = "inline"


class Inline:
    def __init__(self, talker: Talker, speech: Speech, lines: Lines, me: User) -> None:
        self._talker, self._speech, self._lines = talker, speech, lines
        self._me = me

    async def asked(self, update: Update, _: Context) -> None:
        query = update.inline_query
        if query is None:
            return
        found = self._talker.search(query.query)[: int(InlineQueryLimit.RESULTS)]
        if query.query.strip():
            self._count(found)
        articles = [self._article(title, reply) for title, reply in found]
        unique = list({article.id: article for article in articles}.values())
        open_chat = None
        if not self._speech.plain:
            text = self._lines.short("open")
            open_chat = InlineQueryResultsButton(text, start_parameter=_START)
        try:
            with outbox.last():
                await query.answer(
                    unique, cache_time=CACHE, is_personal=False, button=open_chat
                )
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise

    def _count(self, found: Sequence[tuple[str, Reply]]) -> None:
        best = found[0][1] if found else None
        topic, known = (best.topic, best.slots) if best else (None, {})
        self._talker.count(count.looked_up(self._talker.book, topic, known))

    def _article(self, title: str, reply: Reply) -> InlineQueryResultArticle:
        preview = None if self._speech.plain else LinkPreviewOptions(is_disabled=True)
        payload = _payload(self._talker.book, reply)
        return InlineQueryResultArticle(
            id=_id(title, payload),
            title=title,
            description=_first_line(reply.text),
            input_message_content=InputTextMessageContent(
                reply.html, ParseMode.HTML, link_preview_options=preview
            ),
            reply_markup=self._guide(payload),
        )

    def _guide(self, payload: str | None) -> InlineKeyboardMarkup | None:
        if not self._me.username:
            return None
        address = f"{self._me.link}?start={payload or _START}"
        text = self._lines.short("guide")
        return InlineKeyboardMarkup([[InlineKeyboardButton(text, url=address)]])


def _payload(book: Book, reply: Reply) -> str | None:
    """The answer's own link. A link is for good, so it holds no point in time."""
    if reply.topic is None:
        return None
    known = {name: value for name, value in reply.slots.items() if name != "sent"}
    return link.encode(button.encode(book, reply.topic, known))


def _id(title: str, payload: str | None) -> str:
    """The same for the same answer, so that Telegram counts choices of it as one."""
    return hashlib.blake2s(f"{payload} {title}".encode(), digest_size=16).hexdigest()


def _first_line(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _DESCRIPTION else first[: _DESCRIPTION - 1] + "…"
