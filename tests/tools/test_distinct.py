"""One state of knowledge stands for all that end in the same words, and no words are lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.turn import Trace
from bot.knowledge.loader import root
from bot.knowledge.model import KnowledgeBase
from bot.responses.renderer import Renderer
from bot.tools import every_answer
from bot.tools.distinct import Distinct
from bot.tools.every_answer import NOW, Entry
from tests.support.books import TOY


def every_state(renderer: Renderer, topic: str) -> Iterator[Entry]:
    """What each state of knowledge leads to, the same words again and again."""
    for known in every_answer.states(renderer.kb, topic):
        scene = Scene(renderer.kb, Session(), NOW)
        turn = arrive(scene, topic, known, Trace(None, None))
        yield Entry(topic, known, turn.outcome, renderer.reply(turn, NOW))


def words(kb: KnowledgeBase, entry: Entry) -> tuple[str | None, ...]:
    names = kb.roles.slots
    where = (entry.known.get(names.service), entry.known.get(names.kind))
    return (entry.place, *where, entry.reply.text)


def no_words_are_lost(renderer: Renderer, topics: Iterable[str]) -> None:
    """Fails where a reply of some state is none of those that stand for all."""
    kb = renderer.kb
    few = list(every_answer.entries(renderer, topics))
    for topic in topics:
        every = list(every_state(renderer, topic))
        there = [entry for entry in few if entry.topic == topic]
        assert {words(kb, e) for e in there} == {words(kb, e) for e in every}
        assert len(there) <= len(every)


def test_in_the_toy_book_no_words_are_lost(toy_book: KnowledgeBase) -> None:
    no_words_are_lost(Renderer(toy_book, TOY), list(toy_book.topics))


@pytest.mark.slow
def test_in_the_real_book_no_words_are_lost(kb: KnowledgeBase) -> None:
    """The first of these topics gives way to the others."""
    topics = ["edit", "notification", "out_of_scope", "stuck"]
    no_words_are_lost(Renderer(kb, root()), topics)


def test_a_fact_that_a_template_looks_up_makes_words_of_their_own(
    kb: KnowledgeBase,
) -> None:
    told = Distinct(Renderer(kb, root()), NOW)
    service = {kb.roles.slots.service: "whatsapp"}
    assert told.turn("retract", service)
    assert told.turn("retract", service) is None
    assert told.turn("retract", {kb.roles.slots.service: "signal"})
    # No template says anything of it there.
    assert told.turn("retract", {**service, "tone": "formal"}) is None
    assert told.turn("follow_up", {"tone": "formal"})
    assert told.turn("follow_up", {"tone": "casual"})
