from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app import Assistant
from bot.channels.telegram import deep_links, texts
from bot.knowledge import loader
from tests.support import updates
from tests.support.judge import faults as judged
from tests.support.recorder import Desk, desk, refusal, searching
from tests.support.updates import Json

QUESTIONS = ("how do I call back a parcel", "hello")


@pytest.fixture
async def finding(toy_bot: Assistant) -> AsyncIterator[Desk]:
    async with desk(searching(toy_bot, *QUESTIONS)) as opened:
        yield opened


async def results(finding: Desk, text: str) -> tuple[Json, list[Json]]:
    call = await finding.one(updates.queried(text))
    assert call.method == "answerInlineQuery"
    found: list[Json] = call.parameters["results"]
    return call.parameters, found


async def test_a_query_is_answered_with_articles_best_first(finding: Desk) -> None:
    parameters, found = await results(finding, "heron")
    assert [article["title"] for article in found] == [f"{q} heron" for q in QUESTIONS]
    assert {article["type"] for article in found} == {"article"}
    assert len({article["id"] for article in found}) == 2
    assert parameters["cache_time"] == 300
    assert parameters["is_personal"] is False


async def test_an_article_opens_its_own_place_in_private(finding: Desk) -> None:
    _, found = await results(finding, "")
    ((button,),) = found[0]["reply_markup"]["inline_keyboard"]
    address, _, payload = button["url"].partition("?start=")
    assert address == "https://t.me/takeback_bot"
    assert deep_links.decode(payload) == "call_back"


async def test_a_button_above_the_results_opens_the_private_chat(
    finding: Desk,
) -> None:
    parameters, _ = await results(finding, "")
    assert parameters["button"]["start_parameter"] == "inline"
    text = texts.read(loader.root()).label("open")
    assert parameters["button"]["text"] == text


async def test_a_query_that_is_too_old_is_no_error(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def old(method: str, _: Any) -> tuple[int, Json] | None:
        text = "Bad Request: query is too old and response timeout expired"
        return refusal(400, text) if method == "answerInlineQuery" else None

    async with desk(searching(toy_bot, *QUESTIONS), answer=old) as finding:
        await finding.one(updates.queried("x"))
    assert not caplog.records


async def test_an_apology_is_posted_as_ones_own(real_bot: Assistant) -> None:
    async with desk(real_bot) as opened:
        _, found = await results(opened, "sorry boss wrong person")
    drafts = [one for one in found if "reply_markup" not in one]
    assert len(drafts) >= 3
    assert found[: len(drafts)] == drafts
    texts_ = {one["input_message_content"]["message_text"] for one in drafts}
    assert len(texts_) == len(drafts)
    assert all("sorry" in text or "apolog" in text for text in texts_)


async def test_a_draft_with_a_gap_is_not_offered_for_posting(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        _, found = await results(opened, "sorry typo formal")
    drafts = [one for one in found if "reply_markup" not in one]
    posted = [one["input_message_content"]["message_text"] for one in drafts]
    assert not any("[" in text for text in posted)


@pytest.mark.parametrize("text", ["sorry boss file", "sorry mum the wrong photo"])
async def test_ready_words_stand_before_the_answer_that_has_them(
    real_bot: Assistant, text: str
) -> None:
    async with desk(real_bot) as opened:
        _, found = await results(opened, text)
    titles = [one["title"] for one in found]
    ready = titles.index("Ready to send")
    assert titles[ready:].index("Write an apology") == titles.count("Ready to send")


@pytest.mark.parametrize("text", ["edit", "retract", "block", "follow_up|etypo"])
async def test_what_names_a_topic_is_looked_up_as_words(
    real_bot: Assistant, text: str
) -> None:
    async with desk(real_bot) as opened:
        _, found = await results(opened, text)
    assert len(found) > 1


async def test_words_for_somebody_by_name_are_posted_without_it(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(updates.said("apology to my boss, wrong file"))
        rows = call.parameters["reply_markup"]["inline_keyboard"]
        assert "[name]" in call.parameters["text"]
        chosen = rows[0][-1]["switch_inline_query_chosen_chat"]
        _, (article,) = await results(opened, chosen["query"])
    words = article["input_message_content"]["message_text"]
    assert "the wrong file" in words
    assert "[" not in words


async def test_a_draft_that_only_its_author_can_complete_is_copied_alone(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(updates.said("apology for a typo"))
    first, *_ = call.parameters["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in first] == ["Copy, then fill the gap"]
    assert "Send it to ..." not in call.buttons


@pytest.mark.parametrize(
    "text", ["compare whatsapp and signal", "signal vs teams vs slack"]
)
async def test_a_comparison_of_named_services_compares_them(
    real_bot: Assistant, text: str
) -> None:
    async with desk(real_bot) as opened:
        _, (first, *_) = await results(opened, text)
    said = first["input_message_content"]["message_text"]
    named = [name for name in ("WhatsApp", "Signal", "Teams", "Slack") if name in said]
    assert len(named) == text.count(" vs ") + 1 + text.count(" and ")
    assert "(" not in first["title"]


async def test_a_draft_is_sent_on_to_the_chat_that_needs_it(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        call = await opened.one(updates.said("write an apology, wrong person"))
        rows = call.parameters["reply_markup"]["inline_keyboard"]
        (chosen,) = [
            button["switch_inline_query_chosen_chat"]
            for row in rows
            for button in row
            if "switch_inline_query_chosen_chat" in button
        ]
        _, found = await results(opened, chosen["query"])
    (article,) = found
    words = article["input_message_content"]["message_text"]
    (copied,) = [b["copy_text"]["text"] for r in rows for b in r if "copy_text" in b]
    assert words == copied
    assert not judged(call)


async def test_a_bot_that_cannot_be_asked_inline_has_no_such_button(
    real_bot: Assistant,
) -> None:
    me = {**updates.ME, "supports_inline_queries": False}
    async with desk(real_bot, me=me) as opened:
        call = await opened.one(updates.said("write an apology, wrong person"))
    assert "switch_inline" not in str(call.parameters)


async def test_a_plain_server_gets_no_results_button(toy_bot: Assistant) -> None:
    async with desk(searching(toy_bot, *QUESTIONS), plain=True) as finding:
        parameters, found = await results(finding, "x")
    assert "button" not in parameters
    assert "link_preview_options" not in found[0]["input_message_content"]
