"""Topic and what is known → the question that is open, or the answer.

Position is never stored: the tree is walked anew from its root each time, with the
known slots. A question is put only if two of its answers lead to different replies,
compared after claims are resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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
)

Slots = Mapping[str, str]


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
    claims: tuple[str, ...] = ()
    refine: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    again: bool = False
    """Given a moment ago, before a fact that changes no more than its verdict."""


@dataclass(frozen=True)
class PassedBranch:
    """A branching on the way down."""

    asks: bool
    """Whether it is one that a question could have settled."""
    on: str
    """The slot, `aspect`, `clock` or the claim that decides."""
    value: str | None
    branch: str
    """The case that was taken, `known` or `otherwise`."""


def walk(
    kb: KnowledgeBase, topic: str, known: Slots, now: datetime
) -> Question | Answer:
    """The way down from the root of a topic's tree."""
    if "sent" in known:
        return _down(kb, topic, known, now)
    # Only a known moment makes it depend on the clock.
    key = (topic, frozenset(known.items()))
    return _walked.of(kb, key, lambda: _down(kb, topic, known, now))


_walked: Memo[Question | Answer] = Memo()


def _down(
    kb: KnowledgeBase, topic: str, known: Slots, now: datetime
) -> Question | Answer:
    *_, reached = path(kb, topic, known, now)
    assert not isinstance(reached, PassedBranch)  # a path ends in neither
    return reached


def path(
    kb: KnowledgeBase, topic: str, known: Slots, now: datetime
) -> Iterator[PassedBranch | Question | Answer]:
    """The same with every branching that it passes, the question or answer last."""
    node: Node = kb.topics[topic].tree
    while not isinstance(node, Leaf):
        asks = isinstance(node, Ask)
        if isinstance(node, Ask):
            on, value = node.ask, _said(kb, known, node.ask)
            if value is None:
                if _matters(kb, topic, node, known, now):
                    yield Question(topic, on)
                    return
                # A question skipped as idle must not be put again lower down.
                known = {**known, on: UNSURE}
        else:
            on, value = node.by, fact(kb, topic, known, node, now)
        yield PassedBranch(asks, on, value, _taken(node, value))
        node = _branch(node, value)
    finer = _refine(kb, node, topic, known)
    yield Answer(topic, node.say, node.claims, finer, node.guide, node.next)


def fact(
    kb: KnowledgeBase, topic: str, known: Slots, node: Branch, now: datetime
) -> str | None:
    """What a `by` node branches on: the clock, a known slot, or a claim's value."""
    if node.by == "clock":
        return clock_of(kb, topic, known, now, node.of).state
    if node.by == "aspect" or node.by in kb.slots:
        return _said(kb, known, node.by)
    return value(kb, topic, known, node.by)


def _said(kb: KnowledgeBase, known: Slots, slot: str) -> str | None:
    """What is known of a slot; services that nobody has written down go one way."""
    value = known.get(slot)
    return kb.stem(value) if value and slot == "platform" else value


def value(kb: KnowledgeBase, topic: str, known: Slots, claim: str) -> str | None:
    """The value of a claim's leading side, if there is such a claim here."""
    found = kb.claims(topic, known).get(claim)
    return found.lead(kb.edition).value if found else None


def clock_of(
    kb: KnowledgeBase, topic: str, known: Slots, now: datetime, claim: str = "window"
) -> time_limits.TimeLeft:
    """A claim's limit held against when the message was sent."""
    sent = known.get("sent")
    return time_limits.time_left(
        value(kb, topic, known, claim), None if sent == UNSURE else sent, now
    )


def _taken(node: Ask | Branch, value: str | None) -> str:
    if value is None or value == UNSURE:
        return "otherwise"
    if value in node.cases:
        return value
    return "known" if node.known else "otherwise"


def _branch(node: Ask | Branch, value: str | None) -> Node:
    if value is None or value == UNSURE:
        return node.otherwise
    return node.cases.get(value) or node.known or node.otherwise


def _refine(kb: KnowledgeBase, leaf: Leaf, topic: str, known: Slots) -> tuple[str, ...]:
    """The slots offered under an answer that are open and could change something."""

    def could(slot: str) -> bool:
        if slot in known:
            return False
        if slot == "sent":
            limits = {"window", "edit_window"} & set(leaf.claims)
            return any(time_limits.limits(value(kb, topic, known, c)) for c in limits)
        if slot == "device":
            claims = kb.claims(topic, known)
            return sum(name in claims for name in _STEPS) > len(
                shown_steps(kb, topic, known)
            )
        return len(kb.choices(slot, known)) > 1

    return tuple(slot for slot in leaf.refine if could(slot))


def shown_steps(kb: KnowledgeBase, topic: str, known: Slots) -> tuple[str, ...]:
    """The claims whose steps an answer shows.

    Those for the device that is known; for both where they are short; else for a phone.
    """
    claims = kb.claims(topic, known)
    steps = {
        name: found.lead(kb.edition).steps
        for name in _STEPS
        if (found := claims.get(name))
    }
    if len(steps) < len(_STEPS):
        return tuple(steps)
    if known.get("device") in ("phone", "desktop"):
        return (f"steps_{known['device']}",)
    short = sum(map(len, map("".join, steps.values()))) < _SHORT_STEPS
    return tuple(steps) if short else ("steps_phone",)


_STEPS = ("steps_phone", "steps_desktop")
_SHORT_STEPS = 250
"""Characters of both together."""

_Reply = tuple[Answer, str | None, tuple[Checked | Guide, ...]]
_Outcomes = frozenset[tuple[tuple[str, ...], _Reply]]
"""Replies with the answers to lower questions that lead to them."""


def _matters(
    kb: KnowledgeBase, topic: str, node: Ask, known: Slots, now: datetime
) -> bool:
    """Whether two answers to a question lead to different replies."""
    first: _Outcomes | None = None
    for answer in [*kb.choices(node.ask, known), UNSURE]:
        after = _answered(kb, known, node.ask, answer, now)
        below = _branch(node, None if answer == UNSURE else answer)
        outcomes = frozenset(_outcomes(kb, topic, below, after, now, ()))
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


def _outcomes(
    kb: KnowledgeBase,
    topic: str,
    node: Node,
    known: Slots,
    now: datetime,
    lower: tuple[str, ...],
) -> Iterator[tuple[tuple[str, ...], _Reply]]:
    """Every reply below a node, claims resolved."""
    match node:
        case Leaf():
            other = instead(kb, topic, known)
            if other is not None:
                yield lower, (Answer(other, ""), known.get("platform"), ())
                return
            claims = kb.claims(topic, known)
            leads = tuple(
                claims[c].lead(kb.edition) for c in node.claims if c in claims
            )
            reply = Answer(topic, node.say, node.claims)
            yield lower, (reply, known.get("platform"), leads)
        case Branch():
            below = _branch(node, fact(kb, topic, known, node, now))
            yield from _outcomes(kb, topic, below, known, now, lower)
        case Ask():
            if node.ask in known:
                below = _branch(node, _said(kb, known, node.ask))
                yield from _outcomes(kb, topic, below, known, now, lower)
                return
            for answer in [*kb.choices(node.ask, known), UNSURE]:
                after = _answered(kb, known, node.ask, answer, now)
                below = _branch(node, answer)
                way = (*lower, answer)
                yield from _outcomes(kb, topic, below, after, now, way)


def instead(kb: KnowledgeBase, topic: str, known: Slots) -> str | None:
    """The topic that what is known makes this one into, if it does."""
    for other, slots in kb.topics[topic].instead.items():
        if all(known.get(slot) == value for slot, value in slots.items()):
            return other
    return None


def _answered(
    kb: KnowledgeBase, known: Slots, slot: str, answer: str, now: datetime
) -> dict[str, str]:
    """What is known once a question has this answer."""
    if slot == "sent" and answer != UNSURE:
        answer = sent_at(kb, answer, now)
    return {**known, slot: answer}


def sent_at(kb: KnowledgeBase, answer: str, now: datetime) -> str:
    """The instant that a choice of the slot `sent` stands for."""
    values = kb.slots["sent"].values
    assert isinstance(values, dict)
    choice = values[answer]
    return time_limits.instant(now - (choice.ago or timedelta(0)), choice.slack)


def ways(kb: KnowledgeBase, topic: str, now: datetime) -> Iterator[dict[str, str]]:
    """Every state of knowledge that leads to an answer of a topic, nothing sampled.

    For a branch on the clock these are: not known, in the middle of the limit, a minute
    before its end, between its ends where it is a range, and just over it.
    """
    aspects = {
        label.partition("/")[2]
        for label in kb.phrases
        if "/" in label and label.startswith(f"{topic}/")
    }
    for aspect in ["", *sorted(aspects)]:
        known = {"aspect": aspect} if aspect else {}
        yield from _ways(kb, topic, kb.topics[topic].tree, known, now)


def _ways(  # noqa: C901 - one case for each kind of node
    kb: KnowledgeBase,
    topic: str,
    node: Node,
    known: dict[str, str],
    now: datetime,
    unknown: frozenset[str] = frozenset(),
) -> Iterator[dict[str, str]]:
    """Goes on from a node.

    `unknown` are slots that a branch above took for not known; known, they would have
    led elsewhere.
    """

    def on(node: Node, slot: str, answer: str | None) -> Iterator[dict[str, str]]:
        if answer is None:
            return _ways(kb, topic, node, known, now, unknown | {slot})
        after = _answered(kb, known, slot, answer, now)
        return _ways(kb, topic, node, after, now, unknown)

    match node:
        case Leaf():
            yield known
        case Branch(by="clock"):
            for sent in _moments(kb, topic, known, now, node.of):
                if sent and "sent" in unknown:
                    continue
                after = known | ({"sent": sent} if sent else {})
                below = _branch(node, fact(kb, topic, after, node, now))
                missing = unknown if "sent" in after else unknown | {"sent"}
                yield from _ways(kb, topic, below, after, now, missing)
        case Branch() if node.by in kb.slots and node.by not in known:
            fresh = node.by not in unknown
            for answer in [None, *(kb.choices(node.by, known) if fresh else ())]:
                yield from on(_branch(node, answer), node.by, answer)
        case Branch():
            below = _branch(node, fact(kb, topic, known, node, now))
            yield from _ways(kb, topic, below, known, now, unknown)
        case Ask():
            if node.ask in known:
                below = _branch(node, _said(kb, known, node.ask))
                yield from _ways(kb, topic, below, known, now, unknown)
                return
            every = list(kb.choices(node.ask, known))
            if node.ask == "platform":
                every = list(kb.platforms)
            if node.ask in unknown:
                every = []
            for answer in [*every, UNSURE]:
                yield from on(_branch(node, answer), node.ask, answer)


def _moments(
    kb: KnowledgeBase, topic: str, known: Slots, now: datetime, claim: str
) -> list[str | None]:
    if "sent" in known:
        return [None]
    ends = time_limits.limits(value(kb, topic, known, claim))
    if ends is None:
        return [None]
    low, high = ends
    minute = timedelta(minutes=1)
    between = () if low == high else ((low + high) / 2,)
    ages = (low / 2, low - minute, *between, high + minute)
    return [None, *(time_limits.instant(now - max(age, timedelta(0))) for age in ages)]
