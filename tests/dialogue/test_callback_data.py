from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.dialogue import callback_data
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, KnowledgeBase
from tests.support.books import real_book, toy_book

moments = st.datetimes(
    datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)
).map(lambda moment: time_limits.instant(moment.replace(second=0)))


@st.composite
def places(draw: st.DrawFn, kb: KnowledgeBase) -> tuple[str, dict[str, str]]:
    """A topic with any facts that can be known together."""
    topic = draw(st.sampled_from(sorted(kb.topics)))
    known: dict[str, str] = {}
    aspects = [
        label.partition("/")[2] for label in kb.phrases if label.startswith(f"{topic}/")
    ]
    if aspects:
        aspect = draw(st.sampled_from(["", *aspects]))
        known |= {"aspect": aspect} if aspect else {}
    for name in kb.slots:
        if not draw(st.booleans()):
            continue
        if name == kb.roles.slots.time:
            known[name] = draw(st.one_of(moments, st.just(UNSURE)))
            continue
        values = list(kb.choices(name, known))
        if (
            name == kb.roles.slots.kind
            and known.get(kb.roles.slots.service, UNSURE) == UNSURE
        ):
            values = [k for p in kb.platforms.values() for k in p.kinds]
        known[name] = draw(st.sampled_from([*values, UNSURE]))
    return topic, known


@given(st.deferred(lambda: places(toy_book())))
def test_every_value_with_room_decodes_to_what_was_encoded(
    place: tuple[str, dict[str, str]],
) -> None:
    assume(len(place[1]) < 6)
    value = callback_data.encode(toy_book(), *place)
    assert callback_data.decode(toy_book(), value) == place


@given(st.deferred(lambda: places(real_book())))
def test_every_value_of_the_real_book_fits_and_holds_what_there_is_room_for(
    place: tuple[str, dict[str, str]],
) -> None:
    topic, known = place
    value = callback_data.encode(real_book(), topic, known)
    assert len(value.encode()) <= callback_data.LIMIT
    read = callback_data.decode(real_book(), value)
    assert read is not None
    assert read[0] == topic
    assert read[1].items() <= known.items()
    if len(known) < 5:
        assert read[1] == known


@given(st.text(max_size=80))
def test_arbitrary_text_never_raises(value: str) -> None:
    callback_data.decode(toy_book(), value)


@given(
    st.lists(
        st.sampled_from(
            [
                "call_back",
                "counter_help",
                "/",
                "|",
                "p",
                "k",
                "r",
                "s",
                "?",
                "heron",
                "ferry",
            ]
            + ["crate", "card", "broken", "0", "zz", "label", "\u0660", "-", ""]
        ),
        max_size=9,
    ).map("".join)
)
def test_what_nearly_is_a_value_is_read_soundly_or_not_at_all(value: str) -> None:
    read = callback_data.decode(toy_book(), value)
    if read is not None:
        topic, known = read
        assert topic in toy_book().topics
        assert known.keys() <= {*toy_book().slots, "aspect"}
        assert (
            callback_data.decode(toy_book(), callback_data.encode(toy_book(), *read))
            == read
        )


@pytest.mark.parametrize(
    "value",
    [
        "",
        "|",
        "no_topic",
        "call_back|",
        "call_back|p",
        "call_back|pnobody",
        "call_back|xheron",
        "call_back|rperhaps",
        "call_back|pheron|kcrate",
        "call_back|s",
        "call_back|s-1",
        "call_back|s12345678",
        "call_back|pheron|",
        "Retract",
        "call_back|pHERON",
    ],
)
def test_what_no_button_carries_is_nothing(value: str) -> None:
    assert callback_data.decode(toy_book(), value) is None


def test_an_aspect_has_to_be_one_of_its_topic() -> None:
    assert callback_data.decode(toy_book(), "call_back/label") == (
        "call_back",
        {"aspect": "label"},
    )
    assert callback_data.decode(toy_book(), "call_back/weather") is None
    assert callback_data.decode(toy_book(), f"call_back/{'x' * 60}") is None


def test_a_moment_before_all_clocks_still_makes_a_button() -> None:
    known = {"left_at": "1953-01-01T00:00:00Z"}
    value = callback_data.encode(toy_book(), "call_back", known)
    assert len(value.encode()) <= callback_data.LIMIT
