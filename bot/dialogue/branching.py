"""What a node of a tree decides by, and where each value leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, Ask, Branch, KnowledgeBase, Node

Slots = Mapping[str, str]
"""What is known, slot → value."""


def fact(
    kb: KnowledgeBase, topic: str, slots: Slots, node: Branch, now: datetime
) -> str | None:
    """What a `by` node branches on: the clock, a known slot, or a claim's value."""
    if node.by == "clock":
        return clock_of(kb, topic, slots, now, node.of).state
    if node.by == "sureness":
        found = kb.claims(topic, slots).get(node.of)
        return found.sureness if found else None
    if node.by == "topic":
        return topic
    if node.by == "action":
        return kb.action(topic, slots)
    if node.by == "aspect" or node.by in kb.slots:
        return known_value(kb, slots, node.by)
    return value(kb, topic, slots, node.by)


def known_value(kb: KnowledgeBase, slots: Slots, slot: str) -> str | None:
    """What is known of a slot; services that nobody has written down go one way."""
    known = slots.get(slot)
    return kb.stem(known) if known and slot == kb.roles.slots.service else known


def value(kb: KnowledgeBase, topic: str, slots: Slots, claim: str) -> str | None:
    """The value of a claim's leading side, if there is such a claim here."""
    found = kb.claims(topic, slots).get(claim)
    return found.lead(kb.edition).value if found else None


def clock_of(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime, claim: str = ""
) -> time_limits.TimeLeft:
    """A claim's limit held against when the message was sent."""
    sent = slots.get(kb.roles.slots.time)
    claim = claim or kb.roles.claims.limit
    return time_limits.time_left(
        value(kb, topic, slots, claim), None if sent == UNSURE else sent, now
    )


def case_taken(node: Ask | Branch, value: str | None) -> str:
    """The name of the case that a value takes, `known` or `otherwise`."""
    if value is None or value == UNSURE:
        return "otherwise"
    if value in node.cases:
        return value
    return "known" if node.known else "otherwise"


def below(node: Ask | Branch, value: str | None) -> Node:
    """The node that a value leads to."""
    if value is None or value == UNSURE:
        return node.otherwise
    return node.cases.get(value) or node.known or node.otherwise


def with_answer(
    kb: KnowledgeBase, slots: Slots, slot: str, answer: str, now: datetime
) -> dict[str, str]:
    """What is known once a question has this answer."""
    if slot == kb.roles.slots.time and answer != UNSURE:
        answer = sent_at(kb, answer, now)
    return {**slots, slot: answer}


def sent_at(kb: KnowledgeBase, answer: str, now: datetime) -> str:
    """The instant that a choice of the slot `sent` stands for."""
    values = kb.slots[kb.roles.slots.time].values
    assert isinstance(values, dict)
    choice = values[answer]
    return time_limits.instant(now - (choice.ago or timedelta(0)), choice.slack)
