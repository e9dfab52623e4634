"""Topic and what is known → the question that is open, or the answer.

Position is never stored: the tree is walked anew from its root each time, with the
slots that are filled. A question is put only if two of its answers lead to different replies,
compared after claims are resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

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
            on, value = node.ask, _known(kb, slots, node.ask)
            if value is None:
                if _matters(kb, topic, node, slots, now):
                    yield Question(topic, on)
                    return
                # A question skipped as idle must not be put again lower down.
                slots = {**slots, on: UNSURE}
        else:
            on, value = node.by, fact(kb, topic, slots, node, now)
        yield PassedBranch(asks, on, value, _taken(node, value))
        node = _branch(node, value)
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
        return _known(kb, slots, node.by)
    return value(kb, topic, slots, node.by)


def _known(kb: KnowledgeBase, slots: Slots, slot: str) -> str | None:
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


def _refine(kb: KnowledgeBase, leaf: Leaf, topic: str, slots: Slots) -> tuple[str, ...]:
    """The slots offered under an answer that are open and could change something."""
    names = kb.roles.slots

    def could(slot: str) -> bool:
        if slot in slots:
            return False
        if slot == names.time:
            limits = set(kb.roles.claims.limits) & set(leaf.claims)
            return any(time_limits.limits(value(kb, topic, slots, c)) for c in limits)
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
        after = _answered(kb, slots, node.ask, answer, now)
        below = _branch(node, None if answer == UNSURE else answer)
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
            below = _branch(node, fact(kb, topic, slots, node, now))
            yield from _outcomes(root, below, slots, lower)
        case Ask():
            if node.ask in slots:
                below = _branch(node, _known(kb, slots, node.ask))
                yield from _outcomes(root, below, slots, lower)
                return
            for answer in [*kb.choices(node.ask, slots), UNSURE]:
                after = _answered(kb, slots, node.ask, answer, now)
                below = _branch(node, answer)
                yield from _outcomes(root, below, after, (*lower, answer))


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
            return other
    return None


def _answered(
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


def ways(kb: KnowledgeBase, topic: str, now: datetime) -> Iterator[dict[str, str]]:
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
            yield from _ways(Root(kb, topic, now), kb.tree(topic, slots), slots)


_Unknown = frozenset[str]
"""Slots that a branch above took for not known; known, they would have led elsewhere."""


def _ways(
    root: Root, node: Node, slots: dict[str, str], unknown: _Unknown = frozenset()
) -> Iterator[dict[str, str]]:
    """Goes on from a node."""
    kb, topic, now = root
    match node:
        case Leaf():
            yield slots
        case Branch(by="clock"):
            yield from _ways_by_the_clock(root, node, slots, unknown)
        case Branch() if node.by in kb.slots and node.by not in slots:
            fresh = node.by not in unknown
            for answer in [None, *(_possible(kb, node, slots) if fresh else ())]:
                yield from _ways_on(root, node, slots, unknown, answer)
        case Branch():
            below = _branch(node, fact(kb, topic, slots, node, now))
            yield from _ways(root, below, slots, unknown)
        case Ask() if node.ask in slots:
            below = _branch(node, _known(kb, slots, node.ask))
            yield from _ways(root, below, slots, unknown)
        case Ask():
            known = node.ask in unknown
            for answer in [*(() if known else _possible(kb, node, slots)), UNSURE]:
                yield from _ways_on(root, node, slots, unknown, answer)


def _ways_by_the_clock(
    root: Root, node: Branch, slots: dict[str, str], unknown: _Unknown
) -> Iterator[dict[str, str]]:
    """With each moment that makes a difference, and with none."""
    kb, topic, now = root
    time = kb.roles.slots.time
    for sent in _moments(kb, topic, slots, now, node.of):
        if sent and time in unknown:
            continue
        after = slots | ({time: sent} if sent else {})
        below = _branch(node, fact(kb, topic, after, node, now))
        missing = unknown if time in after else unknown | {time}
        yield from _ways(root, below, after, missing)


def _ways_on(
    root: Root,
    node: Ask | Branch,
    slots: dict[str, str],
    unknown: _Unknown,
    answer: str | None,
) -> Iterator[dict[str, str]]:
    """Below a slot that has this value from here on, or is not known."""
    slot = node.ask if isinstance(node, Ask) else node.by
    below = _branch(node, answer)
    if answer is None:
        yield from _ways(root, below, slots, unknown | {slot})
        return
    after = _answered(root.kb, slots, slot, answer, root.now)
    yield from _ways(root, below, after, unknown)
    for kind in _kinds(root.kb, slot, after):
        yield from _ways(root, below, after | kind, unknown)


def _kinds(kb: KnowledgeBase, slot: str, slots: Slots) -> Iterator[dict[str, str]]:
    """The kinds of a service just named; what holds may be theirs, looked at or not."""
    kind = kb.roles.slots.kind
    if slot == kb.roles.slots.service and kind in kb.slots and kind not in slots:
        yield from ({kind: name} for name in kb.choices(kind, slots))


def _possible(kb: KnowledgeBase, node: Ask | Branch, slots: Slots) -> Iterable[str]:
    """The values that a branch can be on; of services those without a file too."""
    slot = node.ask if isinstance(node, Ask) else node.by
    return kb.platforms if slot == kb.roles.slots.service else kb.choices(slot, slots)


def _moments(
    kb: KnowledgeBase, topic: str, slots: Slots, now: datetime, claim: str
) -> list[str | None]:
    if kb.roles.slots.time in slots:
        return [None]
    ends = time_limits.limits(value(kb, topic, slots, claim or kb.roles.claims.limit))
    if ends is None:
        return [None]
    low, high = ends
    minute = timedelta(minutes=1)
    between = () if low == high else ((low + high) / 2,)
    ages = (low / 2, low - minute, *between, high + minute)
    return [None, *(time_limits.instant(now - max(age, timedelta(0))) for age in ages)]
