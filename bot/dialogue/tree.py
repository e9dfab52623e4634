"""Topic and what is known → the question that is open, or the answer.

Position is never stored: the tree is walked anew from its root each time, with the
slots that are filled. A question is put only if two of its answers lead to different replies,
compared after claims are resolved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.dialogue import branching
from bot.dialogue.branching import Slots
from bot.knowledge import time_limits
from bot.knowledge.memo import Memo
from bot.knowledge.model import (
    UNSURE,
    Ask,
    Branch,
    Checked,
    Guide,
    KnowledgeBase,
    Leaf,
    Node,
    Verdict,
)


@dataclass(frozen=True)
class Question:
    """A slot whose value decides the answer."""

    topic: str
    slot: str


@dataclass(frozen=True)
class Answer:
    """A leaf that was reached; `say` names its template."""

    topic: str
    say: str
    verdict: Verdict | None = None
    """What its first sentence says to a question of yes or no."""
    action: str = ""
    """What its first sentence is about."""
    folder: str = ""
    """Where its template is, if not with those of the topic."""
    claims: tuple[str, ...] = ()
    refine: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    again: bool = False
    """Given a moment ago, before a fact that changes no more than its verdict."""
    stands: bool = False
    """Whether what was said since changes nothing in it."""
    summed: str = ""
    """Said once more because that was asked: `sum`, or `why`; else empty."""


class PassedBranch(NamedTuple):
    """A branching on the way down."""

    asks: bool
    """Whether it is one that a question could have settled."""
    on: str
    """The slot, `aspect`, `clock` or the claim that decides."""
    value: str | None
    branch: str
    """The case that was taken, `known` or `otherwise`."""


def walk(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime
) -> Question | Answer:
    """The way down from the root of a topic's tree."""
    if kb.roles.slots.time in slots:
        return _down(kb, topic, slots, now)
    # Only a known moment makes it depend on the clock.
    key = (topic, frozenset(slots.items()))
    return _walked.of(kb, key, lambda: _down(kb, topic, slots, now))


_walked: Memo[Question | Answer] = Memo()


def _down(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime
) -> Question | Answer:
    *_, reached = path(kb, topic, slots, now)
    assert not isinstance(reached, PassedBranch)  # a path ends in neither
    return reached


def path(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime
) -> Iterator[PassedBranch | Question | Answer]:
    """The same with every branching that it passes, the question or answer last."""
    node: Node = kb.tree(topic, slots)
    while not isinstance(node, Leaf):
        asks = isinstance(node, Ask)
        if isinstance(node, Ask):
            on, value = node.ask, branching.known_value(kb, slots, node.ask)
            if value is None:
                if _matters(kb, topic, node, slots, now):
                    yield Question(topic, on)
                    return
                # A question skipped as idle must not be put again lower down.
                slots = {**slots, on: UNSURE}
        else:
            on, value = node.by, branching.fact(kb, topic, slots, node, now)
        yield PassedBranch(asks, on, value, branching.case_taken(node, value))
        node = branching.below(node, value)
    finer = _refine(kb, node, topic, slots)
    entry, action = kb.topics[topic], kb.action(topic, slots)
    # What a topic's own tree answers is of its own action, also to a bare "delete".
    owned = kb.tree(topic, slots) is entry.tree
    usual = kb.usual_action(topic) if owned else action
    yield Answer(
        topic,
        node.say,
        node.verdict,
        node.action or (usual if entry.scope == "domain" else ""),
        "" if owned else f"actions/{action}",
        node.claims,
        finer,
        node.guide,
        node.next,
    )


def _refine(kb: KnowledgeBase, leaf: Leaf, topic: str, slots: Slots) -> tuple[str, ...]:
    """The slots offered under an answer that are open and could change something."""
    names = kb.roles.slots

    def could(slot: str) -> bool:
        if slot in slots:
            return False
        if slot == names.time:
            limits = set(kb.roles.claims.limits) & set(leaf.claims)
            return any(
                time_limits.limits(branching.value(kb, topic, slots, c)) for c in limits
            )
        if slot == names.device:
            claims = kb.claims(topic, slots)
            return sum(name in claims for name in _steps(kb)) > len(
                shown_steps(kb, topic, slots)
            )
        return len(kb.choices(slot, slots)) > 1

    return tuple(slot for slot in leaf.refine if could(slot))


def shown_steps(kb: KnowledgeBase, topic: str, slots: Slots) -> tuple[str, ...]:
    """The claims whose steps an answer shows.

    Those for the device that is known, else for a phone; all where there is one device.
    """
    claims = kb.claims(topic, slots)
    phone, computer = _steps(kb)
    steps = tuple(name for name in (phone, computer) if name in claims)
    if computer not in steps or phone not in steps:
        return steps
    desktop = slots.get(kb.roles.slots.device) == kb.roles.values.computer
    return (computer if desktop else phone,)


def _steps(kb: KnowledgeBase) -> tuple[str, str]:
    """The claims that hold steps: a phone's, a computer's."""
    return kb.roles.claims.phone_steps, kb.roles.claims.computer_steps


_Reply = tuple[Answer, str | None, tuple[Checked | Guide, ...]]


_Outcomes = frozenset[tuple[tuple[str, ...], _Reply]]
"""Replies with the answers to lower questions that lead to them."""


def _matters(
    kb: KnowledgeBase, topic: str, node: Ask, slots: Slots, now: datetime
) -> bool:
    """Whether two answers to a question lead to different replies."""
    first: _Outcomes | None = None
    for answer in [*kb.choices(node.ask, slots), UNSURE]:
        after = branching.with_answer(kb, slots, node.ask, answer, now)
        below = branching.below(node, None if answer == UNSURE else answer)
        outcomes = frozenset(_outcomes(Root(kb, topic, now), below, after))
        if first is not None and not _alike(first, outcomes):
            return True
        first = outcomes
    return False


def _alike(one: _Outcomes, other: _Outcomes) -> bool:
    """Whether it makes no difference which: one same reply, or the same by each way."""
    if one == other:
        return True
    replies = {reply for _, reply in one | other}
    return len(replies) == 1


class Root(NamedTuple):
    """What stays the same on every way below a topic's root."""

    kb: KnowledgeBase
    topic: str
    now: datetime


def _outcomes(
    root: Root, node: Node, slots: Slots, lower: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], _Reply]]:
    """Every reply below a node, claims resolved."""
    kb, topic, now = root
    service = slots.get(kb.roles.slots.service)
    match node:
        case Leaf():
            other = instead(kb, topic, slots)
            if other is not None:
                yield lower, (Answer(other, ""), service, ())
                return
            claims = kb.claims(topic, slots)
            leads = tuple(
                claims[c].lead(kb.edition) for c in node.claims if c in claims
            )
            reply = Answer(topic, node.say, node.verdict, claims=node.claims)
            yield lower, (reply, service, leads)
        case Branch():
            below = branching.below(node, branching.fact(kb, topic, slots, node, now))
            yield from _outcomes(root, below, slots, lower)
        case Ask():
            if node.ask in slots:
                below = branching.below(
                    node, branching.known_value(kb, slots, node.ask)
                )
                yield from _outcomes(root, below, slots, lower)
                return
            for answer in [*kb.choices(node.ask, slots), UNSURE]:
                after = branching.with_answer(kb, slots, node.ask, answer, now)
                below = branching.below(node, answer)
                yield from _outcomes(root, below, after, (*lower, answer))


def given_way(kb: KnowledgeBase, other: str, slots: Slots) -> dict[str, str]:
    """What is known at the topic that another one gave way to."""
    looked_at = {k: v for k, v in slots.items() if k in kb.uses(other)}
    looked_at.pop("action", None)
    if looked_at.get("aspect") not in kb.spoken_aspects(other):
        looked_at.pop("aspect", None)  # it is one of the topic left
    return kb.lasting(slots) | looked_at


def instead(kb: KnowledgeBase, topic: str, slots: Slots) -> str | None:
    """The topic that what is known makes this one into, if it does."""
    owner = kb.gives_way(topic, slots)
    # Its own tree may have given way to that of an action.
    if owner and (owner != topic or "action" in slots):
        return owner
    for other, needed in kb.topics[topic].instead.items():
        if all(
            slots.get(slot, "") in ((values,) if isinstance(values, str) else values)
            for slot, values in needed.items()
        ):
            # A near miss has left its own place: what is looked at leads on from there.
            near_miss = kb.topics[topic].scope != "domain"
            return (near_miss and kb.gives_way(other, slots)) or other
    return None
