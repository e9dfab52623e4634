"""Handlers: what a person says or presses → the core's event → its reply, unnamed."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from telegram.error import Forbidden, TelegramError

from bot.channels.telegram import deep_links, filters
from bot.channels.telegram.bot_api import last_call
from bot.channels.telegram.filters import (
    AddressedToUs,
    CannedReply,
    UnknownCommand,
    Utterance,
)
from bot.channels.telegram.inline import InlineAnswers
from bot.channels.telegram.log_redaction import where_raised
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.rate_limits import Admission
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import (
    Sender,
    UnreachableError,
    address_of,
    owned,
    owner_of,
    reason_of,
)
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import (
    CallbackQuery,
    IncomingMessage,
    InlineQuery,
    Update,
)
from bot.dialogue import callback_data
from bot.dialogue.events import Button, Event, Pressed, Said
from bot.responses import markup as core
from bot.responses.reply import Reply

_log = logging.getLogger(__name__)
_ALBUMS = 1_000
_WEEK = 7


class Handlers:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        addressed: AddressedToUs,
        commands: Collection[str] = (),
        admins: Collection[int] = (),
    ) -> None:
        self._admins = admins
        """Users who may see what was asked."""
        self._responder, self._sender, self._texts = responder, sender, texts
        self._addressed = addressed
        self._commands = commands
        self._albums: OrderedDict[str, None] = OrderedDict()

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
                event = self._event(message, text)
                reply = await self._responder.handle(event, number)
                await self._sender.send(where, reply.message)
            case UnknownCommand():
                await self._sender.send(where, self._no_command())
            case CannedReply(name, opening) if first:
                chat = _chat(message.chat)
                if opening and await self._responder.place(chat, message.at):
                    return
                await self._sender.send(where, texts.message(name))

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
        value = await self._responder.place(_chat(message.chat), message.at)
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
        said = _for_group(reply.message, owner)
        await self._sender.send(where, said, self._in_private(reply))

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

    def _in_private(self, reply: Reply) -> dict[str, str]:
        """The way to go on where nobody else reads it, with what is known filled in."""
        name = self._addressed.me.username
        if not name or reply.topic is None:
            return {}
        kb = self._responder.kb
        payload = deep_links.answer_payload(kb, reply.topic, reply.slots)
        if payload is None:
            return {}
        return {self._texts.label("in_private"): deep_links.address(name, payload)}

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
                event = Pressed(_chat(message.chat), value, datetime.now(UTC))
                if message.private:
                    reply = await self._responder.handle(event, number)
                    await self._sender.replace(message, reply.message)
                else:
                    reply = self._responder.in_group(event)
                    said = _for_group(reply.message, press.user_id)
                    await self._sender.replace(message, said, self._in_private(reply))
        finally:
            await acknowledged

    def _event(self, message: IncomingMessage, text: str) -> Event:
        """The words, or the button that the link that opened the chat stands for."""
        command, _, payload = text.partition(" ")
        value = deep_links.decode(payload.strip()) if command == "/start" else None
        chat = _chat(message.chat)
        if value is not None and callback_data.decode(self._responder.kb, value):
            return Pressed(chat, value, message.at)
        return Said(chat, text, message.at)

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


def _for_group(message: core.Message, owner: int | None) -> core.Message:
    """With buttons that only their owner may press, or without any."""
    if owner is None:
        return core.Message(message.blocks)
    buttons = (Button(b.label, owned(b.value, owner)) for b in message.buttons)
    return core.Message(message.blocks, tuple(buttons))


def _chat(number: int) -> str:
    return f"telegram:{number}"


def _names(text: str, command: str) -> bool:
    return text.partition(" ")[0].partition("@")[0].casefold() == command


@dataclass(frozen=True)
class Router:
    handlers: Handlers
    inline: InlineAnswers
    told: Failures

    async def handle(self, update: Update) -> None:
        """Answers, or owns up to it. Raises nothing of ours."""
        try:
            await self._handle(update)
        except Exception as error:  # noqa: BLE001  whatever befell, the next update counts
            await self.told.failed(update, error)

    async def _handle(self, update: Update) -> None:
        match update.what:
            case CallbackQuery() as press:
                await self.handlers.pressed(press, update.update_id)
            case InlineQuery() as query:
                await self.inline.asked(query)
            case IncomingMessage(private=True) as message:
                await self.handlers.private(message, update.update_id)
            case IncomingMessage(group=True) as message:
                await self.handlers.group(message)


class Failures:
    """What a person hears where there is no answer."""

    def __init__(self, sender: Sender, texts: Texts, metrics: Metrics) -> None:
        self._sender, self._texts, self._metrics = sender, texts, metrics

    async def refused(self, update: Update, verdict: Admission) -> None:
        """Too fast. A press is acknowledged each time, a message told so once."""
        if isinstance(update.what, CallbackQuery):
            with last_call():
                await self._sender.answer_callback(
                    update.what, self._texts.label("wait")
                )
        elif verdict is Admission.NOTICE:
            await self._say(update, "hurry")

    async def failed(self, update: Update, error: Exception) -> None:
        """An answer that did not arrive: noted without its words, and owned up to."""
        self._metrics.refused[type(error).__name__] += 1
        if isinstance(error, Forbidden | UnreachableError):
            _log.info("Someone blocked the bot, or it may not write in a group")
            return
        _log.error("An update was not answered: %s", _what(error))
        try:
            await self._say(update, "trouble")
        except TelegramError as again:
            _log.error("Nor could that be said: %s", _what(again))

    async def _say(self, update: Update, text: str) -> None:
        message = update.message
        if message is not None and (message.private or text == "trouble"):
            where = address_of(message, reply=message.group)
            await self._sender.send(where, self._texts.message(text))


def _what(error: Exception) -> str:
    """Of a call that failed its method and reason, else the place; nobody's words."""
    if isinstance(error, TelegramError):
        kind = " of ".join([type(error).__name__, *getattr(error, "__notes__", ())])
        return f"{kind}, {reason_of(error)}"
    return where_raised(error)
