"""The tally in the form that Prometheus reads. Imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from bot.channels.telegram.tally import Tally

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

TYPE = CONTENT_TYPE_LATEST


Figures = dict[str, dict[str, float]]


def exposed(tally: Tally, waiting: int, figures: Figures | None = None) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Now(tally, waiting))
    registry.register(_Bot(figures or {}))
    return generate_latest(registry)


class _Bot(Collector):
    """What the bot behind the channel counts."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        answers = CounterMetricFamily(
            "takeback_answers", "Turns by their decision.", labels=["decision"]
        )
        for decision, count in self._figures.get("answers", {}).items():
            answers.add_metric([decision], count)
        yield answers
        yield CounterMetricFamily(
            "takeback_store_errors",
            "Failures of the store.",
            value=self._figures.get("store_errors", {}).get("", 0),
        )
        yield GaugeMetricFamily(
            "takeback_store_away",
            "1 while the store cannot be used.",
            self._figures.get("store_away", {}).get("", 0),
        )


class _Now(Collector):
    def __init__(self, tally: Tally, waiting: int) -> None:
        self._tally, self._waiting = tally, waiting

    def collect(self) -> Iterable[Metric]:
        tally = self._tally
        updates = CounterMetricFamily(
            "takeback_updates", "Updates that came in.", labels=["kind"]
        )
        for kind, count in tally.updates.items():
            updates.add_metric([kind], count)
        refused = CounterMetricFamily(
            "takeback_refused", "Updates without an answer.", labels=["reason"]
        )
        for reason, count in tally.refused.items():
            refused.add_metric([reason], count)
        calls = CounterMetricFamily(
            "takeback_calls", "Calls of the Bot API.", labels=["method", "outcome"]
        )
        for (method, outcome), count in tally.calls.items():
            calls.add_metric([method, outcome], count)
        yield from (updates, refused, calls)
        yield GaugeMetricFamily("takeback_waiting", "Updates in hand.", self._waiting)
        yield SummaryMetricFamily(
            "takeback_seconds",
            "From an update's arrival to its answer.",
            count_value=tally.handled,
            sum_value=tally.seconds,
        )
