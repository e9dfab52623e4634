"""Where a decision or a button leads: the turn at a topic, at suggestions, at nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from bot.dialogue import (
    buttons,
    callback_data,
    further,
    ongoing,
    other_meanings,
    steps,
    tree,
)
from bot.dialogue.context import Context, Decision
from bot.dialogue.events import Button
from bot.dialogue.notices import noticed
from bot.dialogue.repeats import asked_once, shortened
from bot.dialogue.rules import controls
from bot.dialogue.session import Session
from bot.dialogue.slot_filling import merged
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import (
    Fallback,
    Finished,
    NoButton,
    Outcome,
    Step,
    Suggestions,
    Trace,
    Turn,
)
from bot.knowledge.model import UNSURE, KnowledgeBase


class Scene(NamedTuple):
    """Where a turn takes place."""

    kb: KnowledgeBase
    session: Session
    now: datetime


def press(kb: KnowledgeBase, session: Session, value: str, now: datetime) -> Turn:
    """A button says all that was known when it was made, so an old one still holds."""
    scene, trace = Scene(kb, session, now), Trace(None, None)
    found = callback_data.decode(kb, value)
    if found is None:
        return _nothing(scene, session.slots, trace, "button")
    return arrive(scene, *found, trace)


def carry_out(context: Context, decision: Decision) -> Turn:
    """The turn that a decision comes to, with what is said beside its answer."""
    kb, session = context.kb, context.session
    scene = Scene(kb, session, context.now)
    trace = Trace(context.parse, decision.rule)
    if decision.suggestions:
        done = _suggest(scene, decision, trace)
    elif number := _number_of_none(context, decision):
        done = _no_button(scene, number, trace)
    elif decision.topic is None:
        done = _nothing(scene, decision.slots, trace, _reason(context, decision))
    elif decision.summed:
        done = arrive(scene, decision.topic, decision.slots, trace, decision.confidence)
        if isinstance(done.outcome, Answer):
            wanted = replace(done.outcome, again=True, summed=decision.summed)
            done = done._replace(outcome=wanted)
    else:
        done = _go(context, decision, trace)
    done = other_meanings.with_others(context, done, decision)
    done = further.with_further(context, done)
    done = noticed(context, done)
    return asked_once(context, shortened(context, done))


def arrive(
    scene: Scene,
    topic: str,
    slots: Mapping[str, str],
    trace: Trace,
    confidence: float = 1.0,
) -> Turn:
    """At a topic with what is known."""
    kb, session, now = scene
    other = tree.instead(kb, topic, slots)
    if other is None and kb.topics[topic].scope != "domain":
        return _aside(scene, topic, slots, trace, confidence)
    if other is not None:
        topic, slots = other, tree.given_way(kb, other, slots)
    reached = _reached(scene, topic, slots)
    put = reached.slot if isinstance(reached, Question) else None
    asked = reached.refine if isinstance(reached, Answer) else (put,)
    if kb.roles.slots.service not in asked:
        slots = {k: v for k, v in slots.items() if k != kb.roles.slots.page}
    open_slots = _open_slots(kb, topic, reached, slots)
    history = session.left(topic, slots)
    outcome: Question | Answer | Step | Finished = reached
    if isinstance(reached, Answer):
        outcome = steps.at(kb, reached, slots)
    under = buttons.under(kb, outcome, reached, slots, now)
    if isinstance(reached, Question) and history:
        value = callback_data.encode(kb, history[-1].topic, history[-1].slots)
        under += (Button(kb.labels.back, value),)
    after = Session(
        topic,
        dict(slots),
        put,
        None if put else _expected(kb, reached, open_slots),
        open_slots,
        _is_guided(kb, topic, reached, slots),
        offered=under,
        history=history,
        answered=_answered(kb, outcome, slots),
    )
    return Turn(after, outcome, slots, confidence, trace, under)


def _reached(scene: Scene, topic: str, slots: Mapping[str, str]) -> Question | Answer:
    """Where a walk ends. Who looks through the services gets these, and no answer."""
    kb, _, now = scene
    reached, names = tree.walk(kb, topic, slots, now), kb.roles.slots
    if isinstance(reached, Question) or names.service not in reached.refine:
        return reached
    return Question(topic, names.service) if names.page in slots else reached


def _go(context: Context, decision: Decision, trace: Trace) -> Turn:
    """On to a topic with what is known, what was just stated, and how to answer."""
    kb, session, topic = context.kb, context.session, decision.topic
    assert topic is not None
    new_slots, extraction = context.new_slots, context.parse.extraction
    if decision.returns:
        session = replace(session, history=session.history[:-1], topic=None)
    if decision.returns or decision.rule is controls.types_button:
        new_slots = {}  # a label's words state nothing besides
    facts = merged(kb, decision.slots, new_slots)
    if extraction.when.time and kb.roles.slots.time not in new_slots:
        # What the clock showed then puts right what was known, and tells nothing.
        facts.pop(kb.roles.slots.time, None)
    facts |= _adding(context, extraction.asides)
    facts |= _meant_by_slip(context, topic, facts) | _given(context, topic)
    views = _adding(context, context.views).items()
    wanted = {*kb.uses(topic), session.requested_slot}
    facts |= {k: v for k, v in views if k in wanted} | _named_alone(context)
    facts |= _reported(context, topic)
    # What a view leads to may look at another one.
    if led_to := tree.instead(kb, topic, facts):
        facts |= {k: v for k, v in views if k in kb.uses(led_to)}
        facts |= _meant_by_slip(context, led_to, facts) | _given(context, led_to)
    scene = Scene(kb, session, context.now)
    done = _told_once(kb, arrive(scene, topic, facts, trace, decision.confidence))
    put = done.outcome
    if isinstance(put, Question) and put.slot == session.requested_slot:
        return _passed_over(scene, done, put)
    return done


def _adding(context: Context, told: Mapping[str, str]) -> dict[str, str]:
    """What was told, without what says less than is known already and was not asked."""
    kb, session = context.kb, context.session

    def is_vague(slot: str, value: str) -> bool:
        choice = kb.choice(slot, value)
        return choice is not None and choice.vague

    def adds(slot: str, value: str) -> bool:
        asked = slot in session.open_slots or slot not in session.slots
        return asked or not is_vague(slot, value) or is_vague(slot, session.slots[slot])

    # What differs besides is another story.
    afresh = any(
        session.slots.get(slot, value) != value
        for slot, value in context.parse.extraction.asides.items()
        if not is_vague(slot, value)
    )
    return {slot: value for slot, value in told.items() if afresh or adds(slot, value)}


def _meant_by_slip(
    context: Context, topic: str, facts: Mapping[str, str]
) -> dict[str, str]:
    """What went wrong, where the topic listens to it and only the slip was told."""
    slip = context.parse.put_right
    meant = context.kb.put_right.get(slip.kind) if slip else None
    if not meant or meant[0] not in context.kb.topics[topic].listens:
        return {}
    return {} if meant[0] in facts else dict([meant])


def _given(context: Context, topic: str) -> dict[str, str]:
    """That the words to send were given, where words are what is wished for."""
    meant = context.kb.put_right.get("wording") if context.parse.wording else None
    return dict([meant]) if meant and topic == context.kb.roles.topics.too_late else {}


def _reported(context: Context, topic: str) -> dict[str, str]:
    """That words for one above report a slip, where it went to somebody else.

    After "I sent it to a customer": "and two lines for my boss". What tells more, or
    asks whether to tell it, is another matter.
    """
    kb, known = context.kb, context.session.slots
    told = context.parse.extraction.asides.items() & kb.above
    alone = {slot for slot, _ in told}.issuperset(context.parse.extraction.asides)
    plain = context.label in ("", topic) and topic == kb.roles.topics.too_late
    elsewhere = any(
        slot in known and (slot, known[slot]) not in kb.above for slot, _ in told
    )
    return kb.report if plain and alone and elsewhere else {}


def _named_alone(context: Context) -> dict[str, str]:
    """That the words are for one of those who were named, where a text names whom."""
    meant = context.kb.put_right.get("addressee") if context.parse.addressee else None
    return dict([meant]) if meant else {}


def _told_once(kb: KnowledgeBase, done: Turn) -> Turn:
    """What is told first once something was said is not told again with every answer."""
    if not isinstance(done.outcome, Answer):
        return done
    slots = done.session.slots
    if slots.items().isdisjoint(kb.first_aid):
        return done
    left = dict(fact for fact in slots.items() if fact not in kb.first_aid)
    # What is asked later may still turn on it.
    slot = kb.roles.slots.given_away
    told = (value for name, value in slots.items() if (name, value) in kb.first_aid)
    if slot and (value := next(told, "")) and kb.choice(slot, value):
        left[slot] = value
    return done._replace(session=replace(done.session, slots=left))


def _passed_over(scene: Scene, done: Turn, put: Question) -> Turn:
    """A question that was passed over is not put again: "not sure", with its choices."""
    kb, _, now = scene
    slots = {**done.slots, put.slot: UNSURE}
    other = arrive(scene, put.topic, slots, done.why, done.confidence)
    if not isinstance(other.outcome, Answer):
        return done
    finer = buttons.choices(kb, put.topic, put.slot, done.slots, now)
    under = tuple(dict.fromkeys((*finer, *other.buttons)))
    after = replace(
        other.session,
        expected_slot=put.slot,
        open_slots=(put.slot, *other.session.open_slots),
        offered=under,
    )
    return other._replace(session=after, buttons=under)


def _aside(
    scene: Scene, topic: str, slots: Mapping[str, str], trace: Trace, confidence: float
) -> Turn:
    """Small talk and what is out of scope: answered, then back to the step."""
    kb, session, now = scene
    names = kb.roles.slots
    clears = kb.topics[topic].clears
    if clears:
        session = Session()
        slots = {k: v for k, v in slots.items() if k == "aspect"}
    outcome = tree.walk(kb, topic, slots, now)
    resume = None
    if session.topic and session.requested_slot:
        resume = Question(session.topic, session.requested_slot)
        under = buttons.under(kb, resume, resume, session.slots, now)
    else:
        under = buttons.under(kb, outcome, outcome, slots, now)
        if not clears:
            # What is asked next will be about the service that was named in passing.
            told = (names.service, names.kind, *kb.asides, *_gone(kb, slots))
            where = {k: slots[k] for k in told if k in slots}
            session = replace(session, slots=merged(kb, where, session.slots))
    after = replace(
        session,
        offered=under,
        misses=0,
        answered=None,
        missed=ongoing.missed(kb, topic, slots, trace.parse),
        readings=(),
    )
    return Turn(after, outcome, slots, confidence, trace, under, resume, forget=clears)


def _gone(kb: KnowledgeBase, slots: Mapping[str, str]) -> list[str]:
    """The slots that say that messages were taken away, whatever is asked of that."""
    choices = {slot: kb.choice(slot, value) for slot, value in slots.items()}
    return [slot for slot, choice in choices.items() if choice and choice.gone]


def _suggest(scene: Scene, decision: Decision, trace: Trace) -> Turn:
    kb, session, _ = scene
    slots, near = decision.slots, decision.suggestions
    under = buttons.offers(kb, near, slots)
    after = replace(session, slots=slots, offered=under, misses=0, answered=None)
    return Turn(after, Suggestions(near), slots, decision.confidence, trace, under)


def _nothing(
    scene: Scene, slots: Mapping[str, str], trace: Trace, reason: str = ""
) -> Turn:
    """Not understood: said briefly; from the second in a row on, with a way out."""
    kb, session, _ = scene
    misses = session.misses + (0 if reason else 1)
    under = buttons.topics(kb, kb.topics[kb.roles.topics.help].next, slots)
    after = replace(session, slots=slots, misses=misses, offered=under, answered=None)
    confidence = trace.parse.verdict.confidence if trace.parse else 0.0
    return Turn(after, Fallback(misses, reason), slots, confidence, trace, under)


def _number_of_none(context: Context, decision: Decision) -> str | None:
    """The number that was typed for a button, where none of those offered bears it."""
    if decision.rule is not controls.types_number_without_button:
        return None
    number = context.said[0]
    short = len(number) <= controls.DIGITS
    return number if short and context.session.offered else None


def _no_button(scene: Scene, number: str, trace: Trace) -> Turn:
    """Said, and all stays as it was: the buttons come once more."""
    _, session, _ = scene
    under = session.offered
    outcome = NoButton(number, len(under))
    return Turn(session, outcome, session.slots, 0.0, trace, under)


def _reason(context: Context, decision: Decision) -> str:
    """Why there was nothing to understand, if that is so."""
    if decision.rule is controls.goes_back:
        return "back"
    if decision.rule in (controls.types_button, controls.types_number_without_button):
        return "button"
    if decision.rule is controls.runs_command:
        return "command"
    return "" if context.parse.words else "empty"


def _is_guided(
    kb: KnowledgeBase,
    topic: str,
    reached: Question | Answer,
    slots: Mapping[str, str],
) -> bool:
    """Whether an answer has steps, which may not have worked."""
    if not isinstance(reached, Answer):
        return False
    failed = topic == kb.roles.topics.steps_failed
    return failed or bool(steps.walkable(kb, reached, slots))


def _open_slots(
    kb: KnowledgeBase,
    topic: str,
    reached: Question | Answer,
    slots: Mapping[str, str],
) -> tuple[str, ...]:
    """The slots that a bare answer may be about, after this question or answer.

    An answer that ends in a question wants that one answered first. A wish can be
    changed once more.
    """
    if isinstance(reached, Question):
        return (reached.slot,)
    listens = kb.topics[topic].listens
    other = next((slot for slot in listens if slot not in slots), kb.wish(topic))
    return tuple(dict.fromkeys((*reached.refine, *([other] if other else []))))


def _expected(
    kb: KnowledgeBase, reached: Question | Answer, open_slots: tuple[str, ...]
) -> str | None:
    """The slot that "not sure" is about: of an answer that ends in a question, that one."""
    refine = reached.refine if isinstance(reached, Answer) else ()
    asked = (slot for slot in refine if kb.slots[slot].ask)
    return next(asked, next((s for s in open_slots if s not in refine), None))


def _answered(
    kb: KnowledgeBase, outcome: Outcome, slots: Mapping[str, str]
) -> str | None:
    """The answer without the facts that only turn its verdict."""
    if not isinstance(outcome, Answer):
        return None
    names = kb.roles.slots
    told = (names.service, names.kind, names.device, "aspect", "action")
    place = (slots.get(name, "") for name in told)
    return "|".join((outcome.topic, outcome.say, *place))
