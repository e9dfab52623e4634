"""What a person says about the last answer: done, did not work, not what was asked."""

from __future__ import annotations

from itertools import dropwhile

from bot.dialogue.context import FEW, SEVERAL, SHORT, Context, Decision
from bot.nlu import tokenizer
from bot.nlu.classifier import topic as topic_of


def moves_through_steps(context: Context) -> Decision | None:
    """An answer's steps one by one, the first, the next or done: "next step"."""
    kb, session = context.kb, context.session
    slot, words, groups = kb.roles.slots.step, kb.words, kb.language.groups
    at = session.slots.get(slot)
    if session.topic is None:
        return None
    said = context.line
    if at is None:
        first = (*groups(words.step_by_step), *groups(words.next))
        asks = kb.language.holds(context.said, words.where_to_press)
        asks = asks and not context.is_fresh and not context.says_it_is_closed
        begins = session.guided and (said in first or asks)
        return Decision(session.topic, {**session.slots, slot: "1"}) if begins else None
    if said in groups(words.next) and at.isdecimal():
        return Decision(session.topic, {**session.slots, slot: str(int(at) + 1)})
    if said in groups(words.done):
        done = kb.roles.values.done
        if at == done:
            return _verdict_on_steps(context, worked=True)
        return Decision(session.topic, {**session.slots, slot: done})
    return None


def answers_did_it_work(context: Context) -> Decision | None:
    """After an answer with steps, that they are done, or yes or no: "ok I unsent it"."""
    kb, session = context.kb, context.session
    if not session.guided or session.topic is None:
        return None
    said, words, groups = context.line, kb.words, kb.language.groups
    open_to_it = not session.pending
    done = not session.requested_slot and said in groups(words.done)
    if done or _tells_it_is_done(context) or _goes_on_from_done(context):
        return _verdict_on_steps(context, worked=True)
    if session.slots.get(kb.roles.slots.step) != kb.roles.values.done:
        return None
    if open_to_it and said in groups(words.yes):
        return _verdict_on_steps(context, worked=True)
    no = open_to_it and said in groups(words.no)
    short = context.spare <= SEVERAL and "?" not in context.text
    if no or (short and kb.language.holds(context.parse.words, words.stuck)):
        return _verdict_on_steps(context, worked=False)
    return None


def _tells_it_is_done(context: Context) -> bool:
    """Whether a short statement says so: "ok i unsent it", but not "for me only"."""
    if context.asks or "?" in context.text or context.spare > SEVERAL:
        return False
    said, words = context.parse.words, context.kb.words
    if context.kb.roles.slots.time in context.new_slots:
        return False
    otherwise = (*words.stuck, *words.half_done)
    holds = context.kb.language.holds
    return holds(said, words.did) and not holds(said, otherwise)


def _goes_on_from_done(context: Context) -> bool:
    """Whether it says so and asks what comes after: "ok did that, now what"."""
    said, words = context.parse.words, context.kb.words
    holds = context.kb.language.holds
    if len(said) > SHORT or not holds(said, words.helpless):
        return False
    told = holds(said, words.did) or holds(said, words.done)
    return told and not holds(said, (*words.stuck, *words.half_done))


def rejects_answer(context: Context) -> Decision | None:
    """Says that the answer is to another question: "that is not what I asked"."""
    kb, session = context.kb, context.session
    said = context.said
    if not session.topic or not kb.language.holds(said, kb.words.not_that):
        return None
    if context.scope == "domain" and len(context.said) > _LONG:
        return None  # it says itself what was meant
    beside = not kb.language.holds(context.parse.words, kb.words.not_that)
    if beside and context.scope != "talk":
        return None  # what is read of it is all beside the complaint
    if session.readings:
        slots = kb.lasting(session.slots)
        return Decision(session.readings[0], slots, also=session.readings[1:])
    topics, values = kb.roles.topics, kb.roles.values
    return Decision(topics.help, {"aspect": values.none_of_these})


_LONG = 8
"""Words with which a complaint says also what was meant."""


def reports_failure(context: Context) -> Decision | None:
    """After an answer with steps, that they did not work: "it did not work"."""
    done = context.here == context.kb.roles.topics.steps_worked
    if not context.here or not (context.session.guided or done):
        return None
    if context.spare > SEVERAL:
        return None
    # "The option is not there" says itself what is wrong.
    if context.says_it_is_closed:
        return None
    # "Can my boss still see it" is a question of its own, "I still see it" is none.
    if context.is_fresh and context.asks:
        return None
    if not context.kb.language.holds(context.parse.words, context.kb.words.stuck):
        return None
    there = context.kb.roles.topics.steps_failed
    return Decision(there, context.session.slots, 0.95) if there else None


def sums_up(context: Context) -> Decision | None:
    """What the last answer comes to, or why it is so: "so basically no?"."""
    session = context.session
    if not context.in_domain or session.requested_slot or session.answered is None:
        return None
    summed, answer = summing(context), context.answer_at_hand
    if not summed or answer is None or answer.verdict is None:
        return None
    return Decision(context.here, session.slots, 0.9, summed=summed)


def doubts_answer(context: Context) -> Decision | None:
    """Doubts the answer at hand and asks nothing else: "really? she says otherwise"."""
    kb, session = context.kb, context.session
    about, aspect = kb.roles.topics.about, kb.roles.values.doubted
    if not about or not aspect or not context.in_domain or session.requested_slot:
        return None
    words = kb.words
    idle = words.joining | words.polite
    said = tuple(dropwhile(idle.__contains__, context.said))
    opened = tokenizer.line(said)
    groups = kb.language.groups(words.doubting)
    begin = max((g for g in groups if opened.startswith(g)), key=len, default="")
    if not begin or len(said) > SHORT + SEVERAL:
        return None
    rest = dropwhile(idle.__contains__, said[len(begin.split()) :])
    if next(rest, "") in words.asking - words.polite:
        return None
    # "Are you sure? It was on X, not on Y" puts the service right.
    service = kb.roles.slots.service
    before = session.slots.get(service, "")
    if before and context.new_slots.get(service, before) != before:
        # What failed there may do so no more.
        failed = session.slots.get("aspect") in kb.roles.values.closed
        slots = kb.lasting(session.slots) if failed else session.slots
        return Decision(context.here, slots, 0.9)
    # "My friend says he still sees it" is a fact.
    names, told = kb.roles.slots, {*context.new_slots, *context.parse.extraction.asides}
    if not told.isdisjoint((names.deed, names.state, names.time)):
        return None
    return Decision(about, {**kb.lasting(session.slots), "aspect": aspect}, 0.9)


def _after_a_fact(context: Context) -> Decision:
    """What else there is once a fact is told: "he read it, what now"."""
    kb, session = context.kb, context.session
    # "Sent 40 minutes ago, so that is over? What now" is about the same.
    near = {topic_of(one.label) for one in context.parse.ranked[:_NEAREST]}
    timed = kb.roles.slots.time in context.new_slots
    if timed and context.here in near and context.in_domain:
        return Decision(context.here, session.slots, 0.8)
    # Once it is gone, no longer who may do it.
    gone = kb.deed_topic(context.parse.extraction.asides)
    known = kb.lasting(session.slots) if gone else session.slots
    return Decision(kb.roles.topics.default, known, 0.8)


_NEAREST = 2
"""Of the ranked topics, those that a message may be about."""


def summing(context: Context) -> str:
    """Whether all of a message asks that: `sum` or `why`; else empty."""
    words = context.kb.words
    idle = words.joining | words.polite
    said = context.line
    for sort, texts in (("why", words.reasons), ("sum", words.summing)):
        groups = context.kb.language.groups(texts)
        whole = max((g for g in groups if g in said), key=len, default="")
        if whole and {*said.replace(whole, " ", 1).split()} <= idle:
            return sort
    return ""


def asks_for_alternatives(context: Context) -> Decision | None:
    """After an answer that is no help, what else there is: "what else can I do"."""
    kb, session = context.kb, context.session
    if not context.here or context.spare > SEVERAL:
        return None
    stuck = session.topic == kb.roles.topics.steps_failed
    if not kb.language.holds(context.parse.words, kb.words.helpless):
        return None
    if context.new_slots:
        return _after_a_fact(context)
    lost = kb.language.groups(kb.words.helpless)
    own = {word for group in lost for word in group.split()}
    # "Too slow, now what" tells why.
    left = [word for word in context.parse.extraction.rest if word not in own]
    if len(left) > (0 if context.is_fresh else FEW):
        return None
    if session.requested_slot and not stuck:
        return Decision(kb.roles.topics.default, session.slots, 0.8)
    guided = session.guided and not stuck and not kb.deed_topic(session.slots)
    topics = kb.roles.topics
    there = topics.steps_failed if guided else topics.too_late
    return Decision(there, session.slots, 0.9) if there else None


def _verdict_on_steps(context: Context, *, worked: bool) -> Decision | None:
    topics = context.kb.roles.topics
    there = topics.steps_worked if worked else topics.steps_failed
    slots = context.kb.lasting(context.session.slots)
    return Decision(there, slots) if there else None
