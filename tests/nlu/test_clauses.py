"""Where a clause ends, and whether it asks."""

from __future__ import annotations

import pytest

from bot.nlu import clauses
from tests.support.books import real_book

UNMARKED = (
    (
        "I have sent to my aunt a joke that was for my brother can I take it back",
        "can i take it back",
    ),
    (
        "my son has put it in the group of the choir now all have read it what do I do",
        "what do i do",
    ),
    (
        "it has gone to the whole office and the boss is in there too is it gone there",
        "is it gone there",
    ),
)
WHOLE = (
    "I did not know what can I do so I wrote to my sister about it yesterday evening",
    "he told me that he would not look at it before the end of the week at work",
    "can I take it back",
)


@pytest.mark.parametrize(("text", "question"), UNMARKED)
def test_a_question_at_the_end_of_a_long_stretch_is_a_clause(
    text: str, question: str
) -> None:
    told, asked = clauses.split(text, real_book().language)
    assert not told.asks
    assert asked.asks
    assert " ".join(asked.words) == question


@pytest.mark.parametrize("text", WHOLE)
def test_a_stretch_without_one_stays_whole(text: str) -> None:
    assert len(clauses.split(text, real_book().language)) == 1
