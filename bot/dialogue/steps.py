"""An answer's steps one by one: which step is shown, and where its buttons lead."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue import callback_data
from bot.dialogue.events import Button
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Finished, Step
from bot.knowledge.memo import Memo
from bot.knowledge.model import KnowledgeBase


def walkable(kb: KnowledgeBase, answer: Answer, slots: Mapping[str, str]) -> str | None:
    """The claim whose steps can be gone through here, by the device that is known."""
    if not kb.roles.slots.step:
        return None
    told = {slot: slots[slot] for slot in kb.claim_slots if slot in slots}
    key = (answer.topic, answer.guide, *told.items())
    there = _guides.of(kb, key, lambda: _with_steps(kb, answer, told))
    if not there:
        return None
    at_computer = slots.get(kb.roles.slots.device) == kb.roles.values.computer
    return there[-1] if at_computer else there[0]


_guides: Memo[tuple[str, ...]] = Memo()


def _with_steps(
    kb: KnowledgeBase, answer: Answer, slots: Mapping[str, str]
) -> tuple[str, ...]:
    claims = kb.claims(answer.topic, slots)
    return tuple(
        name
        for name in answer.guide
        if name in claims and claims[name].lead(kb.edition).steps
    )


def at(
    kb: KnowledgeBase, answer: Answer, slots: Mapping[str, str]
) -> Answer | Step | Finished:
    """The step that is shown, where one is asked for; else the answer itself."""
    claim = walkable(kb, answer, slots)
    step = slots.get(kb.roles.slots.step)
    if claim is None or step is None:
        return answer
    steps = kb.claims(answer.topic, slots)[claim].lead(kb.edition).steps
    if step == kb.roles.values.done or int(step) > len(steps):
        return Finished(answer.topic)
    number = int(step)
    return Step(answer.topic, number, len(steps), steps[number - 1], claim)


def buttons(
    kb: KnowledgeBase,
    outcome: Step | Finished,
    answer: Answer,
    slots: Mapping[str, str],
) -> tuple[Button, ...]:
    """Back, Next, all at once, and the way out where the screen looks different."""
    labels, slot = kb.labels, kb.roles.slots.step

    def to(label: str, step: str | None = None, *, ahead: bool = False) -> Button:
        shown = {k: v for k, v in slots.items() if k != slot}
        shown |= {slot: step} if step else {}
        return Button(label, callback_data.encode(kb, answer.topic, shown), ahead)

    if isinstance(outcome, Finished):
        return (*verdicts(kb, slots), to(labels.all_steps))
    back = () if outcome.number == 1 else (to(labels.back, str(outcome.number - 1)),)
    last = outcome.number == outcome.of
    ahead = (
        to(labels.done, kb.roles.values.done, ahead=True)
        if last
        else to(labels.next, str(outcome.number + 1), ahead=True)
    )
    # Next comes first, so that its number stays the same from step to step.
    return (ahead, *back, to(labels.all_steps), *_different(kb, answer, slots))


def verdicts(kb: KnowledgeBase, slots: Mapping[str, str]) -> tuple[Button, ...]:
    """Whether the steps worked, to be said in one press."""
    facts, topics = kb.lasting(slots), kb.roles.topics
    if not topics.steps_worked:
        return ()
    return (
        Button(kb.labels.worked, callback_data.encode(kb, topics.steps_worked, facts)),
        Button(kb.labels.failed, callback_data.encode(kb, topics.steps_failed, facts)),
    )


def _different(
    kb: KnowledgeBase, answer: Answer, slots: Mapping[str, str]
) -> tuple[Button, ...]:
    """It looks different here: the other device's steps, or what to try instead."""
    names, values = kb.roles.slots, kb.roles.values
    if not values.different:
        return ()
    claims = [n for n in answer.guide if n in kb.claims(answer.topic, slots)]
    facts = kb.lasting(slots)
    if len(claims) > 1 and names.device and names.device not in slots:
        facts |= {names.device: values.computer, names.step: "1"}
        value = callback_data.encode(kb, answer.topic, facts)
    else:
        facts[names.hurdle] = values.different
        value = callback_data.encode(kb, kb.roles.topics.steps_failed, facts)
    return (Button(kb.labels.looks_different, value),)
