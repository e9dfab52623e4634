"""What came in, what was refused and what went out, counted for Prometheus.

Its client is imported when it is first asked for: a start does not wait for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import accumulate
from math import inf
from typing import Any

TYPE = "text/plain; version=1.0.0; charset=utf-8"

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, inf)
"""Seconds; the upper ends of the histogram."""

Figures = dict[str, dict[str, float]]
"""What the bot behind the channel counts: name → label → number."""


class Metrics:
    def __init__(self) -> None:
        self.updates: Counter[str] = Counter()
        """By kind."""
        self.refused: Counter[str] = Counter()
        """Updates that got no answer, by the stated reason."""
        self.calls: Counter[tuple[str, str]] = Counter()
        """By method and outcome: a status, `kept` for the webhook, or an error."""
        self.shortened: Counter[str] = Counter()
        """Answers that Telegram would not take as they were, by what was done."""
        self.pending = 0
        """Updates that wait at Telegram, by its last word."""
        self._seconds = 0.0
        self._within = dict.fromkeys(BOUNDS, 0)

    def took(self, seconds: float) -> None:
        """An update was handled, in so many seconds, waiting included."""
        self._seconds += seconds
        for bound in BOUNDS:
            if seconds <= bound:
                self._within[bound] += 1
                return

    def exposition(self, waiting: int, figures: Figures | None = None) -> bytes:
        """In the text form that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
            InfoMetricFamily,
        )
        from prometheus_client.registry import Collector

        figures = figures or {}

        def counter(
            name: str, what: str, labels: tuple[str, ...], counts: Mapping[Any, float]
        ) -> CounterMetricFamily:
            family = CounterMetricFamily(f"takeback_{name}", what, labels=labels)
            for key, count in counts.items():
                family.add_metric([key] if isinstance(key, str) else list(key), count)
            return family

        def gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
            return GaugeMetricFamily(f"takeback_{name}", what, value)

        families = (
            counter("updates", "Updates that came in.", ("kind",), self.updates),
            counter("refused", "Updates without an answer.", ("reason",), self.refused),
            counter("shortened", "Answers made to fit.", ("how",), self.shortened),
            counter(
                "calls", "Calls of the Bot API.", ("method", "outcome"), self.calls
            ),
            counter(
                "answers",
                "Turns by their decision.",
                ("decision",),
                figures.get("answers", {}),
            ),
            counter(
                "store_errors",
                "Failures of the store.",
                (),
                {(): figures.get("store_errors", {}).get("", 0)},
            ),
            gauge(
                "store_away",
                "1 while the store cannot be used.",
                figures.get("store_away", {}).get("", 0),
            ),
            gauge("pending", "Updates that wait at Telegram.", self.pending),
            gauge("waiting", "Updates in hand.", waiting),
            HistogramMetricFamily(
                "takeback_seconds",
                "From an update's arrival to its answer.",
                buckets=list(zip(map(_bound, BOUNDS), self._cumulated(), strict=True)),
                sum_value=self._seconds,
            ),
            InfoMetricFamily(
                "takeback_build",
                "What is running.",
                {
                    "version": version("takeback"),
                    "book": "".join(figures.get("book", "")),
                },
            ),
        )

        class _Families(Collector):
            def collect(self) -> Iterable[Any]:
                return families

        registry = CollectorRegistry()
        registry.register(_Families())
        return generate_latest(registry)

    def _cumulated(self) -> Iterator[int]:
        return accumulate(self._within.values())


def _bound(seconds: float) -> str:
    return "+Inf" if seconds == inf else f"{seconds:g}"
