"""Topic and what is known → the question that is open, or the answer.

Position is never stored: the tree is walked anew from its root each time, with the
known slots. A question is put only if two of its answers lead to different replies,
compared after claims are resolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import clock
from bot.core.book import UNSURE, Ask, Book, By, Checked, Guide, Node, Say
from bot.core.memory import Memory

Known = Mapping[str, str]


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
class Passed:
    """A branching on the way down."""

    asks: bool
    """Whether it is one that a question could have settled."""
    on: str
    """The slot, `aspect`, `clock` or the claim that decides."""
    value: str | None
    branch: str
    """The case that was taken, `known` or `otherwise`."""


def walk(book: Book, topic: str, known: Known, now: datetime) -> Question | Answer:
    """The way down from the root of a topic's tree."""
    if "sent" in known:
        return _down(book, topic, known, now)
    # Only a known moment makes it depend on the clock.
    key = (topic, frozenset(known.items()))
    return _walked.of(book, key, lambda: _down(book, topic, known, now))


_walked: Memory[Question | Answer] = Memory()


def _down(book: Book, topic: str, known: Known, now: datetime) -> Question | Answer:
    *_, reached = path(book, topic, known, now)
    assert not isinstance(reached, Passed)  # a path ends in neither
    return reached


def path(
    book: Book, topic: str, known: Known, now: datetime
) -> Iterator[Passed | Question | Answer]:
    """The same with every branching that it passes, the question or answer last."""
    node: Node = book.topics[topic].tree
    while not isinstance(node, Say):
        asks = isinstance(node, Ask)
        if isinstance(node, Ask):
            on, value = node.ask, _said(book, known, node.ask)
            if value is None:
                if _matters(book, topic, node, known, now):
                    yield Question(topic, on)
                    return
                # A question skipped as idle must not be put again lower down.
                known = {**known, on: UNSURE}
        else:
            on, value = node.by, fact(book, topic, known, node, now)
        yield Passed(asks, on, value, _taken(node, value))
        node = _branch(node, value)
    finer = _refine(book, node, topic, known)
    yield Answer(topic, node.say, node.claims, finer, node.guide, node.next)


def fact(book: Book, topic: str, known: Known, node: By, now: datetime) -> str | None:
    """What a `by` node branches on: the clock, a known slot, or a claim's value."""
    if node.by == "clock":
        return clock_of(book, topic, known, now, node.of).state
    if node.by == "aspect" or node.by in book.slots:
        return _said(book, known, node.by)
    return value(book, topic, known, node.by)


def _said(book: Book, known: Known, slot: str) -> str | None:
    """What is known of a slot; services that nobody has written down go one way."""
    value = known.get(slot)
    return book.stem(value) if value and slot == "platform" else value


def value(book: Book, topic: str, known: Known, claim: str) -> str | None:
    """The value of a claim's leading side, if there is such a claim here."""
    found = book.claims(topic, known).get(claim)
    return found.lead(book.edition).value if found else None


def clock_of(
    book: Book, topic: str, known: Known, now: datetime, claim: str = "window"
) -> clock.Clock:
    """A claim's limit held against when the message was sent."""
    sent = known.get("sent")
    return clock.clock(
        value(book, topic, known, claim), None if sent == UNSURE else sent, now
    )


def _taken(node: Ask | By, value: str | None) -> str:
    if value is None or value == UNSURE:
        return "otherwise"
    if value in node.cases:
        return value
    return "known" if node.known else "otherwise"


def _branch(node: Ask | By, value: str | None) -> Node:
    if value is None or value == UNSURE:
        return node.otherwise
    return node.cases.get(value) or node.known or node.otherwise


def _refine(book: Book, leaf: Say, topic: str, known: Known) -> tuple[str, ...]:
    """The slots offered under an answer that are open and could change something."""

    def could(slot: str) -> bool:
        if slot in known:
            return False
        if slot == "sent":
            limits = {"window", "edit_window"} & set(leaf.claims)
            return any(clock.limits(value(book, topic, known, c)) for c in limits)
        if slot == "device":
            claims = book.claims(topic, known)
            return sum(name in claims for name in _STEPS) > len(
                shown_steps(book, topic, known)
            )
        return len(book.choices(slot, known)) > 1

    return tuple(slot for slot in leaf.refine if could(slot))


def shown_steps(book: Book, topic: str, known: Known) -> tuple[str, ...]:
    """The claims whose steps an answer shows.

    Those for the device that is known; for both where they are short; else for a phone.
    """
    claims = book.claims(topic, known)
    steps = {
        name: found.lead(book.edition).steps
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


def _matters(book: Book, topic: str, node: Ask, known: Known, now: datetime) -> bool:
    """Whether two answers to a question lead to different replies."""
    first: _Outcomes | None = None
    for answer in [*book.choices(node.ask, known), UNSURE]:
        after = _answered(book, known, node.ask, answer, now)
        below = _branch(node, None if answer == UNSURE else answer)
        outcomes = frozenset(_outcomes(book, topic, below, after, now, ()))
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
    book: Book,
    topic: str,
    node: Node,
    known: Known,
    now: datetime,
    lower: tuple[str, ...],
) -> Iterator[tuple[tuple[str, ...], _Reply]]:
    """Every reply below a node, claims resolved."""
    match node:
        case Say():
            other = instead(book, topic, known)
            if other is not None:
                yield lower, (Answer(other, ""), known.get("platform"), ())
                return
            claims = book.claims(topic, known)
            leads = tuple(
                claims[c].lead(book.edition) for c in node.claims if c in claims
            )
            reply = Answer(topic, node.say, node.claims)
            yield lower, (reply, known.get("platform"), leads)
        case By():
            below = _branch(node, fact(book, topic, known, node, now))
            yield from _outcomes(book, topic, below, known, now, lower)
        case Ask():
            if node.ask in known:
                below = _branch(node, _said(book, known, node.ask))
                yield from _outcomes(book, topic, below, known, now, lower)
                return
            for answer in [*book.choices(node.ask, known), UNSURE]:
                after = _answered(book, known, node.ask, answer, now)
                below = _branch(node, answer)
                way = (*lower, answer)
                yield from _outcomes(book, topic, below, after, now, way)


def instead(book: Book, topic: str, known: Known) -> str | None:
    """The topic that what is known makes this one into, if it does."""
    for other, slots in book.topics[topic].instead.items():
        if all(known.get(slot) == value for slot, value in slots.items()):
            return other
    return None


def _answered(
    book: Book, known: Known, slot: str, answer: str, now: datetime
) -> dict[str, str]:
    """What is known once a question has this answer."""
    if slot == "sent" and answer != UNSURE:
        answer = sent_at(book, answer, now)
    return {**known, slot: answer}


def sent_at(book: Book, answer: str, now: datetime) -> str:
    """The instant that a choice of the slot `sent` stands for."""
    values = book.slots["sent"].values
    assert isinstance(values, dict)
    choice = values[answer]
    return clock.instant(now - (choice.ago or timedelta(0)), choice.slack)


def ways(book: Book, topic: str, now: datetime) -> Iterator[dict[str, str]]:
    """Every state of knowledge that leads to an answer of a topic, nothing sampled.

    For a branch on the clock these are: not known, in the middle of the limit, a minute
    before its end, between its ends where it is a range, and just over it.
    """
    aspects = {
        label.partition("/")[2]
        for label in book.phrases
        if "/" in label and label.startswith(f"{topic}/")
    }
    for aspect in ["", *sorted(aspects)]:
        known = {"aspect": aspect} if aspect else {}
        yield from _ways(book, topic, book.topics[topic].tree, known, now)


def _ways(  # noqa: C901 - one case for each kind of node
    book: Book,
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
            return _ways(book, topic, node, known, now, unknown | {slot})
        after = _answered(book, known, slot, answer, now)
        return _ways(book, topic, node, after, now, unknown)

    match node:
        case Say():
            yield known
        case By(by="clock"):
            for sent in _moments(book, topic, known, now, node.of):
                if sent and "sent" in unknown:
                    continue
                after = known | ({"sent": sent} if sent else {})
                below = _branch(node, fact(book, topic, after, node, now))
                missing = unknown if "sent" in after else unknown | {"sent"}
                yield from _ways(book, topic, below, after, now, missing)
        case By() if node.by in book.slots and node.by not in known:
            fresh = node.by not in unknown
            for answer in [None, *(book.choices(node.by, known) if fresh else ())]:
                yield from on(_branch(node, answer), node.by, answer)
        case By():
            below = _branch(node, fact(book, topic, known, node, now))
            yield from _ways(book, topic, below, known, now, unknown)
        case Ask():
            if node.ask in known:
                below = _branch(node, _said(book, known, node.ask))
                yield from _ways(book, topic, below, known, now, unknown)
                return
            every = list(book.choices(node.ask, known))
            if node.ask == "platform":
                every = list(book.platforms)
            if node.ask in unknown:
                every = []
            for answer in [*every, UNSURE]:
                yield from on(_branch(node, answer), node.ask, answer)


def _moments(
    book: Book, topic: str, known: Known, now: datetime, claim: str
) -> list[str | None]:
    if "sent" in known:
        return [None]
    ends = clock.limits(value(book, topic, known, claim))
    if ends is None:
        return [None]
    low, high = ends
    minute = timedelta(minutes=1)
    between = () if low == high else ((low + high) / 2,)
    ages = (low / 2, low - minute, *between, high + minute)
    return [None, *(clock.instant(now - max(age, timedelta(0))) for age in ages)]
