"""Short messages that go on with what the bot is not for: a threat, a like, a call."""

from __future__ import annotations

from bot.dialogue import tree
from bot.dialogue.context import SHORT, Context, Decision
from bot.knowledge.model.topics import has_case


def keeps_to_what_presses(context: Context) -> Decision | None:
    """A word that the threat told before has an answer to: "call the police?"."""
    kb, session = context.kb, context.session
    if len(context.parse.words) > _ASKED_ON:
        return None
    visits = (visit.topic for visit in reversed(session.history))
    for topic in (context.here, *visits):
        entry = kb.topics.get(topic)
        if topic == kb.roles.topics.fallback:
            continue  # what it is about is no longer known
        if entry and entry.scope == "out" and has_case(entry.tree, context.views):
            if topic == kb.roles.topics.fallback and not _is_answered(context, topic):
                continue
            return Decision(topic, kb.lasting(session.slots), 0.9)
    return None


def _is_answered(context: Context, topic: str) -> bool:
    """Whether what is asked has an answer of its own there, beside all near misses."""
    kb, known = context.kb, context.kb.lasting(context.session.slots)
    asked = {k: v for k, v in context.views.items() if k in kb.uses(topic)}
    led_to = tree.walk(kb, topic, {**known, **asked}, context.now)
    return led_to != tree.walk(kb, topic, known, context.now)


def goes_on_with_near_miss(context: Context) -> Decision | None:
    """What is asked or told of the like, call or story before: "did it ring for long"."""
    kb, session = context.kb, context.session
    fallback = kb.roles.topics.fallback
    lasts = kb.topics[fallback].lasts
    entry = (
        kb.topics[fallback].below(session.missed) if session.missed in lasts else None
    )
    if entry is None or len(context.parse.words) > _ASKED_ON:
        return None
    _, _, aspect = context.label.partition("/")
    if aspect != session.missed and aspect in lasts:
        return None  # "and I commented on it too"
    asked = {k: v for k, v in context.views.items() if k in kb.uses(fallback)}
    if not has_case(entry, asked):
        few = len(context.parse.words) <= SHORT and context.spare <= 1
        afresh = kb.language.holds(context.parse.words, kb.words.sent)
        if asked or afresh or not (few and context.new_slots):
            return None
    slots = {**kb.lasting(session.slots), "aspect": session.missed}
    return Decision(fallback, slots, 0.9)


_ASKED_ON = 14
"""Words of the longest text that goes on with it."""
