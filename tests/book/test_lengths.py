"""Answers are short on a phone: what is seen before the folded note is opened."""

from __future__ import annotations

import json
import statistics

from tests.benchmarks.lengths import QUESTIONS, measured
from tests.support.books import real_bot

MIDDLE, WORST = 12, 18
"""Lines of a phone, 38 characters wide."""


def test_answers_are_short_in_the_middle_and_none_is_long() -> None:
    bot = real_bot()
    lines, long = [], {}
    for row in QUESTIONS.read_text(encoding="utf-8").splitlines():
        text = json.loads(row)["text"]
        reply = bot.ask(text)
        shown = measured(reply.message)["lines of text"]
        lines.append(shown)
        if shown > WORST:
            long[text] = shown
    assert long == {}
    assert statistics.median(lines) <= MIDDLE
