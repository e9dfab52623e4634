"""Every state of knowledge in which a topic has an answer, for checks and printing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from bot.dialogue import branching, tree
from bot.dialogue.branching import Slots
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, Ask, Branch, KnowledgeBase, Leaf, Node
from bot.knowledge.model.topics import subtree
from bot.knowledge.references import FACTS


def states(kb: KnowledgeBase, topic: str, now: datetime) -> Iterator[dict[str, str]]:
    """Every state of knowledge that leads to an answer of a topic.

    For a branch on the clock these are: not known, in the middle of the limit, a minute
    before its end, between its ends where it is a range, and just over it. A value that
    leads back to where an unknown one leads is followed to one answer: from there on
    nothing looks at it, and the others are those without it.
    """
    domain = kb.topics[topic].scope == "domain"
    turning = kb.turning(topic)
    for aspect in ["", *sorted(kb.spoken_aspects(topic))]:
        for action in ["", *(kb.actions if domain else ())]:
            if action == kb.usual_action(topic):
                continue
            slots = {"aspect": aspect} if aspect else {}
            slots |= {"action": action} if action else {}
            if aspect and kb.tree(topic, slots) is not kb.topics[topic].tree:
                continue
            left = tree.instead(kb, topic, slots) is not None
            root = _Root(kb, topic, now, None if left else turning)
            found = _states(root, kb.tree(topic, slots), slots, _Past())
            yield from _telling(root, found) if aspect else found


class _Root(NamedTuple):
    """What stays the same on every way below a topic's root."""

    kb: KnowledgeBase
    topic: str
    now: datetime
    turning: Container[tuple[str, str]] | None
    """The facts by which another topic answers; none where any fact does that."""


def _telling(root: _Root, states: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Of the states with an aspect one, and those that it leads to."""
    yield from islice(states, 1)
    for slots in states:
        way = tree.path(root.kb, root.topic, slots, root.now)
        if any(
            isinstance(step, tree.PassedBranch)
            and step.on == "aspect"
            and step.branch != "otherwise"
            for step in way
        ):
            yield slots


class _Past(NamedTuple):
    """What the branches above have ruled out."""

    unknown: frozenset[str] = frozenset()
    """Slots that were taken for not known; known, they would have led elsewhere."""
    elsewhere: frozenset[tuple[str, str]] = frozenset()
    """Values of slots that would have led elsewhere, while others would not."""
    otherwise: tuple[tuple[str, Node], ...] = ()
    """Slots that are known, each with the node that it would have led to unknown."""

    def without(self, slot: str) -> _Past:
        return self._replace(unknown=self.unknown | {slot})


def _states(
    root: _Root, node: Node, slots: dict[str, str], past: _Past
) -> Iterator[dict[str, str]]:
    """Goes on from a node."""
    kb, topic, now, _ = root
    if _leads_back(node, slots, past):
        onward = _states(root, node, slots, past._replace(otherwise=()))
        yield from islice(onward, 1)
        return
    match node:
        case Leaf():
            yield slots
        case Branch(by="clock"):
            yield from _by_the_clock(root, node, slots, past)
        case Branch() if node.by in kb.slots and node.by not in slots:
            for answer in [None, *_open(root, node, slots, past)]:
                yield from _with_value(root, node, slots, past, answer)
        case Branch() if _needs_service(root, node, slots, past):
            # It may have been told, though no branch of this way looks at it.
            service = kb.roles.slots.service
            yield from _states(root, node, slots, past.without(service))
            for stem in kb.platforms:
                told = {**slots, service: stem}
                yield from _with_kinds(root, node, service, told, past)
        case Branch():
            below = branching.below(node, branching.fact(kb, topic, slots, node, now))
            yield from _states(root, below, slots, past)
        case Ask() if node.ask in slots:
            below = branching.below(node, branching.known_value(kb, slots, node.ask))
            yield from _states(root, below, slots, past)
        case Ask():
            for answer in [*_open(root, node, slots, past), UNSURE]:
                yield from _with_value(root, node, slots, past, answer)


def _leads_back(node: Node, slots: Slots, past: _Past) -> bool:
    """Whether a known value has come to the node of an unknown one, and is done with."""
    return any(
        node == unknown and slots[slot] not in _cases(node, slot)
        for slot, unknown in past.otherwise
    )


def _needs_service(root: _Root, node: Branch, slots: Slots, past: _Past) -> bool:
    """Whether a branch is on what holds on a service, and that is open yet."""
    service = root.kb.roles.slots.service
    on_a_claim = node.by not in root.kb.slots and node.by not in _NO_CLAIMS
    return on_a_claim and service not in slots and service not in past.unknown


_NO_CLAIMS = {*FACTS} - {"sureness"}
"""What else a branch can be on, besides slots. Sureness is a claim's."""


def _by_the_clock(
    root: _Root, node: Branch, slots: dict[str, str], past: _Past
) -> Iterator[dict[str, str]]:
    """With each moment that makes a difference, and with none."""
    kb, topic, now, _ = root
    time = kb.roles.slots.time
    for sent in _moments(kb, topic, slots, now, node.of):
        if sent and time in past.unknown:
            continue
        after = slots | ({time: sent} if sent else {})
        below = branching.below(node, branching.fact(kb, topic, after, node, now))
        yield from _states(
            root, below, after, past if time in after else past.without(time)
        )


def _open(root: _Root, node: Ask | Branch, slots: Slots, past: _Past) -> list[str]:
    """The values of a node's slot that the branches above have left open."""
    slot = node.looks_at
    if slot in past.unknown:
        return []
    values = _possible(root, node, slots, past)
    return [value for value in values if (slot, value) not in past.elsewhere]


def _with_value(
    root: _Root,
    node: Ask | Branch,
    slots: dict[str, str],
    past: _Past,
    answer: str | None,
) -> Iterator[dict[str, str]]:
    """Below a slot that has this value from here on, or is not known."""
    slot = node.looks_at
    below = branching.below(node, answer)
    if answer is None:
        if _leaves_open(root.kb, node):
            led = {(slot, value) for value in _possible(root, node, slots, past)}
            past = past._replace(elsewhere=past.elsewhere | led)
        else:
            past = past.without(slot)
        yield from _states(root, below, slots, past)
        return
    after = branching.with_answer(root.kb, slots, slot, answer, root.now)
    if _instead(root, slots, slot, after[slot]):
        yield after  # another topic answers, whatever else is known
        return
    if isinstance(node, Branch) and slot not in _own_claims(root.kb):
        past = past._replace(otherwise=(*past.otherwise, (slot, node.otherwise)))
    yield from _with_kinds(root, below, slot, after, past)


def _instead(root: _Root, slots: Slots, slot: str, value: str) -> str | None:
    """The topic that a further fact makes this one into, if it does."""
    if root.turning is None or (slot, value) in root.turning:
        return tree.instead(root.kb, root.topic, {**slots, slot: value})
    return None


def _with_kinds(
    root: _Root, node: Node, slot: str, slots: dict[str, str], past: _Past
) -> Iterator[dict[str, str]]:
    """Goes on from a node once a slot is known, of a service with each of its kinds.

    What holds may be a kind's, looked at or not.
    """
    kb, kind = root.kb, root.kb.roles.slots.kind
    yield from _states(root, node, slots, past)
    if slot == kb.roles.slots.service and kind in kb.slots and kind not in slots:
        for name in kb.choices(kind, slots):
            yield from _states(root, node, slots | {kind: name}, past)


def _leaves_open(kb: KnowledgeBase, node: Ask | Branch) -> bool:
    """Whether a value that the node does not name leads where an unknown one does."""
    return (
        isinstance(node, Branch) and not node.known and node.by not in _own_claims(kb)
    )


def _own_claims(kb: KnowledgeBase) -> tuple[str, str]:
    """The slots of which each value has claims of its own."""
    return kb.roles.slots.service, kb.roles.slots.kind


def _possible(
    root: _Root, node: Ask | Branch, slots: Slots, past: _Past
) -> Iterable[str]:
    """The values that make a difference at a node; of services all with a file.

    A value that only a branch further down names is left for that one, where it leads
    the same way as an unknown one. Elsewhere one value stands for all that no branch
    names, here or further down, besides those by which another topic answers.
    """
    kb, names, slot = root.kb, root.kb.roles.slots, node.looks_at
    if slot == names.service:
        return kb.platforms
    values = kb.choices(slot, slots)
    if slot == names.kind:
        return values
    told = set(node.cases) if _leaves_open(kb, node) else _cases(node, slot)
    ruled_out = {value for name, value in past.elsewhere if name == slot}
    others = [v for v in values if v not in told | ruled_out]
    away = {value for value in others if _instead(root, slots, slot, value)}
    told |= away
    # What is noted in passing leads nowhere else, and a way of showing does by itself.
    aside, view = slot in kb.asides, kb.slots[slot].view
    if not _leaves_open(kb, node) or (view and not aside):
        told |= set([v for v in others if v not in away][:1])
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
