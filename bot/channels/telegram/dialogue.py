"""Handlers: what a person says or presses → the core's event → its reply, spoken."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot
from telegram.helpers import create_deep_linked_url

from bot.channels.telegram import link, outbox, reading
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.reading import Aside, Ears, Question
from bot.channels.telegram.speech import Speech, place
from bot.channels.telegram.talker import Talker
from bot.core import button
from bot.core import message as core
from bot.core.message import Event, Pressed, Said
from bot.desk.stats.brief import brief
from bot.desk.stats.sums import summed

Context = CallbackContext[ExtBot[None], dict, dict, dict]  # type: ignore[type-arg]

_log = logging.getLogger(__name__)
_ALBUMS = 1_000
_WEEK = 7


class Dialogue:
    def __init__(
        self,
        talker: Talker,
        speech: Speech,
        lines: Lines,
        ears: Ears,
        admins: Collection[int] = (),
    ) -> None:
        self._admins = admins
        """Users who may see what was asked."""
        self._talker, self._speech, self._lines = talker, speech, lines
        self._ears = ears
        self._albums: OrderedDict[str, None] = OrderedDict()

    async def private(self, update: Update, _: Context) -> None:
        message = update.message
        if message is None or self._seen(message.media_group_id):
            return
        match reading.private(message):
            case Question(text) if _names(text, "/link"):
                await self._speech.say(place(message), await self._link(message))
            case Question(text) if _names(text, "/stats") and self._admin(message):
                await self._speech.say(place(message), await self._stats(message.date))
            case Question(text):
                reply = await self._talker.handle(
                    self._event(message, text), update.update_id
                )
                await self._speech.say(place(message), reply.message)
            case Aside(line):
                await self._speech.say(place(message), self._lines.spoken(line))

    def _admin(self, message: Message) -> bool:
        return message.from_user is not None and message.from_user.id in self._admins

    async def _stats(self, now: datetime) -> core.Message:
        """A week's sums. Of nobody in particular, so there is nothing to hide."""
        lines = await self._talker.counted(now - timedelta(days=_WEEK))
        found = summed(lines, now.date(), _WEEK)
        return core.Message(core.parse(brief(self._talker.book, found)))

    async def _link(self, message: Message) -> core.Message:
        """A link that opens the answer at hand, to be copied or passed on."""
        value = await self._talker.place(_chat(message.chat.id), message.date)
        payload = link.encode(value) if value else None
        name = message.get_bot().bot.username
        if payload is None or not name:
            return self._lines.spoken("unlinked")
        address = create_deep_linked_url(name, payload)
        said = self._lines.spoken("linked")
        return core.Message((*said.blocks, core.Draft(address)))

    async def group(self, update: Update, _: Context) -> None:
        """A reply to the asker's message, which is what binds its buttons to them."""
        message = update.message
        question = self._ears.group(message) if message else None
        if message is None or question is None:
            return
        # Nothing of a group is kept: its buttons carry all that a reply needs.
        reply = self._talker.in_group(self._event(message, question.text))
        said = reply.message
        if message.sender_chat:
            # Who speaks as the group itself cannot be told from other such people.
            said = core.Message(said.blocks)
        await self._speech.say(place(message, reply=True), said)

    async def pressed(self, update: Update, _: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        message = query.message
        private = message is not None and message.chat.type == message.chat.PRIVATE
        if not private and not _own(query):
            with outbox.last():
                await _acknowledge(query, self._lines.short("stranger"))
            return
        # At once and beside the rest: until then the button shows that it is waiting.
        acknowledged = asyncio.create_task(_acknowledge(query))
        try:
            if message is not None and query.data is not None:
                at = datetime.now(UTC)
                event = Pressed(_chat(message.chat.id), query.data, at)
                reply = (
                    await self._talker.handle(event, update.update_id)
                    if private
                    else self._talker.in_group(event)
                )
                await self._speech.show(message, reply.message)
        finally:
            await acknowledged

    def _event(self, message: Message, text: str) -> Event:
        """The words, or the button that the link that opened the chat stands for."""
        command, _, payload = text.partition(" ")
        value = link.decode(payload.strip()) if command == "/start" else None
        chat = _chat(message.chat.id)
        if value is not None and button.decode(self._talker.book, value):
            return Pressed(chat, value, message.date)
        return Said(chat, text, message.date)

    def _seen(self, album: str | None) -> bool:
        """Whether an album was answered already: it comes as one update a picture."""
        if album is None:
            return False
        seen = album in self._albums
        self._albums[album] = None
        if len(self._albums) > _ALBUMS:
            self._albums.popitem(last=False)
        return seen


def _chat(number: int) -> str:
    return f"telegram:{number}"


def _names(text: str, command: str) -> bool:
    return text.partition(" ")[0].partition("@")[0].casefold() == command


def _own(query: CallbackQuery) -> bool:
    """Whether who pressed is who asked: our message answers a message of theirs."""
    message = query.message
    asked = message.reply_to_message if isinstance(message, Message) else None
    return bool(asked and asked.from_user and asked.from_user.id == query.from_user.id)


async def _acknowledge(query: CallbackQuery, text: str | None = None) -> None:
    try:
        await query.answer(text)
    except BadRequest as error:
        # Too old to be acknowledged, which Telegram's client has done itself by then.
        _log.info("A press was not acknowledged: %s", error.message)
