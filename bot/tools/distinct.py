"""Of all states of knowledge at a topic that end in the same words one.

A tree has many more ways than replies: a whole book five times as many. What a reply
depends on is noted while it is filled: what is said, the claims there are for it, and the
slots that its template looks up. A state in which all of these are as they were says the
same, and is not filled again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.dialogue import steps, tree
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Finished, Step, Trace, Turn
from bot.responses.renderer import Renderer


class _Stated(NamedTuple):
    """What a state of knowledge at a topic ends in, but for the slots looked up."""

    topic: str
    outcome: Answer | Step | Finished
    claims: tuple[int, ...]
    """Those of the book that are there for it, by identity."""


_Values = tuple[str | None, ...]


class Distinct:
    """The turns of a book at one moment whose words were not met before at their topic."""

    def __init__(self, renderer: Renderer, now: datetime) -> None:
        self.renderer, self.now = renderer, now
        self._met: dict[_Stated, dict[tuple[str, ...], set[_Values]]] = {}
        """The values of the slots that count, by these slots."""

    def turn(self, topic: str, known: Mapping[str, str]) -> Turn | None:
        """Where a state of knowledge leads to; none where its words were met before.

        Raises TemplateFault, if a template cannot be filled.
        """
        kb, now = self.renderer.kb, self.now
        stated, facts = self._stated(topic, known)
        if stated and self._is_met(stated, facts):
            return None
        turn = arrive(Scene(kb, Session(), now), topic, known, Trace(None, None))
        if stated:
            slots = tuple(sorted(self.renderer.depends_on(turn, now)))
            values = self._met.setdefault(stated, {}).setdefault(slots, set())
            values.add(tuple(map(facts.get, slots)))
        return turn

    def _stated(
        self, topic: str, known: Mapping[str, str]
    ) -> tuple[_Stated | None, Mapping[str, str]]:
        """What a state ends in and what is known there; none where a question is open."""
        kb, here, facts = self.renderer.kb, topic, known
        other = tree.instead(kb, topic, known)
        if other is not None:
            here, facts = other, tree.given_way(kb, other, known)
        reached = tree.walk(kb, here, facts, self.now)
        if not isinstance(reached, Answer):
            return None, facts
        outcome = steps.at(kb, reached, facts)
        match outcome:
            case Answer():
                names = outcome.claims
            case Step():
                names = (outcome.claim,)
            case Finished():
                names = ()
        claims = kb.claims(here, facts)
        there = tuple(id(claims[name]) for name in names if name in claims)
        return _Stated(topic, outcome, there), facts

    def _is_met(self, stated: _Stated, known: Mapping[str, str]) -> bool:
        return any(
            tuple(map(known.get, slots)) in values
            for slots, values in self._met.get(stated, {}).items()
        )
