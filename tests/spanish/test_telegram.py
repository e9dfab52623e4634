"""The Spanish book on Telegram: over the recorded wire, and as a process."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.telegram import texts
from bot.channels.telegram.reminders import ReminderTuning
from bot.dialogue.events import Pressed
from bot.store import Reminder
from tests.channels.test_emulator import staged
from tests.support import updates
from tests.support.books import SPANISH, spanish_bot
from tests.support.process import takeback_run
from tests.support.recorder import desk


async def test_answers_and_the_channels_own_words_are_spanish() -> None:
    own = texts.read(SPANISH, "es")
    async with desk(spanish_bot(), own=own) as opened:
        call = await opened.one(updates.said("borré un mensaje de signal, se enteran?"))
        assert call.parameters["text"].startswith("<b>Sí, lo nota.</b>")
        assert "Retirarlo" in call.buttons
        unknown = await opened.one(updates.said("/nada"))
        assert unknown.parameters["text"].startswith("No existe esa orden.")


async def test_a_reminder_is_spanish_too() -> None:
    own, quick = texts.read(SPANISH, "es"), ReminderTuning(look=0.01, again=0.01)
    async with desk(spanish_bot(), own=own, reminders=quick) as opened:
        asked = "puedo borrar un mensaje de signal de hace 2 horas"
        answer = await opened.one(updates.said(asked))
        assert "Avísame a tiempo" in answer.buttons
        value = next(iter(answer.buttons.values()))
        responder = opened.channel.responder
        place = responder.look(Pressed("", value, datetime.now(UTC))).place
        assert place
        due = Reminder("telegram:100", place, int(time.time()))
        await responder.reminders.keep(due)
        opened.recorder.calls.clear()
        async with asyncio.timeout(5), opened.channel.reminders.running():
            while not opened.channel.metrics.reminders:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    (call,) = opened.recorder.calls
    said = call.parameters["text"]
    # A second may have gone by since the question.
    assert re.match(r"<b>Plazo que queda en Signal: (casi )?22 horas\.</b>", said)
    assert "Me pediste que te avisara." in said


@pytest.mark.slow
async def test_the_process_answers_in_spanish(tmp_path: Path) -> None:
    files = {"files": str(SPANISH)}
    async with (
        staged(tmp_path) as stage,
        takeback_run(stage.wire.address, **files) as running,
    ):
        assert "Hola" in (await stage.say("/start")).parameters["text"]
        asked = await stage.say("quiero borrar un mensaje que mandé hace 20 minutos")
        assert "¿En qué servicio" in asked.parameters["text"]
        shown = await stage.press(asked, "WhatsApp", number=2)
        assert "te quedan cerca de 47 horas" in shown.parameters["text"]
        shown = await stage.press(shown, "Paso a paso", number=2)
        assert "Paso 1 de 4" in shown.parameters["text"]
        assert await running.end() == 0
        stage.judge("sendMessage", "editMessageText", "answerCallbackQuery")
