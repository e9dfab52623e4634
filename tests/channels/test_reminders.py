"""Who asks to be reminded hears of a limit once more before it ends."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.app import Assistant
from bot.channels.telegram import texts
from bot.channels.telegram.handlers import UP
from bot.channels.telegram.reminders import BEFORE, LEAST, ReminderTuning
from bot.dialogue.events import Pressed
from bot.knowledge import loader
from bot.responses import markup as core
from bot.store import Reminder
from bot.store.contract import REMINDERS
from tests.support import updates
from tests.support.judge import faults
from tests.support.recorder import Desk, desk, refusal
from tests.support.updates import Json
from tests.support.wire import Call

ASKED = "I sent an InMail on LinkedIn {} minutes ago, can I take it back?"
REMIND, CANCEL = "Remind me in time", "Cancel the reminder"
QUICK = ReminderTuning(look=0.01, again=0.01)
CHAT = "telegram:100"


@pytest.fixture
async def opened(real_bot: Assistant) -> AsyncIterator[Desk]:
    async with desk(real_bot, reminders=QUICK) as found:
        yield found


def shown(call: Call) -> Json:
    """The message that a call makes, with the buttons under it."""
    under = updates.message("...") | {"from": updates.ME}
    return under | {"reply_markup": call.parameters["reply_markup"]}


async def press(opened: Desk, under: Json, value: str) -> dict[str, Call]:
    calls = await opened.send(updates.pressed(value, under))
    assert not [fault for call in calls for fault in faults(call)]
    return {call.method: call for call in calls}


async def kept(opened: Desk) -> list[Reminder]:
    return await opened.channel.responder.reminders.due(
        datetime.max.replace(tzinfo=UTC)
    )


async def due(opened: Desk, minutes: int, **more: int) -> Reminder:
    """A reminder whose time has come, of an InMail that was sent so long ago."""
    answer = await opened.one(updates.said(ASKED.format(minutes)))
    value = next(iter(answer.buttons.values()))
    reply = opened.channel.responder.look(Pressed("", value, datetime.now(UTC)))
    assert reply.place
    reminder = Reminder(CHAT, reply.place, int(time.time()), **more)
    await opened.channel.responder.reminders.keep(reminder)
    opened.recorder.calls.clear()
    return reminder


async def became(opened: Desk) -> dict[str, int]:
    """What became of the reminders, once something has."""
    counted = opened.channel.metrics.reminders
    async with asyncio.timeout(5), opened.channel.reminders.running():
        while not counted:  # noqa: ASYNC110  a count has no event
            await asyncio.sleep(0.01)
    return dict(counted)


async def test_an_answer_whose_limit_runs_offers_a_reminder(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    assert REMIND in answer.buttons
    assert len(answer.parameters["reply_markup"]["inline_keyboard"]) == 3


@pytest.mark.parametrize("minutes", [50, 55, 90])
async def test_with_little_or_no_time_left_there_is_none(
    opened: Desk, minutes: int
) -> None:
    answer = await opened.one(updates.said(ASKED.format(minutes)))
    assert REMIND not in answer.buttons


async def test_an_answer_without_a_clock_offers_none(opened: Desk) -> None:
    answer = await opened.one(updates.said("can I take back an inmail"))
    assert REMIND not in answer.buttons


async def test_a_group_is_offered_none(opened: Desk) -> None:
    text = "@takeback_bot " + ASKED.format(10)
    mention = {"type": "mention", "offset": 0, "length": len("@takeback_bot")}
    more: Json = {"entities": [mention], "chat": updates.group()}
    answer = await opened.one(updates.said(text, **more))
    assert REMIND not in answer.buttons


async def test_one_press_keeps_a_reminder_and_says_so(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    under = shown(answer) | {"is_topic_message": True, "message_thread_id": 3}
    calls = await press(opened, under, answer.buttons[REMIND])
    assert "ten minutes before" in calls["answerCallbackQuery"].parameters["text"]
    buttons = calls["editMessageReplyMarkup"].buttons
    assert CANCEL in buttons
    assert REMIND not in buttons
    assert [*buttons][:2] == [*answer.buttons][:2]
    (reminder,) = await kept(opened)
    assert (reminder.chat, reminder.thread) == (CHAT, 3)
    assert reminder.due == pytest.approx(time.time() + 40 * 60, abs=5)


async def test_a_second_press_says_that_it_stands(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    for _ in range(2):
        calls = await press(opened, shown(answer), answer.buttons[REMIND])
        assert "ten minutes before" in calls["answerCallbackQuery"].parameters["text"]
    assert len(await kept(opened)) == 1


async def test_a_reminder_can_be_cancelled_and_asked_for_again(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    calls = await press(opened, shown(answer), answer.buttons[REMIND])
    under = shown(calls["editMessageReplyMarkup"])
    value = calls["editMessageReplyMarkup"].buttons[CANCEL]
    for _ in range(2):
        calls = await press(opened, under, value)
        assert "cancelled" in calls["answerCallbackQuery"].parameters["text"]
        assert REMIND in calls["editMessageReplyMarkup"].buttons
        assert await kept(opened) == []


async def test_a_press_that_comes_too_late_is_answered_by_how_things_stand(
    opened: Desk,
) -> None:
    reminder = await due(opened, 55)
    await opened.channel.responder.reminders.cancel(CHAT, reminder.place)
    under = updates.message("...") | {"from": updates.ME}
    calls = await press(opened, under, f"+{reminder.place}")
    assert re.search("[45] minutes left", calls["editMessageText"].parameters["text"])
    assert await kept(opened) == []


async def test_a_button_that_nobody_made_keeps_nothing(opened: Desk) -> None:
    for value in ("+", "+nothing|x1", "-", "-nothing"):
        await press(opened, updates.message("...") | {"from": updates.ME}, value)
    assert await kept(opened) == []


async def test_a_chat_with_too_many_is_told_so(opened: Desk) -> None:
    for n in range(REMINDERS):
        await opened.channel.responder.reminders.keep(Reminder(CHAT, str(n), 1 << 40))
    answer = await opened.one(updates.said(ASKED.format(10)))
    calls = await press(opened, shown(answer), answer.buttons[REMIND])
    assert "already" in calls["answerCallbackQuery"].parameters["text"]
    assert "editMessageReplyMarkup" not in calls


@pytest.mark.parametrize("how", ["a button", "words", "a thumb"])
async def test_what_has_worked_needs_no_reminder(opened: Desk, how: str) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    await press(opened, shown(answer), answer.buttons[REMIND])
    said = {
        "a button": updates.pressed(answer.buttons["It worked"], shown(answer)),
        "words": updates.said("it worked"),
        "a thumb": updates.reacted(UP),
    }
    await opened.send(said[how])
    assert await kept(opened) == []


async def test_a_reminder_of_another_message_stays(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    await press(opened, shown(answer), answer.buttons[REMIND])
    await opened.one(updates.said("can I take back a signal message"))
    await opened.one(updates.said("it worked"))
    assert len(await kept(opened)) == 1


async def test_forget_erases_reminders(opened: Desk) -> None:
    answer = await opened.one(updates.said(ASKED.format(10)))
    await press(opened, shown(answer), answer.buttons[REMIND])
    await opened.one(updates.said("/forget"))
    assert await kept(opened) == []


async def test_a_reminder_says_what_is_left_with_the_way_to_the_steps(
    opened: Desk,
) -> None:
    await due(opened, 50, thread=3)
    assert await became(opened) == {"said": 1}
    (call,) = opened.recorder.calls
    assert not faults(call)
    given = call.parameters
    assert (given["chat_id"], given["message_thread_id"]) == (100, 3)
    # A second may have gone by since the question.
    first = r"<b>(10|9) minutes left to take it back on LinkedIn\.</b>"
    assert re.match(first, given["text"])
    assert '<tg-time unix="' in given["text"]
    steps = call.buttons["Step by step"]
    assert "It worked" in call.buttons
    step = (await press(opened, shown(call), steps))["editMessageText"]
    assert "Step 1 of" in step.parameters["text"]
    assert await kept(opened) == []


async def test_a_late_reminder_says_what_is_left_by_then(opened: Desk) -> None:
    await due(opened, 57)
    await became(opened)
    (call,) = opened.recorder.calls
    assert re.search("[23] minutes left", call.parameters["text"])


async def test_one_whose_limit_is_over_is_dropped(opened: Desk) -> None:
    await due(opened, 61)
    assert await became(opened) == {"over": 1}
    assert opened.recorder.calls == []
    assert await kept(opened) == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), "unreachable"),
        (refusal(400, "Bad Request: chat not found"), "unreachable"),
        (refusal(400, "Bad Request: some reason"), "refused"),
    ],
)
async def test_what_telegram_refuses_for_good_is_not_tried_for_ever(
    opened: Desk, fault: tuple[int, Json], outcome: str
) -> None:
    await due(opened, 52)
    opened.recorder.answer = lambda *_: fault
    assert await became(opened) == {outcome: 1}
    assert await kept(opened) == []


async def test_while_telegram_fails_it_is_tried_again(opened: Desk) -> None:
    await due(opened, 52)
    faults = [refusal(429, "Too Many Requests", retry_after=30), refusal(502, "Bad")]
    opened.recorder.answer = lambda *_: faults.pop() if faults else None
    assert await became(opened) == {"said": 1}
    assert [call.status for call in opened.recorder.calls] == [502, 429, 200]


async def test_reminders_are_counted_for_the_metrics(opened: Desk) -> None:
    await due(opened, 52)
    await became(opened)
    line = b'takeback_reminders_total{outcome="said"} 1.0'
    assert line in opened.channel.metrics.exposition(0)


def test_the_words_name_the_time_that_the_code_keeps() -> None:
    own = texts.read(loader.root())
    numbers = {5: "five", 10: "ten"}
    assert numbers[BEFORE.seconds // 60] in own.label("remind_set")
    assert numbers[REMINDERS] in own.label("remind_full").casefold()
    assert LEAST > BEFORE


def test_only_a_moment_to_count_down_to_is_a_deadline() -> None:
    blocks = core.parse("It ends [at noon](time:60:t), [in an hour](time:3600:r).")
    assert core.deadline(core.Message(blocks)) == datetime.fromtimestamp(3600, UTC)
    assert core.deadline(core.Message(blocks[:0])) is None
    assert core.deadline(core.Message(core.parse("[at noon](time:60:t)"))) is None
