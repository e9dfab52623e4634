"""What is true of each service, held against the fact check, and minded to the minute.

The values here were copied by hand from section 2.1 of the fact check, so that a slip in
a service's file does not pass; where it has a dash, or only words, the comment says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from bot.core import button, clock, tree
from bot.core.message import Pressed
from bot.core.session import Session
from bot.core.tree import Answer
from bot.desk import services
from bot.desk.services import AGES, Service
from tests.books import real_book, real_bot


class Row(NamedTuple):
    removal: str
    window: str | None
    after_read: str | None
    trace: str
    edit: str
    edit_window: str | None
    sure: str
    """Of the removal: high, medium or low."""


HOUR, QUARTER = "PT60M", "PT15M"
EVERYONE, MAIL, NONE, UNCLEAR = "everyone", "before_delivery", "none", "unclear"

EXPECTED = {
    ("linkedin", "message"): Row(EVERYONE, HOUR, "yes", "note", "yes", HOUR, "high"),
    # "likely", and its editing "unclear"
    ("linkedin", "inmail"): Row(
        EVERYONE, HOUR, "yes", "note", UNCLEAR, UNCLEAR, "medium"
    ),
    ("whatsapp", ""): Row(EVERYONE, "P2D", "yes", "note", "yes", QUARTER, "high"),
    # "no short limit; very old ones may refuse"
    ("facebook", ""): Row(EVERYONE, NONE, "yes", "note", "yes", QUARTER, "high"),
    ("instagram", ""): Row(EVERYONE, NONE, "yes", NONE, "yes", QUARTER, "high"),
    # read: a dash, a post is read by whoever comes by; "about 1 h"
    ("twitter", "post"): Row(EVERYONE, NONE, "yes", "note", "paid", "PT1H", "medium"),
    # "none stated", "not confirmed"
    ("twitter", "chat"): Row(
        EVERYONE, UNCLEAR, "yes", UNCLEAR, "yes", QUARTER, "medium"
    ),
    # trace: a dash, nothing is removed for the other side
    ("twitter", "dm"): Row("own_side", None, None, NONE, "no", None, "high"),
    ("telegram", ""): Row(EVERYONE, NONE, "yes", NONE, "yes", "PT48H", "high"),
    ("signal", ""): Row(EVERYONE, "PT24H", "yes", "note", "yes", "PT24H", "high"),
    ("imessage", ""): Row(EVERYONE, "PT2M", "yes", "note", "yes", QUARTER, "high"),
    # "none, unless replies hang on it"; "none by default"
    ("slack", ""): Row(EVERYONE, NONE, "yes", NONE, "yes", NONE, "high"),
    ("teams", ""): Row(EVERYONE, NONE, "yes", "note", "yes", NONE, "high"),
    ("discord", ""): Row(EVERYONE, NONE, "yes", NONE, "yes", NONE, "high"),
    ("gmail", ""): Row(MAIL, "PT30S", "no", NONE, "no", None, "high"),
    ("outlook", ""): Row("organisation", "P365D", "yes", NONE, "no", None, "high"),
    # not in the fact check: general knowledge, for every provider without a page
    ("mail", ""): Row(MAIL, "PT30S", "no", NONE, "no", None, "medium"),
    ("outlook_com", ""): Row(MAIL, "PT10S", "no", NONE, "no", None, "medium"),
    # "none known" is no "none"
    ("snapchat", ""): Row(EVERYONE, UNCLEAR, "yes", "note", "paid", "PT5M", "medium"),
    ("tiktok", ""): Row(UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, "low"),
    ("google_messages", ""): Row(
        EVERYONE, QUARTER, "yes", "note", "yes", QUARTER, "medium"
    ),
    # trace: a dash
    ("sms", ""): Row("no", None, None, NONE, "no", None, "high"),
    ("google_chat", ""): Row(EVERYONE, NONE, "yes", "note", "yes", NONE, "medium"),
    # "none clearly stated", "limit not confirmed"
    ("viber", ""): Row(EVERYONE, UNCLEAR, "yes", "note", "yes", UNCLEAR, "low"),
    ("wechat", ""): Row(EVERYONE, "PT2M", "yes", "note", "no", None, "medium"),
    # "1 h free"; editing "not known"
    ("line", ""): Row(EVERYONE, HOUR, "yes", "note", UNCLEAR, UNCLEAR, "high"),
    # "none known"
    ("reddit", ""): Row(EVERYONE, UNCLEAR, "yes", "note", "no", None, "low"),
}

SERVICES = {(s.stem, s.kind): s for s in services.services(real_book())}
SENT = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


def test_every_service_of_the_fact_check_is_there_and_no_other() -> None:
    assert SERVICES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("key", EXPECTED, ids="-".join)
@pytest.mark.parametrize("name", Row._fields[:-1])
def test_a_value_is_that_of_the_fact_check(key: tuple[str, str], name: str) -> None:
    assert SERVICES[key].value(name) == getattr(EXPECTED[key], name)


@pytest.mark.parametrize("key", EXPECTED, ids="-".join)
def test_a_service_is_as_sure_as_the_fact_check(key: tuple[str, str]) -> None:
    side = SERVICES[key].side("removal")
    assert getattr(side, "sureness", None) == EXPECTED[key].sure


def test_no_sureness_is_claimed_where_a_limit_is_not_official() -> None:
    assert SERVICES["facebook", ""].mark("window") == " ~"
    assert SERVICES["line", ""].mark("window") == " ~"


# --- the clock, to the minute


def limited(name: str) -> Iterator[tuple[Service, timedelta]]:
    for service in SERVICES.values():
        limit = clock.duration(service.value(name))
        if limit:
            yield service, limit


def reached(service: Service, topic: str, age: timedelta) -> str:
    """Where a press leads on a message of this age; the clock is that of the event."""
    known = {"platform": service.stem, "read": "unread", "sent": clock.instant(SENT)}
    if service.kind:
        known["kind"] = service.kind
    value = button.encode(real_book(), topic, known)
    turn = real_bot().turn(Session(), Pressed("1", value, SENT + age))
    assert isinstance(turn.outcome, Answer), turn.outcome
    return turn.outcome.say


def spoken(service: Service, topic: str, age: timedelta) -> str:
    known = {"platform": service.stem, "read": "unread", "sent": clock.instant(SENT)}
    if service.kind:
        known["kind"] = service.kind
    event = Pressed("1", button.encode(real_book(), topic, known), SENT + age)
    return real_bot().reply(Session(), event)[0].text


def _named(found: Iterator[tuple[Service, timedelta]]) -> list[Any]:
    return [pytest.param(s, limit, id=f"{s.stem}-{s.kind}") for s, limit in found]


@pytest.mark.parametrize(("service", "limit"), _named(limited("window")))
def test_removing_ends_at_the_limit_and_not_a_minute_before(
    service: Service, limit: timedelta
) -> None:
    step = min(
        timedelta(minutes=1), timedelta(seconds=1) if limit < AGES["1 min"] else limit
    )
    first = "undo" if service.value("removal") == MAIL else "steps"
    assert reached(service, "retract", timedelta(0)) == first
    assert reached(service, "retract", limit - step) == first
    assert reached(service, "retract", limit) == "over"
    assert reached(service, "time_limit", limit - step) == "open"
    assert reached(service, "time_limit", limit) == "over"
    said = spoken(service, "time_limit", limit - step)
    if service.value("removal") == "organisation":
        assert "left" not in said, "an admin's default is nothing to count down to"
    else:
        assert f"{clock.in_words(step)} left" in said
    ran_out = spoken(service, "time_limit", limit + timedelta(minutes=3))
    assert "ran out 3 minutes ago" in ran_out


@pytest.mark.parametrize(("service", "limit"), _named(limited("edit_window")))
def test_editing_ends_at_its_own_limit(service: Service, limit: timedelta) -> None:
    minute = timedelta(minutes=1)
    assert reached(service, "edit", limit - minute) == "can"
    assert reached(service, "edit", limit) == "over"


@pytest.mark.parametrize("key", EXPECTED, ids="-".join)
@pytest.mark.parametrize("age", AGES)
def test_the_bot_says_what_the_table_by_age_says(
    key: tuple[str, str], age: str
) -> None:
    service = SERVICES[key]
    verdict = services.verdict(service, AGES[age])
    said = reached(service, "retract", AGES[age])
    if verdict in ("over", "no", "unclear"):
        assert said == {"over": "over", "no": "never", "unclear": "unclear"}[verdict]
    else:
        assert said in ("steps", "undo")
        if verdict.endswith("left"):
            told = spoken(service, "retract", AGES[age]).casefold()
            assert verdict.removesuffix(" left") in told


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"platform": "whatsapp"}, ("steps_phone", "steps_desktop")),
        ({"platform": "whatsapp", "device": "phone"}, ("steps_phone",)),
        ({"platform": "outlook"}, ("steps_phone",)),
        ({"platform": "outlook", "device": "desktop"}, ("steps_desktop",)),
        ({"platform": "tiktok", "device": "desktop"}, ("steps_phone",)),
        ({"platform": "sms"}, ()),
    ],
)
def test_steps_are_shown_for_the_device_or_for_both_where_short(
    known: dict[str, str], shown: tuple[str, ...]
) -> None:
    assert tree.shown_steps(real_book(), "retract", known) == shown
