"""A yes or no fits the question as it was put, from whichever side."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.books import real_bot

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

# One question, its opposite, the first words to each, and the verdict that both have.
PAIRS = [
    ("is there still time on {}", "is it too late on {}", "Any time", "No", "yes"),
    (
        "will they notice if i unsend on {}",
        "can i unsend on {} without them noticing",
        "Yes",
        "No",
        "yes",
    ),
    (
        "if i unsend on {} does it go from their phone",
        "if i unsend on {} can they still read it",
        "Yes",
        "No",
        "yes",
    ),
    (
        "if i close my account on {} does my message go from their phone",
        "if i close my account on {} does my message stay",
        "No",
        "Yes",
        "no",
    ),
    (
        "does the company keep {} messages i deleted",
        "does deleting on {} remove it from the company records",
        "Yes",
        "No",
        "yes",
    ),
]
SERVICES = [
    ["telegram", "discord", "slack", "messenger", "teams", "instagram"],
    ["whatsapp", "signal", "messenger", "teams", "imessage"],
    ["telegram", "whatsapp", "instagram", "discord"],
    ["discord", "telegram", "whatsapp"],
    ["slack", "teams"],
]


@pytest.mark.parametrize(
    ("pair", "service"),
    [
        (pair, service)
        for pair, services in zip(PAIRS, SERVICES, strict=True)
        for service in services
    ],
)
def test_opposite_questions_get_opposite_words_and_one_verdict(
    pair: tuple[str, str, str, str, str], service: str
) -> None:
    question, opposite, *words, verdict = pair
    for text, word in zip((question, opposite), words, strict=True):
        reply = real_bot().ask(text.format(service), NOW)
        assert reply.about
        assert reply.about.verdict == verdict, text
        assert reply.text.startswith(word), reply.text


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("is it too late to unsend on sms", "Yes, too late"),
        ("sent this morning on linkedin, can i delete it", "Perhaps"),
        ("can i edit an imessage to my aunt, she has an android", "No"),
        ("my outlook mail went to a client with gmail, recall it?", "No"),
        ("does blocking on instagram remove the chat from his phone", "No"),
        (
            "can i stop users from deleting teams messages with a policy",
            "What people may delete",
        ),
        ("no question, i feel so alone with what i wrote", "I am glad"),
        ("i sent it to my bridge group on whatsapp, can i unsend it", "Yes"),
    ],
)
def test_stated_facts_decide_the_first_sentence(text: str, begins: str) -> None:
    assert real_bot().ask(text, NOW).text.startswith(begins)
