"""The facts that the real knowledge reads out of a message, as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue import callback_data
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.dialogue.turn import Assumed
from bot.knowledge.training_data import entity_patterns
from bot.nlu.entities import extract
from bot.nlu.extraction import Extraction
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.nlu.patterns import by_rarest_word, pattern
from tests.support.books import real_book, real_bot

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PATTERNS = entity_patterns(real_book())


def read(text: str) -> Extraction:
    return extract(PATTERNS, ENGLISH.tokenize(text))


UNREAD = (
    "can i unsend it before he looks",
    "delete b4 she sees",
    "she has not opened it",
    "the receipt shows not read",
    "only one tick",
    "still grey",
    "two grey ticks",
    "delivered not read",
    "delivered but not seen",
    "before she wakes up",
    "before he checks his phone",
    "nobody has seen it yet",
    "ticks have not turned blue",
    "they have not listened to it",
    "just delivered",
)
READ = (
    "it has been read",
    "he has read it",
    "she listened to my voice note",
    "he played it",
    "the receipt shows",
    "two blue ticks",
    "left me on read",
    "it is on read",
    "she replied already",
    "ticks turned blue",
    "my mum opened the photo",
    "the client has seen the pdf",
    "it says seen",
)


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_read_yet_is_known_by_many_words(text: str) -> None:
    assert read(text).values["read"] == "unread"


@pytest.mark.parametrize("text", READ)
def test_what_was_read_is_known_by_many_words(text: str) -> None:
    assert read(text).values["read"] == "read"


@pytest.mark.parametrize(
    "text",
    [
        "has she read it",
        "have they seen it",
        "i have read that you can recall",
        "did she reply",
        "will she read it",
        "whether he saw it",
    ],
)
def test_who_asks_whether_it_was_read_states_nothing(text: str) -> None:
    assert "read" not in read(text).values


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("she listened to my voice note", "what", "voice"),
        ("a voice message", "what", "voice"),
        ("my mum opened the photo", "audience", "one"),
        ("to my mum", "audience", "one"),
        ("my mum opened the photo", "what", "photo"),
        ("just text no photo", "what", "photo"),
        ("the client has seen the pdf", "what", "file"),
        ("wrong file attached", "what", "file"),
        ("delete the messages he sent me", "role", "theirs"),
        ("someone else's message in our group", "role", "theirs"),
        ("delete her messages", "role", "theirs"),
        ("someone else's message in our group", "audience", "group"),
        ("i am the admin of the group", "audience", "group"),
        ("i left the group", "audience", "group"),
        ("to my mum in the family group", "audience", "group"),
        ("wrong group", "audience", "group"),
        ("an email to 40 people", "audience", "group"),
        ("i am the admin of the group", "role", "admin"),
        ("can an admin delete it", "role", "by_admin"),
        ("could the group admin still remove it", "role", "by_admin"),
        ("can the admin see if I delete it", "role", "admin"),
        ("she blocked me", "account", "barred"),
        ("if I get blocked", "account", "barred"),
        ("he has me blocked", "account", "barred"),
        ("i blocked her", "account", "blocked"),
        ("unfriended him", "account", "parted"),
        ("if I remove the contact", "account", "parted"),
        ("i deleted my account after", "account", "shut"),
        ("what if i delete my account", "account", "closing"),
        ("her account was deactivated", "account", "gone"),
        ("i left the group", "account", "left"),
        ("got kicked from the server", "account", "left"),
        ("i left the company", "account", "left"),
        ("sent to a client outside the company", "audience", "outside"),
        ("external recipients", "audience", "outside"),
        ("recalled from colleagues in the same organisation", "audience", "colleagues"),
        ("sent it to my boss", "audience", "colleagues"),
        ("posted in the wrong channel", "audience", "channel"),
        ("a slack channel message", "audience", "channel"),
        ("note to self", "audience", "self"),
        ("sent the wrong link", "what", "link"),
        ("video call", "what", "video"),
    ],
)
def test_to_whom_what_whose_and_which_account(text: str, slot: str, value: str) -> None:
    assert read(text).values[slot] == value


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("message from my phone", "role"),
        ("i sent her messages", "role"),
        ("how do i delete my account", "account"),
        ("should i leave the group", "account"),
        ("am i blocked", "account"),
    ],
)
def test_what_is_asked_or_denied_is_no_fact(text: str, slot: str) -> None:
    assert slot not in read(text).values


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("can I unsend in Slack like on WhatsApp", "slack"),
        ("why is there no undo in Signal, the way it works on Telegram", "signal"),
        ("unlike Signal, Telegram keeps a note", "telegram"),
        ("is it quicker on Discord than Slack", "discord"),
        ("I sent it to Gmail from Outlook", "outlook"),
        ("from my Outlook to her Gmail", "outlook"),
        ("it looks like WhatsApp lost it", "whatsapp"),
        ("we moved from Discord to Telegram", "discord"),
        ("matched on Tinder, moved over to WhatsApp, sent a long text", "whatsapp"),
        ("from a private Gmail to a lawyer using Microsoft 365", "gmail"),
        ("from my personal Proton account to a Gmail address", "proton_mail"),
        ("sent a TikTok link on WhatsApp", "whatsapp"),
        ("sent a screenshot of a Telegram chat in Slack", "slack"),
        ("an Instagram reel in a Messenger DM", "facebook"),
        ("emailed a LinkedIn recruiter from Gmail", "gmail"),
        ("I used to use WhatsApp, now on Signal", "signal"),
        ("texted my Tinder date on WhatsApp", "whatsapp"),
        ("the iMessage was sent as SMS", "sms"),
        ("in WeChat I can recall for two minutes, and how long in Viber", "viber"),
        ("with Slack you can edit whenever, but in Teams I see no Edit", "teams"),
        ("on WhatsApp I can not delete it, and on Telegram", "whatsapp"),
    ],
)
def test_a_service_that_is_compared_is_not_the_one(text: str, service: str) -> None:
    assert read(text).values["platform"] == service


def test_a_comparison_alone_names_no_service_and_is_masked_all_the_same() -> None:
    found = read("can I unsend here like on WhatsApp")
    assert "platform" not in found.values
    assert found.platforms == ("whatsapp",)
    assert found.masked[-1] == "{platform}"


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("Slack, Teams and Google Chat: do they tell", "slack teams google_chat"),
        ("Signal or WhatsApp", "signal whatsapp"),
        ("Telegram vs Signal vs Line", "telegram signal line"),
    ],
)
def test_services_as_equals_are_all_named(text: str, services: str) -> None:
    found = read(text)
    assert found.platforms == tuple(services.split())
    named = [f.value for f in found.found if f.slot == "platform"]
    assert named == services.split()


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("the recruiter got it", "linkedin"),
        ("I see blue ticks", "whatsapp"),
        ("it was a green bubble", "sms"),
        ("a blue bubble", "imessage"),
        ("I want my snap back, it was the wrong snap", "snapchat"),
        ("can I get the mail of my client back, I sent an email", "mail"),
        ("can I recall the mail of my client, I sent an email", "outlook"),
        ("I sent the email to a client, how do I recall it", "outlook"),
    ],
)
def test_words_may_imply_a_service(text: str, service: str) -> None:
    found = read(text)
    assert found.values.get("platform") == service


@pytest.mark.parametrize(
    "text",
    [
        "no mobile signal here, is my message gone",
        "cut me some slack, I want my message back",
        "two teams got my message",
        "I crossed a line in that message",
        "my line manager got the message",
        "the message with the x-ray",
        "the message went to person x",
    ],
)
def test_an_ordinary_word_names_no_service(text: str) -> None:
    assert "platform" not in read(text).values


@pytest.mark.parametrize(
    ("text", "circumstance"),
    [
        ("a view once photo on WhatsApp", "once"),
        ("my message request on Instagram", "request"),
        ("my Telegram bot sent it", "bot"),
        ("the InMail went out in Sales Navigator", "other_inbox"),
        ("my friend is still on iOS 15", "old_theirs"),
        ("she has an old version of WhatsApp", "old_theirs"),
        ("I am on iOS 15", "old_mine"),
        ("an RCS message to an iPhone", "cross"),
    ],
)
def test_what_is_special_about_a_message_is_stated(
    text: str, circumstance: str
) -> None:
    assert read(text).values.get("circumstance") == circumstance


@pytest.mark.parametrize(
    "text", ["my iPhone 14 sent it", "she has an iPhone 13", "I have an iPhone 15"]
)
def test_the_number_of_a_phone_is_no_old_version(text: str) -> None:
    told = read(text).values.get("circumstance")
    assert told not in ("old_mine", "old_theirs")


@pytest.mark.parametrize(
    ("text", "exposed"),
    [
        ("sent nudes and now he is threatening to post them", "extortion"),
        ("I gave them the code WhatsApp sent me", "code"),
        ("a photo of my passport", "identity"),
        ("a photo of my credit card", "card"),
        ("I am 16 and he has pics of me", "minor"),
        ("sent nudes when we were both 17", "minor"),
        ("cc instead of bcc, all clients see it", "data"),
        ("he wants 300 dollars or he posts my photo", "extortion"),
        ("my niece is 13 and she mailed a photo of herself", "minor"),
        ("a picture of the twins in the bath", "child"),
        ("a selfie of me in my underwear", "picture"),
        ("the sort of picture nobody should see", "picture"),
        ("a snap of me, not a decent one", "picture"),
        ("one tenant got the bank details of another tenant", "clients"),
        ("the invoice went to the wrong supplier", "clients"),
        ("I sent my iban to a stranger", "account"),
        ("my sister gave me her password", "mentioned"),
        ("he paid me by credit card", "mentioned"),
        ("I have changed the password", "changed"),
        ("the card is blocked by now", "blocked"),
        ("is it too much to have my bank card blocked", "card"),
        ("must I have the password changed", "key"),
        ("it went to the local press", "press"),
    ],
)
def test_of_what_was_given_away_the_gravest_counts(text: str, exposed: str) -> None:
    assert read(text).asides["exposed"] == exposed


@pytest.mark.parametrize(
    "text",
    [
        "I sent a photo to a group, long press and delete",
        "a member reports that he still sees what I sent to all of them",
        "sent a report to the whole team",
        "she says she will send it again tomorrow",
        "my son is 15 and sent a message to his teacher",
    ],
)
def test_what_only_sounds_like_it_gives_nothing_away(text: str) -> None:
    assert "exposed" not in read(text).asides


def test_words_that_imply_two_services_imply_none() -> None:
    assert "platform" not in read("the recruiter has blue ticks").values


def test_an_implied_service_is_told_and_never_replaces_a_known_one() -> None:
    bot = real_bot()
    text = "The recruiter got the wrong message, how do I take it back?"
    turn = bot.turn(Session(), Said("x", text, NOW))
    assert Assumed("platform", "linkedin", implied=True) in turn.notices
    known = Session(topic="retract", slots={"platform": "whatsapp"})
    turn = bot.turn(known, Said("x", text, NOW))
    assert turn.slots["platform"] == "whatsapp"
    assert not [one for one in turn.notices if isinstance(one, Assumed)]


def test_a_correction_counts_at_once() -> None:
    bot = real_bot()
    known = Session(topic="retract", slots={"platform": "instagram"})
    turn = bot.turn(known, Said("x", "no, Messenger after all", NOW))
    assert turn.slots["platform"] == "facebook"
    turn = bot.turn(known, Said("x", "Correction: she has read it", NOW))
    assert turn.slots["read"] == "read"


def test_a_wish_on_a_draft_stays_one_where_it_says_whom_it_is_for() -> None:
    known = Session(topic="follow_up", slots={"platform": "whatsapp"})
    said = Said("x", "more formal, it is for my boss", NOW)
    turn = real_bot().turn(known, said)
    assert turn.why.rule
    assert turn.why.rule.__name__ == "changes_view"


def test_a_button_leaves_the_least_telling_facts_behind() -> None:
    kb = real_book()
    facts = {
        "platform": "google_messages", "read": "unread",
        "sent": "2026-11-28T11:40:00Z", "account": "blocked",
        "audience": "colleagues", "what": "photo", "role": "theirs",
    }  # fmt: skip
    value = callback_data.encode(kb, "deletion_effects", facts)
    assert len(value.encode()) <= callback_data.LIMIT
    decoded = callback_data.decode(kb, value)
    assert decoded is not None
    kept = decoded[1]
    assert kept.items() <= facts.items()
    assert kept["platform"] == "google_messages"
    assert "role" not in kept


def test_what_is_tried_at_a_preposition_does_not_grow_with_the_services() -> None:
    many = [pattern(("platform", f"s{n}"), f"on s{n}", ENGLISH) for n in range(1_000)]
    index = by_rarest_word(many)
    assert "on" not in index.kept["by_word"]
    assert [m.pattern.value for m in index.matches(("on", "s7", "now"))] == ["s7"]


@pytest.mark.parametrize("number", range(9, 16))
def test_the_number_of_a_time_is_no_version_of_an_app(number: int) -> None:
    found = read(f"I sent it on whatsapp {number} minutes ago")
    assert "circumstance" not in found.values
    assert found.age == timedelta(minutes=number)


def test_a_version_beside_a_time_is_read() -> None:
    found = read("I am on ios 12 and sent it 10 minutes ago")
    assert found.values["circumstance"] == "old_mine"
    assert found.age == timedelta(minutes=10)


def test_who_is_no_admin_is_a_member() -> None:
    assert read("i am not an admin").values["role"] == "member"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("and direct messages as opposed to channels", {"audience": "one"}),
        ("in the group, not in the channel", {"audience": "group"}),
        ("in the channel rather than in the group", {"audience": "channel"}),
        ("not in a channel", {"audience": "channel"}),
    ],
)
def test_what_is_only_held_against_another_value_is_not_meant(
    text: str, meant: dict[str, str]
) -> None:
    found = read(text).values
    assert {k: v for k, v in found.items() if k == "audience"} == meant


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("I did a recall, the report names three failures", "outlook"),
        ("there is a litigation hold on it and somebody recalled a mail", "outlook"),
        ("from my iPhone to my brother's Samsung, can the text be undone", "imessage"),
        ("we told a candidate by email, wrong person", "mail"),
        ("did he get it by email", None),
        ("which messenger leaves no trace", None),
    ],
)
def test_a_product_of_a_service_implies_it(text: str, service: str | None) -> None:
    assert read(text).values.get("platform") == service


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("he blocked me", "barred"),
        ("I was blocked by him", "barred"),
        ("I blocked him", "blocked"),
        ("can she see that she was blocked by me", "blocked"),
        ("he deleted my Slack message", None),
    ],
)
def test_who_blocked_whom_is_told_apart(text: str, account: str | None) -> None:
    assert read(text).values.get("account") == account


def test_who_is_only_named_is_not_written_to() -> None:
    said = real_bot().turn(
        Session(), Said("x", "draft an apology, it was for my own boss", NOW)
    )
    assert "recipient" not in said.slots


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("meaning to send it to my mate I sent it to the recruiter", "candidate"),
        ("wanted to text my brother, texted the hiring manager", "candidate"),
        ("a rant for my sister, and it went to the head teacher", "teacher"),
        (
            "told my flatmate how dull it was, but it went to the interviewer",
            "candidate",
        ),
        ("sorry note to our team lead", "boss"),
        ("sorry note to our team", "group"),
        ("I talk with a company, what do I write", None),
    ],
)
def test_whom_it_reached_is_written_to(text: str, recipient: str | None) -> None:
    assert read(text).asides.get("recipient") == recipient


@pytest.mark.parametrize(
    ("text", "weighed"),
    [
        ("do I say something or keep quiet", "say_it"),
        ("should I apologise to her", "say_it"),
        ("how should I apologise to her", None),
        ("what should I write to him", None),
        ("edit it, leave it or say sorry", "change_it"),
        ("give me a comeback", "own_it"),
        ("two have asked what it was", "asked"),
    ],
)
def test_whether_to_write_is_weighed(text: str, weighed: str | None) -> None:
    assert read(text).views.get("weighed") == weighed


def test_who_insists_on_an_apology_was_promised_nothing() -> None:
    assert "reason" not in read("she insists that I apologise").asides


def test_a_hope_is_no_state() -> None:
    assert "read" not in read("I hope that he did not see it").values


def test_an_insult_that_is_quoted_says_more_than_the_wrong_person() -> None:
    text = 'I sent "what a waste of an hour" to the wrong person. What do I write?'
    assert real_bot().turn(Session(), Said("x", text, NOW)).slots["reason"] == "harsh"


def test_an_insult_counts_also_where_it_is_quoted() -> None:
    quoted = 'He got a mail that said "she is lazy and her work bad". What do I write?'
    assert real_bot().turn(Session(), Said("x", quoted, NOW)).slots["reason"] == "harsh"


def test_what_says_less_leaves_what_was_told() -> None:
    known = Session(topic="follow_up", slots={"reason": "harsh"})
    turn = real_bot().turn(
        known, Said("x", "it went to the wrong person, write it anew", NOW)
    )
    assert turn.slots["reason"] == "harsh"
