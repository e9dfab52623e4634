"""Of all states of knowledge that end in the same words one.

A tree has many more ways than replies: a whole book five times as many. What a reply
depends on is noted while it is filled: its answer, the claims there are for it, and the
slots that its template looks up. A state in which all of these are as they were says the
same, and is not filled again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.dialogue import tree
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Trace, Turn
from bot.responses.renderer import Renderer

_Stated = tuple[Answer, tuple[int, ...]]
"""An answer, and the claims of the book that are there for it, by identity."""
_Values = tuple[str | None, ...]


class Distinct:
    """The turns of a book at one moment whose words were not met before."""

    def __init__(self, renderer: Renderer, now: datetime) -> None:
        self.renderer, self.now = renderer, now
        self._met: dict[_Stated, dict[tuple[str, ...], set[_Values]]] = {}
        """The values of the slots that count, by these slots, of each answer."""

    def turn(self, topic: str, known: Mapping[str, str]) -> Turn | None:
        """Where a state of knowledge leads to; none where its words were met before.

        Raises TemplateFault, if a template cannot be filled.
        """
        kb, now = self.renderer.kb, self.now
        stated, facts = self._answer(topic, known)
        if stated and self._is_met(stated, facts):
            return None
        turn = arrive(Scene(kb, Session(), now), topic, known, Trace(None, None))
        if stated:
            slots = tuple(sorted(self.renderer.depends_on(turn, now)))
            values = self._met.setdefault(stated, {}).setdefault(slots, set())
            values.add(tuple(map(facts.get, slots)))
        return turn

    def _answer(
        self, topic: str, known: Mapping[str, str]
    ) -> tuple[_Stated | None, Mapping[str, str]]:
        """The answer of a state, and what is known there; none for a question or a step."""
        kb = self.renderer.kb
        other = tree.instead(kb, topic, known)
        if other is not None:
            topic, known = other, tree.given_way(kb, other, known)
        reached = tree.walk(kb, topic, known, self.now)
        if not isinstance(reached, Answer) or kb.roles.slots.step in known:
            return None, known
        claims = kb.claims(topic, known)
        there = (id(claims[name]) for name in reached.claims if name in claims)
        return (reached, tuple(there)), known

    def _is_met(self, stated: _Stated, known: Mapping[str, str]) -> bool:
        return any(
            tuple(map(known.get, slots)) in values
            for slots, values in self._met.get(stated, {}).items()
        )
