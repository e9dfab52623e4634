"""What a message leads to: the rules in their order, and the one that applies.

The order is from the unmistakable to the doubtful: a control means one thing wherever it
is typed, an answer to the open question goes before a topic, a clear topic before a
guess. Beside each rule stands a message that it decides, some of them in the middle of a
conversation; when it applies says the first line of its docstring, in `rules/`.
`takeback ask --why "..."` names the rule that decided.
"""

from __future__ import annotations

from bot.dialogue.context import Context, Decision, Rule
from bot.dialogue.rules import (
    clear_topics,
    controls,
    last_answer,
    near_misses,
    stated_slots,
    unclear,
)

RULES: tuple[Rule, ...] = (
    # 1. Controls: whole messages with one meaning, whatever was said before.
    controls.runs_command,  # "/restart"
    controls.types_button,  # "2"
    controls.goes_back,  # "go back"
    controls.types_number_without_button,  # "77"
    # 2. About the last answer: fixed words that mean nothing without it, and that the
    #    classifier would take for a topic.
    near_misses.keeps_to_what_presses,  # "call the police?"
    near_misses.goes_on_with_near_miss,  # "did it ring for long"
    last_answer.moves_through_steps,  # "next step"
    last_answer.answers_did_it_work,  # "ok I unsent it"
    last_answer.rejects_answer,  # "that is not what I asked"
    last_answer.reports_failure,  # "it did not work"
    last_answer.doubts_answer,  # "really? she says otherwise"
    last_answer.sums_up,  # "so basically no?"
    last_answer.asks_for_alternatives,  # "what else can I do"
    # 3. Slots, and no question with a topic of its own: first what was asked for, then
    #    what is told unasked.
    stated_slots.adds_a_sentence,  # "add that i was tired"
    stated_slots.fills_requested_slot,  # "still unread"
    stated_slots.asks_what_facts_change,  # "now it is read. Does that change anything?"
    stated_slots.corrects_slot,  # "sorry, I meant two hours ago"
    stated_slots.corrects_place,  # "no, I mean on a locked screen"
    stated_slots.turns_to_another_message,  # "and the other one?"
    stated_slots.goes_on_with_question,  # "and in a group?"
    stated_slots.tells_what_was_tried,  # "I have the newest version"
    stated_slots.names_another_service,  # "it says RCS in the text box"
    stated_slots.looks_at_a_place,  # "does he get an email of it"
    stated_slots.changes_view,  # "more formal"
    stated_slots.states_slots_only,  # "10 minutes ago"
    stated_slots.names_device,  # "android"
    stated_slots.states_several_slots,  # "inmail, an hour ago, help"
    stated_slots.tells_what_is_done,  # "I unsent it at once"
    # 4. A clear topic: one of the domain is answered at once. Small talk and what is out
    #    of scope come last, after all by which a message goes on with the conversation.
    clear_topics.stays_with_what_presses,  # "I feel so ashamed"
    clear_topics.clear_topic,  # "how do I unsend a message"
    clear_topics.continues_with_slots,  # "it was to somebody who blocked me"
    clear_topics.continues_with_question,  # "shut down my profile"
    clear_topics.tells_what_was_sent,  # "I emailed my card details and got a call"
    clear_topics.continues_without_slots,  # "she is an old friend of mine"
    clear_topics.asks_vaguely,  # "is that good news?"
    clear_topics.small_talk_or_out_of_scope,  # "what is the weather like"
    # 5. No clear topic: the more a guess has to go by, the earlier it comes. Few messages
    #    come to the last three, where phrases have taught what nonsense looks like.
    unclear.states_slots_with_few_words,  # "slack hr photo"
    unclear.picks_best_of_several,  # "is it copies or records"
    unclear.suggests_topics,  # "they"
    unclear.keeps_topic_for_slots,  # "zzz yyy an hour ago?"
    unclear.falls_back,  # "???"
)

MAY_BE_A_FRAGMENT: frozenset[Rule] = frozenset(
    (
        stated_slots.states_slots_only,
        stated_slots.states_several_slots,
        clear_topics.small_talk_or_out_of_scope,
        unclear.states_slots_with_few_words,
        unclear.picks_best_of_several,
        unclear.suggests_topics,
        unclear.keeps_topic_for_slots,
        unclear.falls_back,
    )
)
"""Rules by which a short text may be a piece of a message whose rest is still to come."""


def decide(context: Context) -> Decision:
    """The decision of the first rule that applies; the last one always does."""
    return next(
        decision._replace(rule=rule)
        for rule in RULES
        if (decision := rule(context)) is not None
    )
