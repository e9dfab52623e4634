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


def exposed(tally: Tally, waiting: int) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Now(tally, waiting))
    return generate_latest(registry)


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
