"""A question leads where it leads alone, also as the second turn of a chat.

What the first turn told is the service, so nothing else may come of it. A rule that
takes a question for a further fact is found here.
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.second_turns import FIRST, alone, second, texts
from tests.support.books import real_bot

HERE = Path(__file__).parent
KNOWN = HERE / "second_turns.txt"
"""Questions that lead elsewhere; a line goes when one does no longer."""


def test_a_second_turn_leads_where_the_question_leads_alone() -> None:
    bot, first = real_bot(), FIRST["a mistake"]
    asked = [*texts([str(HERE / "questions.jsonl")])]
    otherwise = {one for one in asked if second(bot, first, one) != alone(bot, one)}
    known = set(KNOWN.read_text(encoding="utf-8").splitlines())
    assert otherwise - known == set()
    assert known - otherwise == set(), "these lead there now: take them out"
