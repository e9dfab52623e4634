"""Handlers: what a person says or presses → the core's event → its reply, unnamed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from bot.channels.telegram import filters
from bot.channels.telegram.bot_api import last_call, may_be_kept
from bot.channels.telegram.events import clock_started, event_of
from bot.channels.telegram.filters import (
    AddressedToUs,
    CannedReply,
    OwnForward,
    UnknownCommand,
    Utterance,
)
from bot.channels.telegram.fragments import QUIET, Fragments
from bot.channels.telegram.groups import Groups
from bot.channels.telegram.inline_keyboard import Links, owner_of, place_of, tried_place
from bot.channels.telegram.last_answers import LastAnswers
from bot.channels.telegram.layout import Layout, for_group
from bot.channels.telegram.own_commands import OwnCommands, no_such_command
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
from bot.dialogue.events import Pressed, Said
from bot.responses import markup as core

_ALBUMS = 1_000
UP, DOWN = "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"


class HandlerOptions(NamedTuple):
    commands: Mapping[str, Collection[str]]
    """The slash commands of every book, by its language, the main one first."""
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
        self._commands, admins, quiet = options
        self._main_commands = next(iter(options.commands.values()))
        self._fragments = Fragments(responder.is_fragment, quiet)
        self._responder, self._sender, self._texts = responder, sender, texts
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._answered = LastAnswers()
        self._layout = Layout(responder, texts, addressed.me)
        self._own = OwnCommands(responder, sender, texts, addressed.me, admins)
        self._groups = Groups(responder, sender, texts, addressed, self._layout)

    async def private(self, message: IncomingMessage, number: int) -> None:
        """What is said to us alone, in the update of this number."""
        where = address_of(message)
        first = self._is_first(message.raw.get("media_group_id"))
        match filters.private(message, self._known_commands(message)):
            case Utterance(text) if await self._own.answer(message, text):
                pass
            case Utterance(text):
                async with self._whole(message, text) as question:
                    event = event_of(self._responder, message, question)
                    reply = await self._responder.handle(event, number)
                    said, links = (
                        self._layout.said(message, reply),
                        self._layout.send_on(reply),
                    )
                    answer_id = await self._sender.send(where, said, links)
                self._answered.note(message, answer_id)
            case OwnForward(sent):
                kb = self._responder.kb_of(await self._language(message))
                event = clock_started(kb, message, sent)
                reply = await self._responder.handle(event, number)
                await self._sender.send(where, self._layout.paged(reply))
            case UnknownCommand():
                language = await self._language(message)
                there = self._commands.get(language or "", self._main_commands)
                texts = self._texts.of(language)
                await self._sender.send(where, no_such_command(texts, there))
            case CannedReply(name, opening) if first:
                chat = chat_name(message.chat)
                if opening and await self._responder.place(chat, message.at):
                    return
                texts = self._texts.of(await self._language(message))
                await self._sender.send(where, texts.message(name))

    async def _language(self, message: IncomingMessage) -> str | None:
        """What is spoken in the chat of a message."""
        chat, own = chat_name(message.chat), message.language
        return await self._responder.language_of(chat, message.at, own)

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

    def _known_commands(self, message: IncomingMessage) -> Collection[str]:
        return {*chain(*self._commands.values()), *self._own.of(message)}

    async def group(self, message: IncomingMessage) -> None:
        """A reply to the asker's message, with buttons for them alone."""
        if await self._groups.whisper(message):
            return
        found = self._groups.answer(message)
        if found is not None:
            where = address_of(message, reply=True)
            self._answered.note(message, await self._sender.send(where, *found))

    async def edited(self, message: IncomingMessage, number: int) -> None:
        """The last question of a chat, in other words: its answer follows.

        Where the answer's number is not known, since it went back in a response, the
        new one is sent in reply to the question.
        """
        if not self._answered.is_last(message):
            return
        answer = self._answered.answer_to(message)
        found = (
            self._groups.answer(message)
            if message.group
            else await self._again(message, number)
        )
        if found is None:
            return
        if answer is None:
            where = address_of(message, reply=True)
            self._answered.note(message, await self._sender.send(where, *found))
        else:
            await self._sender.replace(answer, *found)

    async def _again(
        self, message: IncomingMessage, number: int
    ) -> tuple[core.Message, Links] | None:
        """The answer to a private question in other words; none to what is none."""
        content = filters.private(message, self._known_commands(message))
        if not isinstance(content, Utterance):
            return None
        event = event_of(self._responder, message, content.text)
        reply = await self._responder.handle(event, number)
        return self._layout.paged(reply), self._layout.send_on(reply)

    async def pressed(self, press: CallbackQuery, number: int) -> None:
        """A button, in the update of this number."""
        message = press.message
        value, owner = owner_of(press.data or "")
        if message is None or not _may_press(press, message, owner):
            await self._turned_away(press, "stranger")
            return
        if press.data is not None and not self._leads_on(value):
            # The answer above it stays as it is.
            await self._turned_away(press, "stale")
            return
        async with self._acknowledged(press):
            if press.data is not None:
                await self._show(press._replace(data=value), message, number)

    async def _turned_away(self, press: CallbackQuery, why: str) -> None:
        with last_call():
            label = self._texts.of(press.language).label(why)
            await self._sender.answer_callback(press, label)

    def _leads_on(self, value: str) -> bool:
        """Whether a book of today knows what a button carries."""
        place = tried_place(value) or place_of(value) or value
        return self._responder.kb_of_button(place) is not None

    @asynccontextmanager
    async def _acknowledged(self, press: CallbackQuery) -> AsyncIterator[None]:
        """Until it is acknowledged, a button shows that it is waiting.

        That can go back in the webhook's response, since nobody misses it if it is lost;
        else it is done at once and beside the rest.
        """
        if may_be_kept():
            try:
                yield
            finally:
                with last_call():
                    await self._sender.answer_callback(press)
            return
        acknowledged = asyncio.create_task(self._sender.answer_callback(press))
        try:
            yield
        finally:
            await acknowledged

    async def _show(
        self, press: CallbackQuery, message: IncomingMessage, number: int
    ) -> None:
        """What a button leads to, in the place of the message that it is under."""
        chat, value, now = chat_name(message.chat), press.data or "", datetime.now(UTC)
        language = await self._responder.language_of(chat, now, press.language)
        tried, place = tried_place(value), place_of(value)
        event = Pressed(chat, tried or place or value, now, language=language)
        if tried is not None:
            trial = self._layout.trial(self._responder.look(event))
            await self._sender.send(address_of(message), trial)
            return
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
            said = for_group(said, press.user_id)
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
