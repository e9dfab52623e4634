"""The channel's own commands: a link to the answer at hand, the week's sums for admins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.channels.telegram import deep_links
from bot.channels.telegram.filters import BotIdentity
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import Sender, address_of
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import IncomingMessage, chat_name
from bot.dialogue import callback_data
from bot.responses import markup as core

_WEEK = 7


class OwnCommands:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        me: BotIdentity,
        admins: Collection[int],
    ) -> None:
        self._responder, self._sender, self._texts = responder, sender, texts
        self._me, self._admins = me, admins

    def of(self, message: IncomingMessage) -> tuple[str, ...]:
        """Those that its author may use beside the book's, where that differs."""
        return ("stats",) if message.user_id in self._admins else ()

    async def answer(self, message: IncomingMessage, text: str) -> bool:
        """Whether a text is one of them, and answered."""
        if names(text, "/link"):
            await self._link(message)
        elif names(text, "/stats"):
            await self._sender.send(address_of(message), await self._stats(message.at))
        else:
            return False
        return True

    async def _stats(self, now: datetime) -> core.Message:
        """A week's sums. Of nobody in particular, so there is nothing to hide."""
        # Here: no answer waits for it.
        from bot.analytics.report import brief, summed

        lines = await self._responder.counted(now - timedelta(days=_WEEK))
        found = summed(lines, now.date(), _WEEK)
        return core.Message(core.parse(brief(self._responder.kb, found)))

    async def _link(self, message: IncomingMessage) -> None:
        """A link that opens the answer at hand, to be tapped or passed on."""
        chat, at = chat_name(message.chat), message.at
        language = await self._responder.language_of(chat, at, message.language)
        texts, kb = self._texts.of(language), self._responder.kb_of(language)
        value = await self._responder.place(chat, at)
        found = callback_data.decode(kb, value) if value else None
        payload = found and deep_links.answer_payload(kb, *found)
        name = self._me.username
        where = address_of(message)
        if not payload or not name:
            await self._sender.send(where, texts.message("unlinked"))
            return
        url = deep_links.address(name, payload)
        said = texts.message("linked").blocks
        shown = core.Paragraph(((core.Span(url, address=url),),))
        share = {texts.label("share"): deep_links.shared(url)}
        await self._sender.send(where, core.Message((*said, shown)), share)


def no_such_command(texts: Texts, commands: Collection[str]) -> core.Message:
    """With those that there are."""
    found = [(core.Span(f"/{name}"),) for name in commands]
    said = texts.message("no_command").blocks
    return core.Message((*said, core.Items(tuple(found), numbered=False)))


def names(text: str, command: str) -> bool:
    """Whether a text begins with a command, perhaps with our name behind it."""
    return text.partition(" ")[0].partition("@")[0].casefold() == command
