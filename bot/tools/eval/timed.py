"""Puts questions to the bot, and takes the time that each needs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles

from bot.book import Book
from bot.tools.eval.figures import Pair, given
from bot.tools.eval.labelled import Labelled
from bot.tools.progress import progress


@dataclass(frozen=True)
class Pace:
    """The time of most questions, and of the slowest."""

    median_ms: float
    p99_ms: float


def asked(
    bot: Book, questions: Iterable[Labelled]
) -> tuple[list[Pair], dict[str, Pace]]:
    """What each question is answered; each stands alone.

    The thread's own time, since a busy machine is not the bot's fault. What is made
    once, for the first question ever, is made before.
    """
    bot.ask("helo")
    pairs: list[Pair] = []
    parse: list[float] = []
    answered: list[float] = []
    with progress("Asking the questions", questions) as asked:
        for question in asked:
            start = time.thread_time()
            bot.nlu.parse(question.text)
            between = time.thread_time()
            reply = bot.ask(question.text)
            parse.append(1000 * (between - start))
            answered.append(1000 * (time.thread_time() - between))
            pairs.append((question, given(reply)))
    return pairs, {"to understand it": _pace(parse), "to answer it": _pace(answered)}


def _pace(times: list[float]) -> Pace:
    slowest = quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
    return Pace(median(times), slowest)
