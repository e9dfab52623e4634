"""Every state of knowledge in which a topic has an answer, for checks and printing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.dialogue import branching, tree
from bot.dialogue.branching import Slots
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, Ask, Branch, KnowledgeBase, Leaf, Node
from bot.knowledge.model.topics import subtree


def states(kb: KnowledgeBase, topic: str, now: datetime) -> Iterator[dict[str, str]]:
    """Every state of knowledge that leads to an answer of a topic, nothing sampled.

    For a branch on the clock these are: not known, in the middle of the limit, a minute
    before its end, between its ends where it is a range, and just over it.
    """
    domain = kb.topics[topic].scope == "domain"
    for aspect in ["", *sorted(kb.spoken_aspects(topic))]:
        for action in ["", *(kb.actions if domain else ())]:
            if action == kb.usual_action(topic):
                continue
            slots = {"aspect": aspect} if aspect else {}
            slots |= {"action": action} if action else {}
            if aspect and kb.tree(topic, slots) is not kb.topics[topic].tree:
                continue
            yield from _states(tree.Root(kb, topic, now), kb.tree(topic, slots), slots)


_Unknown = frozenset[str]
"""Slots that a branch above took for not known; known, they would have led elsewhere."""


def _states(
    root: tree.Root, node: Node, slots: dict[str, str], unknown: _Unknown = frozenset()
) -> Iterator[dict[str, str]]:
    """Goes on from a node."""
    kb, topic, now = root
    match node:
        case Leaf():
            yield slots
        case Branch(by="clock"):
            yield from _by_the_clock(root, node, slots, unknown)
        case Branch() if node.by in kb.slots and node.by not in slots:
            fresh = node.by not in unknown
            for answer in [None, *(_possible(root, node, slots) if fresh else ())]:
                yield from _with_value(root, node, slots, unknown, answer)
        case Branch():
            below = branching.below(node, branching.fact(kb, topic, slots, node, now))
            yield from _states(root, below, slots, unknown)
        case Ask() if node.ask in slots:
            below = branching.below(node, branching.known_value(kb, slots, node.ask))
            yield from _states(root, below, slots, unknown)
        case Ask():
            known = node.ask in unknown
            for answer in [*(() if known else _possible(root, node, slots)), UNSURE]:
                yield from _with_value(root, node, slots, unknown, answer)


def _by_the_clock(
    root: tree.Root, node: Branch, slots: dict[str, str], unknown: _Unknown
) -> Iterator[dict[str, str]]:
    """With each moment that makes a difference, and with none."""
    kb, topic, now = root
    time = kb.roles.slots.time
    for sent in _moments(kb, topic, slots, now, node.of):
        if sent and time in unknown:
            continue
        after = slots | ({time: sent} if sent else {})
        below = branching.below(node, branching.fact(kb, topic, after, node, now))
        missing = unknown if time in after else unknown | {time}
        yield from _states(root, below, after, missing)


def _with_value(
    root: tree.Root,
    node: Ask | Branch,
    slots: dict[str, str],
    unknown: _Unknown,
    answer: str | None,
) -> Iterator[dict[str, str]]:
    """Below a slot that has this value from here on, or is not known."""
    slot = node.looks_at
    below = branching.below(node, answer)
    if answer is None:
        yield from _states(root, below, slots, unknown | {slot})
        return
    after = branching.with_answer(root.kb, slots, slot, answer, root.now)
    if tree.instead(root.kb, root.topic, after):
        yield after  # another topic answers, whatever else is known
        return
    yield from _states(root, below, after, unknown)
    for kind in _kinds(root.kb, slot, after):
        yield from _states(root, below, after | kind, unknown)


def _kinds(kb: KnowledgeBase, slot: str, slots: Slots) -> Iterator[dict[str, str]]:
    """The kinds of a service just named; what holds may be theirs, looked at or not."""
    kind = kb.roles.slots.kind
    if slot == kb.roles.slots.service and kind in kb.slots and kind not in slots:
        yield from ({kind: name} for name in kb.choices(kind, slots))


def _possible(root: tree.Root, node: Ask | Branch, slots: Slots) -> Iterable[str]:
    """The values that a branch can be on; of services those without a file too.

    Of values that no branch names, here or further down, one stands for all, besides
    those by which another topic answers; of what is noted in passing none does, as it
    leads where an unknown one does.
    """
    kb, names, slot = root.kb, root.kb.roles.slots, node.looks_at
    if slot == names.service:
        return kb.platforms
    values = kb.choices(slot, slots)
    if slot == names.kind:
        return values  # each has claims of its own
    told = _cases(node, slot)
    if slot not in kb.asides or node.known is not None:
        others = [value for value in values if value not in told]
        away = {v for v in others if tree.instead(kb, root.topic, {**slots, slot: v})}
        told |= away.union([v for v in others if v not in away][:1])
    return [value for value in values if value in told]


def _cases(top: Node, slot: str) -> set[str]:
    """The values of a slot that the branches of a tree name."""
    return {
        case
        for node in subtree(top)
        if not isinstance(node, Leaf) and node.looks_at == slot
        for case in node.cases
    }


def _moments(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime, claim: str
) -> list[str | None]:
    if kb.roles.slots.time in slots:
        return [None]
    ends = time_limits.limits(
        branching.value(kb, topic, slots, claim or kb.roles.claims.limit)
    )
    if ends is None:
        return [None]
    low, high = ends
    minute = timedelta(minutes=1)
    between = () if low == high else ((low + high) / 2,)
    ages = (low / 2, low - minute, *between, high + minute)
    return [None, *(time_limits.instant(now - max(age, timedelta(0))) for age in ages)]
