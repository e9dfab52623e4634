"""Handlers: what a person says or presses → the core's event → its reply, unnamed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.channels.telegram import deep_links, filters
from bot.channels.telegram.bot_api import last_call
from bot.channels.telegram.filters import (
    AddressedToUs,
    CannedReply,
    OwnForward,
    UnknownCommand,
    Utterance,
)
from bot.channels.telegram.fragments import QUIET, Fragments
from bot.channels.telegram.inline_keyboard import owner_of, place_of
from bot.channels.telegram.last_answers import LastAnswers
from bot.channels.telegram.layout import Layout, for_group
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import Address, Sender, address_of
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import (
    CallbackQuery,
    IncomingMessage,
    Reaction,
    Update,
    chat_name,
)
from bot.dialogue import callback_data
from bot.dialogue.events import Event, Pressed, Said
from bot.knowledge import time_limits
from bot.responses import markup as core

_ALBUMS = 1_000
_WEEK = 7
_HERE = "telegram"
"""This service's file in the knowledge."""
UP, DOWN = "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"


class HandlerOptions(NamedTuple):
    commands: Collection[str] = ()
    """The slash commands that there are."""
    admins: Collection[int] = ()
    """Users who may see what was asked."""
    quiet: float = QUIET


class Handlers:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        addressed: AddressedToUs,
        options: HandlerOptions,
    ) -> None:
        self._commands, self._admins, quiet = options
        self._fragments = Fragments(responder.is_fragment, quiet)
        self._responder, self._sender, self._texts = responder, sender, texts
        self._addressed = addressed
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._answered = LastAnswers()
        self._layout = Layout(responder, texts, addressed.me)

    async def private(self, message: IncomingMessage, number: int) -> None:
        """What is said to us alone, in the update of this number."""
        where, texts = address_of(message), self._texts
        first = self._is_first(message.raw.get("media_group_id"))
        match filters.private(message, self._known_commands(message)):
            case Utterance(text) if _names(text, "/link"):
                await self._link(message)
            case Utterance(text) if _names(text, "/stats"):
                await self._sender.send(where, await self._stats(message.at))
            case Utterance(text):
                async with self._whole(message, text) as question:
                    event = self._event(message, question)
                    reply = await self._responder.handle(event, number)
                    said, links = (
                        self._layout.said(message, reply),
                        self._layout.send_on(reply),
                    )
                    answer_id = await self._sender.send(where, said, links)
                self._answered.note(message, answer_id)
            case OwnForward(sent):
                event = self._clock_started(message, sent)
                reply = await self._responder.handle(event, number)
                await self._sender.send(where, self._layout.paged(reply))
            case UnknownCommand():
                await self._sender.send(where, self._no_command())
            case CannedReply(name, opening) if first:
                chat = chat_name(message.chat)
                if opening and await self._responder.place(chat, message.at):
                    return
                await self._sender.send(where, texts.message(name))

    @asynccontextmanager
    async def _whole(self, message: IncomingMessage, text: str) -> AsyncIterator[str]:
        """A question with the pieces that come right after it, if it is one itself."""
        event = Said(chat_name(message.chat), text, message.at)
        begins = message.text is not None and self._fragments.may_begin(text)
        if not begins or await self._responder.expects(event):
            yield text
            return
        async with self._fragments.gathered(message.chat, text) as question:
            yield question

    def joined(self, update: Update) -> asyncio.Event | None:
        """Set once the question was answered that an update is a piece of, if it is."""
        message = update.what
        if not isinstance(message, IncomingMessage) or not message.private:
            return None
        match filters.private(message, self._known_commands(message)):
            case Utterance(text) if message.text and not text.startswith("/"):
                return self._fragments.joined(message.chat, text)
        return None

    def _clock_started(self, message: IncomingMessage, sent: datetime) -> Event:
        """A forward of one's own says when it went out, and that it was here."""
        kb, now = self._responder.kb, datetime.now(UTC)
        names = kb.roles.slots
        slots = {names.time: time_limits.instant(min(sent, now))}
        if _HERE in kb.platforms:
            slots[names.service] = _HERE
        value = callback_data.encode(kb, kb.roles.topics.default, slots)
        return Pressed(chat_name(message.chat), value, message.at, now)

    def _known_commands(self, message: IncomingMessage) -> Collection[str]:
        own = ("stats",) if self._admin(message) else ()
        return {*self._commands, *own}

    def _no_command(self) -> core.Message:
        """With the commands that there are."""
        found = [(core.Span(f"/{name}"),) for name in self._commands]
        said = self._texts.message("no_command").blocks
        return core.Message((*said, core.Items(tuple(found), numbered=False)))

    def _admin(self, message: IncomingMessage) -> bool:
        return message.user_id in self._admins

    async def _stats(self, now: datetime) -> core.Message:
        """A week's sums. Of nobody in particular, so there is nothing to hide."""
        # Here: no answer waits for it.
        from bot.analytics.report import brief, summed

        lines = await self._responder.counted(now - timedelta(days=_WEEK))
        found = summed(lines, now.date(), _WEEK)
        return core.Message(core.parse(brief(self._responder.kb, found)))

    async def _link(self, message: IncomingMessage) -> None:
        """A link that opens the answer at hand, to be tapped or passed on."""
        value = await self._responder.place(chat_name(message.chat), message.at)
        found = callback_data.decode(self._responder.kb, value) if value else None
        payload = found and deep_links.answer_payload(self._responder.kb, *found)
        name = self._addressed.me.username
        where = address_of(message)
        if not payload or not name:
            await self._sender.send(where, self._texts.message("unlinked"))
            return
        url = deep_links.address(name, payload)
        said = self._texts.message("linked").blocks
        shown = core.Paragraph(((core.Span(url, address=url),),))
        share = {self._texts.label("share"): deep_links.shared(url)}
        await self._sender.send(where, core.Message((*said, shown)), share)

    async def group(self, message: IncomingMessage) -> None:
        """A reply to the asker's message, with buttons for them alone."""
        question = self._addressed.group(message)
        if question is None:
            return
        # Nothing of a group is kept: its buttons carry all that a reply needs.
        before = self._before(message)
        reply = self._responder.in_group(self._event(message, question.text), before)
        # Who speaks as the group itself cannot be told from other such people.
        owner = None if message.raw.get("sender_chat") else message.user_id
        where = address_of(message, reply=True)
        said = for_group(self._layout.said(message, reply, private=False), owner)
        answer_id = await self._sender.send(where, said, self._layout.in_private(reply))
        self._answered.note(message, answer_id)

    async def edited(self, message: IncomingMessage, number: int) -> None:
        """The last question of a chat, in other words: its answer follows.

        Where the answer's number is not known, since it went back in a response, the
        new one is sent in reply to the question.
        """
        if not self._answered.is_last(message):
            return
        answer = self._answered.answer_to(message)
        if message.group:
            question = self._addressed.group(message)
            if question is None:
                return
            reply = self._responder.in_group(self._event(message, question.text))
            said = for_group(self._layout.paged(reply, private=False), message.user_id)
            links = self._layout.in_private(reply)
        else:
            content = filters.private(message, self._known_commands(message))
            if not isinstance(content, Utterance):
                return
            event = self._event(message, content.text)
            reply = await self._responder.handle(event, number)
            said, links = self._layout.paged(reply), self._layout.send_on(reply)
        if answer is None:
            where = address_of(message, reply=True)
            self._answered.note(message, await self._sender.send(where, said, links))
        else:
            await self._sender.replace(answer, said, links)

    def _before(self, message: IncomingMessage) -> str | None:
        """Where our message was that this one replies to: what its buttons share."""
        if message.replies_to != self._addressed.me.user_id:
            return None
        kb = self._responder.kb
        values = (owner_of(data)[0] for data in message.buttons_replied_to)
        found = [place for v in values if (place := callback_data.decode(kb, v))]
        if not found:
            return None
        shared = set.intersection(*(set(slots.items()) for _, slots in found))
        slots = {name: value for name, value in shared if name != "aspect"}
        return callback_data.encode(kb, found[0][0], slots)

    async def pressed(self, press: CallbackQuery, number: int) -> None:
        """A button, in the update of this number."""
        message = press.message
        value, owner = owner_of(press.data or "")
        if message is None or not _may_press(press, message, owner):
            with last_call():
                await self._sender.answer_callback(press, self._texts.label("stranger"))
            return
        # At once and beside the rest: until then the button shows that it is waiting.
        acknowledged = asyncio.create_task(self._sender.answer_callback(press))
        try:
            if press.data is not None:
                await self._show(message, press.user_id, value, number)
        finally:
            await acknowledged

    async def _show(
        self, message: IncomingMessage, user_id: int, value: str, number: int
    ) -> None:
        """What a button leads to, in the place of the message that it is under."""
        place = place_of(value)
        event = Pressed(chat_name(message.chat), place or value, datetime.now(UTC))
        shown: Collection[str] = ()
        if place is not None:
            # More of the same: nothing is said by it, so nothing is kept or counted.
            reply = self._responder.look(event)
            shown = {owner_of(data)[0] for data in message.buttons}
        elif message.private:
            reply = await self._responder.handle(event, number)
        else:
            reply = self._responder.in_group(event)
        said = self._layout.paged(reply, shown, private=message.private)
        if message.private:
            await self._sender.replace(message, said, self._layout.send_on(reply))
        else:
            said = for_group(said, user_id)
            await self._sender.replace(message, said, self._layout.in_private(reply))

    async def reacted(self, reaction: Reaction, number: int) -> None:
        """A thumb under an answer, in the update of this number.

        Up is counted; down is answered by what else to try.
        """
        good = UP in reaction.added
        if not good and DOWN not in reaction.added:
            return
        chat = chat_name(reaction.chat)
        value = await self._responder.verdict(chat, reaction.at, number, good=good)
        if value is None:
            return
        event = Pressed(chat, value, datetime.now(UTC))
        reply = await self._responder.handle(event, number)
        if not good:
            await self._sender.send(Address(reaction.chat), reply.message)

    def _event(self, message: IncomingMessage, text: str) -> Event:
        """The words, or the button that the link that opened the chat stands for."""
        command, _, payload = text.partition(" ")
        value = deep_links.decode(payload.strip()) if command == "/start" else None
        chat = chat_name(message.chat)
        now = datetime.now(UTC)
        if value is not None and callback_data.decode(self._responder.kb, value):
            return Pressed(chat, value, message.at, now)
        return Said(chat, text, message.at, now)

    def _is_first(self, album: str | None) -> bool:
        """Whether it is the first of an album, which comes as one update a picture.

        A caption counts on any of them; that pictures cannot be read is said once.
        """
        if album is None:
            return True
        seen = album in self._albums
        self._albums[album] = None
        if len(self._albums) > _ALBUMS:
            self._albums.popitem(last=False)
        return not seen


def _may_press(
    press: CallbackQuery, message: IncomingMessage, owner: int | None
) -> bool:
    """In a group the button tells whose it is; an older one the message it answers."""
    return message.private or press.user_id == (owner or message.replies_to)


def _names(text: str, command: str) -> bool:
    return text.partition(" ")[0].partition("@")[0].casefold() == command
