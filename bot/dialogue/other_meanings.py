"""What else a message may mean: buttons to it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import buttons
from bot.dialogue.context import Context, Decision
from bot.dialogue.rules import last_answer
from bot.dialogue.turn import Turn
from bot.nlu.classifier import topic as topic_of


def with_others(context: Context, done: Turn, decision: Decision) -> Turn:
    """Buttons to what else is meant; what else may be is kept for a rejection."""
    kb = context.kb
    if decision.rule is last_answer.rejects_answer:
        readings = decision.also
    else:
        ranked = (topic_of(one.label) for one in context.parse.ranked[:_READINGS])
        entries = ((topic, kb.topics[topic]) for topic in ranked)
        inside = [t for t, e in entries if e.scope == "domain" and not e.narrow]
        told = dict.fromkeys((*decision.also, *inside))
        readings = tuple(t for t in told if t != decision.topic)
    if readings != done.session.readings:
        done = done._replace(session=replace(done.session, readings=readings))
    if not decision.also or decision.rule is last_answer.rejects_answer:
        return done
    return done.led_by(buttons.topics(kb, decision.also, kb.lasting(done.slots)))


_READINGS = 3
