"""What else a message asks or may mean: buttons to it, and answers beside the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.dialogue import buttons, questions, slot_filling, tree
from bot.dialogue.context import Context, Decision
from bot.dialogue.rules import last_answer
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Further, Turn
from bot.knowledge.model import KnowledgeBase
from bot.nlu.classifier import topic as topic_of


def with_others(context: Context, done: Turn, decision: Decision) -> Turn:
    """Buttons to what else is meant; what else may be is kept for a rejection."""
    kb = context.kb
    if decision.rule is last_answer.rejects_answer:
        readings = decision.also
    else:
        ranked = (topic_of(one.label) for one in context.parse.ranked[:_READINGS])
        inside = [t for t in ranked if kb.topics[t].scope == "domain"]
        told = dict.fromkeys((*decision.also, *inside))
        readings = tuple(t for t in told if t != decision.topic)
    if readings != done.session.readings:
        done = done._replace(session=replace(done.session, readings=readings))
    if not decision.also or decision.rule is last_answer.rejects_answer:
        return done
    return done.led_by(buttons.topics(kb, decision.also, kb.lasting(done.slots)))


_READINGS = 3


def with_further(context: Context, done: Turn) -> Turn:
    """The answers to the other questions of the message, where they say more."""
    kb, answer = context.kb, done.outcome
    if not isinstance(answer, Answer) or kb.topics[answer.topic].scope != "domain":
        return done
    # What is asked of the answer's own topic in other words is answered by it.
    topics, told = {answer.topic, *kb.topics[answer.topic].akin}, {*answer.claims}
    further: list[Further] = []
    for clause in context.parse.clauses:
        topic = topic_of(clause.label)
        own = context.own_in(clause)
        in_general = "aspect" not in done.slots
        finer = in_general and questions.asks_for_aspect(clause, answer.topic)
        asked = clause.asks and clause.confidence >= _SURE
        if not asked or (topic in topics and not finer):
            continue
        facts = {**kb.lasting(done.slots), **own, **clause.views}
        if kb.topics[topic].scope != "domain" or tree.instead(kb, topic, facts):
            continue
        reached = tree.walk(kb, topic, facts, context.now)
        if not isinstance(reached, Answer) or reached.verdict is None:
            continue
        if told.issuperset(reached.claims):
            continue
        topics.add(topic)
        told.update(reached.claims)
        further.append(Further(reached, facts))
    further += _elsewhere(context, done, answer)
    return done._replace(further=tuple(further[:_FURTHER]))


def _elsewhere(context: Context, done: Turn, answer: Answer) -> Iterator[Further]:
    """The same question for the other services it names: "and the same for X"."""
    kb, slot = context.kb, context.kb.roles.slots.service
    found = context.parse.extraction.found
    named = {f.value for f in found if f.slot == slot and not f.ambiguous}
    if answer.verdict is None or done.slots.get(slot) not in named:
        return
    for service in dict.fromkeys(f.value for f in found if f.value in named):
        if service == done.slots[slot]:
            continue
        facts = slot_filling.merged(kb, done.slots, {slot: service})
        reached = tree.walk(kb, answer.topic, facts, context.now)
        if isinstance(reached, Answer) and reached.verdict is not None:
            yield Further(
                replace(reached, again=_is_alike(kb, done, reached, facts)), facts
            )


def _is_alike(
    kb: KnowledgeBase, done: Turn, other: Answer, facts: Mapping[str, str]
) -> bool:
    """Whether nothing is known of another service that was not said already."""
    answer = done.outcome
    assert isinstance(answer, Answer)
    here, there = (kb.claims(answer.topic, known) for known in (done.slots, facts))
    same = all(here.get(name) is there.get(name) for name in other.claims)
    return answer.say == other.say and same


_SURE = 0.7
"""The confidence from which a clause is taken to be a question of its own."""
_FURTHER = 2
"""Answers beside the first that a reply has room for."""
