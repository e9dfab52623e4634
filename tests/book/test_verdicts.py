"""The first sentence of every answer says what its verdict says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import get_args

import pytest

from bot.dialogue import reachable, tree
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.turn import Trace
from bot.knowledge.loader import root
from bot.knowledge.model import Edition, KnowledgeBase
from bot.responses.markup import Paragraph
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from tests.support.books import real_book

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
EDITIONS: tuple[Edition, ...] = get_args(Edition)

# How the bold words begin, or what they hold, for each verdict.
# Of a place the words say whether it stays there, for a question may be put either way.
PLACE = r"^(It|That|What|The)\b.*\b(stays?|goes)\b"
WORDS: dict[str, str] = {
    "yes": rf"^(Yes|Most likely yes|It is gone|Any time|Still)\b|{PLACE}",
    "no": rf"^(No\b|Not for good|Most likely not|Nothing\b|Nobody\b)|{PLACE}",
    "over": r"\b([Tt]oo late|is over)\b",
    "depends": r"^(It depends\b|Only\b|Mostly\b)",
    "perhaps": r"^Perhaps\b|\bnot (certain|known)\b",
}


@cache
def book(edition: Edition) -> KnowledgeBase:
    return replace(real_book(), edition=edition)


@cache
def answers(edition: Edition) -> tuple[tuple[str, Reply], ...]:
    """Every answer that `ways` reaches on a topic of the domain, with its way."""
    return tuple(_answers(book(edition)))


def _answers(kb: KnowledgeBase) -> Iterator[tuple[str, Reply]]:
    renderer = Renderer(kb, root())
    for topic, entry in kb.topics.items():
        if entry.scope != "domain":
            continue
        for known in reachable.states(kb, topic, NOW):
            turn = arrive(Scene(kb, Session(), NOW), topic, known, Trace(None, None))
            said = " ".join(f"{slot}={value}" for slot, value in known.items())
            yield f"{topic} {said}", renderer.reply(turn, NOW)


def bold(reply: Reply) -> str:
    """The words in bold that an answer begins with."""
    first = reply.message.blocks[0]
    if not isinstance(first, Paragraph):
        return ""
    return next((span.text for span in first.lines[0] if span.strong), "")


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_first_words_agree_with_the_verdict(edition: Edition) -> None:
    wrong = {
        f"{reply.about.verdict}: {bold(reply)}": way
        for way, reply in answers(edition)
        if reply.about
        and reply.about.verdict
        and not re.search(WORDS[reply.about.verdict], bold(reply))
    }
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_answer_begins_with_yes_or_no_without_that_verdict(edition: Edition) -> None:
    wrong = {
        f"{reply.about.verdict}: {bold(reply)}": way
        for way, reply in answers(edition)
        if reply.about
        and (first := re.match(r"(Yes|No)\b", bold(reply)))
        and reply.about.verdict != first[0].lower()
    }
    assert not wrong


@pytest.mark.slow
def test_no_plain_yes_or_no_rests_on_what_is_not_certain() -> None:
    flat = {
        bold(reply): way
        for way, reply in answers("checked")
        if re.search(r"(?m)^Not certain[.,]", reply.text)
        and re.match(r"Yes\b|No[,:]", bold(reply))
        and "ikely" not in bold(reply)
    }
    assert not flat


def test_every_answer_about_an_action_is_of_that_action() -> None:
    """An action with a tree of its own answers by that tree, or the topic handles it."""
    kb = book("checked")
    wrong = []
    for topic, entry in kb.topics.items():
        for action, own in kb.actions.items() if entry.scope == "domain" else ():
            reached = tree.walk(kb, topic, {"action": action}, NOW)
            handled = action in (entry.action, *entry.handles) or not own.tree
            if isinstance(reached, tree.Answer) and not handled:
                wrong += [(topic, action)] * (reached.folder != f"actions/{action}")
            if isinstance(reached, tree.Answer) and reached.folder:
                wrong += [(topic, action)] * (reached.action != action)
    assert not wrong


@pytest.mark.parametrize("done", ["deleted", "taken_back", "pending", "refused"])
def test_nobody_is_told_the_steps_of_what_they_did(done: str) -> None:
    kb = book("checked")
    wrong = []
    for topic in ("retract", "after_read", "time_limit", "deletion_effects"):
        for service in kb.platforms:
            for action in ("take_back", "delete"):
                for read in ({}, {"read": "read"}, {"read": "unread"}):
                    known = {"platform": service, "action": action, "done": done}
                    turn = arrive(
                        Scene(kb, Session(), NOW),
                        topic,
                        known | read,
                        Trace(None, None),
                    )
                    reached = turn.outcome
                    assert isinstance(reached, tree.Answer)
                    wrong += [(topic, known)] * bool(reached.guide)
    assert not wrong


def test_the_trust_line_stands_right_under_the_verdict() -> None:
    kb = book("checked")
    known = {"platform": "whatsapp"}
    turn = arrive(Scene(kb, Session(), NOW), "retract", known, Trace(None, None))
    _, under, *_ = Renderer(kb, root()).reply(turn, NOW).text.split("\n")
    assert re.match(r"(Confirmed by|Very likely|Not certain)\b", under)


@pytest.mark.parametrize("known", [{}, {"platform": "other"}])
def test_an_answer_about_no_covered_service_bears_no_trust_line(
    known: dict[str, str],
) -> None:
    kb = book("checked")
    turn = arrive(Scene(kb, Session(), NOW), "retract", known, Trace(None, None))
    said = Renderer(kb, root()).reply(turn, NOW).text
    assert not re.search(r"Confirmed by|Very likely|Not certain", said)
