"""The real book and the Spanish one on Telegram: the wire is recorded, then a process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.admission import Rate
from bot.channels.telegram import profile, texts
from bot.channels.telegram.reminders import ReminderTuning
from bot.channels.telegram.texts import Texts
from bot.folders import root
from bot.store import Reminder
from tests.channels.test_emulator import staged
from tests.support import updates
from tests.support.books import SPANISH, polyglot
from tests.support.process import takeback_run
from tests.support.recorder import Desk, desk
from tests.support.updates import Json
from tests.support.wire import Call

GROUP: Json = {"chat": updates.group()}


def words() -> Texts:
    return texts.read_all({"en": root(), "es": SPANISH})


@asynccontextmanager
async def both(**more: Any) -> AsyncIterator[Desk]:
    async with desk(polyglot(), own=words(), **more) as opened:
        yield opened


def by(update: Json, language: str) -> Json:
    """An update of somebody whose app is in a language."""
    (body,) = (body for kind, body in update.items() if kind != "update_id")
    body["from"] = {**body["from"], "language_code": language}
    return update


def shown(calls: Sequence[Call]) -> str:
    """What stands in the place of a message after a press."""
    (call,) = (call for call in calls if call.method == "editMessageText")
    return str(call.parameters["text"])


def markup(call: Call) -> str:
    return str(call.parameters.get("reply_markup"))


async def test_words_decide_and_then_the_language_of_the_app() -> None:
    async with both() as opened:
        call = await opened.one(by(updates.said("/start", 201), "es-419"))
        assert call.parameters["text"].startswith("<b>Hola.")
        call = await opened.one(by(updates.said("/start", 202), "fr"))
        assert "Hola" not in call.parameters["text"]
        asked = "how do I unsend a whatsapp message"
        call = await opened.one(by(updates.said(asked, 201), "es-419"))
        assert call.parameters["text"].startswith("<b>Yes on WhatsApp")
        call = await opened.one(
            by(updates.said("hola, como borro un mensaje", 202), "fr")
        )
        assert call.parameters["text"].startswith("¿En qué servicio")


async def test_a_button_stays_with_the_book_that_printed_it() -> None:
    async with both() as opened:
        english = await opened.one(updates.said("how do I unsend a gmail mail", 203))
        spanish = await opened.one(updates.said("cómo borro un mensaje de signal", 203))
        for call, label, step in (
            (english, "Step by step", "Step 1 of"),
            (spanish, "Paso a paso", "Paso 1 de"),
        ):
            press = updates.pressed(call.buttons[label], who=203)
            assert step in shown(await opened.send(press))


async def test_what_the_channel_adds_is_in_the_language_of_the_chat() -> None:
    own = words().of("es")
    async with both() as opened:
        asked = "puedo borrar un mensaje de signal de hace 2 horas"
        call = await opened.one(updates.said(asked, 204))
        assert own.label("remind") in call.buttons
        unknown = await opened.one(updates.said("/nada", 204))
        assert unknown.parameters["text"].startswith("No existe esa orden.")
        assert "/servicios" in unknown.parameters["text"]
        assert "/draft" not in unknown.parameters["text"]
        link = await opened.one(updates.said("/link", 204))
        assert own.label("share") in link.buttons
        spoken = await opened.one(updates.said(who=204, voice={"duration": 1}))
        assert spoken.parameters["text"].startswith("No puedo escuchar grabaciones.")
        draft = await opened.one(updates.said("qué disculpa le escribo a mi jefe", 204))
        assert own.label("copy") in markup(draft)
        for said, label in (("remind", "remind_set"), ("remind_cancel", "remind_off")):
            (value,) = (v for k, v in call.buttons.items() if k == own.label("remind"))
            value = value if said == "remind" else f"-{value[1:]}"
            told, *_ = await opened.send(updates.pressed(value, who=204))
            assert told.parameters["text"] == own.label(label)


async def test_ones_own_forward_starts_the_clock_in_the_language_of_the_chat() -> None:
    async with both() as opened:
        await opened.one(updates.said("cómo borro un mensaje", 205))
        origin = {
            "type": "user",
            "sender_user": updates.person(205),
            "date": int(time.time()) - 60,
        }
        call = await opened.one(updates.said("...", 205, forward_origin=origin))
        assert "Telegram se puede borrar" in call.parameters["text"]


async def test_a_reminder_is_in_the_language_of_its_chat() -> None:
    quick = ReminderTuning(look=0.01, again=0.01)
    async with both(reminders=quick) as opened:
        asked = "puedo borrar un mensaje de signal de hace 2 horas"
        answer = await opened.one(updates.said(asked, 206))
        place = answer.buttons["Avísame a tiempo"][1:]
        due = Reminder("telegram:206", place, int(time.time()))
        await opened.channel.responder.reminders.keep(due)
        opened.recorder.calls.clear()
        async with asyncio.timeout(5), opened.channel.reminders.running():
            while not opened.channel.metrics.reminders:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    (call,) = opened.recorder.calls
    assert "Me pediste que te avisara." in call.parameters["text"]


async def test_a_group_is_answered_message_by_message() -> None:
    async with both() as opened:
        who = {
            **GROUP,
            "reply_to_message": updates.message("Hm") | {"from": updates.ME},
        }
        asked = updates.said("se puede borrar un mensaje de telegram?", 207, **who)
        call = await opened.one(by(asked, "en"))
        assert call.parameters["text"].startswith("<b>Sí.")
        assert "Seguir en privado" in call.buttons
        under = updates.message("...", **GROUP) | {"from": updates.ME}
        pressed = updates.pressed(call.buttons["Paso a paso"], under, 207)
        assert "Paso 1 de" in shown(await opened.send(by(pressed, "en")))
        asked = updates.said("can i unsend a telegram message?", 207, **who)
        call = await opened.one(by(asked, "es"))
        assert call.parameters["text"].startswith("<b>Yes")


async def test_a_search_in_another_chat_is_in_the_language_that_is_typed() -> None:
    async with both() as opened:
        for text, language, begins in (
            ("borrar un mensaje de telegram", "en", "Sí."),
            ("unsend a telegram message", "es", "Yes"),
            ("", "es", "Depende"),
        ):
            call = await opened.one(by(updates.queried(text, 208), language))
            assert call.parameters["results"][0]["description"].startswith(begins)
            # The next person who types the same may be told it in another language.
            assert call.parameters["is_personal"] is True


async def test_who_is_too_fast_is_told_in_the_language_of_the_app() -> None:
    async with both(person=Rate(per_second=0.1, burst=2)) as opened:
        for _ in range(2):
            await opened.send(by(updates.said("hola", 209), "es"))
        (call,) = await opened.send(by(updates.said("hola", 209), "es"))
        assert call.parameters["text"].startswith("Un momento, por favor")


async def test_commands_and_descriptions_are_those_of_the_book_of_a_language() -> None:
    async with both() as opened:
        channel = opened.channel
        menus = profile.menus(channel.commands, channel.texts, [])
        opened.recorder.calls.clear()
        await profile.tell(channel.api, channel.texts, menus, plain=False, over=False)
        calls = opened.recorder.calls
    own = [c.parameters for c in calls if c.parameters.get("language_code") == "es"]
    listed = [p["commands"] for p in own if "commands" in p]
    assert [{c["command"] for c in menu} for menu in listed] == [
        {"start", "servicios", "restart", "help", "back", "link"},
        {"oops", "start", "servicios", "restart", "help"},
    ]
    (description,) = (p["description"] for p in own if "description" in p)
    # Not the line of the English book that only English is understood.
    assert "inglés" not in description
    assert "es" not in channel.texts.translations.all
    assert "de" in channel.texts.translations.all


@pytest.mark.slow
async def test_one_process_answers_in_both_languages(tmp_path: Path) -> None:
    async with (
        staged(tmp_path) as stage,
        takeback_run(stage.wire.address, more_books=str(SPANISH)) as running,
    ):
        start = by(updates.said("/start", 100), "es")
        hello = await stage.call(start, "sendMessage")
        assert "Hola" in hello.parameters["text"]
        asked = "cómo borro un mensaje de whatsapp que mandé hace 20 minutos"
        answer = await stage.say(asked)
        assert "te quedan cerca de 47 horas" in answer.parameters["text"]
        english = await stage.say("how do I unsend a whatsapp message")
        assert "WhatsApp message can be deleted" in english.parameters["text"]
        shown = await stage.press(answer, "Paso a paso", number=2)
        assert "Paso 1 de 4" in shown.parameters["text"]
        assert await running.end() == 0
        stage.judge("sendMessage", "editMessageText", "answerCallbackQuery")
