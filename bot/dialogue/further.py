"""Answers beside the first: to the other questions of a message, and for other services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.dialogue import slot_filling, tree
from bot.dialogue.context import Context
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Further, Turn
from bot.knowledge.model import KnowledgeBase
from bot.nlu.classifier import topic as topic_of
from bot.nlu.engine import Clause


def with_further(context: Context, done: Turn) -> Turn:
    """The answers to the other questions of the message, where they say more."""
    answer = done.outcome
    if not isinstance(answer, Answer):
        return done
    if context.kb.topics[answer.topic].scope != "domain":
        doubted = _doubted(context, done)
        answered = context.session.answered if doubted else done.session.answered
        session = replace(done.session, answered=answered)
        return done._replace(session=session, further=doubted)
    further = _asked_too(context, done, answer)
    further += _elsewhere(context, done, answer)
    return done._replace(further=tuple(further[:_FURTHER]))


def _doubted(context: Context, done: Turn) -> tuple[Further, ...]:
    """The answer at hand, where it is asked how sure that is: "really?"."""
    kb, session = context.kb, context.session
    doubted = kb.roles.values.doubted
    if not doubted or done.slots.get("aspect") != doubted:
        return ()
    service = kb.roles.slots.service
    if done.slots.get(service) != session.slots.get(service):
        return ()
    answer = context.answer_at_hand
    if answer is None or answer.verdict is None:
        return ()
    return (Further(answer, session.slots),)


def _asked_too(context: Context, done: Turn, answer: Answer) -> list[Further]:
    """The answers to its other questions, each topic once."""
    kb = context.kb
    if context.asks_if_that_changes:
        return []
    # What is asked of the answer's own topic in other words is answered by it.
    topics, told = {answer.topic, *kb.topics[answer.topic].akin}, {*answer.claims}
    further: list[Further] = []
    for clause in context.parse.clauses:
        if not clause.asks or clause.confidence < _SURE:
            continue
        found = _reached(context, done, clause)
        if not found:
            continue
        own = found.answer.topic in topics
        if own and not _is_finer(done, answer, clause, found.answer):
            continue
        if told.issuperset(found.answer.claims) and found.answer.verdict is not None:
            continue
        topics.add(found.answer.topic)
        told.update(found.answer.claims)
        further.append(found)
    return further


def _reached(context: Context, done: Turn, clause: Clause) -> Further | None:
    """Where a clause leads, if there is a sentence for it."""
    kb, topic = context.kb, topic_of(clause.label)
    facts = {**kb.lasting(done.slots), **context.own_in(clause), **clause.views}
    if kb.topics[topic].scope != "domain":
        return None
    if led_to := tree.instead(kb, topic, facts):
        # "What is the point" of what was done asks nothing of how it stands.
        if topic == kb.roles.topics.default or kb.topics[led_to].scope != "domain":
            return None
        topic, facts = led_to, tree.given_way(kb, led_to, facts)
    reached = tree.walk(kb, topic, facts, context.now)
    if not isinstance(reached, Answer):
        return None
    # Without a verdict a table or a list is no sentence; words to send are, and only
    # they are: what an action's tree says in their place answers nothing of them.
    closing = topic == kb.roles.topics.too_late
    says = not reached.folder if closing else reached.verdict is not None
    return Further(reached, facts) if says else None


def _is_finer(done: Turn, answer: Answer, clause: Clause, other: Answer) -> bool:
    """Whether it asks for an aspect of the answer's topic that this one is not about."""
    if other.topic != answer.topic or other.say == answer.say:
        return False
    aspect = clause.label.partition("/")[2]
    if not aspect or aspect == done.slots.get("aspect"):
        return False
    return clause.confidence * clause.part >= _FINELY


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


_SURE = 0.65
"""The confidence from which a clause is taken to be a question of its own."""
_FINELY = 0.65
"""The probability from which an aspect of the answer's own topic is asked for too."""
_FURTHER = 2
"""Answers beside the first that a reply has room for."""
