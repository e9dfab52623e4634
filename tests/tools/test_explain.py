from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from bot.dialogue.tree import PassedBranch
from bot.tools.explain import Explained, StatedFact, explain, tables
from tests.support.books import toy_bot

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


def why(question: str) -> Explained:
    return explain(toy_bot(), question, NOW)


def shown(found: Explained) -> str:
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=120)
    for table in tables(found):
        console.print(table)
    return out.getvalue()


def test_words_are_shown_as_typed_and_as_repaired() -> None:
    found = why('how do I call bakc my parcel, I wrote "burn after reading"')
    assert found.typed == (
        "how",
        "do",
        "i",
        "call",
        "bakc",
        "my",
        "parcel",
        "i",
        "wrote",
    )
    assert "back" in found.read
    assert found.repaired == (("bakc", "back"),)
    assert "bakc → back" in shown(found)


def test_facts_name_the_words_that_they_were_read_from() -> None:
    found = why("call back the crate I posted 20 min ago, she unsealed it")
    assert StatedFact("goods", "crate", "crate") in found.facts
    assert StatedFact("carrier", "ferry", "(implied)") in found.facts
    assert StatedFact("left_at", "PT20M", "20 min ago") in found.facts
    assert any(f.slot == "seal" and "unsealed" in f.words for f in found.facts)
    assert "{crate}" in found.matched


def test_a_clear_topic_shows_the_way_to_its_question() -> None:
    found = why("how do I call back my parcel")
    assert found.verdict
    assert found.verdict.verdict == "confident"
    assert found.verdict.labels == ("call_back",)
    assert found.verdict.confidence >= found.verdict.threshold == 0.5
    assert found.verdict.lead >= found.verdict.margin == 0.2
    assert found.topics[0].topic == "call_back"
    assert found.topics[0].probability - found.topics[1].probability == pytest.approx(
        found.verdict.lead
    )
    assert found.rule == "clear_topic"
    assert found.way == ()
    assert found.end == "asks call_back: carrier"


def test_the_way_lists_every_branch_that_was_taken() -> None:
    found = why("get a mole post parcel back")
    assert found.way == (
        PassedBranch(asks=True, on="carrier", value="mole", branch="known"),
        PassedBranch(asks=False, on="aspect", value=None, branch="otherwise"),
        PassedBranch(asks=True, on="goods", value=None, branch="otherwise"),
        PassedBranch(asks=False, on="turning", value="everyone", branch="everyone"),
        PassedBranch(asks=False, on="past_seal", value="yes", branch="otherwise"),
        PassedBranch(asks=False, on="clock", value="none", branch="otherwise"),
    )
    assert found.end == "answers call_back: steps"
    text = shown(found)
    assert "not asked" in text
    assert "not known" in text


def test_a_topic_that_turns_into_another_is_named() -> None:
    found = why("how do I call back my heron parcel, she unsealed it")
    assert found.instead_of == "call_back"
    assert "answers unsealed" in found.end
    assert "instead of" in shown(found)


def test_what_is_not_understood_has_no_way() -> None:
    found = why("qwrtz plmf")
    assert found.verdict
    assert found.verdict.verdict == "nomatch"
    assert (found.rule, found.way, found.end) == ("falls_back", (), "not understood")


def test_a_command_needs_no_verdict() -> None:
    found = why("/help")
    assert found.verdict is None
    assert found.topics == ()
    assert found.rule == "runs_command"
    assert "runs_command" in shown(found)


def test_another_script_is_clear_without_a_ranking() -> None:
    found = why("как отменить посылку")
    assert found.verdict
    assert found.verdict.labels == ("elsewhere/tongue",)
    assert found.verdict.lead == 0
    assert shown(found)


def test_between_topics_the_verdict_names_them() -> None:
    found = next(
        one
        for one in map(
            why, ("is there time to call it back", "how long, and do they know")
        )
        if one.rule in ("picks_best_of_several", "suggests_topics")
    )
    assert found.verdict
    assert found.verdict.verdict == "ambiguous"
    assert len(found.verdict.labels) > 1
    assert found.verdict.either >= found.verdict.offer


def test_all_of_it_is_an_object_too() -> None:
    found = why("get a mole post parcel back").as_json()
    again = json.loads(json.dumps(found))
    assert again["verdict"]["verdict"] == "confident"
    assert again["way"][0]["branch"] == "known"
    assert again["facts"][0]["words"] == "mole post"
