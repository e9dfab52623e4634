"""What is true of each service, held against the fact check, and minded to the minute.

The values here were copied by hand from section 2.1 of the fact check, and from section 2
of the second one, which wins, so that a slip in a service's file does not pass; where it
has a dash, or only words, the comment says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from bot.dialogue import callback_data, tree
from bot.dialogue.events import Pressed
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.knowledge import time_limits
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.tools import services_table
from bot.tools.services_table import AGES, Service
from tests.support.books import real_book, real_bot


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
    # About 2 days: of two sources one says 48 hours, the other 60.
    ("whatsapp", ""): Row(
        EVERYONE, "PT48H..PT60H", "yes", "note", "yes", QUARTER, "high"
    ),
    # "no short limit; very old ones may refuse"
    ("facebook", ""): Row(EVERYONE, NONE, "yes", "note", "yes", QUARTER, "high"),
    ("instagram", ""): Row(EVERYONE, NONE, "yes", NONE, "yes", QUARTER, "high"),
    # read: a dash, a post is read by whoever comes by; "30 to 60 minutes"
    ("twitter", "post"): Row(
        EVERYONE, NONE, "yes", "note", "paid", "PT30M..PT1H", "medium"
    ),
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
    # "5 to 30 seconds, as set before sending"
    ("gmail", ""): Row(MAIL, "PT5S..PT30S", "no", NONE, "no", None, "high"),
    ("outlook", ""): Row("organisation", "P365D", "yes", NONE, "no", None, "high"),
    # "others differ or have none"
    ("mail", ""): Row(MAIL, "PT5S..PT30S", "no", NONE, "no", None, "medium"),
    # "up to 10; up to 30 in new Outlook since 2026"
    ("outlook_com", ""): Row(MAIL, "PT10S..PT30S", "no", NONE, "no", None, "medium"),
    # "none known" is no "none"
    ("snapchat", ""): Row(EVERYONE, UNCLEAR, UNCLEAR, "note", "paid", "PT5M", "medium"),
    ("tiktok", ""): Row(UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, UNCLEAR, "low"),
    ("google_messages", ""): Row(
        EVERYONE, QUARTER, "yes", "note", "yes", QUARTER, "medium"
    ),
    # trace: a dash
    ("sms", ""): Row("no", None, None, NONE, "no", None, "high"),
    # trace: Google says it of spaces alone, with a "may": a third check
    ("google_chat", ""): Row(EVERYONE, NONE, "yes", UNCLEAR, "yes", NONE, "high"),
    # "none clearly stated", "limit not confirmed"; the removal itself is clear: a third check
    ("viber", ""): Row(EVERYONE, UNCLEAR, "yes", "note", "yes", UNCLEAR, "medium"),
    ("wechat", ""): Row(EVERYONE, "PT2M", "yes", "note", "no", None, "medium"),
    # "1 hour or 24 hours, by country"
    ("line", ""): Row(EVERYONE, "PT1H..PT24H", "yes", "note", "no", None, "high"),
    # "none known"
    ("reddit", "reddit_chat"): Row(
        EVERYONE, UNCLEAR, "yes", "note", UNCLEAR, UNCLEAR, "medium"
    ),
    # "remain archived as read-only": the announcement of the change, and no help page
    ("reddit", "reddit_pm"): Row("no", None, None, NONE, "no", None, "medium"),
    # From here on section 3.0 of the second fact check. Trace: a dash, or no notice.
    ("tinder", ""): Row("no", None, None, NONE, "no", None, "medium"),
    # the press and web pages report a notice: read after the fact check
    ("bumble", ""): Row("no", None, None, "note", "no", None, "medium"),
    ("hinge", ""): Row("no", None, None, NONE, "no", None, "low"),
    ("apple_mail", ""): Row(MAIL, "PT10S..PT30S", "no", NONE, "no", None, "medium"),
    # "at most a short Undo", "unclear, seconds"
    ("yahoo_mail", ""): Row(MAIL, UNCLEAR, "no", NONE, "no", None, "low"),
    ("kakaotalk", ""): Row(EVERYONE, "PT24H", "yes", "note", UNCLEAR, UNCLEAR, "high"),
    # "depends on account settings"
    ("zoom", ""): Row(EVERYONE, UNCLEAR, "yes", UNCLEAR, "yes", UNCLEAR, "medium"),
    ("airbnb", ""): Row(EVERYONE, "PT24H", "yes", NONE, "yes", QUARTER, "high"),
    # "10 s, up to 20"
    ("proton_mail", ""): Row(MAIL, "PT10S..PT20S", "no", NONE, "no", None, "high"),
    # "closed 5 May 2025"
    ("skype", ""): Row("no", None, None, NONE, "no", None, "high"),
    ("bluesky", "bsky_dm"): Row("own_side", None, None, NONE, "no", None, "high"),
    # "it will be immediately removed from the user-facing app"
    ("bluesky", "skeet"): Row(EVERYONE, NONE, "yes", "note", UNCLEAR, UNCLEAR, "high"),
    ("matrix", ""): Row(EVERYONE, NONE, "yes", "note", "yes", NONE, "high"),
    # "admin decides if", and for how long it can be edited; its code has no limit on deleting
    ("mattermost", ""): Row(EVERYONE, NONE, "yes", "note", "yes", UNCLEAR, "medium"),
    ("rocket_chat", ""): Row(EVERYONE, UNCLEAR, "yes", NONE, "yes", UNCLEAR, "medium"),
    # "members cannot delete by default, admins can"; "edit 10 min by default"
    ("zulip", ""): Row(UNCLEAR, None, None, NONE, "yes", "PT10M", "high"),
    # "none named"
    ("vinted", ""): Row(EVERYONE, UNCLEAR, "yes", UNCLEAR, "no", None, "high"),
    ("freelancer", ""): Row("no", None, None, NONE, "no", None, "high"),
    ("zalo", ""): Row(EVERYONE, "PT24H", "yes", "note", UNCLEAR, UNCLEAR, "medium"),
}

# Section 2 of the second fact check: how sure a cell is, where that was put right.
SURE = {
    ("whatsapp", "", "window"): "medium",
    ("line", "", "window"): "medium",
    ("line", "", "edit"): "medium",
    ("gmail", "", "window"): "high",
    ("outlook_com", "", "window"): "medium",
    ("outlook", "", "first_seconds"): "medium",
    ("twitter", "chat", "removal"): "medium",
    ("twitter", "chat", "edit"): "medium",
    ("twitter", "post", "edit_window"): "medium",
    ("snapchat", "", "after_read"): "low",
    ("slack", "", "trace"): "medium",
    ("telegram", "", "window"): "medium",
    ("telegram", "", "trace"): "high",
    ("telegram", "", "after_read"): "high",
    ("wechat", "", "remove_others"): "low",
    ("google_chat", "", "window"): "high",
    ("google_chat", "", "edit"): "high",
    ("reddit", "reddit_chat", "edit"): "low",
    ("signal", "", "remove_others"): "high",
    ("signal", "", "after_read"): "high",
    ("facebook", "", "disappearing"): "high",
    ("google_chat", "", "block"): "high",
    ("google_chat", "", "remove_others"): "high",
    ("slack", "", "conditions"): "high",
    ("teams", "", "records"): "high",
    ("teams", "", "bring_back"): "high",
    ("teams", "", "remove_others"): "high",
    ("telegram", "", "disappearing"): "high",
    ("telegram", "", "clear_chat"): "high",
    ("instagram", "", "disappearing"): "medium",
    ("whatsapp", "", "channels"): "low",
    ("wechat", "", "media"): "medium",
    ("discord", "", "close_account"): "medium",
    # "the 60 min rest on one client and one tool text"
    ("linkedin", "message", "window"): "medium",
    ("linkedin", "message", "after_read"): "high",
    ("google_messages", "", "cross"): "low",
    # the pages that were read have it for groups alone: a third check
    ("google_messages", "", "window"): "low",
    ("google_messages", "", "after_read"): "low",
    # one web page stands behind them: a third check
    ("viber", "", "trace"): "low",
    ("viber", "", "edit"): "low",
    ("tinder", "", "own_steps"): "medium",
    ("outlook", "", "partners"): "medium",
}
# On what a limit depends, and what a corrected sentence has to say.
DEPENDS = {
    ("whatsapp", "window"): "unknown",
    ("line", "window"): "country",
    ("gmail", "window"): "setting",
    ("mail", "window"): "setting",
    ("outlook_com", "window"): "setting",
    ("outlook", "first_seconds"): "setting",
}
SAYS = [
    ("whatsapp", "", "window", "2 days"),
    ("whatsapp", "", "window", "60 hours"),
    # Taiwan put it off, so a third check
    ("line", "", "window", "Japan and Thailand"),
    ("line", "", "window", "put it off in December 2025"),
    ("line", "", "paid_window", "7 days"),
    ("gmail", "", "window", "5 seconds unless"),
    ("teams", "", "records", "stays for the organisation"),
    ("slack", "", "records", "for the organisation"),
    ("google_chat", "", "records", "for the organisation"),
    ("outlook", "", "removal", "does not reach Gmail"),
    ("outlook", "", "first_seconds", "press Undo first"),
    ("twitter", "chat", "removal", "encrypted"),
    ("twitter", "chat", "conditions", "own side only, no editing"),
    ("twitter", "post", "edit_window", "earlier versions stay readable"),
    ("google_messages", "", "conditions", "not confirmed"),
    ("imessage", "", "conditions", "not confirmed"),
    ("reddit", "reddit_chat", "conditions", "read-only archive"),
    ("facebook", "", "disappearing", "14 days"),
    ("facebook", "", "disappearing", "6 hours"),
    ("slack", "", "conditions", "refused altogether"),
    ("wechat", "", "window", "3 hours with files"),
    ("signal", "", "after_read", "never whether it was read"),
    ("google_chat", "", "block", "the blocked person cannot"),
    ("tinder", "", "clear_chat", "from both of you"),
    ("kakaotalk", "", "conditions", "25.7.0 (12 August 2025)"),
    ("airbnb", "", "conditions", "read-only after 1 year"),
    ("proton_mail", "", "conditions", "28 days"),
    ("skype", "", "conditions", "Teams Free"),
    ("matrix", "", "records", "7 days"),
    ("rocket_chat", "", "window", "0 there means no limit"),
    ("vinted", "", "records", "3 months"),
    ("freelancer", "", "stays", "by e-mail"),
    ("twitter", "chat", "edit", "encrypted"),
    ("twitter", "chat", "edit_window", "encrypted"),
    ("twitter", "post", "edit_window", "five edits"),
    ("slack", "", "trace", "placeholder"),
    ("telegram", "", "window", "48 hours is the older figure"),
    ("telegram", "", "trace", "no mark"),
    ("telegram", "", "after_read", "sent or received"),
    ("telegram", "", "disappearing", "orders the other device to delete too"),
    ("telegram", "", "clear_chat", "on both ends"),
    ("wechat", "", "remove_others", "company edition"),
    ("wechat", "", "media", "3 hours"),
    ("wechat", "", "media", "5 minutes"),
    ("google_chat", "", "window", "switch history off"),
    ("google_chat", "", "remove_others", "managers of a space"),
    ("signal", "", "remove_others", "Since summer 2026"),
    ("instagram", "", "disappearing", "withdrawn in 2026"),
    ("whatsapp", "", "channels", "followers' phones"),
    ("teams", "", "bring_back", "work account"),
    ("teams", "", "remove_others", "anyone's messages"),
    ("discord", "", "close_account", "leaves your messages"),
    # Known limits that a plain yes would hide.
    ("imessage", "", "old_theirs", "iOS 15, macOS 12 or older"),
    ("imessage", "", "old_mine", "needs iOS 16, iPadOS 16.1 or macOS 13"),
    ("imessage", "", "cross", "was not confirmed"),
    ("google_messages", "", "removal", "in groups first"),
    ("google_messages", "", "cross", "was not confirmed"),
    ("telegram", "", "bot_window", "48 hours"),
    ("telegram", "", "group_surely", "For 48 hours"),
    ("discord", "", "bot_window", "14 days"),
    ("proton_mail", "", "disappearing", "only before it is sent"),
    ("tinder", "", "trace", "not notified"),
    ("bumble", "", "trace", "chat was ended"),
    ("twitter", "post", "conditions", "replies to others"),
    ("linkedin", "inmail", "other_inbox", "contradict each other"),
    ("reddit", "reddit_chat", "removal", "read-only archive"),
]

SERVICES = {(s.stem, s.kind): s for s in services_table.services(real_book())}
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


@pytest.mark.parametrize("cell", SURE, ids="-".join)
def test_a_corrected_cell_is_as_sure_as_its_evidence(
    cell: tuple[str, str, str],
) -> None:
    stem, kind, name = cell
    side = SERVICES[stem, kind].side(name)
    assert getattr(side, "sureness", None) == SURE[cell]


@pytest.mark.parametrize("limit", DEPENDS, ids="-".join)
def test_a_limit_says_what_it_depends_on(limit: tuple[str, str]) -> None:
    side = SERVICES[limit[0], ""].side(limit[1])
    assert getattr(side, "depends", None) == DEPENDS[limit]


@pytest.mark.parametrize(("stem", "kind", "name", "words"), SAYS)
def test_a_corrected_claim_says_so(stem: str, kind: str, name: str, words: str) -> None:
    assert words in getattr(SERVICES[stem, kind].side(name), "says", "")


def test_a_limit_is_no_surer_than_the_claim_that_states_it() -> None:
    """Of no range is the far end sure, unless an official page names it."""
    for service in SERVICES.values():
        side = service.side("window")
        official = service.stem in ("gmail", "proton_mail")
        if side and time_limits.is_range(side.value) and not official:
            assert getattr(side, "sureness", "") == "medium", service.stem


def test_no_sureness_is_claimed_where_a_limit_is_not_official() -> None:
    assert SERVICES["facebook", ""].cell("window").sureness == "medium"
    assert SERVICES["line", ""].cell("window").sureness == "medium"


# --- the clock, to the minute


Limited = tuple[Service, timedelta, timedelta]
"""A service, and the two ends of its limit: the same but for a range."""


def limited(name: str) -> Iterator[Limited]:
    for service in SERVICES.values():
        ends = time_limits.limits(service.value(name))
        if ends:
            yield service, *ends


def reached(service: Service, topic: str, age: timedelta) -> str:
    """Where a press leads on a message of this age; the clock is that of the event."""
    known = {
        "platform": service.stem,
        "read": "unread",
        "sent": time_limits.instant(SENT),
    }
    if service.kind:
        known["kind"] = service.kind
    value = callback_data.encode(real_book(), topic, known)
    turn = real_bot().turn(Session(), Pressed("1", value, SENT + age))
    assert isinstance(turn.outcome, Answer), turn.outcome
    return turn.outcome.say


def spoken(service: Service, topic: str, age: timedelta) -> str:
    known = {
        "platform": service.stem,
        "read": "unread",
        "sent": time_limits.instant(SENT),
    }
    if service.kind:
        known["kind"] = service.kind
    event = Pressed("1", callback_data.encode(real_book(), topic, known), SENT + age)
    return real_bot().reply(Session(), event)[0].text


def _named(found: Iterator[Limited]) -> list[Any]:
    return [pytest.param(*one, id=f"{one[0].stem}-{one[0].kind}") for one in found]


@pytest.mark.parametrize(("service", "limit", "end"), _named(limited("window")))
def test_removing_ends_at_the_limit_and_not_a_minute_before(
    service: Service, limit: timedelta, end: timedelta
) -> None:
    step = min(timedelta(minutes=1), timedelta(seconds=1) if limit < AGES[0] else limit)
    removal = service.value("removal")
    first = {MAIL: "undo_now", "organisation": "colleagues"}.get(removal or "", "steps")
    assert reached(service, "retract", timedelta(0)) == first
    assert reached(service, "retract", limit - step) == first
    assert reached(service, "retract", end) == ("left" if removal == MAIL else "over")
    assert reached(service, "time_limit", limit - step) == "open"
    assert reached(service, "time_limit", end) == "over"
    if limit < end:
        perhaps = "undo_perhaps" if removal == MAIL else "between"
        assert reached(service, "retract", limit) == perhaps
        assert reached(service, "retract", end - step) == perhaps
        assert reached(service, "time_limit", end - step) == "between"
    said = spoken(service, "time_limit", limit - step)
    if removal == "organisation":
        assert "left" not in said, "an admin's default is nothing to count down to"
    else:
        assert f"{time_limits.in_words(step, ENGLISH.time_words)} left" in said
    ran_out = spoken(service, "time_limit", end + timedelta(minutes=3))
    assert "too late" in ran_out


@pytest.mark.parametrize(("service", "limit", "end"), _named(limited("edit_window")))
def test_editing_ends_at_its_own_limit(
    service: Service, limit: timedelta, end: timedelta
) -> None:
    minute = timedelta(minutes=1)
    assert reached(service, "edit", limit - minute) in ("can", "paid")
    if limit < end:
        assert reached(service, "edit", end - minute) in ("perhaps", "paid")
    assert reached(service, "edit", end) == "over"


@pytest.mark.parametrize("key", EXPECTED, ids="-".join)
@pytest.mark.parametrize("age", AGES, ids=str)
def test_the_bot_says_what_the_table_by_age_says(
    key: tuple[str, str], age: timedelta
) -> None:
    service = SERVICES[key]
    verdict = services_table.verdict(service, age)
    said = reached(service, "retract", age)
    if service.value("window") == UNCLEAR and service.value("removal") == MAIL:
        # Seconds, whatever they are: the answer says so in its first words. No Undo
        # that is known lasts for minutes.
        late = age >= timedelta(minutes=3)
        assert said == ("left_by_now" if late else "undo")
    elif verdict.state in ("over", "no", "unclear"):
        leaves = {"over": ("over", "left"), "no": ("never",), "unclear": ("unclear",)}
        assert said in leaves[verdict.state]
    else:
        assert said in ("steps", "undo_now", "colleagues", "unclear", "between")
        if verdict.left:
            assert verdict.left in spoken(service, "retract", age).casefold()


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"platform": "whatsapp"}, ("steps_phone",)),
        ({"platform": "whatsapp", "device": "phone"}, ("steps_phone",)),
        ({"platform": "outlook"}, ("steps_phone",)),
        ({"platform": "outlook", "device": "desktop"}, ("steps_desktop",)),
        ({"platform": "tiktok", "device": "desktop"}, ("steps_phone",)),
        ({"platform": "sms"}, ()),
    ],
)
def test_steps_are_shown_for_the_device_that_is_known_or_for_a_phone(
    known: dict[str, str], shown: tuple[str, ...]
) -> None:
    assert tree.shown_steps(real_book(), "retract", known) == shown
