"""Talk on the real book: nothing twice in a row, what comes first, words to copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.dialogue import callback_data
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.folders import root
from bot.responses.markup import to_plain
from bot.responses.reply import Reply
from tests.support.books import real_bot

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def said(*texts: str) -> list[Reply]:
    """The replies of a conversation."""
    session, replies = Session(), []
    for minute, text in enumerate(texts):
        at = NOW + timedelta(minutes=minute)
        reply, session = real_bot().reply(session, Said("chat", text, at))
        replies.append(reply)
    return replies


@pytest.mark.parametrize(
    "texts",
    [
        ("hello", "hello", "hello"),
        ("thanks", "thanks", "thanks"),
        ("bye", "bye"),
        ("omg", "omg", "omg"),
        ("ok", "ok"),
        ("what can you do", "what can you do"),
        ("are you a bot", "are you a bot"),
        ("write an apology for me", "more casual", "more casual", "another one"),
        ("my apology should be formal", "more formal", "more formal"),
    ],
)
def test_no_reply_repeats_the_one_before_it(texts: tuple[str, ...]) -> None:
    replies = [reply.text for reply in said(*texts)]
    assert all(one != other for one, other in pairwise(replies))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("I sent my password to the wrong person on Slack", "change that password"),
        ("my card number went into the wrong WhatsApp chat", "call your bank"),
        ("sent nudes to the wrong person on Instagram", "You did nothing wrong"),
        ("i am 15 and sent nudes on snapchat", "Take It Down"),
        ("emailed the salary list to a stranger from Outlook", "data protection"),
        ("sent a threat on WhatsApp, how do I unsend it", "emergency number"),
        ("I texted a journalist by accident on Signal, take it back", "Call them"),
        ("I gave them the code WhatsApp sent me", "get the account back"),
        ("told a stranger the 6 digit code of my bank", "call the bank"),
        ("my daughter is 14 and sent a topless pic", "Take It Down"),
        ("I sent a copy of my passport to a fake landlord", "was issued"),
        ("my card number is in a WhatsApp chat with a stranger", "call your bank"),
        ("leaked the source code in a Slack channel", "revoke that key"),
        ("patient results went to the wrong patient by email", "data protection"),
        ("wrote something racist in the class chat", "emergency number"),
        ("I mailed the judge by accident", "Call them"),
    ],
)
def test_what_was_given_away_is_seen_to_before_any_steps(text: str, first: str) -> None:
    (reply,) = said(text)
    assert (reply.decision, reply.topic) == ("answer", "retract")
    assert first in reply.text
    steps = reply.text.find("1. ")
    assert steps < 0 or reply.text.index(first) < steps


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("how do I reset my password on WhatsApp", "out_of_scope"),
        ("my credit card was stolen", "out_of_scope"),
        ("someone has my password and posts in my name", "out_of_scope"),
        ("where do I find my passport number", "out_of_scope"),
    ],
)
def test_what_nobody_sent_is_no_message_given_away(text: str, topic: str) -> None:
    (reply,) = said(text)
    assert (reply.decision, reply.topic) == ("decline", topic)


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("my friend is on iOS 15, is my unsent iMessage gone for her", "no", "iOS 15"),
        ("I am on iOS 15, can I undo send an iMessage", "no", "needs iOS 16"),
        ("unsend an iMessage to an Android", "no", "green bubble"),
        ("the iMessage was sent as SMS, undo it", "no", "cannot be taken back"),
        ("delete an RCS message to an iPhone", "perhaps", "not confirmed"),
        ("my Telegram bot sent it 3 days ago, delete it", "over", "48 hours"),
        ("view once photo on WhatsApp, delete it", "depends", "until it was opened"),
        ("can I set an expiry on a Proton mail I already sent", "no", "before it is"),
        ("delete an InMail in Sales Navigator", "perhaps", "contradict"),
        ("will she be told if I unmatch on Tinder", "perhaps", "not notified"),
        ("set the date back to delete old WhatsApp messages", "perhaps", "count on it"),
        ("his Discord account was deleted, delete my dm", "perhaps", "old chat"),
        ("wrong post in our WhatsApp channel, remove it", "depends", "channel"),
        ("unsend in a message request on Instagram", "yes", "request"),
    ],
)
def test_a_limit_that_few_know_is_in_the_first_words(
    text: str, verdict: str, words: str
) -> None:
    (reply,) = said(text)
    assert reply.about is not None
    assert (reply.about.verdict, words in reply.text) == (verdict, True), reply.text


def test_first_aid_is_told_once() -> None:
    first, second = said("sent my password on Slack, take it back", "will they know")
    assert "change that password" in first.text
    assert "change that password" not in second.text


def test_a_draft_is_for_whom_it_was_sent_to() -> None:
    *_, reply = said("linkedin message sent to my boss by accident", "write it for me")
    assert "for your boss" in reply.text
    assert "Hello [name]" in reply.text


def test_a_draft_knows_what_went_wrong_from_before() -> None:
    *_, reply = said("i sent the wrong file on slack", "write an apology for me")
    assert "wrong file" in reply.text


def test_up_to_eight_services_are_compared_and_every_button_fits() -> None:
    (reply,) = said(
        "compare whatsapp, signal, telegram, imessage, discord, slack, messenger and "
        "instagram"
    )
    lines = [line for line in reply.text.splitlines() if line.startswith("• ")]
    assert len(lines) == 8
    assert all(
        len(button.value.encode()) <= callback_data.LIMIT
        for button in reply.message.buttons
    )


def test_a_service_chosen_after_a_fragment_is_answered() -> None:
    *_, reply = said("omg", "whatsapp")
    assert (reply.decision, reply.topic) == ("answer", "retract")


@pytest.mark.parametrize(
    ("text", "near_miss", "names"),
    [
        ("my account was suspended yesterday", "account", "suspension"),
        ("what did he unsend", "recover", "took back"),
        ("i sent money to a scammer", "money", "fraud"),
        ("hide that i am online", "receipts", "Last seen"),
    ],
)
def test_a_finer_near_miss_has_its_own_words_and_counts_as_the_wider_one(
    text: str, near_miss: str, names: str
) -> None:
    (reply,) = said(text)
    assert reply.decision == "decline"
    assert reply.about
    assert reply.about.action == near_miss
    assert names in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "sent nudes and now he threatens to post them, unsend on Instagram?",
        "my nephew blocked a man who wants money or he posts a picture. Was that right",
        "somebody will leak my photos if I do not pay. do I delete our chat on Discord",
        "she told me that she'll publish my picture, is it gone when I unsend it on X",
    ],
)
def test_who_is_threatened_is_told_first_to_keep_it_and_not_to_pay(text: str) -> None:
    (reply,) = said(text)
    assert reply.topic == "extortion"
    first, _, rest = reply.text.partition("\n\n")
    assert first.startswith("Do not pay, send nothing more, and delete nothing more")
    assert "Take It Down" in first
    assert "Report the account, then block it" in rest


def test_a_sure_near_miss_is_no_fact_of_the_conversation() -> None:
    *_, reply = said(
        "unsend a whatsapp message", "he threatens to send my photos to my parents"
    )
    assert reply.decision == "decline"
    assert "police" in reply.text


def test_what_was_done_by_the_other_side_is_one() -> None:
    *_, reply = said("unsend a whatsapp message", "it was to somebody who blocked me")
    assert reply.decision == "answer"
    assert reply.topic == "retract"


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("say sorry to my sister, I called her selfish", "angry", "by mistake"),
        ("apologise to customers I put in cc", "addresses", "by mistake"),
        ("ask opposing counsel to delete a privileged memo", "in writing", "Hi,"),
        ("apology for my ex for what I wrote", "need not answer", "by mistake"),
        ("sorry text to my teacher, I used the wrong name", "[right name]", "typo"),
        ("she read it, what do I write to her now", "cannot unsay it", "disregard"),
        ("apology to my neighbour, I was rude", "neighbours", "by mistake"),
    ],
)
def test_a_draft_fits_what_went_wrong_and_whom_it_met(
    text: str, has: str, lacks: str
) -> None:
    (reply,) = said(text)
    assert reply.topic == "follow_up"
    assert has in reply.text
    assert lacks not in reply.text


@pytest.mark.parametrize(
    ("text", "words", "gap"),
    [
        (
            "I wrote 310 instead of 130 in the offer, write me an apology",
            "130, not 310",
            "[correct text]",
        ),
        ("I called her Ingrid, she's Astrid. write me an apology", "Astrid", "[right"),
    ],
)
def test_a_draft_holds_what_was_put_right_and_the_session_does_not(
    text: str, words: str, gap: str
) -> None:
    reply, session = real_bot().reply(Session(), Said("1", text, NOW))
    (draft,) = reply.message.drafts
    assert words in draft
    assert gap not in draft
    assert words not in repr(session)


def test_a_slip_of_one_person_is_not_in_the_draft_of_another() -> None:
    first = "it's 14 June, not 4 June, write a short correction"
    assert "14 June" in real_bot().ask(first).message.drafts[0]
    second = "the date was wrong, write a short correction"
    assert "[correct text]" in real_bot().ask(second).message.drafts[0]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("should I tell my head teacher?", "Yes, tell them yourself"),
        ("who do I have to tell", "Whoever is in charge"),
        ("my son cries because of a picture, what do I say to him", "First of all"),
    ],
)
def test_who_asks_for_advice_gets_no_apology(text: str, opening: str) -> None:
    reply = real_bot().ask(text)
    assert reply.topic == "follow_up"
    assert to_plain(reply.message).startswith(opening)
    assert "sorry" not in to_plain(reply.message)


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("i feel so ashamed and cannot sleep", "I am glad that you told somebody"),
        ("what does left on read mean", "“Left on read” means"),
        ("can I sue him for that message", "That is a question for a lawyer"),
        ("strangers add me to groups", "Who may add you to groups"),
        ("how do I sort my mail into folders", "Sorting mail is done"),
        ("what is a good response rate", "How many messages get an answer"),
        ("how do I prove to the police what he wrote", "To prove it, keep"),
        ("tell me a joke", "Jokes are not my strength"),
    ],
)
def test_a_decline_names_what_was_asked(text: str, opening: str) -> None:
    reply = real_bot().ask(text)
    assert reply.decision == "decline"
    assert to_plain(reply.message).startswith(opening)


def test_no_decline_begins_with_yes() -> None:
    folder = root() / "templates" / "en" / "out_of_scope"
    for path in folder.glob("*.j2"):
        verdict = path.read_text(encoding="utf-8").split("{% block verdict %}")[1]
        assert not verdict.strip().lstrip("*").startswith("Yes"), path.name
