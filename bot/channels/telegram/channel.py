"""Puts the parts together: what each kind of update leads to."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

from telegram.error import Forbidden, TelegramError

from bot.channels.telegram import outbox, profile
from bot.channels.telegram.api import Api
from bot.channels.telegram.bucket import Rate
from bot.channels.telegram.dialogue import Dialogue
from bot.channels.telegram.gate import PER_PERSON, Gate, Verdict
from bot.channels.telegram.inline import Inline
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.lines import Lines
from bot.channels.telegram.reading import Ears, Me
from bot.channels.telegram.secrecy import place as place_of
from bot.channels.telegram.speech import Place, Speech
from bot.channels.telegram.talker import Talker
from bot.channels.telegram.tally import Tally
from bot.channels.telegram.update import Message, Press, Query, Update

_log = logging.getLogger(__name__)


class Channel(NamedTuple):
    """The open channel: what brings updates needs no more than this."""

    talker: Talker
    api: Api
    intake: Intake
    tally: Tally
    lines: Lines
    commands: dict[str, str]


@asynccontextmanager
async def opened(
    talker: Talker,
    lines: Lines,
    bot: Api,
    tally: Tally,
    *,
    plain: bool = False,
    person: Rate = PER_PERSON,
    admins: Collection[int] = (),
) -> AsyncIterator[Channel]:
    """Connected and known by name.

    Raises TelegramError, where the server or the token is no good.
    """
    commands = profile.commands(talker.kb, lines)
    async with bot:
        me = Me(bot.id, bot.bot.username)
        speech = Speech(bot, lines.short("copy"), plain=plain)
        ears = Ears(me, frozenset(commands))
        dialogue = Dialogue(talker, speech, lines, ears, admins)
        inline = Inline(talker, speech, lines, bot, me)
        told = _Told(speech, lines, tally)
        handler = _Handler(dialogue, inline, told)
        gate = Gate(person)
        intake = Intake(handler.handle, tally, told.refused, talker, ears.concern, gate)
        yield Channel(talker, bot, intake, tally, lines, commands)


@dataclass(frozen=True)
class _Handler:
    dialogue: Dialogue
    inline: Inline
    told: _Told

    async def handle(self, update: Update) -> None:
        """Answers, or owns up to it. Raises nothing of ours."""
        try:
            await self._handle(update)
        except Exception as error:  # noqa: BLE001  whatever befell, the next update counts
            await self.told.failed(update, error)

    async def _handle(self, update: Update) -> None:
        match update.what:
            case Press() as press:
                await self.dialogue.pressed(press, update.number)
            case Query() as query:
                await self.inline.asked(query)
            case Message(private=True) as message:
                await self.dialogue.private(message, update.number)
            case Message(group=True) as message:
                await self.dialogue.group(message)


class _Told:
    """What a person hears where there is no answer."""

    def __init__(self, speech: Speech, lines: Lines, tally: Tally) -> None:
        self._speech, self._lines, self._tally = speech, lines, tally

    async def refused(self, update: Update, verdict: Verdict) -> None:
        """Too fast. A press is acknowledged each time, a message told so once."""
        if isinstance(update.what, Press):
            with outbox.last():
                await self._speech.acknowledge(update.what, self._lines.short("wait"))
        elif verdict is Verdict.NOTICE:
            await self._say(update, "hurry")

    async def failed(self, update: Update, error: Exception) -> None:
        """An answer that came to grief: noted without its words, and owned up to."""
        self._tally.refused[type(error).__name__] += 1
        if isinstance(error, Forbidden):
            _log.info("Someone blocked the bot or left the group")
            return
        _log.error("An update was not answered: %s", _what(error))
        if not isinstance(error, TelegramError):
            with suppress(TelegramError):
                await self._say(update, "trouble")

    async def _say(self, update: Update, line: str) -> None:
        message = update.message
        if message is not None and message.private:
            await self._speech.say(Place(message.chat), self._lines.spoken(line))


def _what(error: Exception) -> str:
    """Of a call that failed its method, else the place; no words of either."""
    if isinstance(error, TelegramError):
        return " of ".join([type(error).__name__, *getattr(error, "__notes__", ())])
    return place_of(error)
