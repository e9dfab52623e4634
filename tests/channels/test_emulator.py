"""The real process against lo-bot-api-emulator, which neither we nor PTB wrote."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from lo_bot_api_emulator import LoBotApiEmulator, verdict

from tests.support import updates
from tests.support.process import TOKEN, Running, free_port, takeback_run
from tests.support.updates import Json
from tests.support.wire import Call, Wire, serving, wired

pytestmark = pytest.mark.slow


@dataclass
class Stage:
    emulator: LoBotApiEmulator
    wire: Wire
    journal: Path

    async def send(self, update: Json) -> None:
        # The emulator counts updates itself.
        bare = {kind: body for kind, body in update.items() if kind != "update_id"}
        await self.emulator.enqueue_update(bare, token=TOKEN)

    async def call(self, update: Json, method: str) -> Call:
        """What a method is called with next, once the update is in."""
        before = len(self.wire.of(method))
        await self.send(update)
        await self.wire.until(lambda: len(self.wire.of(method)) > before)
        return self.wire.of(method)[-1]

    async def say(self, text: str, who: int = 100) -> Call:
        return await self.call(updates.said(text, who), "sendMessage")

    async def press(self, on: Call, label: str, number: int = 1) -> Call:
        who = on.parameters["chat_id"]
        under = updates.message("...", who) | {"from": updates.ME, "message_id": number}
        acknowledged = len(self.wire.of("answerCallbackQuery"))
        shown = await self.call(
            updates.pressed(on.buttons[label], under, who), "editMessageText"
        )
        await self.wire.until(
            lambda: len(self.wire.of("answerCallbackQuery")) == acknowledged + 1
        )
        return shown

    async def confirmed(self) -> None:
        """Until the emulator has nothing left to hand out."""
        async with asyncio.timeout(5):
            # The emulator has no event for it.
            while self.emulator._update_queues.info(TOKEN)["pending_update_count"]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def judge(self, *methods: str) -> None:
        """The emulator's own verdict on the run."""
        found = verdict(
            str(self.journal),
            require_response=True,
            require_methods=list(methods),
            allowed_refusals=[],
        )
        assert found["ok"], found


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    journal = folder / "journal.jsonl"
    emulator = LoBotApiEmulator(journal=journal, allow_insecure_loopback_webhooks=True)
    async with (
        serving(emulator.app(), handler_cancellation=True) as upstream,
        wired(upstream) as wire,
    ):
        yield Stage(emulator, wire, journal)


async def tour(stage: Stage) -> None:
    """All that a person can do, each part by another one; the pace allows no more."""
    start = await stage.say("/start")
    assert start.buttons
    asked = await stage.say(
        "I sent an InMail to the wrong recruiter, can I get it back?"
    )
    assert "On a computer" in asked.buttons
    shown = await stage.press(asked, "On a computer", number=2)
    assert shown.parameters["message_id"] == 2
    assert "<b>" in shown.parameters["text"]
    found = await stage.call(updates.queried("unsend whatsapp"), "answerInlineQuery")
    assert found.parameters["results"]
    assert found.parameters["cache_time"] == 300
    await guided(stage)
    await drafted(stage)
    assert "erased" in (await stage.say("/forget")).parameters["text"]


async def guided(stage: Stage) -> None:
    """Step by step to the end, which did not help."""
    shown = await stage.say("I sent a WhatsApp message to the wrong person", who=101)
    shown = await stage.press(shown, "Step by step")
    while "Next" in shown.buttons:
        shown = await stage.press(shown, "Next")
    shown = await stage.press(shown, "Done")
    no = next(label for label in shown.buttons if label == "It did not")
    assert (await stage.press(shown, no)).buttons


async def drafted(stage: Stage) -> None:
    """An apology to copy by a tap."""
    shown = await stage.say("/draft", who=102)
    shown = await stage.press(shown, "Wrong person")
    shown = await stage.press(shown, "Formal")
    ((button,), *_) = shown.parameters["reply_markup"]["inline_keyboard"]
    assert button["copy_text"]["text"] in shown.parameters["text"]


async def test_a_person_is_answered_by_polling(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, takeback_run(stage.wire.address) as running:
        await tour(stage)
        assert await running.end() == 0
        stage.judge("answerCallbackQuery", "editMessageText", "answerInlineQuery")


async def test_old_buttons_work_after_the_process_was_killed(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        async with takeback_run(stage.wire.address) as running:
            asked = await stage.say("can I take back an inmail")
            await stage.confirmed()
            # Taken, but not answered yet; the kill comes right then.
            stage.wire.open.clear()
            await stage.send(updates.said("can I delete a message on WhatsApp"))
            await asyncio.sleep(0.3)
            await running.end(signal.SIGKILL)
        stage.wire.open.set()
        # And one that comes while nobody is there.
        await stage.send(updates.said("thanks"))
        async with takeback_run(stage.wire.address) as running:
            await stage.wire.until(lambda: len(stage.wire.of("sendMessage")) == 3)
            shown = await stage.press(asked, "On a computer", number=3)
            assert shown.parameters["text"]
            assert await running.end() == 0
        # Each was answered, none of them twice.
        assert len(stage.wire.of("sendMessage")) == 3
        stage.judge("editMessageText")


async def test_a_person_is_answered_by_webhook_with_its_secret(tmp_path: Path) -> None:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    hook = {
        "webhook_url": f"{here}/hook",
        "webhook_secret": "A-secret_1",
        "listen": f"127.0.0.1:{port}",
    }
    async with (
        staged(tmp_path) as stage,
        takeback_run(stage.wire.address, **hook) as running,
        aiohttp.ClientSession() as outside,
    ):
        await tour(stage)
        async with outside.post(f"{here}/hook", json=updates.said("hello")) as answer:
            assert answer.status == 403
        async with outside.get(f"{here}/ready") as answer:
            assert answer.status == 200
        async with outside.get(f"{here}/metrics") as answer:
            assert 'takeback_updates_total{kind="message"} 5.0' in await answer.text()
        assert await running.end() == 0
        stage.judge("setWebhook", "answerCallbackQuery", "editMessageText")


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_reminder_outlives_a_kill(tmp_path: Path, way: str) -> None:
    store, port = tmp_path / "store.sqlite", free_port()
    how = {"store": f"sqlite:///{store}"}
    if way == "webhook":
        how |= {"webhook_url": f"http://127.0.0.1:{port}/hook"}
        how |= {"listen": f"127.0.0.1:{port}", "webhook_secret": "A-secret_1"}
    async with staged(tmp_path) as stage:
        address = stage.wire.address
        async with takeback_run(address, **how) as running:
            asked = await stage.say("sent an inmail on linkedin 40 minutes ago")
            value = asked.buttons["Remind me in time"]
            markup = asked.parameters["reply_markup"]
            under = updates.message("...") | {"from": updates.ME}
            under |= {"message_id": 1, "reply_markup": markup}
            update = updates.pressed(value, under)
            exchanged = await stage.call(update, "editMessageReplyMarkup")
            assert "Cancel the reminder" in exchanged.buttons
            await stage.confirmed()
            await running.end(signal.SIGKILL)
        # As if its time had come while nobody was there.
        with closing(sqlite3.connect(store)) as file, file:
            assert file.execute("UPDATE reminders SET due = 1").rowcount == 1
        async with takeback_run(address, **how) as running:
            await stage.wire.until(lambda: len(stage.wire.of("sendMessage")) == 2)
            reminder = stage.wire.of("sendMessage")[-1]
            assert re.match(r"<b>(20|19) minutes left to", reminder.parameters["text"])
            assert "Step by step" in reminder.buttons
            assert await running.end() == 0
        with closing(sqlite3.connect(store)) as file:
            assert file.execute("SELECT * FROM reminders").fetchall() == []
        stage.judge("answerCallbackQuery", "editMessageReplyMarkup")


async def test_a_second_process_is_told_of_the_first(tmp_path: Path) -> None:
    async with (
        staged(tmp_path) as stage,
        takeback_run(stage.wire.address) as first,
        takeback_run(stage.wire.address) as second,
    ):
        codes = [
            await running.process.wait() for running in await _ended(first, second)
        ]
        assert codes == [2]
        assert "Another process answers for this bot" in "".join(
            first.lines + second.lines
        )


async def _ended(*both: Running) -> list[Running]:
    waits = {asyncio.create_task(r.process.wait()): r for r in both}
    done, rest = await asyncio.wait(waits, return_when="FIRST_COMPLETED", timeout=30)
    for waiting in rest:
        waiting.cancel()
    return [waits[task] for task in done]
