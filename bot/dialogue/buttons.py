"""The buttons under an outcome. Each carries facts, so that it outlives the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.dialogue import callback_data, steps, tree
from bot.dialogue.events import Button
from bot.dialogue.slot_filling import merged
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Finished, Step
from bot.knowledge.memo import Memo
from bot.knowledge.model import UNSURE, KnowledgeBase


def under(
    kb: KnowledgeBase,
    outcome: Question | Answer | Step | Finished,
    answer: Question | Answer,
    slots: Mapping[str, str],
    now: datetime,
) -> tuple[Button, ...]:
    """A question's choices; an answer's finer questions and the topics next to it."""
    match outcome, answer:
        case Question(topic, slot), _:
            found = choices(kb, topic, slot, slots, now)
            return (*found, _unsure(kb, outcome, slots))
        case Step() | Finished(), Answer():
            return steps.buttons(kb, outcome, answer, slots)
        case Answer(topic), _:
            inside = kb.topics[topic].scope == "domain"
            there = topic if inside else kb.roles.topics.default
            facts = slots if inside else kb.lasting(slots)
            finer = [
                button
                for slot in outcome.refine
                for button in choices(kb, there, slot, facts, now)
            ]
            if steps.walkable(kb, outcome, slots):
                facts = {**slots, kb.roles.slots.step: "1"}
                value = callback_data.encode(kb, topic, facts)
                finer.append(Button(kb.labels.step_by_step, value))
            names = outcome.next or kb.topics[topic].next
            return (*finer, *topics(kb, names, slots, but=topic))
    raise AssertionError(outcome)


def topics(
    kb: KnowledgeBase, names: Iterable[str], slots: Mapping[str, str], *, but: str = ""
) -> tuple[Button, ...]:
    """Buttons to topics, or to `topic/aspect`, with what is known."""
    names = tuple(names)
    if kb.roles.slots.time in slots:
        # A moment comes once; it would only crowd out the others.
        return tuple(_to(kb, names, slots, but))
    key = (names, frozenset(slots.items()), but)
    return _topics.of(kb, key, lambda: tuple(_to(kb, names, slots, but)))


_topics: Memo[tuple[Button, ...]] = Memo()


def _to(
    kb: KnowledgeBase, names: Iterable[str], slots: Mapping[str, str], but: str
) -> Iterator[Button]:
    for name in names:
        topic, _, aspect = name.partition("/")
        if name != but:
            facts = kb.lasting(slots) | ({"aspect": aspect} if aspect else {})
            label = kb.topics[topic].labels.get(aspect, kb.topics[topic].label)
            yield Button(label, callback_data.encode(kb, topic, facts))


def choices(
    kb: KnowledgeBase, topic: str, slot: str, slots: Mapping[str, str], now: datetime
) -> tuple[Button, ...]:
    """A button for each value of a slot that can be chosen."""
    labels = kb.choices(slot, slots)
    found = []
    for value in kb.slots[slot].shown or labels:
        if value not in labels:
            continue
        fact = tree.sent_at(kb, value, now) if slot == kb.roles.slots.time else value
        facts = merged(kb, slots, {slot: fact})
        code = callback_data.encode(kb, topic, facts, slot)
        found.append(Button(labels[value], code))
    return tuple(found)


def _unsure(kb: KnowledgeBase, put: Question, slots: Mapping[str, str]) -> Button:
    facts = {**slots, put.slot: UNSURE}
    value = callback_data.encode(kb, put.topic, facts)
    return Button(kb.slots[put.slot].unsure, value)


def offers(
    kb: KnowledgeBase, names: Iterable[str], slots: Mapping[str, str]
) -> tuple[Button, ...]:
    """Topics to choose from, or none of them."""
    none = {"aspect": kb.roles.values.none_of_these}
    value = callback_data.encode(kb, kb.roles.topics.help, kb.lasting(slots) | none)
    return (*topics(kb, names, slots), Button(kb.labels.none_of_these, value))
