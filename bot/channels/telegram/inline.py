"""@BOT QUESTION in any chat: titled answers, each with a button to the guide."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from telegram.constants import InlineQueryLimit
from telegram.error import BadRequest

from bot.analytics import counts
from bot.channels.telegram import deep_links
from bot.channels.telegram.bot_api import BotApi, last_call
from bot.channels.telegram.filters import BotIdentity
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import NO_PREVIEW, Sender
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import InlineQuery
from bot.responses.reply import Reply

CACHE = 300
"""Seconds. The answers are the same for everybody."""
_DESCRIPTION = 120
_START = "inline"


class InlineAnswers:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        api: BotApi,
        me: BotIdentity,
    ) -> None:
        self._responder, self._sender, self._texts = responder, sender, texts
        self._api, self._me = api, me

    async def asked(self, query: InlineQuery) -> None:
        found = self._responder.search(query.text)[: int(InlineQueryLimit.RESULTS)]
        if query.text.strip():
            self._count(found)
        articles = [self._article(title, reply) for title, reply in found]
        unique = list({article["id"]: article for article in articles}.values())
        open_chat = {"text": self._texts.label("open"), "start_parameter": _START}
        try:
            with last_call():
                await self._api.call(
                    "answerInlineQuery",
                    inline_query_id=query.id,
                    results=unique,
                    cache_time=CACHE,
                    is_personal=False,
                    button=None if self._sender.plain else open_chat,
                )
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise

    def _count(self, found: Sequence[tuple[str, Reply]]) -> None:
        best = found[0][1] if found else None
        topic, known = (best.topic, best.slots) if best else (None, {})
        self._responder.count(counts.looked_up(self._responder.kb, topic, known))

    def _article(self, title: str, reply: Reply) -> dict[str, Any]:
        payload = None
        if reply.topic is not None:
            kb = self._responder.kb
            payload = deep_links.answer_payload(kb, reply.topic, reply.slots)
        content: dict[str, Any] = {"message_text": reply.html, "parse_mode": "HTML"}
        if not self._sender.plain:
            content |= NO_PREVIEW
        article = {
            "type": "article",
            "id": _id(title, payload),
            "title": title,
            "description": _first_line(reply.text),
            "input_message_content": content,
        }
        if self._me.username:
            address = deep_links.address(self._me.username, payload or _START)
            guide = {"text": self._texts.label("guide"), "url": address}
            article["reply_markup"] = {"inline_keyboard": [[guide]]}
        return article


def _id(title: str, payload: str | None) -> str:
    """The same for the same answer, so that Telegram counts choices of it as one."""
    return hashlib.blake2s(f"{payload} {title}".encode(), digest_size=16).hexdigest()


def _first_line(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _DESCRIPTION else first[: _DESCRIPTION - 1] + "…"
