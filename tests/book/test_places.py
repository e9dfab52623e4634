"""Where a copy may be left: the topic that a place names answers, if others leave it that."""

from __future__ import annotations

import pytest

from bot.dialogue import tree
from bot.knowledge.model import KnowledgeBase
from tests.support.books import real_book, real_bot

TOLD = ("deletion_effects", "notification", "erasure", "records", "backups")


@pytest.fixture
def kb() -> KnowledgeBase:
    return real_book()


@pytest.mark.parametrize("topic", [name for name in TOLD if name != "backups"])
def test_a_topic_leaves_a_place_to_the_one_that_knows_it(
    kb: KnowledgeBase, topic: str
) -> None:
    assert tree.instead(kb, topic, {"whereabouts": "watch"}) == "backups"


def test_a_topic_that_knows_the_place_itself_answers(kb: KnowledgeBase) -> None:
    assert tree.instead(kb, "backups", {"whereabouts": "watch"}) is None
    known = {"whereabouts": "watch", "action": "delete"}
    assert tree.instead(kb, "backups", known) == "backups"


def test_how_to_take_it_back_gives_way_only_once_it_is_deleted(
    kb: KnowledgeBase,
) -> None:
    assert tree.instead(kb, "retract", {"whereabouts": "watch"}) is None
    known = {"whereabouts": "watch", "deletion": "spoken_of"}
    assert tree.instead(kb, "retract", known) == "backups"


def test_an_answer_about_another_action_keeps_it(kb: KnowledgeBase) -> None:
    for action in ("close_account", "remove_app", "edit"):
        known = {"whereabouts": "gallery", "action": action}
        assert tree.instead(kb, "deletion_effects", known) is None


def test_a_near_miss_hands_on_what_is_looked_at(kb: KnowledgeBase) -> None:
    known = {"aspect": "unsent", "done": "deleted"}
    assert tree.instead(kb, "out_of_scope", known) == "deletion_effects"
    known["whereabouts"] = "history"
    assert tree.instead(kb, "out_of_scope", known) == "backups"


def test_the_place_that_is_asked_about_goes_before_one_that_is_told() -> None:
    def place(text: str) -> str | None:
        return real_bot().nlu.parse(text).extraction.views.get("whereabouts")

    asked = "Does his lock screen still show it?"
    told = "She quotes it in a reply."
    assert place(told) == "quote"
    assert place(f"{told} {asked}") == place(asked) == "banner"


def test_every_place_names_a_topic_whose_tree_looks_at_places(
    kb: KnowledgeBase,
) -> None:
    values = kb.slots["whereabouts"].values
    assert isinstance(values, dict)
    named = [choice.topic for choice in values.values() if choice.topic]
    assert named
    assert all("whereabouts" in kb.uses(topic) for topic in named)


def test_a_deletion_for_oneself_is_no_removal_by_others(kb: KnowledgeBase) -> None:
    assert kb.settles("scope", "me")
    assert not kb.settles("scope", "everyone")
    assert "scope" in kb.actions["bring_back"].uses
    assert "scope" not in kb.actions["remove_others"].uses


def test_what_is_taken_back_and_wanted_again_is_brought_back(kb: KnowledgeBase) -> None:
    done = {"done": "taken_back"}
    assert tree.instead(kb, "retract", done) == "deletion_effects"
    assert tree.instead(kb, "retract", {**done, "action": "bring_back"}) is None
