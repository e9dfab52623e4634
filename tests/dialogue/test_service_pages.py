"""Every service is reached by tapping, page by page; a name can be typed instead."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.app import Assistant
from bot.dialogue.events import Pressed, Said
from bot.dialogue.session import Session
from tests.support.chat import Chat

QUESTION = "how do I call back my parcel"
NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


def test_services_without_a_button_of_their_own_are_on_the_next_page(
    chat: Chat,
) -> None:
    chat.say(QUESTION).press("More carriers")
    assert chat.labels == [
        "Snail",
        *("Another one: type its name", "Not sure", "Back"),
    ]
    chat.press("Snail")
    assert chat.slots == {"carrier": "snail"}


def test_back_leads_to_the_page_before(chat: Chat) -> None:
    chat.say(QUESTION).press("More carriers").press("Back")
    assert chat.labels[0] == "Heron Air"


def test_a_name_is_typed_where_it_stands_on_no_page(chat: Chat) -> None:
    chat.say(QUESTION).press("Another one: type its name").sees("Type its name.")
    assert chat.labels == ["Not sure", "Back"]
    chat.say("snail mail")
    assert chat.slots == {"carrier": "snail"}


def test_a_page_ends_with_its_question(chat: Chat) -> None:
    chat.say(QUESTION).press("More carriers").say("ferry")
    ahead = {k: v for k, v in chat.buttons.items() if k != "Back"}
    assert ahead
    assert not any("|g" in value for value in ahead.values())


def test_every_service_is_at_most_two_taps_from_the_start(
    real_bot: Assistant,
) -> None:
    start, session = real_bot.reply(Session(), Said("1", "/start", NOW))
    first = {b.label: b.value for b in start.message.buttons}
    more, _ = real_bot.reply(
        session, Pressed("1", first[real_bot.kb.labels.more_services], NOW)
    )
    second = {b.label: b.value for b in more.message.buttons}
    missing = [
        platform.label
        for stem, platform in real_bot.kb.platforms.items()
        if stem != "other" and platform.label not in first | second
    ]
    assert missing == []


def test_who_does_not_know_the_service_is_not_told_that_nobody_checked_it(
    real_bot: Assistant,
) -> None:
    reply, session = real_bot.reply(Session(), Said("1", "/service", NOW))
    unsure = next(b for b in reply.message.buttons if b.label == "Not sure")
    reply, _ = real_bot.reply(session, Pressed("1", unsure.value, NOW))
    assert "not covered" not in reply.text
