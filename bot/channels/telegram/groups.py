"""Answers in groups: nothing is kept of them, so buttons carry all that one needs."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.telegram.events import event_of
from bot.channels.telegram.filters import AddressedToUs, UnknownCommand, Utterance
from bot.channels.telegram.inline_keyboard import Links, owner_of
from bot.channels.telegram.layout import Layout, for_group
from bot.channels.telegram.own_commands import names, no_such_command
from bot.channels.telegram.profile import WHISPER
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import Sender, address_of
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import IncomingMessage
from bot.dialogue import callback_data
from bot.dialogue.events import Event
from bot.responses import markup as core
from bot.responses.reply import Reply

_START = "/start"


class Groups:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        addressed: AddressedToUs,
        layout: Layout,
    ) -> None:
        self._responder, self._sender, self._texts = responder, sender, texts
        self._addressed, self._layout = addressed, layout

    def answer(self, message: IncomingMessage) -> tuple[core.Message, Links] | None:
        """With buttons for its author alone; none to what people say to each other."""
        question = self._addressed.group(message)
        if question is None:
            return None
        if isinstance(question, UnknownCommand):
            texts = self._texts.of(message.language)
            return no_such_command(texts, self._addressed.commands), {}
        reply = self._reply(message, question)
        said = self._layout.said(message, reply, private=False)
        return for_group(said, _author(message)), self._layout.in_private(reply)

    async def whisper(self, message: IncomingMessage) -> bool:
        """Whether the answer was asked for alone, and given so that nobody else sees it.

        Where the server or the group does not offer that, one line says that the answer
        is in private; it never stands in the group instead.
        """
        question = self._addressed.group(message)
        if not isinstance(question, Utterance):
            return False
        if not names(question.text, f"/{WHISPER}"):
            return False
        words = question.text.partition(" ")[2].strip() or _START
        event = event_of(self._responder, message, words)
        reply = self._responder.in_group(event)
        links, author = self._layout.in_private(reply), _author(message)
        said, where = replace(reply.message, buttons=()), address_of(message)
        if author is None or not await self._sender.whisper(where, author, said, links):
            line = self._texts.of(reply.message.language).message("whispered")
            await self._sender.send(address_of(message, reply=True), line, links)
        return True

    def _reply(self, message: IncomingMessage, question: Utterance) -> Reply:
        """To a whole question about what somebody else said, after that; else to both.

        What they said is read by the clock as it was then.
        """
        responder, text, theirs = self._responder, question.text, question.theirs
        if theirs is None:
            event = event_of(responder, message, text)
            return responder.in_group(event, self._before(message))
        then = message._replace(date=theirs.date)
        if text and self._is_question(event_of(responder, message, text)):
            before = responder.look(event_of(responder, then, theirs.text)).place
            return responder.in_group(event_of(responder, message, text), before)
        both = f"{theirs.text} {text}".strip()
        return responder.in_group(event_of(responder, then, both))

    def _is_question(self, event: Event) -> bool:
        """Whether it asks something by itself; "can you help?" does not."""
        reply = self._responder.look(event)
        kb = self._responder.kb_of(reply.message.language)
        return reply.topic is not None and kb.topics[reply.topic].scope == "domain"

    def _before(self, message: IncomingMessage) -> str | None:
        """Where our message was that this one replies to: what its buttons share."""
        if message.replies_to != self._addressed.me.user_id:
            return None
        values = [owner_of(data)[0] for data in message.buttons_replied_to]
        kb = next(filter(None, map(self._responder.kb_of_button, values)), None)
        if kb is None:
            return None
        found = [place for v in values if (place := callback_data.decode(kb, v))]
        shared = set.intersection(*(set(slots.items()) for _, slots in found))
        slots = {name: value for name, value in shared if name != "aspect"}
        return callback_data.encode(kb, found[0][0], slots)


def _author(message: IncomingMessage) -> int | None:
    """Who speaks as the group itself cannot be told from other such people."""
    return None if message.raw.get("sender_chat") else message.user_id
