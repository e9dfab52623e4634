"""Every way through a topic of the real book, with the reply it ends in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from bot.dialogue import reachable
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.turn import Trace, Turn
from bot.knowledge import loader
from bot.knowledge.model import Edition, KnowledgeBase
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from bot.tools.distinct import Distinct
from bot.tools.every_answer import asked
from tests.support.books import real_book

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BY_HAND = Trace(None, None)


@dataclass(frozen=True)
class Way:
    """What is known, and what it leads to."""

    known: dict[str, str]
    turn: Turn
    reply: Reply

    @property
    def told(self) -> str:
        return " ".join(f"{slot}={value}" for slot, value in self.known.items())


@dataclass(frozen=True)
class Walk:
    """All ways of a topic, as a book of one edition goes them."""

    kb: KnowledgeBase
    topic: str
    ways: tuple[Way, ...]
    """Of several that end in the same words one."""
    turns: tuple[Turn, ...]
    """Where each leads: buttons carry all that is known, whatever the words are."""


@cache
def edited(edition: Edition) -> KnowledgeBase:
    return replace(real_book(), edition=edition)


def walk(topic: str, edition: Edition) -> Walk:
    """Every answer of a topic, and the questions on the way there."""
    kb = edited(edition)
    told = Distinct(Renderer(kb, loader.root()), NOW)
    states = [*asked(kb, topic, {}, NOW), *reachable.states(kb, topic, NOW)]
    ways = tuple(
        Way(known, turn, told.renderer.reply(turn, NOW))
        for known in states
        if (turn := told.turn(topic, known))
    )
    turns = (
        arrive(Scene(kb, Session(), NOW), topic, known, BY_HAND) for known in states
    )
    return Walk(kb, topic, ways, tuple(turns))
