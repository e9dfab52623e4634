"""@BOT QUESTION in any chat: titled answers, each with a button to the guide."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from telegram.constants import InlineQueryLimit
from telegram.error import BadRequest

from bot.channels.telegram import link, outbox
from bot.channels.telegram.api import Api
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.reading import Me
from bot.channels.telegram.speech import NO_PREVIEW, Speech
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.update import Query
from bot.core import count
from bot.dialogue import callback_data
from bot.knowledge.model import KnowledgeBase
from bot.responses.reply import Reply

CACHE = 300
"""Seconds. The answers are the same for everybody."""
_DESCRIPTION = 120
_START = "inline"


class Inline:
    def __init__(
        self, talker: Talker, speech: Speech, lines: Lines, api: Api, me: Me
    ) -> None:
        self._talker, self._speech, self._lines = talker, speech, lines
        self._api, self._me = api, me

    async def asked(self, query: Query) -> None:
        found = self._talker.search(query.text)[: int(InlineQueryLimit.RESULTS)]
        if query.text.strip():
            self._count(found)
        articles = [self._article(title, reply) for title, reply in found]
        unique = list({article["id"]: article for article in articles}.values())
        open_chat = {"text": self._lines.short("open"), "start_parameter": _START}
        try:
            with outbox.last():
                await self._api.call(
                    "answerInlineQuery",
                    inline_query_id=query.number,
                    results=unique,
                    cache_time=CACHE,
                    is_personal=False,
                    button=None if self._speech.plain else open_chat,
                )
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise

    def _count(self, found: Sequence[tuple[str, Reply]]) -> None:
        best = found[0][1] if found else None
        topic, known = (best.topic, best.slots) if best else (None, {})
        self._talker.count(count.looked_up(self._talker.kb, topic, known))

    def _article(self, title: str, reply: Reply) -> dict[str, Any]:
        payload = _payload(self._talker.kb, reply)
        content: dict[str, Any] = {"message_text": reply.html, "parse_mode": "HTML"}
        if not self._speech.plain:
            content |= NO_PREVIEW
        article = {
            "type": "article",
            "id": _id(title, payload),
            "title": title,
            "description": _first_line(reply.text),
            "input_message_content": content,
        }
        if self._me.username:
            address = link.address(self._me.username, payload or _START)
            guide = {"text": self._lines.short("guide"), "url": address}
            article["reply_markup"] = {"inline_keyboard": [[guide]]}
        return article


def _payload(kb: KnowledgeBase, reply: Reply) -> str | None:
    """The answer's own link. A link is for good, so it holds no point in time."""
    if reply.topic is None:
        return None
    known = {name: value for name, value in reply.slots.items() if name != "sent"}
    return link.encode(callback_data.encode(kb, reply.topic, known))


def _id(title: str, payload: str | None) -> str:
    """The same for the same answer, so that Telegram counts choices of it as one."""
    return hashlib.blake2s(f"{payload} {title}".encode(), digest_size=16).hexdigest()


def _first_line(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _DESCRIPTION else first[: _DESCRIPTION - 1] + "…"
