"""The buttons under an outcome. Each carries facts, so that it outlives the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.dialogue import branching, callback_data, ongoing, steps
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
            return (*found, *_ways_out(kb, outcome, slots))
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
                finer.append(Button(kb.labels.step_by_step, value, ahead=True))
                finer += steps.verdicts(kb, slots)
            names = outcome.next or kb.topics[topic].next
            # From an aspect of a topic a button may lead to the topic as such.
            here = "" if "aspect" in slots else topic
            action = ongoing.action_of(kb, outcome, slots)
            return (*finer, *topics(kb, names, slots, but=here, action=action))
    raise AssertionError(outcome)


def topics(
    kb: KnowledgeBase,
    names: Iterable[str],
    slots: Mapping[str, str],
    *,
    but: str = "",
    action: str = "",
) -> tuple[Button, ...]:
    """Buttons to topics, or to `topic/aspect`, with what is known.

    What is asked of an `action` goes on with it; to take the message back does not.
    """
    names = tuple(names)
    if kb.roles.slots.time in slots:
        # A moment comes once; it would only crowd out the others.
        return tuple(_to(kb, names, slots, but, action))
    key = (names, frozenset(slots.items()), but, action)
    return _topics.of(kb, key, lambda: tuple(_to(kb, names, slots, but, action)))


_topics: Memo[tuple[Button, ...]] = Memo()


def _to(
    kb: KnowledgeBase,
    names: Iterable[str],
    slots: Mapping[str, str],
    but: str,
    action: str,
) -> Iterator[Button]:
    for name in names:
        topic, _, aspect = name.partition("/")
        if name != but:
            facts = kb.unanswered(but, kb.lasting(slots))
            facts |= {"aspect": aspect} if aspect else {}
            if topic != kb.roles.topics.default:
                facts |= ongoing.gone_on(kb, topic, action)
            label = kb.topics[topic].labels.get(aspect, kb.topics[topic].label)
            yield Button(label, callback_data.encode(kb, topic, facts))


def choices(
    kb: KnowledgeBase, topic: str, slot: str, slots: Mapping[str, str], now: datetime
) -> tuple[Button, ...]:
    """A button for each value of a slot that can be chosen; services by the page."""
    time = kb.roles.slots.time
    if slot == time or time in slots:
        return _choices(kb, topic, slot, slots, now)
    # Only a moment makes them depend on the clock.
    key = (topic, slot, frozenset(slots.items()))
    return _chosen.of(kb, key, lambda: _choices(kb, topic, slot, slots, now))


_chosen: Memo[tuple[Button, ...]] = Memo()


def _choices(
    kb: KnowledgeBase, topic: str, slot: str, slots: Mapping[str, str], now: datetime
) -> tuple[Button, ...]:
    labels, names = kb.choices(slot, slots), kb.roles.slots
    shown = [v for v in kb.slots[slot].shown or labels if v in labels]
    more: tuple[Button, ...] = ()
    known = {k: v for k, v in slots.items() if k != names.page}
    if slot == names.service and not names.page:
        shown += sorted(labels.keys() - shown, key=lambda v: labels[v].casefold())
    elif slot == names.service:
        shown, after = _page(kb, shown, labels, slots.get(names.page))
        if after:
            value = callback_data.encode(kb, topic, {**known, names.page: after})
            more = (Button(kb.labels.more_services, value),)
    found = []
    for value in shown:
        fact = branching.sent_at(kb, value, now) if slot == names.time else value
        facts = merged(kb, known, {slot: fact})
        code = callback_data.encode(kb, topic, facts, slot)
        found.append(Button(labels[value], code))
    return (*found, *more)


_PAGE = 40
"""Services on each page but the first, which has those that are most used.

So many that all are at most two taps away; a keyboard of Telegram holds a hundred.
"""


def _page(
    kb: KnowledgeBase, first: list[str], labels: Mapping[str, str], page: str | None
) -> tuple[list[str], str | None]:
    """The services on a page, and the page after it, if there is one."""
    if page == kb.roles.values.by_name:
        return [], None
    rest = sorted(labels.keys() - first, key=lambda v: labels[v].casefold())
    pages = [first, *(rest[at : at + _PAGE] for at in range(0, len(rest), _PAGE))]
    at = min(int(page or "1"), len(pages))
    return pages[at - 1], str(at + 1) if at < len(pages) else None


def _ways_out(
    kb: KnowledgeBase, put: Question, slots: Mapping[str, str]
) -> Iterator[Button]:
    """Of a question: not knowing; for a service, typing its name is another."""
    names, by_name = kb.roles.slots, kb.roles.values.by_name
    known = {k: v for k, v in slots.items() if k != names.page}
    typed = slots.get(names.page) == by_name
    if put.slot == names.service and names.page and not typed:
        value = callback_data.encode(kb, put.topic, {**known, names.page: by_name})
        yield Button(kb.labels.by_name, value)
    value = callback_data.encode(kb, put.topic, {**known, put.slot: UNSURE})
    yield Button(kb.slots[put.slot].unsure or kb.labels.unsure, value)


def offers(
    kb: KnowledgeBase, names: Iterable[str], slots: Mapping[str, str]
) -> tuple[Button, ...]:
    """Topics to choose from, or none of them."""
    none = {"aspect": kb.roles.values.none_of_these}
    value = callback_data.encode(kb, kb.roles.topics.help, kb.lasting(slots) | none)
    return (*topics(kb, names, slots), Button(kb.labels.none_of_these, value))
