"""Reminders: a press under an answer whose limit runs, a message before it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.log_redaction import where_raised
from bot.channels.telegram.bot_api import TokenRefusedError
from bot.channels.telegram.inline_keyboard import (
    cancelling,
    place_to_cancel,
    place_to_remind_of,
    reminding,
)
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.responder import Responder
from bot.channels.telegram.sender import Address, Sender, UnreachableError, reason_of
from bot.channels.telegram.texts import Texts
from bot.channels.telegram.update import (
    CallbackQuery,
    IncomingMessage,
    chat_name,
    chat_number,
)
from bot.dialogue.events import Button, Pressed
from bot.errors import StoreError
from bot.knowledge import time_limits
from bot.responses import markup as core
from bot.responses.reply import Reply
from bot.store import Reminder

BEFORE = timedelta(minutes=10)
"""How long before the end of a limit people are reminded of it."""
LEAST = BEFORE + timedelta(minutes=1)
"""With less than this left nobody is asked whether to be reminded."""
LOOK = 5.0
"""Seconds between two looks at what is due; so much earlier it counts as due."""
_AGAIN = 30.0
"""Seconds between two tries while Telegram fails."""
_AT_ONCE = 1.0
"""Seconds that one try may take over: what is said has to be right by the clock."""
_GRACE = 10.0
"""Seconds that what is on its way gets at a stop."""

_log = logging.getLogger(__name__)


class ReminderTuning(NamedTuple):
    """In seconds; tests shrink them."""

    look: float = LOOK
    again: float = _AGAIN


class Reminders:
    def __init__(
        self,
        responder: Responder,
        sender: Sender,
        texts: Texts,
        metrics: Metrics,
        tuning: ReminderTuning,
    ) -> None:
        self._responder, self._sender, self._texts = responder, sender, texts
        self._metrics, self._tuning = metrics, tuning
        self._on_their_way: set[asyncio.Task[None]] = set()

    async def pressed(self, press: CallbackQuery) -> CallbackQuery | None:
        """What is still to be answered of a press; none of one that was about reminders.

        Too late for a reminder, it is answered by how things stand.
        """
        message, value = press.message, press.data or ""
        if message is None or not message.private:
            return press
        if (place := place_to_cancel(value)) is not None:
            await self._cancel(press, message, place)
        elif (place := place_to_remind_of(value)) is not None:
            reply = await self._look(chat_name(message.chat), place, press.language)
            due = self._due(reply)
            if due is None:
                return press._replace(data=place)
            reminder = Reminder(chat_name(message.chat), place, due, message.thread_id)
            await self._keep(press, message, reminder, self._of(reply))
        else:
            return press
        return None

    async def _cancel(
        self, press: CallbackQuery, message: IncomingMessage, place: str
    ) -> None:
        chat, now = chat_name(message.chat), datetime.now(UTC)
        spoken = await self._responder.language_of(chat, now, press.language)
        texts = self._texts.of(spoken)
        await self._responder.reminders.cancel(chat, place)
        self._metrics.reminders["cancelled"] += 1
        await self._sender.answer_callback(press, texts.label("remind_off"))
        again = Button(texts.label("remind"), reminding(place))
        await self._relabel(message, press.data or "", again)

    async def _keep(
        self,
        press: CallbackQuery,
        message: IncomingMessage,
        reminder: Reminder,
        texts: Texts,
    ) -> None:
        if not await self._responder.reminders.keep(reminder):
            await self._sender.answer_callback(press, texts.label("remind_full"))
            return
        self._metrics.reminders["requested"] += 1
        await self._sender.answer_callback(press, texts.label("remind_set"))
        off = Button(texts.label("remind_cancel"), cancelling(reminder.place))
        await self._relabel(message, press.data or "", off)

    def _due(self, reply: Reply) -> int | None:
        """When a reply's limit is to be told of; none once that is over."""
        end = core.deadline(reply.message)
        if end is None or end - datetime.now(UTC) < BEFORE:
            return None
        return int((end - BEFORE).timestamp() - self._tuning.look)

    async def _look(self, chat: str, place: str, own: str | None = None) -> Reply:
        """What stands at a place just now, as a chat is told it."""
        now = datetime.now(UTC).replace(microsecond=0)
        language = await self._responder.language_of(chat, now, own)
        return self._responder.look(Pressed("", place, now, language=language))

    def _of(self, reply: Reply) -> Texts:
        return self._texts.of(reply.message.language)

    async def _relabel(
        self, message: IncomingMessage, value: str, button: Button
    ) -> None:
        """Another button in the place of one; the rest stays as it is."""
        rows = (message.raw.get("reply_markup") or {}).get("inline_keyboard") or ()
        shown = {"text": button.label, "callback_data": button.value}
        changed = [
            [shown if b.get("callback_data") == value else b for b in row]
            for row in rows
        ]
        if changed:
            await self._sender.exchange_buttons(message, {"inline_keyboard": changed})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """What is due is said while the block runs."""
        looking = asyncio.create_task(self._look_for_due())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            if self._on_their_way:
                _, late = await asyncio.wait(self._on_their_way, timeout=_GRACE)
                for task in late:  # another process, or the next start, says them
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)

    async def _look_for_due(self) -> None:
        while True:
            await asyncio.sleep(self._tuning.look)
            try:
                due = await self._responder.reminders.due(datetime.now(UTC))
            except StoreError as error:
                _log.info("Nobody could be reminded: %s", error)
                continue
            for reminder in due:
                task = asyncio.create_task(self._see_to(reminder))
                self._on_their_way.add(task)
                task.add_done_callback(self._on_their_way.discard)

    async def _see_to(self, reminder: Reminder) -> None:
        try:
            outcome = await self._said(reminder)
        except (Forbidden, UnreachableError):
            _log.info("Someone blocked the bot before a reminder")
            outcome = "unreachable"
        except TokenRefusedError:
            return  # the next start says it
        except TelegramError as error:
            _log.error("A reminder was refused: %s", reason_of(error))
            outcome = "refused"
        except Exception as error:  # noqa: BLE001  the next reminder counts, whatever went wrong with this one
            _log.error("A reminder was not said: %s", where_raised(error))
            outcome = "failed"
        self._metrics.reminders[outcome] += 1
        try:
            await self._responder.reminders.done(reminder)
        except StoreError as error:
            _log.warning("A reminder was not erased: %s", error)

    async def _said(self, reminder: Reminder) -> str:
        """Tries until it is out or its limit over, each time in words of that moment."""
        where = Address(chat_number(reminder.chat), reminder.thread)
        while (message := await self._message(reminder)) is not None:
            try:
                await self._sender.send(where, message, patience=_AT_ONCE)
            except (NetworkError, RetryAfter) as error:
                if isinstance(error, BadRequest):
                    raise
                _log.info("A reminder has to wait: %s", type(error).__name__)
                await asyncio.sleep(self._tuning.again)
            else:
                return "said"
        return "over"

    async def _message(self, reminder: Reminder) -> core.Message | None:
        """What is left of a place's limit, with the way to its steps; none once over."""
        reply = await self._look(reminder.chat, reminder.place)
        now = datetime.now(UTC).replace(microsecond=0)
        end = core.deadline(reply.message)
        if end is None or reply.about is None:
            return None
        kb = self._responder.kb_of(reply.message.language)
        action = kb.actions.get(reply.about.action)
        said = self._of(reply).filled(
            "reminder",
            left=time_limits.rest(end - now, kb.language.time_words),
            action=action.label if action else None,
            where=kb.label(reply.slots.get(kb.roles.slots.service, "")),
            seconds=int(end.timestamp()),
            time=f"{end:%H:%M}",
        )
        buttons = reply.message.buttons
        verdicts = (kb.labels.worked, kb.labels.failed)
        wanted = [b for b in buttons if b.ahead or b.label in verdicts]
        return core.Message(said.blocks, tuple(wanted or buttons[:1]))
