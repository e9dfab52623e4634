"""The rules of the talk, at the front door, on the toy book."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import callback_data
from bot.dialogue.events import Pressed, Said
from bot.dialogue.session import Session
from tests.support.books import real_book, real_bot, toy_book, toy_bot
from tests.support.chat import NOW, Chat, Core

SEAL, CARRIER, GOODS = (
    "Is the seal broken?",
    "Which carrier took it?",
    "What did you send?",
)


# --- several questions in one message


def test_each_further_question_gets_its_verdict(chat: Chat) -> None:
    chat.say("how long do I have with the heron? and will they know about it?")
    assert chat.topic == "closing_time"
    chat.sees("Will they know?", "Look at the door.")


def test_a_further_question_that_says_nothing_new_is_left_out(chat: Chat) -> None:
    chat.say("how do I call back a crate on the ferry? and how long do I have?")
    assert chat.topic == "call_back"
    chat.sees_no("How long?")


def test_of_several_questions_the_first_is_answered_first() -> None:
    text = "Can I recall this InMail, and is the credit refunded to us then?"
    assert real_bot().reply(Session(), Said("x", text, NOW))[0].topic == "retract"


def test_words_to_send_stand_beside_an_answer() -> None:
    text = "Can I take it back on Telegram? And how do I apologise to my boss?"
    reply, _ = real_bot().reply(Session(), Said("x", text, NOW))
    assert reply.topic == "retract"
    assert "Write an apology: “Hello [name]," in reply.text


def test_a_short_question_is_read_in_the_light_of_the_rest() -> None:
    text = "I unsent a Slack message. Is it gone? Is there any copy with our admins?"
    reply, _ = real_bot().reply(Session(), Said("x", text, NOW))
    assert "Do they keep a record?" in reply.text


def test_the_first_question_leads_also_where_the_whole_is_torn() -> None:
    text = "Is a recall possible in Outlook, or should I write again?"
    assert real_bot().reply(Session(), Said("x", text, NOW))[0].topic == "retract"


def test_a_clear_question_in_a_story_is_answered() -> None:
    text = "hm no, I actually like her a lot. What can I write instead?"
    chat = Chat(Core(real_bot()))
    chat.say("can I take back a message on Bumble")
    assert chat.say(text).topic == "follow_up"


def test_the_same_question_is_answered_for_each_service_that_is_named() -> None:
    chat = Chat(Core(real_bot())).say("can I unsend on Slack or on Teams")
    assert chat.slots["platform"] == "slack"
    chat.sees("Microsoft Teams: Yes")
    chat = Chat(Core(real_bot())).say(
        "is there no delete on Xbox? same question for PSN"
    )
    chat.sees("PlayStation: The same")


# --- what goes on with the talk


def test_a_question_that_only_points_back_asks_the_last_one_again() -> None:
    chat = Chat(Core(real_bot()))
    chat.say("can Gmail wait ten minutes before sending")
    topic = chat.topic
    chat.say("does Outlook do that?")
    assert (chat.topic, chat.slots["platform"]) == (topic, "outlook")


def test_what_was_deleted_for_oneself_alone_stays_with_them() -> None:
    chat = Chat(Core(real_bot()))
    chat.say("on WhatsApp I deleted it only for me")
    chat.say("has she still got it then?")
    assert chat.topic == "deletion_effects"
    chat.sees("on their side")


def test_thanks_that_ask_nothing_are_thanks() -> None:
    chat = Chat(Core(real_bot()))
    chat.say("how do I unsend a Slack message")
    chat.say("thank you, you have been almost as comforting as my boss")
    assert chat.topic == "thanks"


def test_a_question_does_not_begin_anew() -> None:
    chat = Chat(Core(real_bot()))
    chat.say("how do I recall a mail in Outlook")
    chat.say("the new one or the old one?")
    assert chat.slots["platform"] == "outlook"


def test_what_did_not_work_after_the_steps_is_heard() -> None:
    chat = Chat(Core(real_bot()))
    chat.say("delete a Telegram message").say("step by step").say("done").say("done")
    chat.say("no, it is still there").sees("mostly one of three things")


# --- questions and their answers


def test_a_question_is_put_until_the_answer_is_known(chat: Chat) -> None:
    chat.say("how do I call back my parcel").is_asked(CARRIER)
    chat.press("Ferry").is_asked(GOODS)
    chat.press("A crate").sees("Yes.", "A crate can be hauled back.")
    assert (chat.decision, chat.topic) == ("answer", "call_back")
    assert chat.slots == {"carrier": "ferry", "goods": "crate"}


def test_what_the_question_says_already_is_not_asked_again(chat: Chat) -> None:
    chat.say("get a mole post parcel back")
    assert chat.decision == "answer"
    chat.say("fetch back the crate that I posted 20 minutes ago")
    assert chat.decision == "answer"
    assert chat.slots == {"carrier": "ferry", "goods": "crate", "left_at": "PT20M"}


def test_a_question_has_not_sure_among_its_choices(chat: Chat) -> None:
    chat.say("how do I call back my parcel")
    assert chat.labels == [
        *("Heron Air", "Mole Post", "Ferry", "More carriers"),
        *("Another one: type its name", "Not sure"),
    ]
    chat.press("Not sure").sees("Be quick.")
    assert chat.slots == {}


@pytest.mark.parametrize("text", ["no idea", "I am not sure", "dunno, sorry"])
def test_not_knowing_is_an_answer_in_words_too(chat: Chat, text: str) -> None:
    chat.say("how do I call back my parcel").say(text)
    assert (chat.decision, chat.topic) == ("answer", "call_back")
    chat.sees("Be quick.")


@pytest.mark.parametrize(
    "text", ["Unsealed", "unsealed", " UNSEALED. ", "2", "yes", "Yes!"]
)
def test_a_typed_label_a_number_and_yes_work_like_the_button(
    chat: Chat, text: str
) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    value = chat.buttons["Unsealed"]
    chat.say(text)
    other = Chat(Core(toy_bot())).say("get a heron parcel back").press_value(value)
    assert chat.slots == other.slots == {"carrier": "heron", "seal": "broken"}
    assert (chat.topic, chat.text) == (other.topic, other.text)


@pytest.mark.parametrize("text", ["0", "5", "99", "4444444444444444444444"])
def test_a_number_without_a_button_is_no_answer(chat: Chat, text: str) -> None:
    chat.say("get a heron parcel back").say(text)
    assert "seal" not in chat.slots
    assert chat.text


@pytest.mark.parametrize("text", ["0", "5", "999", " 77. "])
def test_a_number_without_a_button_is_told_and_the_buttons_stay(
    chat: Chat, text: str
) -> None:
    before = chat.say("get a heron parcel back").labels
    chat.say(text)
    assert chat.decision == "decline"
    chat.sees(f"There is no button {text.strip(' .')}; the last one is {len(before)}.")
    assert chat.labels == before
    chat.say("2")
    assert chat.slots == {"carrier": "heron", "seal": "broken"}


@pytest.mark.parametrize("text", ["4444", "0002", "4444444444444444444444"])
def test_a_longer_number_names_no_button(chat: Chat, text: str) -> None:
    chat.say("get a heron parcel back").say(text).sees("There is nothing to read.")
    assert "seal" not in chat.slots


def test_a_number_where_nothing_was_offered_is_nothing_to_read(chat: Chat) -> None:
    chat.say("77").sees("There is nothing to read.")


def test_numbers_count_the_buttons_of_the_last_message(chat: Chat) -> None:
    chat.say("how do I call back my parcel").say("3").is_asked(GOODS)
    chat.say("1")
    assert chat.slots == {"carrier": "ferry", "goods": "crate"}


def test_an_answer_may_come_with_other_words(chat: Chat) -> None:
    chat.say("how do I call back my parcel").say("well, it was with the ferry")
    chat.is_asked(GOODS)
    chat.say("it was a card, I posted it").sees("A card is gone with the tide.")


def test_another_fact_than_the_one_asked_for_is_kept(chat: Chat) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    chat.say("20 minutes ago")
    assert chat.decision == "answer"
    chat.say("no").sees("10 minutes left")


def test_a_question_is_not_put_where_its_answer_changes_nothing(chat: Chat) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    chat.say("get a mole post parcel back")
    assert chat.decision == "answer"


def test_the_order_of_answers_does_not_matter(chat: Chat) -> None:
    replies = []
    for order in (
        ["heron", "still sealed", "20 minutes ago"],
        ["heron", "20 minutes ago", "still sealed"],
        ["20 minutes ago", "heron", "still sealed"],
    ):
        chat.say("/restart").say("how do I call back my parcel")
        for text in order:
            chat.say(text)
        replies.append((chat.text.partition("\n")[0], chat.slots, chat.decision))
    assert replies[0] == replies[1] == replies[2]
    assert replies[0][2] == "answer"


# --- corrections and switches


def test_a_correction_replaces_the_fact_and_keeps_the_topic(chat: Chat) -> None:
    chat.say("how long do I have").say("heron").sees("For 30 minutes.")
    chat.say("sorry, I meant mole post")
    assert (chat.topic, chat.slots) == ("closing_time", {"carrier": "mole"})


def test_a_correction_keeps_the_topic_though_its_words_are_about_another(
    chat: Chat,
) -> None:
    chat.say("how long do I have").say("heron")
    chat.say("sorry, I meant the parcel that I want back from mole post")
    assert (chat.topic, chat.slots) == ("closing_time", {"carrier": "mole"})


def test_a_correction_while_a_question_is_open_goes_on_with_it(chat: Chat) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    chat.say("sorry, I meant the ferry").is_asked(GOODS)
    assert chat.slots == {"carrier": "ferry"}


def test_a_kind_goes_with_the_carrier_that_has_it(chat: Chat) -> None:
    chat.say("fetch back the crate that I posted")
    assert chat.slots == {"carrier": "ferry", "goods": "crate"}
    chat.say("sorry, I meant heron")
    assert chat.slots == {"carrier": "heron"}


def test_facts_alone_are_about_the_topic_at_hand(chat: Chat) -> None:
    chat.say("will they know about it").say("heron").sees("A feather is left")
    chat.say("and with mole post?").sees("Nothing shows above ground.")
    assert chat.topic == "gossip"


def test_facts_out_of_the_blue_are_about_taking_back(chat: Chat) -> None:
    chat.say("mole post")
    assert (chat.decision, chat.topic) == ("answer", "call_back")


def test_a_clear_topic_is_switched_to_with_what_is_known(chat: Chat) -> None:
    chat.say("get a mole post parcel back").say("how long do I have")
    assert (chat.decision, chat.topic) == ("answer", "closing_time")
    assert chat.slots == {"carrier": "mole"}


def test_a_topic_about_another_carrier_starts_with_nothing_else_known(
    chat: Chat,
) -> None:
    chat.say("fetch back the crate that I posted 20 minutes ago")
    chat.say("what is the time limit with heron")
    assert chat.topic == "closing_time"
    assert chat.slots == {"carrier": "heron"}


def test_a_fresh_question_beats_a_pending_choice(chat: Chat) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    chat.say("how long do I have")
    assert (chat.decision, chat.topic) == ("answer", "closing_time")


def test_a_fresh_question_beats_a_pending_choice_though_it_holds_an_answer(
    chat: Chat,
) -> None:
    chat.say("how do I call back my parcel").is_asked(CARRIER)
    chat.say("how long is there for that with heron, until when does that work")
    assert (chat.topic, chat.slots) == ("closing_time", {"carrier": "heron"})


def test_what_was_read_already_is_a_question_of_its_own(chat: Chat) -> None:
    chat.say("get a heron parcel back").press("Unsealed")
    assert chat.topic == "unsealed"
    chat.sees("A broken seal ends it.")


def test_an_aspect_is_answered_by_itself_and_does_not_linger(chat: Chat) -> None:
    chat.say("the sticker fell off").say("mole post").sees("Write the address")
    chat.say("how do I call back my parcel").sees_no("Write the address")
    chat.say("the sticker fell off").say("xylophone zebra")
    assert not [v for v in chat.buttons.values() if "label" in v]


# --- side questions


@pytest.mark.parametrize(
    ("text", "decision", "topic"),
    [
        ("thanks", "answer", "bows"),
        ("hello", "answer", "hails"),
        ("what can you do", "answer", "counter_help"),
        ("what is the weather like", "decline", "elsewhere"),
        ("how do I bake a cake", "decline", "elsewhere"),
    ],
)
def test_a_side_question_is_answered_and_comes_back_to_the_step(
    chat: Chat, text: str, decision: str, topic: str
) -> None:
    chat.say("get a heron parcel back").is_asked(SEAL)
    there = chat.labels
    chat.say(text)
    assert (chat.decision, chat.topic) == (decision, topic)
    chat.sees(SEAL)
    assert chat.labels == there
    chat.say("no")
    assert (chat.decision, chat.topic) == ("answer", "call_back")
    assert chat.slots == {"carrier": "heron", "seal": "whole"}


def test_without_an_open_question_a_side_topic_offers_what_is_next_to_it(
    chat: Chat,
) -> None:
    chat.say("thanks").sees("You are welcome.")
    assert chat.labels == ["Call it back"]


def test_a_question_that_was_answered_does_not_come_back(chat: Chat) -> None:
    chat.say("get a heron parcel back").say("no").say("thanks")
    chat.sees("You are welcome.").sees_no(SEAL)


def test_a_side_topic_keeps_what_is_known(chat: Chat) -> None:
    chat.say("get a mole post parcel back").say("thanks")
    chat.say("how long do I have")
    assert chat.slots == {"carrier": "mole"}


# --- back and start over


def test_back_goes_one_step_back_and_further(chat: Chat) -> None:
    chat.say("how do I call back my parcel").say("ferry").is_asked(GOODS)
    chat.say("a crate")
    chat.say("back").is_asked(GOODS)
    chat.say("go back").is_asked(CARRIER)
    assert chat.slots == {}


def test_the_button_back_does_the_same(chat: Chat) -> None:
    chat.say("how do I call back my parcel")
    assert "Back" not in chat.labels
    chat.say("ferry").press("Back").is_asked(CARRIER)


def test_after_back_the_way_on_is_open(chat: Chat) -> None:
    chat.say("how do I call back my parcel").say("ferry").say("back")
    chat.press("Mole Post").sees("Mole Post digs up any parcel.")


def test_back_after_a_switch_returns_to_the_topic_before(chat: Chat) -> None:
    chat.say("get a mole post parcel back").say("will they know about it")
    chat.say("back")
    assert chat.topic == "call_back"


@pytest.mark.parametrize(
    "text", ["/restart", "start over", "begin anew", "/RESTART now"]
)
def test_starting_over_forgets_everything(chat: Chat, text: str) -> None:
    chat.say("get a heron parcel back").say("20 minutes ago").say(text)
    assert (chat.topic, chat.slots) == ("afresh", {})
    chat.sees("All is forgotten.").sees_no(SEAL)
    chat.say("how long do I have").is_asked(CARRIER)
    assert "Back" not in chat.labels


def test_starting_over_can_come_with_a_question(chat: Chat) -> None:
    chat.say("get a heron parcel back")
    chat.say("forget everything I said. how long do I have?").is_asked(CARRIER)
    assert (chat.topic, chat.slots) == ("closing_time", {})


# --- torn and lost


def test_between_topics_too_close_to_call_the_best_is_answered(chat: Chat) -> None:
    chat.say("how long until they notice with mole post")
    assert (chat.decision, chat.topic) == ("answer", "closing_time")
    assert "Will they know?" in chat.labels


def test_another_reading_is_taken_by_its_button(chat: Chat) -> None:
    chat.say("how long until they notice").press("Will they know?").is_asked(CARRIER)
    assert chat.topic == "gossip"


def test_an_offer_carries_what_is_known(chat: Chat) -> None:
    chat.say("how long until they notice with heron").press("Will they know?")
    assert (chat.topic, chat.slots) == ("gossip", {"carrier": "heron"})


def test_a_rejected_answer_brings_the_next_reading_and_then_the_choice(
    chat: Chat,
) -> None:
    chat.say("how long until they notice with mole post")
    chat.say("that is not what I asked")
    assert chat.topic == "gossip"
    for _ in range(2):
        chat.say("that is not what I asked")
    chat.sees("None of these, then.")
    assert chat.topic == "counter_help"


def test_what_was_said_just_now_is_not_said_again_word_for_word(chat: Chat) -> None:
    first = chat.say("how long do I have with mole post").text
    assert chat.say("how long do I have with mole post").text != first


def test_what_is_not_understood_is_said_briefly_with_a_choice(chat: Chat) -> None:
    chat.say("xylophone zebra").sees("That was not understood.")
    assert (chat.decision, chat.topic) == ("decline", None)
    assert chat.labels == ["Call it back", "How long?", "Will they know?"]


def test_the_second_miss_in_a_row_gives_a_way_out(chat: Chat) -> None:
    chat.say("xylophone zebra").say("xylophone zebra")
    chat.sees("It knows:", "Calling a parcel back.")


def test_a_turn_that_was_understood_ends_the_row_of_misses(chat: Chat) -> None:
    for text in ("hello", "get a mole post parcel back", "how long until they notice"):
        chat.say("/restart").say("xylophone zebra").say(text).say("xylophone zebra")
        chat.sees("That was not understood.")


def test_a_miss_leaves_the_open_question_open(chat: Chat) -> None:
    chat.say("get a heron parcel back").say("xylophone zebra").say("still sealed")
    assert chat.slots == {"carrier": "heron", "seal": "whole"}
    assert chat.decision == "answer"


@pytest.mark.parametrize("text", ["", "   ", "?!", "\u200b", "\n\n", "..."])
def test_nothing_at_all_gets_a_kind_reply_and_is_no_miss(chat: Chat, text: str) -> None:
    chat.say(text).sees("There is nothing to read.")
    assert chat.decision == "decline"
    chat.say("xylophone zebra").sees("That was not understood.")


# --- notices


def test_what_is_taken_from_before_is_said_and_can_be_undone(chat: Chat) -> None:
    chat.say("get a mole post parcel back").say("will they know about it")
    chat.sees("Mole Post", "from before")
    undo = chat.labels[0]
    chat.press(undo).is_asked(CARRIER)
    assert (chat.topic, chat.slots) == ("gossip", {})


def test_nothing_is_said_of_what_the_question_names_itself(chat: Chat) -> None:
    chat.say("get a mole post parcel back")
    chat.say("will they know about it with mole post").sees_no("from before")


def test_nothing_is_said_of_what_an_answer_goes_on_from(chat: Chat) -> None:
    chat.say("get a heron parcel back").say("yes").sees_no("from before")
    assert chat.topic == "unsealed"


def test_a_repair_that_decided_is_shown_and_can_be_undone(chat: Chat) -> None:
    chat.say("a dedline").sees("“dedline”", "“deadline”")
    assert chat.topic == "closing_time"
    chat.press(chat.labels[0]).sees("None of these, then.")


def test_a_repair_that_decided_nothing_is_not_shown(chat: Chat) -> None:
    chat.say("I want my parcle back").sees_no("parcle")
    assert chat.topic == "call_back"


def test_a_second_question_in_a_message_becomes_a_button(chat: Chat) -> None:
    chat.say("call back my mole post parcel and will they notice anything")
    assert chat.topic == "call_back"
    chat.press("Will they know?")
    assert (chat.topic, chat.slots) == ("gossip", {"carrier": "mole"})


# --- commands


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("/start", "hails"),
        ("/help", "counter_help"),
        ("/HELP", "counter_help"),
        ("/help@toybot", "counter_help"),
        ("/help me please", "counter_help"),
    ],
)
def test_a_command_is_a_topic_like_any_other(chat: Chat, text: str, topic: str) -> None:
    assert chat.say(text).topic == topic


@pytest.mark.parametrize("text", ["/", "/ ", "/  help", "/xylophone", "//", "/@toybot"])
def test_an_unknown_command_is_a_text_like_any_other(chat: Chat, text: str) -> None:
    assert chat.say(text).text


# --- buttons outlive the session


def test_an_old_button_still_says_what_it_said(chat: Chat) -> None:
    chat.say("how do I call back my parcel").press("Ferry")
    crate = chat.buttons["A crate"]
    chat.say("/restart").press_value(crate)
    assert chat.slots == {"carrier": "ferry", "goods": "crate"}
    assert chat.decision == "answer"


@pytest.mark.parametrize("value", ["", "gone|pheron", "call_back|zz", "🙂" * 20])
def test_a_button_of_no_book_is_not_understood(chat: Chat, value: str) -> None:
    chat.press_value(value)
    assert (chat.decision, chat.topic) == ("decline", None)
    assert chat.text


# --- time


def test_the_time_left_runs_down_between_messages(chat: Chat) -> None:
    chat.say("how long do I have").say("heron").say("10 minutes ago")
    chat.sees("About 20 minutes left")
    chat.wait(minutes=15).say("how long do I have").sees("About 5 minutes left")
    assert chat.slots["left_at"] == "PT25M"
    chat.wait(minutes=15).say("how long do I have").sees("It is over, since 10 minutes")


def test_an_old_button_counts_from_the_moment_it_was_made(chat: Chat) -> None:
    chat.say("how long do I have").say("heron")
    just_now = chat.buttons["Just now"]
    chat.wait(hours=1).press_value(just_now).sees("It is over, since 31 minutes")


@pytest.mark.parametrize("text", ["60 years ago", "9999 years ago", "99 weeks ago"])
def test_the_distant_past_is_just_over(chat: Chat, text: str) -> None:
    chat.say("how long do I have").say("heron").say(text).sees("It is over")


# --- steps one by one


def test_steps_can_be_gone_through_one_by_one(chat: Chat) -> None:
    chat.say("how do I wrap it anew").sees("1. Fold the paper.", "2. Tie the knot.")
    chat.press("Step by step").sees("Step 1 of 2.", "Fold the paper.")
    assert chat.topic == "wrap"
    chat.press("Next").sees("Step 2 of 2.", "Tie the knot.")
    chat.press("Back").sees("Step 1 of 2.")
    chat.press("Next").press("Done").sees("Does it hold?")


def test_steps_begin_in_words_too(chat: Chat) -> None:
    chat.say("how do I wrap it anew").say("walk me through it")
    chat.sees("Step 1 of 2.").say("next").sees("Step 2 of 2.")
    chat.say("back").sees("Step 1 of 2.")


def test_next_after_an_answer_with_steps_is_the_first_of_them(chat: Chat) -> None:
    chat.say("how do I wrap it anew").say("next").sees("Step 1 of 2.")


def test_whether_it_worked_can_be_said_under_the_steps(chat: Chat) -> None:
    chat.say("how do I wrap it anew").press("It worked").sees("Well done.")
    chat.say("how do I wrap it anew").press("It did not").sees("Use more string.")


def test_after_the_last_step_it_is_asked_whether_that_worked(chat: Chat) -> None:
    chat.say("how do I wrap it anew").press("Step by step").press("Next").press("Done")
    yes, no, *_ = chat.labels
    chat.press(yes).sees("Well done.")
    chat.say("how do I wrap it anew").press("Step by step").press("Next").press("Done")
    chat.press(no).sees("Use more string.")


def test_a_step_ends_with_its_answer(chat: Chat) -> None:
    chat.say("how do I wrap it anew").press("Step by step")
    chat.say("get a mole post parcel back")
    assert chat.slots == {"carrier": "mole"}
    chat.say("how do I wrap it anew").sees("1. Fold the paper.")


# --- properties

texts = st.one_of(
    st.sampled_from(
        ["how do I call back my parcel", "get a heron parcel back", "heron", "ferry"]
        + ["a crate", "a card", "my postcard", "mole post", "pigeon", "snail", "yes"]
        + ["no", "no idea", "20 minutes ago", "3 days ago", "60 years ago", "back"]
        + ["how long do I have", "will they know about it", "the sticker fell off"]
        + ["how long until they notice", "xylophone zebra", "thanks", "hello", "/start"]
        + ["what is the weather like", "start over", "/restart", "/help", "", "1", "2"]
        + ["3", "4", "sorry, I meant the ferry", "she unsealed it", "still sealed"]
        + ["how do I wrap it anew", "a dedline", "not sure"]
    ),
    st.text(max_size=30),
)
steps = st.lists(st.one_of(texts, st.integers(0, 12)), max_size=8)
"""What is typed, or which button is pressed."""


def played(chat: Chat, steps: list[str | int]) -> list[tuple[object, ...]]:
    """Plays a conversation and checks what holds of every turn."""
    kb = chat.face.bot.kb if isinstance(chat.face, Core) else toy_book()
    for step in steps:
        if isinstance(step, str):
            chat.say(step)
        elif chat.reply and chat.labels:
            values = list(chat.buttons.values())
            chat.press_value(values[step % len(values)])
            assert chat.topic is not None, "a button that was offered is understood"
        else:
            continue
        assert chat.text.strip()
        assert chat.decision in {"answer", "ask", "clarify", "decline"}
        assert 0 <= chat.reply["confidence"] <= 1
        assert (chat.decision == "clarify") == bool(chat.reply["suggestions"])
        if chat.decision == "clarify":
            assert 2 <= len(chat.reply["suggestions"]) <= 3
        if chat.decision in {"ask", "answer"}:
            assert chat.topic in kb.topics
        for value in chat.buttons.values():
            assert len(value.encode()) <= callback_data.LIMIT
            assert callback_data.decode(kb, value) is not None, value
        if chat.decision == "ask":
            assert len(chat.labels) >= 2
    return []


@given(steps)
def test_whatever_is_said_and_pressed_every_turn_holds_together(
    steps: list[str | int],
) -> None:
    played(Chat(Core(toy_bot())), steps)


@given(st.lists(texts, max_size=6))
def test_a_turn_depends_on_nothing_but_its_arguments(said: list[str]) -> None:
    bot, session = toy_bot(), Session()
    for text in said:
        event = Said("1", text, NOW)
        one, other = bot.turn(session, event), bot.turn(session, event)
        assert one == other
        session = one.session


@given(
    st.text(alphabet="qxzjkvw", min_size=6, max_size=12), st.lists(texts, max_size=3)
)
def test_a_session_keeps_no_word_that_was_said(secret: str, said: list[str]) -> None:
    bot, session = toy_bot(), Session()
    for text in [*said, secret, f"will they know about {secret}, sent by heron"]:
        session = bot.turn(session, Said("1", text, NOW)).session
        assert secret not in repr(session)


@given(steps)
def test_a_pressed_button_leads_to_the_same_place_from_anywhere(
    steps: list[str | int],
) -> None:
    """It says all that was known, so it needs no session."""
    chat = Chat(Core(toy_bot()))
    played(chat, steps)
    values = chat.buttons.values() if chat.reply else ()
    for value in values:
        fresh = toy_bot().turn(Session(), Pressed("2", value, NOW))
        assert isinstance(chat.face, Core)
        here = toy_bot().turn(chat.face.session, Pressed("1", value, NOW))
        if not here.resume:
            assert (here.outcome, here.slots) == (fresh.outcome, fresh.slots)


def test_the_real_book_has_what_the_talk_relies_on() -> None:
    topics = real_book().topics
    assert {"retract", "help", "out_of_scope"} <= topics.keys()
    commands = {topic.command: topic for topic in topics.values()}
    assert {"start", "help", "restart"} <= commands.keys()
    assert commands["restart"].clears
