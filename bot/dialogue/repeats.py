"""The answer that was just given: shortened where it comes again, or another in its place."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.dialogue import slot_filling
from bot.dialogue.context import Context, Decision
from bot.dialogue.rules import clear_topics, last_answer, stated_slots, unclear
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Turn
from bot.knowledge.model import KnowledgeBase

GOING_ON = frozenset(
    (
        stated_slots.fills_requested_slot,
        stated_slots.asks_what_facts_change,
        stated_slots.corrects_slot,
        stated_slots.tells_what_was_tried,
        stated_slots.changes_view,
        clear_topics.continues_with_slots,
        clear_topics.continues_with_question,
        clear_topics.continues_without_slots,
        unclear.keeps_topic_for_slots,
    )
)
"""Rules by which a message goes on with the answer at hand, whatever its words are about."""


def goes_on(done: Turn) -> bool:
    """Whether a message was taken for a further fact, or for a remark."""
    return done.why.rule in GOING_ON


def gives_the_same(context: Context, done: Turn) -> bool:
    """Whether a message was taken to go on, and changes nothing about the answer."""
    rule = done.why.rule
    if not goes_on(done) or len(context.parse.words) < _STATEMENT:
        return False
    if rule is stated_slots.asks_what_facts_change or _corrects_a_detail(context, done):
        return False  # that it is the same is what is asked for, or says enough
    answer = done.outcome
    if not _is_the_same(context, done) or not isinstance(answer, Answer):
        return False
    if answer.stands:
        return True
    # A draft has other words for whom it is, and what was tried has an answer's turn.
    if not answer.verdict or rule is stated_slots.tells_what_was_tried:
        return False
    names = context.kb.roles.slots
    return _changed(context, done).isdisjoint((names.time, names.state))


def _corrects_a_detail(context: Context, done: Turn) -> bool:
    """Whether a fact is put right, and neither the service nor the kind: "a photo"."""
    if done.why.rule is not stated_slots.corrects_slot:
        return False
    names = context.kb.roles.slots
    told = {*context.new_slots, *_changed(context, done)}
    return told.isdisjoint((names.service, names.kind))


_STATEMENT = 5
"""Words of the shortest text that is read once more."""


def read_otherwise(context: Context, decision: Decision) -> Decision | None:
    """What a message is about besides: "I do it but he says he still has the file".

    The nearest topic of the domain that is not at hand, or what is surely a near miss.
    """
    kb, here = context.kb, context.session.slots.get("aspect", "")
    remark = decision.rule is clear_topics.continues_without_slots
    for near in context.parse.ranked[:_NEAREST]:
        topic, _, aspect = near.label.partition("/")
        entry = kb.topics[topic]
        if topic == decision.topic and aspect in ("", here):
            return None  # it sounds most like what is at hand
        if entry.narrow and not context.asks:
            continue  # no statement wants the services compared
        inside = entry.scope == "domain"
        if near.probability < (_NEAR if inside and not remark else _SURE):
            continue
        if not inside and not context.puts_a_question:
            continue  # a statement beside it is mostly a further fact
        slots = slot_filling.kept(kb, context.session, context.new_slots)
        slots |= context.own_of(near.label)
        return Decision(topic, slots, near.probability, rule=decision.rule)
    return None


def rejected_again(context: Context, done: Turn) -> Decision | None:
    """After a complaint the answer that it is about does not come again.

    Another reading of the text that got it does, else the choice of what can be asked.
    """
    kb, session = context.kb, context.session
    said = kb.language.holds(context.said, kb.words.not_that)
    if not said or not _is_the_same(context, done):
        return None
    slots = kb.lasting(session.slots)
    others = [topic for topic in session.readings if topic != session.topic]
    if others and done.why.rule is not last_answer.rejects_answer:
        return Decision(
            others[0], slots, also=tuple(others[1:]), rule=last_answer.rejects_answer
        )
    none = {"aspect": kb.roles.values.none_of_these}
    return Decision(kb.roles.topics.help, none, rule=last_answer.rejects_answer)


_NEAREST, _NEAR, _SURE = 4, 0.15, 0.6
"""Topics that are looked at; from when one counts: of the domain, else or to a remark."""


def shortened(context: Context, done: Turn) -> Turn:
    """The same answer again, a fact later, is its verdict alone.

    Only where it is said anew: a button puts an answer in the place of the one before.
    And not to a question that is put again: its answer is wanted.
    """
    answer = done.outcome
    if not _is_the_same(context, done) or not isinstance(answer, Answer):
        return done
    if done.why.rule is clear_topics.clear_topic and context.asks:
        return done
    kb, names = context.kb, context.kb.roles.slots
    uses, changed = kb.uses(answer.topic), _changed(context, done)
    if done.why.rule is stated_slots.asks_what_facts_change:
        stands = not _may_turn_words(context, done)
        return done._replace(outcome=replace(answer, again=True, stands=stands))
    telling = {names.time: "clock", names.state: names.state}
    told = {slot for slot, use in telling.items() if use in uses}
    idle = _changes_nothing(kb, done, answer, changed)
    if not idle and not (changed and changed <= told):
        return done
    stands = idle and done.why.rule is not stated_slots.names_device
    return done._replace(outcome=replace(answer, again=True, stands=stands))


def _may_turn_words(context: Context, done: Turn) -> bool:
    """Whether words may turn on what was told, though the verdict does not.

    "It was only a link", "it was in the channel".
    """
    kb, before = context.kb, context.session.slots
    told = dict(done.slots.items() - before.items())
    audience = kb.roles.slots.audience
    other = audience in told and audience in before
    return other or not kb.first_aid.keys().isdisjoint(told.items())


def asked_once(context: Context, done: Turn) -> Turn:
    """An answer that goes on with the one at hand does not put its question again.

    Only what sounds otherwise comes with it; its choices stay as buttons.
    """
    answer, kb = done.outcome, context.kb
    if not isinstance(answer, Answer) or answer.topic != context.session.topic:
        return done
    before = context.session.expected_slot
    if not before or not kb.slots[before].view or before not in answer.refine:
        return done
    left = tuple(slot for slot in answer.refine if slot != before)
    return done._replace(outcome=replace(answer, refine=left))


def _is_the_same(context: Context, done: Turn) -> bool:
    """Whether it is the answer at hand, whatever turns its verdict."""
    before = context.session.answered
    return bool(before) and before == done.session.answered


def _changed(context: Context, done: Turn) -> AbstractSet[str]:
    """The slots whose values a message put in, took out or replaced."""
    return dict(context.session.slots.items() ^ done.slots.items()).keys()


def _changes_nothing(
    kb: KnowledgeBase, done: Turn, answer: Answer, changed: AbstractSet[str]
) -> bool:
    """Whether what was told since has no part in an answer."""
    rule = done.why.rule
    if rule is stated_slots.goes_on_with_question:
        return answer.verdict is not None and changed.isdisjoint(kb.uses(answer.topic))
    if rule is stated_slots.names_device:
        return not changed
    views = {name for name, slot in kb.slots.items() if slot.view}
    aside = {*kb.asides, *views} if answer.verdict is not None else set()
    return changed <= aside and rule in (
        clear_topics.continues_without_slots,
        stated_slots.tells_what_was_tried,
    )
