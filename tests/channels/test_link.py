from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import link

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@given(st.text(max_size=70))
def test_what_fits_into_a_link_comes_back_the_same(value: str) -> None:
    payload = link.encode(value)
    if payload is not None:
        assert PAYLOAD.fullmatch(payload)
        assert link.decode(payload) == value


@given(st.text(alphabet="abcXYZ019_-QS|?é", max_size=70) | st.text())
def test_any_payload_is_read_or_refused(payload: str) -> None:
    value = link.decode(payload)
    if value is not None:
        assert link.encode(value) == payload


def test_an_ordinary_value_costs_no_more_than_itself() -> None:
    value = "retract/many|pgoogle_chat|k?|rread|sth3xk1"
    payload = link.encode(value)
    assert payload is not None
    assert len(payload) == len(value)


def test_half_a_character_is_refused() -> None:
    assert link.encode("\ud800") is None
    assert link.encode("") is None
