from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.app import Assistant
from bot.channels.telegram import deep_links
from tests.support import updates
from tests.support.judge import faults as judged
from tests.support.recorder import Desk, desk, refusal, searching
from tests.support.updates import Json

QUESTION = "how do I call back a parcel"


async def test_a_question_is_answered_with_buttons_and_without_a_preview(
    toys: Desk,
) -> None:
    call = await toys.one(updates.said(QUESTION))
    assert call.method == "sendMessage"
    assert call.parameters["chat_id"] == 100
    assert call.parameters["parse_mode"] == "HTML"
    assert call.parameters["link_preview_options"] == {"is_disabled": True}
    assert call.parameters["text"] == "Which carrier took it?"
    assert call.buttons["Heron Air"] == "call_back|pheron"


async def test_a_command_goes_to_the_core_as_text(toys: Desk) -> None:
    call = await toys.one(updates.said("/help@takeback_bot"))
    assert call.buttons


async def test_a_press_is_acknowledged_and_edits_the_message_in_place(
    toys: Desk,
) -> None:
    under = updates.message("Which carrier took it?") | {"message_id": 9}
    calls = await toys.send(updates.pressed("call_back|pheron", under))
    assert {call.method for call in calls} == {"answerCallbackQuery", "editMessageText"}
    (edit,) = [call for call in calls if call.method == "editMessageText"]
    assert edit.parameters["message_id"] == 9
    assert edit.parameters["chat_id"] == 100


@pytest.mark.parametrize("value", ["gone|xyz", "call_back|pgone", "~gone", "^gone"])
async def test_a_button_of_another_version_leaves_its_answer_and_says_so(
    toys: Desk, value: str
) -> None:
    call = await toys.one(updates.pressed(value))
    assert call.method == "answerCallbackQuery"
    assert "too old" in call.parameters["text"]


async def test_a_second_press_on_the_same_button_is_no_error(
    toy_bot: Assistant,
) -> None:
    def unmodified(method: str, _: Json) -> tuple[int, Json] | None:
        if method != "editMessageText":
            return None
        return refusal(400, "Bad Request: message is not modified: specified new ...")

    async with desk(toy_bot, answer=unmodified) as toys:
        calls = await toys.send(updates.pressed("call_back|pheron"))
    assert sorted(c.method for c in calls) == ["answerCallbackQuery", "editMessageText"]


@pytest.mark.parametrize(
    "text", ["message can't be edited", "message to edit not found"]
)
async def test_what_cannot_be_edited_is_sent_anew(
    toy_bot: Assistant, text: str
) -> None:
    def refused(method: str, _: Json) -> tuple[int, Json] | None:
        return refusal(400, f"Bad Request: {text}") if method[:4] == "edit" else None

    async with desk(toy_bot, answer=refused) as toys:
        calls = await toys.send(updates.pressed("call_back|pheron"))
    assert "sendMessage" in {call.method for call in calls}


async def test_a_press_on_a_message_out_of_reach_sends_a_new_one(toys: Desk) -> None:
    under = {"message_id": 3, "date": 0, "chat": updates.private()}
    calls = await toys.send(updates.pressed("call_back|pheron", under))
    assert {call.method for call in calls} == {"answerCallbackQuery", "sendMessage"}


async def test_a_press_that_is_too_old_to_acknowledge_still_edits(
    toy_bot: Assistant,
) -> None:
    def old(method: str, _: Json) -> tuple[int, Json] | None:
        if method != "answerCallbackQuery":
            return None
        return refusal(
            400, "Bad Request: query is too old and response timeout expired"
        )

    async with desk(toy_bot, answer=old) as toys:
        calls = await toys.send(updates.pressed("call_back|pheron"))
    assert "editMessageText" in {call.method for call in calls}


async def test_a_link_opens_its_place(toys: Desk) -> None:
    payload = deep_links.encode("closing_time|pheron")
    linked = await toys.one(updates.said(f"/start {payload}", who=101))
    pressed = await toys.send(updates.pressed("closing_time|pheron"))
    shown = [call.parameters for call in pressed if "text" in call.parameters]
    assert linked.parameters["text"] == shown[0]["text"]


@pytest.mark.parametrize("payload", ["Zzz", "inline", "gone", "|", "a" * 65])
async def test_a_link_that_is_not_ours_opens_the_start(
    toys: Desk, payload: str
) -> None:
    start = await toys.one(updates.said("/start"))
    other = await toys.one(updates.said(f"/start {payload}", who=101))
    assert other.parameters["text"] == start.parameters["text"]


async def test_a_server_that_knows_no_previews_is_spoken_to_plainly(
    toy_bot: Assistant,
) -> None:
    def plain(_: str, parameters: Json) -> tuple[int, Json] | None:
        if "link_preview_options" not in parameters:
            return None
        return refusal(400, "Bad Request: link_preview_options is not supported yet")

    async with desk(toy_bot, answer=plain) as toys:
        first = await toys.send(updates.said(QUESTION))
        second = await toys.send(updates.said(QUESTION))
    assert [call.status for call in first] == [400, 200]
    assert [call.status for call in second] == [200]


async def test_someone_who_blocked_the_bot_is_no_error(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def blocked(method: str, _: Json) -> tuple[int, Json] | None:
        text = "Forbidden: bot was blocked by the user"
        return refusal(403, text) if method[:4] == "send" else None

    async with desk(toy_bot, answer=blocked) as toys:
        await toys.send(updates.said(QUESTION))
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_trouble_is_owned_up_to_and_noted_without_words(
    toy_bot: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> None:
        raise KeyError(QUESTION)

    async with desk(toy_bot) as toys:
        monkeypatch.setattr(Assistant, "handle", fail)
        call = await toys.one(updates.said(QUESTION))
    assert "Something went wrong" in call.parameters["text"]
    assert "KeyError at " in caplog.text
    assert QUESTION not in caplog.text


async def test_a_group_that_moved_is_followed(toy_bot: Assistant) -> None:
    def moved(_: str, parameters: Json) -> tuple[int, Json] | None:
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        if parameters.get("chat_id") == -5:
            return refusal(400, text, migrate_to_chat_id=-1005)
        return None

    chat = {"id": -5, "type": "group", "title": "Friends"}
    async with desk(toy_bot, answer=moved) as toys:
        calls = await toys.send(updates.said("/help", chat=chat))
    assert [call.parameters["chat_id"] for call in calls] == [-5, -1005]


async def test_the_time_that_a_message_waited_has_passed(real_bot: Assistant) -> None:
    text = "sent an iMessage to the wrong person 1 minute ago"
    late = int(time.time()) - 600
    async with desk(real_bot) as opened:
        prompt = await opened.one(updates.said(text, 1))
        waited = await opened.one(updates.said(text, 2, date=late))
    assert "left" in prompt.parameters["text"].partition("</b>")[0]
    assert "left" not in waited.parameters["text"].partition("</b>")[0]


def forwarded(author: int) -> Json:
    origin = {
        "type": "user",
        "date": int(time.time()) - 600,
        "sender_user": updates.person(author),
    }
    return updates.said("my secret words", forward_origin=origin)


async def test_a_message_of_ones_own_that_is_forwarded_starts_the_clock(
    real_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    bot = searching(real_bot)
    async with desk(bot) as opened:
        call = await opened.one(forwarded(100))
    kept = await bot.store.sessions.get("telegram:100", datetime.now(UTC))
    session = kept.session
    assert "Telegram" in call.parameters["text"].partition("</b>")[0]
    assert {"sent", "platform"} <= session.slots.keys()
    assert "secret" not in f"{session}{caplog.text}{call}"


async def test_somebody_elses_message_starts_no_clock(toys: Desk) -> None:
    call = await toys.one(forwarded(200))
    assert "was forwarded" in call.parameters["text"]


async def test_a_deadline_stays_right_in_the_readers_own_zone(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(
            updates.said("sent a whatsapp to the wrong person 10 minutes ago")
        )
    text = call.parameters["text"]
    assert 'format="r">in almost 2 days</tg-time>' in text
    assert 'format="dt">' in text
    assert not judged(call)


async def test_a_server_that_knows_no_moments_gets_their_words(
    real_bot: Assistant,
) -> None:
    def old(_: str, parameters: Json) -> tuple[int, Json] | None:
        if "<tg-time" not in parameters.get("text", ""):
            return None
        text = 'can\'t parse entities: Unsupported start tag "tg-time" at byte offset 9'
        return refusal(400, f"Bad Request: {text}")

    async with desk(real_bot, answer=old) as opened:
        text = "sent a whatsapp to the wrong person 10 minutes ago"
        refused, sent = await opened.send(updates.said(text))
    assert refused.status == 400
    assert "in almost 2 days, " in sent.parameters["text"]
    assert sent.buttons


async def test_every_answer_can_give_a_link_to_itself(toys: Desk) -> None:
    await toys.one(updates.said(QUESTION))
    await toys.send(updates.pressed("call_back|pheron"))
    call = await toys.one(updates.said("/link"))
    address = call.parameters["text"].rpartition('">')[2].partition("</a>")[0]
    assert address.startswith("https://t.me/takeback_bot?start=")
    value = deep_links.decode(address.partition("start=")[2])
    assert value == "call_back|pheron"


async def test_a_link_is_shared_by_a_button(toys: Desk) -> None:
    await toys.send(updates.pressed("call_back|pheron"))
    call = await toys.one(updates.said("/link"))
    (url,) = call.buttons.values()
    assert url.startswith(
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Ftakeback_bot"
    )
    assert not judged(call)


async def test_a_link_tells_neither_when_nor_whether_it_was_read(toys: Desk) -> None:
    kb = toys.channel.responder.kb
    slots = {
        "carrier": "heron",
        "left_at": "2026-01-01T00:00:00+00:00",
        "seal": "broken",
    }
    assert deep_links.answer_payload(kb, "call_back", slots) == "call_back-pheron"
    await toys.one(updates.said("how do I call back a parcel sent 10 minutes ago"))
    await toys.send(updates.pressed("call_back|pheron|stp7vf4"))
    call = await toys.one(updates.said("/link"))
    assert "start=call_back-pheron<" in call.parameters["text"]


async def test_there_is_no_link_before_there_is_an_answer(toys: Desk) -> None:
    call = await toys.one(updates.said("/link"))
    assert "https://" not in call.parameters["text"]


async def test_an_admin_sees_the_weeks_sums_and_nobody_else_does(
    toy_bot: Assistant,
) -> None:
    async with desk(toy_bot, admins=frozenset({100})) as toys:
        await toys.one(updates.said(QUESTION))
        call = await toys.one(updates.said("/stats"))
    assert "questions in 7 days" in call.parameters["text"]
    async with desk(toy_bot, admins=frozenset({7})) as toys:
        call = await toys.one(updates.said("/stats"))
    assert "days" not in call.parameters["text"]
