"""Of several questions in a message, the one that is answered first."""

from __future__ import annotations

import pytest

from bot.dialogue import questions
from bot.nlu.confidence import Ambiguous, Confident, Verdict
from bot.nlu.engine import Clause, Parse
from tests.support.books import toy_book


def parsed(whole: str, *clauses: tuple[str, float, bool]) -> Parse:
    """A text that is clearly about one thing, with its clear clauses."""
    return judged(Confident(whole, 0.9), *clauses)


def judged(verdict: Verdict, *clauses: tuple[str, float, bool]) -> Parse:
    made = tuple(Clause(label, sure, (), asks) for label, sure, asks in clauses)
    return Parse(("words",) * 30, verdict=verdict, clauses=made)


@pytest.mark.parametrize(
    ("clauses", "leads"),
    [
        ([("gossip", 0.95, True)], True),
        ([("gossip", 0.85, True)], False),
        # "Call it back, and will they notice" asks for both.
        ([("call_back", 0.95, False), ("gossip", 0.95, True)], False),
        ([("closing_time", 0.95, True)], False),
    ],
)
def test_of_two_topics_that_a_story_is_torn_between_the_question_decides(
    clauses: list[tuple[str, float, bool]], *, leads: bool
) -> None:
    torn = Ambiguous(("call_back", "gossip"), 0.4)
    found = questions.leading(toy_book(), judged(torn, *clauses), ())
    assert (found is not None) is leads


@pytest.mark.parametrize(
    ("whole", "sure", "gone", "leads"),
    [
        ("call_back", 0.95, True, True),
        ("call_back", 0.95, False, False),
        ("call_back", 0.85, True, False),
        ("closing_time", 0.95, True, False),
    ],
)
def test_of_what_is_gone_already_the_one_question_is_answered(
    whole: str, sure: float, *, gone: bool, leads: bool
) -> None:
    said = parsed(whole, ("gossip", sure, True))
    found = questions.leading(toy_book(), said, (), gone=gone)
    assert (found is not None) is leads


@pytest.mark.parametrize(
    ("whole", "clause", "leads"),
    [
        ("call_back", ("call_back/label", 0.9, True), True),
        ("call_back", ("call_back/label", 0.8, True), False),
        ("call_back", ("call_back/label", 0.9, False), False),
        ("call_back/other", ("call_back/label", 0.9, True), False),
    ],
)
def test_a_question_for_an_aspect_leads_a_text_that_is_about_its_topic(
    whole: str, clause: tuple[str, float, bool], *, leads: bool
) -> None:
    found = questions.leading(toy_book(), parsed(whole, clause), ())
    assert (found is not None) is leads


@pytest.mark.parametrize(("part", "surely"), [(1.0, True), (0.9, False)])
def test_an_aspect_that_shares_its_topic_with_others_is_not_surely_asked_for(
    part: float, *, surely: bool
) -> None:
    clause = Clause("call_back/label", 0.9, (), asks=True, part=part)
    assert questions.asks_for_aspect(clause, "call_back") is surely
    assert not questions.asks_for_aspect(clause, "gossip")


@pytest.mark.parametrize(
    ("first", "leads"),
    [
        (("gossip", 0.95, True), True),
        (("gossip", 0.7, True), False),
        (("call_back", 0.7, True), True),
    ],
)
def test_a_vague_first_question_does_not_lead_what_is_clearly_about_another(
    first: tuple[str, float, bool], *, leads: bool
) -> None:
    others = [("call_back", 0.9, True), ("gossip", 0.9, True)]
    found = questions.leading(toy_book(), parsed("call_back", first, *others), ())
    assert (found is not None) is leads


@pytest.mark.parametrize(
    ("sure", "of_the_whole", "leads"),
    [(0.99, 0.65, True), (0.95, 0.65, False), (0.99, 0.8, False)],
)
def test_the_one_sure_question_leads_a_text_that_is_hardly_clear(
    sure: float, of_the_whole: float, *, leads: bool
) -> None:
    whole = Confident("gossip", of_the_whole)
    found = questions.leading(toy_book(), judged(whole, ("call_back", sure, True)), ())
    assert (found is not None) is leads
