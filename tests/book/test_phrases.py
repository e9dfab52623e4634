"""What people say, in the real book."""

from __future__ import annotations

import re

import pytest

from bot.knowledge import loader
from bot.knowledge.model import Branch, Leaf, Node
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.responses.template_files import TemplateFault
from tests.support.books import real_book, real_bot

TOPICS = real_book().topics
MADE_BY_BUTTONS = {"help/none"}


def test_no_phrase_stands_twice() -> None:
    where: dict[tuple[str, ...], str] = {}
    for label, phrases in real_book().phrases.items():
        for phrase in phrases:
            said = ENGLISH.tokenize(phrase) or (phrase,)
            assert said not in where, f"{phrase!r} of {label} and {where[said]}"
            where[said] = label


def aspects(node: Node) -> set[str]:
    """Those that a tree branches on."""
    if isinstance(node, Leaf):
        return set()
    below: list[Node] = [*node.cases.values(), node.otherwise]
    below += [node.known] if node.known else []
    own = set(node.cases) if isinstance(node, Branch) and node.by == "aspect" else set()
    return own.union(*map(aspects, below))


def offered() -> set[str]:
    """What buttons and commands lead to, without a word."""
    found: set[str] = set()
    for topic in TOPICS.values():
        found |= set(topic.next)
    for stem, topic in TOPICS.items():
        found |= {f"{stem}/{aspect}" for aspect in topic.commands.values()}
        found |= {stem} if topic.command else set()
        found |= {f"{stem}/{aspect}" for aspect in topic.labels}
    return found


SIXTEEN_AND_EIGHT = {
    "retract", "deletion_effects", "notification", "after_read", "inmail_rules",
    "inmail_credit", "erasure", "records", "backups", "time_limit", "edit", "block",
    "follow_up", "prevention", "compare", "summary", "greeting", "thanks", "goodbye",
    "help", "restart", "feedback", "about_bot", "out_of_scope",
}  # fmt: skip
"""The topics that every evaluation set uses."""


@pytest.mark.parametrize("topic", sorted(SIXTEEN_AND_EIGHT))
def test_every_topic_that_is_asked_about_has_phrases(topic: str) -> None:
    said = [
        phrase
        for label, phrases in real_book().phrases.items()
        if label.partition("/")[0] == topic
        for phrase in phrases
    ]
    assert len(said) >= 40


@pytest.mark.parametrize("label", sorted(real_book().phrases))
def test_every_label_has_phrases(label: str) -> None:
    assert label.partition("/")[0] in TOPICS
    assert len(real_book().phrases[label]) >= 5


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_aspect_of_a_tree_can_be_said_or_pressed(topic: str) -> None:
    said = real_book().phrases.keys() | offered() | MADE_BY_BUTTONS
    # One that is never typed stays with what is said to it, whatever topic that is of.
    loose = {part for label in said for part in label.partition("/")[::2]}
    for aspect in aspects(TOPICS[topic].tree):
        known = said if TOPICS[topic].typed else loose
        assert (f"{topic}/{aspect}" if TOPICS[topic].typed else aspect) in known


@pytest.mark.slow
def test_every_phrase_gets_a_reply() -> None:
    """No combination of facts that a phrase states may lack its words in a template."""
    bot, faults = real_bot(), []
    for phrase in {
        phrase for there in real_book().phrases.values() for phrase in there
    }:
        try:
            bot.ask(phrase)
        except TemplateFault as fault:
            faults.append(f"{phrase}: {fault}")
    assert not faults


def test_no_pattern_reads_as_a_path() -> None:
    """Words side by side, as in "a / b / c", may look like a folder of some machine."""
    folders = ("home", "root", "tmp", "usr", "var", "work")
    path = re.compile(rf"/(?:{'|'.join(folders)})/")
    for file in (loader.root() / "knowledge").glob("*.yaml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert "://" in line or not path.search(line), line
