"""Takes turns: every message and every press of a button comes through here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue import (
    actions,
    callback_data,
    policy,
    renamed,
    repeats,
    slot_filling,
)
from bot.dialogue.actions import Scene
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.reading import read
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Trace, Turn
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.nlu import confidence
from bot.nlu.classifier import topic as topic_of
from bot.nlu.engine import NluEngine


def take_turn(
    kb: KnowledgeBase, nlu: NluEngine, session: Session, event: Event, now: datetime
) -> Turn:
    """One event in a chat: what it leads to, and the session after it.

    What a text states is as of when it was said; the clock shows `now`.
    """
    language, session = session.language, renamed.session(kb, session)
    match event:
        case Pressed(value=value):
            done = actions.press(kb, session, value, now)
        case Said(text=text):
            context = read(kb, nlu, session, text, event.at.replace(microsecond=0))
            if context.now != now:
                context = replace(context, now=now)
            decision = policy.decide(context)
            done = actions.carry_out(context, decision)
            if repeats.gives_the_same(context, done):
                other = repeats.read_otherwise(context, decision)
                done = actions.carry_out(context, other) if other else done
            if refused := repeats.rejected_again(context, done):
                done = actions.carry_out(context, refused)
            if context.supposes:
                done = _as_it_was(kb, session, done)
    return done._replace(session=replace(done.session, language=language))


def _as_it_was(kb: KnowledgeBase, session: Session, done: Turn) -> Turn:
    """The turn, with the time of before: what was only supposed is not remembered."""
    time = kb.roles.slots.time
    slots = {**done.session.slots, time: session.slots[time]}
    return done._replace(session=replace(done.session, slots=slots))


def is_fragment(kb: KnowledgeBase, nlu: NluEngine, text: str) -> bool:
    """Whether a short text is about no clear topic: a piece of a question."""
    verdict = nlu.parse(text).verdict
    if not isinstance(verdict, confidence.Confident):
        return True
    topic = topic_of(verdict.label)
    # "omg" and "help" mostly go on.
    return topic == kb.roles.topics.help or kb.topics[topic].scope == "out"


def expects(kb: KnowledgeBase, nlu: NluEngine, session: Session, event: Said) -> bool:
    """Whether a piece of a question means something by itself in a conversation.

    It answers what is open, names a button, or is a word of the talk.
    """
    at = event.at.replace(microsecond=0)
    context = read(kb, nlu, renamed.session(kb, session), event.text, at)
    rule = policy.decide(context).rule
    if rule not in policy.MAY_BE_A_FRAGMENT:
        return True
    return session.topic is not None and bool(context.new_slots)


def verdict(kb: KnowledgeBase, session: Session, *, good: bool) -> str | None:
    """The button that says whether the last answer helped; none where none was given."""
    topics, session = kb.roles.topics, renamed.session(kb, session)
    if session.topic is None or session.requested_slot:
        return None
    facts = kb.lasting(session.slots)
    if session.guided:
        topic = topics.steps_worked if good else topics.steps_failed
    else:
        topic = topics.feedback
        values = kb.roles.values
        facts = {**facts, "aspect": values.good if good else values.bad}
    value = callback_data.encode(kb, topic, facts)
    return value if callback_data.decode(kb, value) else None


def not_twice(kb: KnowledgeBase, session: Session, event: Said, done: Turn) -> Turn:
    """The turn whose answer would be, word for word, the one just given: in other words.

    What was told and changed nothing is said to have changed nothing. To a complaint
    that this is not what was asked, the choice of what can be asked comes instead.
    """
    if not isinstance(done.outcome, Answer):
        return done
    if kb.language.holds(kb.language.tokenize(event.text), kb.words.not_that):
        none = {"aspect": kb.roles.values.none_of_these}
        scene = Scene(kb, session, event.at)
        return actions.arrive(scene, kb.roles.topics.help, none, done.why)
    if done.outcome.summed:
        return done._replace(outcome=replace(done.outcome, summed="", stands=True))
    if done.outcome.stands:
        return done._replace(outcome=replace(done.outcome, stands=False))
    again = not done.outcome.again
    inside = kb.topics[done.outcome.topic].scope == "domain"
    stands = again and inside and repeats.goes_on(done)
    return done._replace(outcome=replace(done.outcome, again=again, stands=stands))


def search(kb: KnowledgeBase, nlu: NluEngine, text: str, now: datetime) -> list[Turn]:
    """The answers nearest to a text, best first; to no text, those asked most."""
    parse = nlu.parse(text)
    stated = slot_filling.stated_by(kb, Session(), parse, now)
    if parse.ranked and not isinstance(parse.verdict, confidence.NoMatch):
        names = (topic_of(ranked.label) for ranked in parse.ranked)
        near = [t for t in dict.fromkeys(names) if kb.topics[t].scope == "domain"]
    else:
        near = list(kb.topics[kb.roles.topics.help].next)
    compare = kb.roles.topics.compare
    if compare and len(parse.extraction.platforms) > 1:
        near = [compare, *(topic for topic in near if topic != compare)]
    wishes = {**parse.extraction.views, **parse.extraction.asides}
    scene, trace = Scene(kb, Session(), now), Trace(parse, None)
    found = []
    for topic in near[:_SEARCHED]:
        uses = kb.uses(topic)
        slots = stated | {k: v for k, v in wishes.items() if k in uses}
        done = actions.arrive(scene, topic, slots, trace)
        while isinstance(done.outcome, Question):
            slots[done.outcome.slot] = UNSURE
            done = actions.arrive(scene, topic, slots, trace)
        found.append(done)
    return found


_SEARCHED = 6
