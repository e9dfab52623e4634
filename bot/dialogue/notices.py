"""What is said beside an answer: how it was read, and what was taken for granted."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue import callback_data, tree
from bot.dialogue.context import Context
from bot.dialogue.events import Button
from bot.dialogue.rules import clear_topics
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Assumed, ClockUnknown, Corrected, Notice, Shortened, Turn
from bot.knowledge import time_limits
from bot.knowledge.model import KnowledgeBase
from bot.nlu import durations

_SHOWN = 2
"""Corrected words that a notice tells of."""


def noticed(context: Context, done: Turn) -> Turn:
    """A correction or an assumption that mattered is shown, and undone by one press."""
    kb = context.kb
    if not isinstance(done.outcome, Answer | Question):
        return done
    if kb.topics[done.outcome.topic].scope != "domain":
        return done
    notices: list[Notice] = []
    more: list[Button] = []
    if context.parse.corrected:
        notices.append(Corrected(context.parse.corrections[:_SHOWN]))
        more.append(_not_meant(context))
    if context.is_shortened:
        notices.append(Shortened())
    if context.parse.extraction.when.time and _waits(context, done):
        notices.append(ClockUnknown())
    if found := _assumed(context, done):
        notices.append(found)
        more.append(_other_service(kb, done))
    if not notices:
        return done
    return done.led_by(more)._replace(notices=tuple(notices))


def _not_meant(context: Context) -> Button:
    kb = context.kb
    none = {"aspect": kb.roles.values.none_of_these}
    facts = kb.lasting(context.session.slots) | none
    value = callback_data.encode(kb, kb.roles.topics.help, facts)
    return Button(kb.labels.not_meant, value)


def _other_service(kb: KnowledgeBase, done: Turn) -> Button:
    assert isinstance(done.outcome, Answer | Question)
    names = kb.roles.slots
    facts = {
        k: v for k, v in done.slots.items() if k not in (names.service, names.kind)
    }
    value = callback_data.encode(kb, done.outcome.topic, facts)
    return Button(kb.labels.other_service, value)


def _assumed(context: Context, done: Turn) -> Assumed | None:
    """The service that is taken from before, where a fresh question names none."""
    kb, session = context.kb, context.session
    slot = kb.roles.slots.service
    service = done.slots.get(slot, "")
    for found in context.parse.extraction.found if slot in context.new_slots else ():
        if found.slot == slot and found.value == service and found.implied:
            return Assumed(slot, service, implied=True)
    if not kb.label(service) or service != session.slots.get(slot):
        return None
    # Said once: in a conversation on one service it would be a refrain.
    if session.history or done.why.rule is not clear_topics.clear_topic:
        return None
    named = slot in context.parse.extraction.values
    if named or not _uses(kb, done, service):
        return None
    return Assumed(slot, service) if context.is_fresh else None


def _waits(context: Context, done: Turn) -> bool:
    """Whether the answer would be another if it were known when the message went out."""
    kb, answer, now = context.kb, done.outcome, context.now
    if not isinstance(answer, Answer) or kb.roles.slots.time in done.slots:
        return False
    if "clock" not in kb.uses(answer.topic):
        return False
    ends = (time_limits.instant(now - age) for age in (timedelta(0), durations.LONGEST))
    facts = ({**done.slots, kb.roles.slots.time: end} for end in ends)
    fresh, old = (tree.walk(kb, answer.topic, known, now) for known in facts)
    return fresh != old


def _uses(kb: KnowledgeBase, done: Turn, service: str) -> bool:
    """Whether an answer states what holds on a service."""
    if not isinstance(done.outcome, Answer):
        return False
    return bool(set(done.outcome.claims) & kb.claims_of(service, done.slots).keys())
