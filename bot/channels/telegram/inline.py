"""@BOT QUESTION in any chat: titled answers, each with a button to the guide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
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
from bot.dialogue import callback_data
from bot.dialogue.events import Pressed
from bot.responses import markup
from bot.responses.reply import Reply

CACHE = 300
"""Seconds. The answers are the same for everybody who is told them in one language."""
_DESCRIPTION = 120
_START = "inline"
_VARIANTS = 3
"""Of a draft, beside the one that fits best."""


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
        # "Send it to ..." under a draft: its own words and no others.
        articles = list(self._chosen(query))
        if not articles:
            found = self._responder.search(query.text, language=query.language)
            found = found[: int(InlineQueryLimit.RESULTS)]
            if query.text.strip():
                self._count(found)
            articles = list(self._articles(found))
        unique = list({article["id"]: article for article in articles}.values())
        label = self._texts.of(query.language).label("open")
        open_chat = {"text": label, "start_parameter": _START}
        try:
            with last_call():
                await self._api.call(
                    "answerInlineQuery",
                    inline_query_id=query.id,
                    results=unique,
                    cache_time=CACHE,
                    is_personal=bool(self._texts.others),
                    button=None if self._sender.plain else open_chat,
                )
        except BadRequest as error:
            if "query is too old" not in error.message.casefold():
                raise

    def _chosen(self, query: InlineQuery) -> Iterator[dict[str, Any]]:
        """The words of a draft's own button; none for what somebody typed."""
        if self._responder.kb_of_button(query.text):
            now = datetime.now(UTC)
            event = Pressed("", query.text, now, language=query.language)
            yield from self._drafts(self._responder.look(event))

    def _count(self, found: Sequence[tuple[str, Reply]]) -> None:
        best = found[0][1] if found else None
        topic, known = (best.topic, best.slots) if best else (None, {})
        kb = self._responder.kb_of(best.message.language if best else None)
        self._responder.count(counts.looked_up(kb, topic, known))

    def _articles(self, found: Sequence[tuple[str, Reply]]) -> Iterator[dict[str, Any]]:
        """Words to post as one's own stand before the answer that has them."""
        for title, reply in found:
            if reply.message.drafts:
                others = self._responder.variants(reply)[:_VARIANTS]
                for worded in (reply, *others):
                    yield from self._drafts(postable(self._responder, worded))
            yield self._article(title, reply)

    def _drafts(self, reply: Reply | None) -> Iterator[dict[str, Any]]:
        if reply is None:
            return
        title = self._texts.of(reply.message.language).label("ready")
        for draft in reply.message.drafts:
            if not markup.has_gap(draft):
                yield {
                    "type": "article",
                    "id": _id(title, draft),
                    "title": title,
                    "description": _first_line(draft),
                    "input_message_content": {"message_text": draft},
                }

    def _article(self, title: str, reply: Reply) -> dict[str, Any]:
        payload, language = None, reply.message.language
        if reply.topic is not None:
            kb = self._responder.kb_of(language)
            payload = deep_links.answer_payload(kb, reply.topic, reply.slots)
        content: dict[str, Any] = {
            "message_text": self._sender.html(reply.message),
            "parse_mode": "HTML",
        }
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
            guide = {"text": self._texts.of(language).label("guide"), "url": address}
            article["reply_markup"] = {"inline_keyboard": [[guide]]}
        return article


def postable(responder: Responder, reply: Reply) -> Reply | None:
    """An answer whose draft can be posted as it is, or the same to nobody by name.

    None where only its author knows what is missing.
    """
    language, drafts = reply.message.language, reply.message.drafts
    kb = responder.kb_of(language)
    found = callback_data.decode(kb, reply.place) if drafts and reply.place else None
    if found is None:
        return None
    if not all(map(markup.has_gap, drafts)):
        return reply
    topic, slots = found
    heard = kb.topics[topic].listens
    for name in kb.asides:
        if name in slots and name not in heard:
            left = {k: v for k, v in slots.items() if k != name}
            place = callback_data.encode(kb, topic, left)
            event = Pressed("", place, datetime.now(UTC), language=language)
            other = responder.look(event)
            if not all(map(markup.has_gap, other.message.drafts)):
                return other
    return None


def _id(title: str, payload: str | None) -> str:
    """The same for the same answer, so that Telegram counts choices of it as one."""
    return hashlib.blake2s(f"{payload} {title}".encode(), digest_size=16).hexdigest()


def _first_line(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _DESCRIPTION else first[: _DESCRIPTION - 1] + "…"
