"""The first sentence of every answer says what its verdict says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.dialogue import tree
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.turn import Trace
from bot.knowledge import time_limits
from bot.knowledge.loader import root
from bot.responses.markup import Paragraph
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply
from tests.book.conftest import CHECKED
from tests.support.walks import NOW, Walk, edited

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


def bold(reply: Reply) -> str:
    """The words in bold that an answer begins with."""
    first = reply.message.blocks[0]
    if not isinstance(first, Paragraph):
        return ""
    return next((span.text for span in first.lines[0] if span.strong), "")


def answers(walked: Walk) -> Iterator[tuple[str, Reply, str | None]]:
    """What is told, the reply, and the verdict of each answer of the domain.

    Asked from the other side, "is it too late", it has other words: test_asked_side.py.
    """
    if walked.kb.topics[walked.topic].scope == "domain":
        for way in walked.ways:
            if way.reply.about and "asked" not in way.known:
                yield way.told, way.reply, way.reply.about.verdict


def test_the_first_words_agree_with_the_verdict(walked: Walk) -> None:
    assert not {
        f"{verdict}: {bold(reply)}": told
        for told, reply, verdict in answers(walked)
        if verdict and not re.search(WORDS[verdict], bold(reply))
    }


def test_no_answer_begins_with_yes_or_no_without_that_verdict(walked: Walk) -> None:
    assert not {
        f"{verdict}: {bold(reply)}": told
        for told, reply, verdict in answers(walked)
        if (first := re.match(r"(Yes|No)\b", bold(reply)))
        and verdict != first[0].lower()
    }


@pytest.mark.parametrize("walked", CHECKED, indirect=True)
def test_no_plain_yes_or_no_rests_on_what_is_not_certain(walked: Walk) -> None:
    assert not {
        bold(reply): told
        for told, reply, _ in answers(walked)
        if re.search(r"(?m)^Not certain[.,]", reply.text)
        and re.match(r"Yes\b|No[,:]", bold(reply))
        and "ikely" not in bold(reply)
    }


def test_every_answer_about_an_action_is_of_that_action() -> None:
    """An action with a tree of its own answers by that tree, or the topic handles it."""
    kb = edited("checked")
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
    kb = edited("checked")
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
    kb = edited("checked")
    known = {"platform": "whatsapp"}
    turn = arrive(Scene(kb, Session(), NOW), "retract", known, Trace(None, None))
    _, under, *_ = Renderer(kb, root()).reply(turn, NOW).text.split("\n")
    assert re.match(r"(Confirmed by|Very likely|Not certain)\b", under)


@pytest.mark.parametrize("known", [{}, {"platform": "other"}])
def test_an_answer_about_no_covered_service_bears_no_trust_line(
    known: dict[str, str],
) -> None:
    kb = edited("checked")
    turn = arrive(Scene(kb, Session(), NOW), "retract", known, Trace(None, None))
    said = Renderer(kb, root()).reply(turn, NOW).text
    assert not re.search(r"Confirmed by|Very likely|Not certain", said)


OLD = time_limits.instant(NOW - timedelta(days=2))
LATER = time_limits.instant(NOW - timedelta(hours=3))


@pytest.mark.parametrize(
    ("topic", "known", "say"),
    [
        ("edit", {"aspect": "or_delete", "platform": "linkedin"}, "or_delete"),
        (
            "edit",
            {"aspect": "or_delete", "platform": "linkedin", "sent": OLD},
            "new_late",
        ),
        (
            "edit",
            {"aspect": "or_delete", "platform": "whatsapp", "sent": LATER},
            "only_delete",
        ),
        ("backups", {"whereabouts": "recording", "platform": "zoom"}, "recording"),
        (
            "backups",
            {"whereabouts": "recording", "platform": "zoom", "audience": "one"},
            "recording_private",
        ),
        ("backups", {"whereabouts": "mail", "platform": "outlook"}, "mail_recall"),
        ("backups", {"whereabouts": "mail", "platform": "gmail"}, "mail"),
    ],
)
def test_a_fact_that_was_told_changes_what_is_said(
    topic: str, known: dict[str, str], say: str
) -> None:
    found = tree.walk(edited("checked"), topic, known, NOW)
    assert isinstance(found, tree.Answer)
    assert found.say == say
