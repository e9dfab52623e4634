"""Every reply of a book, each once: what check reads, print prints, diff compares.

The clock stands still here, so that the same book gives the same proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.dialogue import branching, buttons, reachable, tree
from bot.dialogue import steps as dialogue_steps
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import (
    Fallback,
    Finished,
    NoButton,
    Outcome,
    Step,
    Suggestions,
    Trace,
    Turn,
)
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, KnowledgeBase
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from bot.tools.distinct import Distinct
from bot.tools.progress import progress

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

BETWEEN = ""
"""In place of a topic: what is said where no topic was understood."""
_PLACES = {Suggestions: "torn", Fallback: "lost", NoButton: "no button"}
"""Of what is said there."""


@dataclass(frozen=True)
class Entry:
    """One reply, and the state of knowledge that leads to it."""

    topic: str
    known: Mapping[str, str]
    outcome: Outcome
    reply: Reply

    @property
    def way(self) -> str:
        """What is known, as `slot=value`; a moment as its age."""
        return " ".join(f"{slot}={value}" for slot, value in self.told.items())

    @property
    def told(self) -> dict[str, str]:
        """What is known; a moment as its age."""
        return {slot: _shown(value) for slot, value in self.known.items()}

    @property
    def folder(self) -> str:
        """The action whose own tree answers: "actions/edit"; else empty."""
        return self.outcome.folder if isinstance(self.outcome, Answer) else ""

    @property
    def place(self) -> str:
        """What is reached: a leaf as `topic/say`, a question as `topic?slot`."""
        match self.outcome:
            case Answer(topic, say, folder=folder):
                return f"{folder or topic}/{say}"
            case Question(topic, slot):
                return f"{topic}?{slot}"
            case Step(topic, number):
                return f"{topic}, step {number}"
            case Finished(topic):
                return f"{topic}, after the steps"
            case Suggestions() | Fallback() | NoButton():
                return _PLACES[type(self.outcome)]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(b.label for b in self.reply.message.buttons)


def _shown(value: str) -> str:
    if not time_limits.is_moment(value):
        return value
    return time_limits.iso(NOW - time_limits.moment(value))


def entries(renderer: Renderer, topics: Iterable[str] | None = None) -> Iterator[Entry]:
    """All replies: of each topic its questions, its answers and their steps.

    Of several states of a topic with the same words one; see distinct.py.
    A terminal sees how far it is. Raises TemplateFault, if a template cannot be filled.
    """
    every = list(renderer.kb.topics if topics is None else topics)
    told = Distinct(renderer, NOW)
    with progress("Filling every answer", every) as shown:
        for topic in shown:
            for known in states(renderer.kb, topic):
                if entry := reached(told, topic, known):
                    yield entry
    if topics is None:
        yield from _between(renderer)


def comparisons(renderer: Renderer) -> Iterator[Entry]:
    """Of two to eight services by name, beginning with those that are most used."""
    kb, told = renderer.kb, Distinct(renderer, NOW)
    views = (name for name, slot in kb.slots.items() if slot.view)
    versus = next((name for name in views if kb.slots[name].values == "platforms"), "")
    service = kb.roles.slots.service
    stems = [*dict.fromkeys((*kb.slots[service].shown, *kb.choices(service, {})))]
    compare = kb.roles.topics.compare
    for count in range(2, _COMPARED + 1) if versus and compare else ():
        known = {versus: "+".join(stems[:count])}
        if entry := reached(told, compare, known):
            yield entry


_COMPARED = 8
"""Services that are held against each other at most."""


def reached(told: Distinct, topic: str, known: Mapping[str, str]) -> Entry | None:
    """What a state of knowledge at a topic leads to, where that was not told before."""
    turn = told.turn(topic, known)
    if turn is None:
        return None
    return Entry(topic, known, turn.outcome, told.renderer.reply(turn, told.now))


def states(kb: KnowledgeBase, topic: str) -> Iterator[dict[str, str]]:
    """Each state of knowledge at a topic once: with an open question, answered, in steps."""
    seen: set[frozenset[tuple[str, str]]] = set()
    for known in _every_state(kb, topic):
        key = frozenset(known.items())
        if key not in seen:
            seen.add(key)
            yield known


def _every_state(kb: KnowledgeBase, topic: str) -> Iterator[dict[str, str]]:
    for aspect in ("", *aspects(kb, topic)):
        yield from asked(kb, topic, {"aspect": aspect} if aspect else {})
    answered = []
    offered = ({"aspect": aspect} for aspect in aspects(kb, topic))
    for known in (*reachable.states(kb, topic, NOW), *offered):
        answer = tree.walk(kb, topic, known, NOW)
        if isinstance(answer, Answer):
            answered.append(known)
            # Where another topic answers, that one's states tell of each service.
            if tree.instead(kb, topic, known) is None:
                answered += _known_before(kb, answer, known)
    yield from answered
    for known in answered:
        if kb.roles.slots.time not in known:
            yield from _steps(kb, topic, known)


def aspects(kb: KnowledgeBase, topic: str) -> list[str]:
    """The aspects of a topic that phrases or buttons lead to."""
    return sorted({*kb.spoken_aspects(topic), *kb.topics[topic].aspects})


def _known_before(
    kb: KnowledgeBase, answer: Answer, known: dict[str, str]
) -> Iterator[dict[str, str]]:
    """With the service or the kind that this topic does not ask for, but may be told."""
    own = set(answer.claims) - kb.topics[answer.topic].claims.keys()
    names = kb.roles.slots
    told = names.service in known
    for stem in [known[names.service]] if told else list(kb.platforms):
        platform = kb.platforms.get(stem)
        if platform is None:
            continue
        states = [] if told else [({names.service: stem}, platform.claims)]
        for kind, entry in platform.kinds.items() if names.kind not in known else ():
            claims = entry.claims if told else {**platform.claims, **entry.claims}
            states.append(({names.service: stem, names.kind: kind}, claims))
        for more, claims in states:
            there = tree.walk(kb, answer.topic, known | more, NOW)
            elsewhere = isinstance(there, Answer) and there.say != answer.say
            if elsewhere or own & claims.keys():
                yield known | more


def asked(
    kb: KnowledgeBase, topic: str, known: dict[str, str], now: datetime = NOW
) -> Iterator[dict[str, str]]:
    """The states in which a question is open, as its answers lead to them."""
    open_ = tree.walk(kb, topic, known, now)
    if not isinstance(open_, Question):
        return
    yield known
    for value in [*kb.choices(open_.slot, known), UNSURE]:
        moment = open_.slot == kb.roles.slots.time and value != UNSURE
        told = branching.sent_at(kb, value, now) if moment else value
        yield from asked(kb, topic, known | {open_.slot: told}, now)


def _steps(
    kb: KnowledgeBase, topic: str, known: dict[str, str]
) -> Iterator[dict[str, str]]:
    """An answer's steps one by one, and the question after them."""
    answer = tree.walk(kb, topic, known, NOW)
    claim = isinstance(answer, Answer) and dialogue_steps.walkable(kb, answer, known)
    if claim:
        steps = kb.claims(topic, known)[claim].lead(kb.edition).steps
        slot = kb.roles.slots.step
        for number in range(1, len(steps) + 1):
            yield known | {slot: str(number)}
        yield known | {slot: kb.roles.values.done}


def _between(renderer: Renderer) -> Iterator[Entry]:
    """What is said where no topic was understood, or two were."""
    kb = renderer.kb
    menu = kb.topics[kb.roles.topics.help].next
    cases: list[tuple[dict[str, str], Outcome]] = [
        ({"words": "none"}, Fallback(0, "empty")),
        ({"misses": "1"}, Fallback(1)),
        ({"misses": "2"}, Fallback(2)),
        ({"typed": "77"}, NoButton("77", len(menu))),
        ({"torn": " ".join(menu[:3])}, Suggestions(tuple(menu[:3]))),
    ]
    for known, outcome in cases:
        under = (
            buttons.offers(kb, outcome.topics, {})
            if isinstance(outcome, Suggestions)
            else buttons.topics(kb, menu, {})
        )
        turn = Turn(Session(), outcome, {}, 0.0, Trace(None, None), under)
        yield Entry(BETWEEN, known, outcome, renderer.reply(turn, NOW))
