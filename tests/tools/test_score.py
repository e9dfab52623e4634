from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.knowledge.model import KnowledgeBase
from bot.tools.eval import labelled
from bot.tools.eval.figures import (
    LOST,
    TORN,
    Bin,
    Confusion,
    Given,
    Pair,
    Share,
    SlotScore,
    Tally,
)
from bot.tools.eval.labelled import Labelled
from bot.tools.eval.score import near, reliability, right, score
from bot.tools.eval.slot_scores import facts
from tests.support.books import toy_book

OUT = "elsewhere"


def asked(topic: str, *also: str, **slots: str) -> Labelled:
    return Labelled("?", topic, also, slots)


def answer(topic: str, confidence: float = 0.9, **slots: str) -> Given:
    return Given("answer", topic, slots, confidence)


def clarify(*topics: str) -> Given:
    return Given("clarify", None, {}, 0.6, topics)


LOST_ONE = Given("decline", None, {}, 0.2)
DECLINED = Given("decline", OUT, {}, 0.8)


@pytest.mark.parametrize(
    ("question", "got", "is_right", "is_near"),
    [
        (asked("call_back"), answer("call_back"), True, True),
        (asked("call_back"), Given("ask", "call_back"), True, True),
        (asked("call_back"), answer("closing_time"), False, False),
        (asked("call_back", "closing_time"), answer("closing_time"), True, True),
        (asked("call_back"), clarify("closing_time", "call_back"), False, True),
        (asked("call_back"), clarify("closing_time", "counter_help"), False, False),
        (asked("call_back"), clarify("a", "b", "c", "call_back"), False, False),
        (asked("call_back"), LOST_ONE, False, False),
        (asked("call_back"), DECLINED, False, False),
        (asked("call_back", OUT), DECLINED, True, True),
        (asked("bows"), answer("bows"), True, True),
        (asked(OUT), DECLINED, True, True),
        (asked(OUT), LOST_ONE, True, True),
        (asked(OUT), answer("call_back"), False, False),
        (asked(OUT, "call_back"), answer("call_back"), True, True),
        (asked(OUT, "call_back"), clarify("call_back", "counter_help"), True, True),
        (asked(OUT), clarify("call_back", "counter_help"), False, True),
    ],
)
def test_what_counts_as_right(
    question: Labelled, got: Given, *, is_right: bool, is_near: bool
) -> None:
    assert right(question, got, toy_book()) is is_right
    assert near(question, got, toy_book()) is is_near


@pytest.mark.parametrize(
    ("question", "read", "stated", "counted"),
    [
        ({}, {}, {}, {}),
        (
            {"carrier": "heron"},
            {"carrier": "heron", "left_at": "PT1M"},
            {"carrier": "heron"},
            {"carrier": "heron"},
        ),
        # The guide speaks of heron and snail alone.
        (
            {"carrier": "stranger"},
            {"carrier": "mole"},
            {"carrier": "stranger"},
            {"carrier": "stranger"},
        ),
        (
            {"carrier": "heron"},
            {"carrier": "mole"},
            {"carrier": "heron"},
            {"carrier": "stranger"},
        ),
        # A crate implies the ferry, a card does not.
        (
            {"goods": "crate"},
            {"goods": "crate", "carrier": "ferry"},
            {"goods": "crate"},
            {"goods": "crate"},
        ),
        (
            {"goods": "card"},
            {"goods": "card", "carrier": "ferry"},
            {"goods": "card"},
            {"goods": "card", "carrier": "stranger"},
        ),
        ({"goods": "unknown", "seal": ""}, {"device": "x"}, {}, {}),
    ],
)
def test_slots_are_compared_in_the_terms_of_the_labels(
    question: dict[str, str],
    read: dict[str, str],
    stated: dict[str, str],
    counted: dict[str, str],
) -> None:
    got = Given("answer", "call_back", read)
    assert facts(asked("call_back", **question), got, toy_book()) == (stated, counted)


def test_a_comparison_states_no_service_by_naming_some() -> None:
    topics = toy_book().topics
    kb = replace(toy_book(), topics={**topics, "wrap": topics["call_back"]})
    got = answer("wrap", carrier="heron")
    assert facts(asked("wrap"), got, kb) == ({}, {})
    one = asked("wrap", carrier="heron")
    assert facts(one, got, kb) == ({"carrier": "heron"}, {"carrier": "heron"})


def test_the_services_of_the_real_book_that_have_a_label(kb: KnowledgeBase) -> None:
    named = ("linkedin", "facebook", "twitter", "instagram", "whatsapp")
    for stem in kb.platforms:
        question = asked("retract", platform=stem)
        stated, _ = facts(question, answer("retract"), kb)
        assert stated == {"platform": stem if stem in named else "other"}


PAIRS: list[Pair] = [
    (asked("call_back", carrier="heron"), answer("call_back", 0.97, carrier="heron")),
    (asked("call_back", seal="broken"), answer("call_back", 0.93, carrier="mole")),
    (asked("call_back"), answer("closing_time", 0.92)),
    (asked("closing_time", goods="card"), clarify("call_back", "closing_time")),
    (asked("closing_time"), LOST_ONE),
    (asked("hails", carrier="heron"), answer("hails", 0.55)),
    (asked(OUT), DECLINED),
    (asked(OUT), LOST_ONE),
    (asked(OUT), answer("call_back", 0.7)),
    (asked("counter_help"), DECLINED),
]


def test_figures_of_a_few_answers() -> None:
    found = score(PAIRS, toy_book())
    assert found.domain == Tally(asked=5, right=2, top3=3, asked_back=1)
    assert found.talk == Tally(asked=2, right=1, top3=1)
    assert found.out == Tally(asked=3, right=2, top3=2)
    assert found.topics["call_back"] == Tally(asked=3, right=2, top3=2)
    assert found.recall == Share(2, 3)
    assert found.precision == Share(2, 4)
    assert found.precision.value == 0.5
    assert found.slots == {
        "carrier": SlotScore(hits=1, invented=1),
        "goods": SlotScore(missed=1),
        "seal": SlotScore(missed=1),
    }
    assert found.every_slot == SlotScore(1, 1, 2)
    assert found.every_slot.precision == 0.5
    assert found.every_slot.recall == pytest.approx(1 / 3)
    assert found.every_slot.f1 == pytest.approx(0.4)


def test_a_slot_that_nobody_states_has_no_figures() -> None:
    assert SlotScore().f1 is None
    assert SlotScore().precision is None


def test_confusions_count_answers_and_first_offers() -> None:
    found = score([*PAIRS, PAIRS[2]], toy_book()).confusions
    assert found[0] == Confusion("call_back", "closing_time", answered=2, asked_back=0)
    assert Confusion("closing_time", "call_back", answered=0, asked_back=1) in found
    assert Confusion("closing_time", LOST, answered=1, asked_back=0) in found
    assert Confusion("counter_help", OUT, answered=1, asked_back=0) in found
    assert len(found) == 5


def test_the_worst_misses_took_a_side_with_most_confidence() -> None:
    found = score(PAIRS, toy_book()).wrong
    assert [(one.topic, one.taken_for, one.confidence) for one in found] == [
        ("call_back", "closing_time", 0.92),
        ("counter_help", OUT, 0.8),
        (OUT, "call_back", 0.7),
        ("closing_time", TORN, 0.6),
        ("closing_time", LOST, 0.2),
    ]
    assert [one.stands for one in found] == [True, True, True, False, False]


def test_confidence_is_held_against_what_came_true() -> None:
    some = [(0.55, True), (0.91, True), (0.93, False), (0.96, True), (1.0, True)]
    bins = {(b.low, b.high): b for b in reliability(some)}
    assert bins[0.5, 0.6] == Bin(0.5, 0.6, 1, 0.55, 1.0)
    assert bins[0.9, 0.95].stated == pytest.approx(0.92)
    assert (bins[0.9, 0.95].answers, bins[0.9, 0.95].right) == (2, 0.5)
    assert bins[0.95, 1.0].stated == pytest.approx(0.98)
    assert (bins[0.95, 1.0].answers, bins[0.95, 1.0].right) == (2, 1.0)
    assert bins[0.0, 0.5] == Bin(0.0, 0.5, 0, None, None)
    weighed = {b.low: b for b in reliability(some, [1, 1, 3, 1, 1])}
    assert weighed[0.9].right == 0.25
    assert weighed[0.9].answers == 2


def test_only_what_takes_a_side_is_held_against_its_confidence() -> None:
    found = score(PAIRS, toy_book())
    assert sum(b.answers for b in found.reliability) == 7
    # 0.97 and 1; 0.93, 0.92 and a half; 0.8 (two) and a half; 0.7 and 0; 0.55 and 1.
    apart = 0.03 + 2 * 0.425 + 2 * 0.3 + 0.7 + 0.45
    assert found.calibration_error == pytest.approx(apart / 7)


# --- labelled files


def write(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "some.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_labelled_file_is_read(tmp_path: Path) -> None:
    rows = (
        {"text": "hi", "topic": "hails", "also": ["counter_help"], "origin": "persona"},
        "",
        {"text": "back, please", "topic": "call_back", "slots": {"carrier": "heron"}},
    )
    found = labelled.read(write(tmp_path, *rows), toy_book())
    assert found == (
        Labelled("hi", "hails", ("counter_help",)),
        Labelled("back, please", "call_back", slots={"carrier": "heron"}),
    )
    assert found[0].labels == {"hails", "counter_help"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ({"text": "hi", "topic": "hials"}, "no topic `hials`; did you mean"),
        ({"text": "hi", "topic": "hails", "also": ["x"]}, "no topic `x`"),
        ({"text": " ", "topic": "hails"}, "`text` has to be a text"),
        ({"text": "hi"}, "`topic` has to be a text"),
        ({"text": "hi", "topic": "hails", "what": 1}, "unknown key `what`"),
        ({"text": "hi", "topic": "hails", "also": "x"}, "`also` has to be a list"),
        ({"text": "hi", "topic": "hails", "slots": {"x": "y"}}, "no slot `x`"),
    ],
)
def test_a_line_that_is_no_question_is_named(
    tmp_path: Path, row: object, message: str
) -> None:
    file = write(tmp_path, {"text": "hi", "topic": "hails"}, row)
    with pytest.raises(BotError) as caught:
        labelled.read(file, toy_book())
    assert f"{file}:2: " in str(caught.value)
    assert message in str(caught.value)


def test_a_file_without_questions_is_none(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="no question"):
        labelled.read(write(tmp_path), toy_book())
    with pytest.raises(BotError, match="cannot be read"):
        labelled.read(tmp_path / "nowhere", toy_book())
