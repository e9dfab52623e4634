"""Puts questions to the bot, and takes the time that each needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles

from bot.app import Bot
from bot.desk.eval.labelled import Labelled
from bot.desk.eval.score import Pair, given


@dataclass(frozen=True)
class Pace:
    """The time of most questions, and of the slowest."""

    median_ms: float
    p99_ms: float


def asked(
    bot: Bot, questions: Iterable[Labelled]
) -> tuple[list[Pair], dict[str, Pace]]:
    """What each question is answered; each stands alone.

    The thread's own time, since a busy machine is not the bot's fault.
    """
    pairs: list[Pair] = []
    heard: list[float] = []
    answered: list[float] = []
    for question in questions:
        heard.append(_timed(lambda text=question.text: bot.mind.hear(text))[1])
        reply, took = _timed(lambda text=question.text: bot.ask(text))
        answered.append(took)
        pairs.append((question, given(reply)))
    return pairs, {"to understand it": _pace(heard), "to answer it": _pace(answered)}


def _timed[T](do: Callable[[], T]) -> tuple[T, float]:
    start = time.thread_time()
    done = do()
    return done, 1000 * (time.thread_time() - start)


def _pace(times: list[float]) -> Pace:
    slowest = quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
    return Pace(median(times), slowest)
