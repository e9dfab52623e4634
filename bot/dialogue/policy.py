"""What a message leads to: the rules in their order, and the one that applies.

A message that fits the question just asked answers it; one with facts and no topic is
about the topic at hand; a clear topic starts over with what is still known. Small talk
and what is out of scope are topics like any other.
"""

from __future__ import annotations

from bot.dialogue import rules
from bot.dialogue.context import Context, Decision, Rule

RULES: tuple[Rule, ...] = (
    rules.command,
    rules.typed_button,
    rules.goes_back,
    rules.names_no_button,
    rules.moves_in_steps,
    rules.says_how_it_went,
    rules.rejects_the_reading,
    rules.answers_with_a_view,
    rules.says_steps_failed,
    rules.asks_what_is_left,
    rules.answers_open_question,
    rules.corrects,
    rules.wishes,
    rules.states_facts_only,
    rules.names_a_device,
    rules.notes_facts,
    rules.tells_what_is_done,
    rules.clear_topic,
    rules.tells_more,
    rules.stays_inside,
    rules.gave_something_away,
    rules.goes_on,
    rules.side_topic,
    rules.adds_facts,
    rules.best_of_several,
    rules.suggests,
    rules.adds_facts_to_the_topic,
    rules.falls_back,
)


UNCLEAR: frozenset[Rule] = frozenset(
    (
        *(rules.states_facts_only, rules.notes_facts, rules.side_topic),
        *(rules.adds_facts, rules.best_of_several, rules.suggests),
        *(rules.adds_facts_to_the_topic, rules.falls_back),
    )
)
"""Those by which a short text may be a piece of a longer one."""


def decide(context: Context) -> Decision:
    """The decision of the first rule that applies; the last one always does."""
    for rule in RULES:
        if found := rule(context):
            return found._replace(rule=rule)
    raise AssertionError(RULES)
