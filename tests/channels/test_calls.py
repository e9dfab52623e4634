"""Every call that the bot can make is one that Telegram takes."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.app import Assistant, open_assistant
from bot.dialogue.events import Pressed
from bot.knowledge.model import Edition
from bot.settings import cache
from tests.channels import tour
from tests.support import updates
from tests.support.recorder import desk
from tests.support.updates import Json
from tests.support.wire import Call

pytest.importorskip("aiogram", reason="aiogram holds the models of the Bot API")
pytest.importorskip("tdjson", reason="tdjson, TDLib's parser, has no wheel here")

from tests.support.judge import faults

pytestmark = pytest.mark.slow


def said(text: str, **more: object) -> Call:
    given: Json = {"chat_id": 7, "text": text, "parse_mode": "HTML", **more}
    return Call("sendMessage", given)


def keyed(*row: Json) -> Call:
    return said("x", reply_markup={"inline_keyboard": [list(row)]})


PLANTED = {
    "an open tag": said("<b"),
    "a tag without its end": said("<b>x"),
    "a bare <": said("5 < 6"),
    "4,097 units": said("x" * 4097),
    "4,098 units of 2,049 characters": said("\N{FIRE}" * 2049),
    "nothing": said("<b></b>"),
    "a dropped link": said('<a href="no address">x</a>'),
    "101 entities": said("<b>x</b> " * 101),
    "an unknown field": said("x", colour="red"),
    "an unknown field within": keyed({"text": "a", "callback_data": "b", "size": 1}),
    "66 bytes": keyed({"text": "a", "callback_data": "é" * 33}),
    "no data": keyed({"text": "a"}),
    "two actions": keyed({"text": "a", "callback_data": "b", "url": "https://x.org"}),
    "257 to copy": keyed({"text": "a", "copy_text": {"text": "x" * 257}}),
    "nine in a row": keyed(*({"text": "a", "callback_data": "b"} for _ in range(9))),
    "a bad payload": keyed({"text": "a", "url": "https://t.me/x?start=a|b"}),
    "no chat": Call("sendMessage", {"text": "x"}),
    "no such method": Call("sendMesage", {}),
    "a long toast": Call(
        "answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}
    ),
    "a bad command": Call(
        "setMyCommands", {"commands": [{"command": "A b", "description": "x"}]}
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str) -> None:
    assert faults(PLANTED[name])


def test_a_good_call_is_found_good() -> None:
    good = keyed({"text": "a", "callback_data": "é" * 32})
    assert faults(good) == []
    assert faults(said("x" * 4096)) == []
    assert faults(said('<b>a</b> &amp; <a href="https://x.org">b</a>')) == []


@pytest.mark.parametrize("edition", get_args(Edition))
async def test_telegram_takes_whatever_a_button_leads_to(edition: Edition) -> None:
    bot = open_assistant(edition, cache=cache())
    async with desk(bot) as opened:
        calls = await tour.every_button(opened)
        bad = {f"{f}: {call}" for call in calls for f in faults(call)}
    assert len(calls) > 500
    assert bad == set()


@pytest.mark.parametrize("edition", get_args(Edition))
async def test_telegram_takes_everything_else(edition: Edition) -> None:
    bot = open_assistant(edition, cache=cache())
    async with desk(bot) as opened:
        calls = await tour.everything_else(opened)
        bad = {f"{f}: {call}" for call in calls for f in faults(call)}
    assert bad == set()
    assert {call.method for call in calls} >= {
        "sendMessage",
        "answerCallbackQuery",
        "editMessageReplyMarkup",
        "answerInlineQuery",
        "setMyCommands",
        "setMyName",
        "setMyShortDescription",
        "setMyDescription",
        "setWebhook",
    }


@pytest.mark.parametrize("count", range(2, 9))
async def test_telegram_takes_every_comparison_of_named_services(
    real_bot: Assistant, count: int
) -> None:
    # What stands for many services at once has no name to compare it by, and a name that
    # is an ordinary word too may be overlooked in a list.
    spared = {"E-mail", real_bot.kb.platforms["other"].label}
    services = real_bot.kb.platforms.values()
    spared |= {p.label for p in services if p.label.casefold() in p.weak}
    labels = sorted({p.label for p in services} - spared)
    draw = random.Random(count)
    async with desk(real_bot) as opened:
        for who in range(12):
            named = draw.sample(labels, count)
            text = f"compare {', '.join(named[:-1])} and {named[-1]}"
            call = await opened.one(updates.said(text, 1_000 + who))
            assert faults(call) == []
            shown = call.parameters["text"]
            assert [
                name for name in named if name.partition(" (")[0] not in shown
            ] == []
        assert not opened.channel.metrics.shortened


async def test_every_answer_has_three_rows_of_buttons_at_most(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        for stem in real_bot.kb.platforms:
            for topic, found in real_bot.kb.topics.items():
                if found.scope != "domain":
                    continue
                event = Pressed("1", f"{topic}|p{stem}", datetime.now(UTC))
                decision = opened.channel.responder.look(event).decision
                calls = await opened.send(updates.pressed(event.value))
                (shown,) = [c for c in calls if c.method == "editMessageText"]
                rows = shown.parameters["reply_markup"]["inline_keyboard"]
                assert decision != "answer" or len(rows) <= 3, (topic, stem)
