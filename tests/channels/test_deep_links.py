from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.app import Assistant
from bot.channels.telegram import deep_links
from tests.support import updates
from tests.support.recorder import desk

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@given(st.text(max_size=70))
def test_what_fits_into_a_link_comes_back_the_same(value: str) -> None:
    payload = deep_links.encode(value)
    if payload is not None:
        assert PAYLOAD.fullmatch(payload)
        assert deep_links.decode(payload) == value


@given(st.text(alphabet="abcXYZ019_-QS|?é", max_size=70) | st.text())
def test_any_payload_is_read_or_refused(payload: str) -> None:
    value = deep_links.decode(payload)
    if value is not None:
        assert deep_links.encode(value) == payload


def test_an_ordinary_value_costs_no_more_than_itself() -> None:
    value = "retract/many|pgoogle_chat|k?|rread|sth3xk1"
    payload = deep_links.encode(value)
    assert payload is not None
    assert len(payload) == len(value)


def test_half_a_character_is_refused() -> None:
    assert deep_links.encode("\ud800") is None
    assert deep_links.encode("") is None


async def test_a_link_tells_nothing_of_what_was_said_in_passing(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        said = "gossip about my boss went to my boss on Slack, how can I unsend it"
        await opened.one(updates.said(said))
        call = await opened.one(updates.said("/link"))
        (share,) = call.buttons.values()
    (payload,) = re.findall("start%3D([^&]+)", share)
    assert payload.startswith("retract-pslack")
    assert "boss" not in payload
    assert "about" not in payload


def test_the_link_of_a_draft_leads_to_these_words(real_bot: Assistant) -> None:
    facts = {"reason": "file", "recipient": "boss"}
    payload = deep_links.answer_payload(real_bot.kb, "follow_up", facts)
    assert payload == "follow_up-efile-qboss"
