"""Handlers: what a person says or presses → the core's event → its reply, spoken."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from bot.channels.telegram import link, outbox, reading
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.reading import Aside, Ears, Question
from bot.channels.telegram.speech import Speech, place
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.update import Message, Press
from bot.dialogue import callback_data
from bot.dialogue.events import Event, Pressed, Said
from bot.responses import markup as core

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

    async def private(self, message: Message, number: int) -> None:
        """What is said to us alone, in the update of this number."""
        if self._seen(message.raw.get("media_group_id")):
            return
        match reading.private(message):
            case Question(text) if _names(text, "/link"):
                await self._speech.say(place(message), await self._link(message))
            case Question(text) if _names(text, "/stats") and self._admin(message):
                await self._speech.say(place(message), await self._stats(message.at))
            case Question(text):
                event = self._event(message, text)
                reply = await self._talker.handle(event, number)
                await self._speech.say(place(message), reply.message)
            case Aside(line):
                await self._speech.say(place(message), self._lines.spoken(line))

    def _admin(self, message: Message) -> bool:
        return message.author in self._admins

    async def _stats(self, now: datetime) -> core.Message:
        """A week's sums. Of nobody in particular, so there is nothing to hide."""
        # Here: no answer waits for it.
        from bot.desk.stats.brief import brief
        from bot.desk.stats.sums import summed

        lines = await self._talker.counted(now - timedelta(days=_WEEK))
        found = summed(lines, now.date(), _WEEK)
        return core.Message(core.parse(brief(self._talker.kb, found)))

    async def _link(self, message: Message) -> core.Message:
        """A link that opens the answer at hand, to be copied or passed on."""
        value = await self._talker.place(_chat(message.chat), message.at)
        payload = link.encode(value) if value else None
        name = self._ears.me.username
        if payload is None or not name:
            return self._lines.spoken("unlinked")
        address = link.address(name, payload)
        said = self._lines.spoken("linked")
        return core.Message((*said.blocks, core.Draft(address)))

    async def group(self, message: Message) -> None:
        """A reply to the asker's message, which is what binds its buttons to them."""
        question = self._ears.group(message)
        if question is None:
            return
        # Nothing of a group is kept: its buttons carry all that a reply needs.
        reply = self._talker.in_group(self._event(message, question.text))
        said = reply.message
        if message.raw.get("sender_chat"):
            # Who speaks as the group itself cannot be told from other such people.
            said = core.Message(said.blocks)
        await self._speech.say(place(message, reply=True), said)

    async def pressed(self, press: Press, number: int) -> None:
        """A button, in the update of this number."""
        message = press.message
        # Whose button it is shows in a group by the message that ours answers.
        if message is None or not (message.private or message.answers == press.person):
            with outbox.last():
                await self._speech.acknowledge(press, self._lines.short("stranger"))
            return
        # At once and beside the rest: until then the button shows that it is waiting.
        acknowledged = asyncio.create_task(self._speech.acknowledge(press))
        try:
            if press.value is not None:
                event = Pressed(_chat(message.chat), press.value, datetime.now(UTC))
                reply = (
                    await self._talker.handle(event, number)
                    if message.private
                    else self._talker.in_group(event)
                )
                await self._speech.show(message, reply.message)
        finally:
            await acknowledged

    def _event(self, message: Message, text: str) -> Event:
        """The words, or the button that the link that opened the chat stands for."""
        command, _, payload = text.partition(" ")
        value = link.decode(payload.strip()) if command == "/start" else None
        chat = _chat(message.chat)
        if value is not None and callback_data.decode(self._talker.kb, value):
            return Pressed(chat, value, message.at)
        return Said(chat, text, message.at)

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
