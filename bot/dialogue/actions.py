"""Where a message or a button leads: the turn at a topic, at an offer, at nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue import callback_data, steps, tree
from bot.dialogue.buttons import HELP, merged, offers, topics, under
from bot.dialogue.events import Button
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import (
    Fallback,
    Finished,
    Outcome,
    Step,
    Suggestions,
    Trace,
    Turn,
)
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import Parse


def arrive(
    kb: KnowledgeBase,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
) -> Turn:
    """At a topic with what is known, as a button leads there."""
    return about(kb, session, topic, known, now, 1.0, Trace(None, "a button"))


def about(
    kb: KnowledgeBase,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Trace,
) -> Turn:
    """On to a topic with what is known."""
    if kb.topics[topic].scope != "domain":
        return aside(kb, session, topic, known, now, confidence, why)
    other = tree.instead(kb, topic, known)
    if other is not None:
        topic, known = other, kb.lasting(known)
    reached = tree.walk(kb, topic, known, now)
    trail = session.left(topic, known)
    asked = expects = None
    guided = False
    if isinstance(reached, Question):
        outcome: Question | Answer | Step | Finished = reached
        asked = reached.slot
    else:
        outcome = steps.at(kb, reached, known)
        guided = topic == steps.STUCK or bool(steps.walkable(kb, reached, known))
        expects = _expects(kb, topic, known)
    buttons = under(kb, outcome, reached, known, now)
    if asked and trail:
        value = callback_data.encode(kb, trail[-1].topic, trail[-1].known)
        buttons += (Button("Back", value),)
    after = Session(
        topic,
        dict(known),
        asked,
        expects,
        guided,
        offered=buttons,
        trail=trail,
        answered=_answered(outcome, known),
    )
    return Turn(after, outcome, known, confidence, why, buttons)


def _expects(kb: KnowledgeBase, topic: str, known: Mapping[str, str]) -> str | None:
    """The slot that a bare answer would be about; a wish can be changed once more."""
    listens = kb.topics[topic].listens
    wish = listens[-1] if listens and kb.slots[listens[-1]].view else None
    return next((slot for slot in listens if slot not in known), wish)


def _answered(outcome: Outcome, known: Mapping[str, str]) -> str | None:
    if not isinstance(outcome, Answer):
        return None
    place = (known.get(name, "") for name in ("platform", "kind", "device", "aspect"))
    return "|".join((outcome.topic, outcome.say, *place))


def aside(
    kb: KnowledgeBase,
    session: Session,
    topic: str,
    known: Mapping[str, str],
    now: datetime,
    confidence: float,
    why: Trace,
) -> Turn:
    """Small talk and what is out of scope: answered, then back to the step."""
    clears = kb.topics[topic].clears
    if clears:
        session = Session()
        known = {k: v for k, v in known.items() if k == "aspect"}
    outcome = tree.walk(kb, topic, known, now)
    resume = None
    if session.topic and session.asked:
        resume = Question(session.topic, session.asked)
        buttons = under(kb, resume, resume, session.known, now)
    else:
        buttons = under(kb, outcome, outcome, known, now)
        if not clears:
            # What is asked next will be about the service that was named in passing.
            where = {k: known[k] for k in ("platform", "kind") if k in known}
            session = replace(session, known=merged(kb, where, session.known))
    after = replace(session, offered=buttons, misses=0, answered=None)
    return Turn(after, outcome, known, confidence, why, buttons, resume, forget=clears)


def offer(
    kb: KnowledgeBase,
    session: Session,
    near: tuple[str, ...],
    stated: Mapping[str, str],
    parse: Parse,
) -> Turn:
    known = merged(kb, kb.lasting(session.known), stated)
    buttons = offers(kb, near, known)
    after = replace(session, known=known, offered=buttons, misses=0, answered=None)
    why = Trace(parse, "torn between topics")
    return Turn(after, Suggestions(near), known, parse.verdict.confidence, why, buttons)


def miss(
    kb: KnowledgeBase,
    session: Session,
    parse: Parse | None,
    way: str,
    stated: Mapping[str, str] | None = None,
    *,
    empty: bool = False,
) -> Turn:
    """Not understood: said briefly; from the second in a row on, with a way out."""
    misses = session.misses + (0 if empty else 1)
    known = merged(kb, session.known, stated or {})
    buttons = topics(kb, kb.topics[HELP].next, known)
    after = replace(session, known=known, misses=misses, offered=buttons, answered=None)
    confidence = parse.verdict.confidence if parse else 0.0
    outcome = Fallback(misses, empty)
    return Turn(after, outcome, known, confidence, Trace(parse, way), buttons)
