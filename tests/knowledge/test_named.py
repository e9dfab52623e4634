"""Every service that people name is recognised, covered or not."""

from __future__ import annotations

import pytest

from tests.support.books import real_book, real_bot

WRITTEN = {
    "how do i unsend on wire": "wire",
    "take back a message in the session app": "session",
    "simplex chat: remove what I sent": "simplex",
    "threema message, undo": "threema",
    "unsend in nextcloud talk": "nextcloud_talk",
    "delta chat, delete for everyone": "delta_chat",
    "unsend a threads dm": "threads",
    "delete my twitch whisper": "twitch",
    "take back a steam message": "steam",
    "unsend on xbox": "xbox",
    "unsend a playstation message": "playstation",
    "roblox chat unsend": "roblox",
    "unsend on kik": "kik",
    "take back a message on indeed": "indeed",
    "unsend on upwork": "upwork",
    "delete a message on fiverr": "fiverr",
    "unsend an ebay message": "ebay",
    "unsend an etsy message": "etsy",
    "google voice text, take it back": "google_voice",
    "delete a webex message": "webex",
    "unsend in basecamp": "basecamp",
    "delete a message in notion": "notion",
    "unsend on github": "github",
    "facebook marketplace message, unsend": "facebook",
    "whatsapp business message, unsend": "whatsapp",
    "the bubble is green, can i unsend": "sms",
    "blue bubble, can i unsend": "imessage",
    "delete a snap i sent": "snapchat",
    "take back something in the zoom chat": "zoom",
    "unsend in element": "matrix",
}


def read(text: str) -> str | None:
    return real_bot().ask(text).slots.get("platform")


@pytest.mark.parametrize("text", WRITTEN)
def test_a_service_is_known_by_its_name(text: str) -> None:
    assert read(text) == WRITTEN[text]


@pytest.mark.parametrize("stem", real_book().uncovered)
def test_an_uncovered_service_is_answered_by_name_and_never_asked_for(
    stem: str,
) -> None:
    entry = real_book().uncovered[stem]
    for name in (*entry.names, *(f"the {weak} message" for weak in entry.weak)):
        reply = real_bot().ask(f"how do I unsend what I sent with {name}")
        assert reply.slots.get("platform") == stem, name
        assert reply.decision != "ask"


def test_a_reply_names_the_service_that_nobody_checked() -> None:
    text = real_bot().ask("how do I unsend on wire").text
    assert "Wire is not checked yet" in text


@pytest.mark.parametrize("text", ["kik", "on canvas", "on gab", "youtube"])
def test_a_name_alone_asks_about_that_service(text: str) -> None:
    """It sounded like what the bot is not for, and was declined."""
    assert "is not checked yet" in real_bot().ask(text).text


def test_beside_an_unchecked_service_the_other_one_is_told() -> None:
    text = real_bot().ask("kik vs whatsapp").text
    assert text.startswith("WhatsApp: 48 to 60 hours; Kik: not checked here.")


def test_what_is_not_covered_goes_one_way_through_the_trees() -> None:
    kb = real_book()
    assert kb.stem("wire") == "other"
    assert kb.stem("signal") == "signal"
    assert kb.label("wire") == "Wire"
    assert kb.label("nothing") is None
    assert kb.place("removal", {"platform": "wire"}) == "other.removal"


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("one grey tick, can I still unsend it", "whatsapp"),
        ("two blue ticks already, take it back", "whatsapp"),
        ("I wrote nonsense to a recruiter, take it back", "linkedin"),
        # Named, or gone another way: nothing is assumed.
        ("blue ticks on telegram, take it back", "telegram"),
        ("I emailed a recruiter by mistake, take it back", None),
        ("a wire transfer went wrong", None),
        ("wire me the money", None),
        ("the teams lost, what a match", None),
    ],
)
def test_a_word_that_means_a_service_means_it_where_none_is_named(
    text: str, service: str | None
) -> None:
    assert read(text) == service
