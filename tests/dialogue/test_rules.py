"""Each rule decides a message; its docstring and policy.py show the same example."""

from __future__ import annotations

import inspect
import re

import pytest

from bot.app import Assistant
from bot.dialogue import policy
from bot.dialogue.context import Rule
from bot.dialogue.events import Said
from bot.dialogue.rules import (
    clear_topics,
    controls,
    last_answer,
    near_misses,
    stated_slots,
    unclear,
)
from bot.dialogue.session import Session
from tests.support.books import real_bot, toy_bot
from tests.support.chat import NOW

TAKE_BACK = "unsend a whatsapp message"
BEFORE: dict[Rule, tuple[str, ...]] = {
    controls.runs_command: (),
    controls.types_button: (TAKE_BACK,),
    controls.goes_back: (TAKE_BACK, "will she know"),
    controls.types_number_without_button: (TAKE_BACK,),
    last_answer.moves_through_steps: (TAKE_BACK, "step by step"),
    last_answer.answers_did_it_work: (TAKE_BACK,),
    last_answer.rejects_answer: (TAKE_BACK,),
    last_answer.reports_failure: (TAKE_BACK,),
    last_answer.doubts_answer: (TAKE_BACK,),
    last_answer.sums_up: (TAKE_BACK,),
    last_answer.asks_for_alternatives: (TAKE_BACK,),
    near_misses.keeps_to_what_presses: ("he will post my nudes unless i pay",),
    near_misses.goes_on_with_near_miss: ("I called my ex by accident",),
    stated_slots.fills_requested_slot: ("how do I unsend a message",),
    stated_slots.asks_what_facts_change: (TAKE_BACK,),
    stated_slots.corrects_slot: (TAKE_BACK,),
    stated_slots.corrects_place: ("does she notice when I unsend on whatsapp",),
    stated_slots.turns_to_another_message: (TAKE_BACK,),
    stated_slots.goes_on_with_question: (TAKE_BACK,),
    stated_slots.tells_what_was_tried: (TAKE_BACK, "the option is missing"),
    stated_slots.names_another_service: ("take back an sms",),
    stated_slots.looks_at_a_place: ("slack message to a colleague",),
    stated_slots.adds_a_sentence: ("write an apology for me",),
    stated_slots.changes_view: ("write an apology for me",),
    stated_slots.states_slots_only: (TAKE_BACK,),
    stated_slots.names_device: (),
    stated_slots.states_several_slots: (),
    stated_slots.tells_what_is_done: (),
    clear_topics.stays_with_what_presses: ("he will post my nudes unless i pay",),
    clear_topics.clear_topic: (),
    clear_topics.continues_with_slots: (TAKE_BACK,),
    clear_topics.continues_with_question: (TAKE_BACK,),
    clear_topics.tells_what_was_sent: (),
    clear_topics.continues_without_slots: (TAKE_BACK,),
    clear_topics.asks_vaguely: (TAKE_BACK,),
    clear_topics.small_talk_or_out_of_scope: (),
    unclear.states_slots_with_few_words: (),
    unclear.picks_best_of_several: (),
    unclear.falls_back: (),
}
"""What is said before a rule's example."""

RARE: dict[Rule, tuple[str, ...]] = {
    unclear.suggests_topics: ("they",),
    unclear.keeps_topic_for_slots: (
        "get a mole post parcel back",
        "zebra xylophone trombone with heron about velvet harmonica?",
    ),
}
"""Conversations of the toy book: the real one has phrases for nonsense too."""


def example(rule: Rule) -> str:
    """The message in the first line of a rule's docstring."""
    first = (inspect.getdoc(rule) or "").partition("\n")[0]
    found = re.search(r': "(.+)"\.$', first)
    assert found, f"{rule.__name__} shows no example: {first}"
    return found[1]


def deciding(bot: Assistant, *texts: str) -> Rule | None:
    """The rule that decides the last message of a conversation."""
    session, decided = Session(), None
    for text in texts:
        turn = bot.turn(session, Said("chat", text, NOW))
        session, decided = turn.session, turn.why.rule
    return decided


def test_every_rule_is_tried() -> None:
    assert {*policy.RULES} == {*BEFORE, *RARE}


@pytest.mark.parametrize("rule", BEFORE, ids=lambda rule: rule.__name__)
def test_a_rule_decides_its_example(rule: Rule) -> None:
    assert deciding(real_bot(), *BEFORE[rule], example(rule)) is rule


@pytest.mark.parametrize("rule", RARE, ids=lambda rule: rule.__name__)
def test_a_rare_rule_decides_where_phrases_say_nothing_of_it(rule: Rule) -> None:
    assert deciding(toy_bot(), *RARE[rule]) is rule


def test_the_list_of_rules_shows_the_same_examples() -> None:
    source = inspect.getsource(policy)
    shown = dict(re.findall(r"^    \w+\.(\w+),  # \"(.+)\"$", source, re.MULTILINE))
    assert shown == {rule.__name__: example(rule) for rule in policy.RULES}
