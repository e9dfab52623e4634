"""What came in and what was refused, counted for Prometheus; a channel adds its own.

Its client is imported when it is first asked for: a start does not wait for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client.core import Metric

TYPE = "text/plain; version=1.0.0; charset=utf-8"

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, inf)
"""Seconds; the upper ends of the histogram."""

Figures = dict[str, dict[str, float]]
"""What the bot behind the channel counts: name → label → number."""


class ChannelMetrics:
    def __init__(self) -> None:
        self.updates: Counter[str] = Counter()
        """By kind."""
        self.refused: Counter[str] = Counter()
        """Those that got no answer, by the stated reason."""
        self._seconds = 0.0
        self._within = dict.fromkeys(BOUNDS, 0)

    def took(self, seconds: float) -> None:
        """An update was handled, in so many seconds, waiting included."""
        self._seconds += seconds
        for bound in BOUNDS:
            if seconds <= bound:
                self._within[bound] += 1
                return

    def own(self) -> Iterable[Metric]:
        """What this channel counts beside the rest."""
        return ()

    def exposition(self, waiting: int, figures: Figures | None = None) -> bytes:
        """In the text form that Prometheus reads."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.core import HistogramMetricFamily, InfoMetricFamily
        from prometheus_client.registry import Collector

        figures = figures or {}
        errors = figures.get("store_errors", {}).get("", 0)
        away = figures.get("store_away", {}).get("", 0)
        missed = figures.get("store_without_memory", {}).get("", 0)
        families = (
            counter("updates", "Updates that came in.", ("kind",), self.updates),
            counter("refused", "Updates without an answer.", ("reason",), self.refused),
            *self.own(),
            counter(
                "answers",
                "Turns by their decision.",
                ("decision",),
                figures.get("answers", {}),
            ),
            counter("store_errors", "Failures of the store.", (), {(): errors}),
            gauge("store_away", "1 while the store cannot be used.", away),
            counter("store_missed", "Turns that the store has not.", (), {(): missed}),
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
            def collect(self) -> Iterable[Metric]:
                return families

        registry = CollectorRegistry()
        registry.register(_Families())
        return generate_latest(registry)

    def _cumulated(self) -> Iterator[int]:
        return accumulate(self._within.values())


def _bound(seconds: float) -> str:
    return "+Inf" if seconds == inf else f"{seconds:g}"


def counter(
    name: str, what: str, labels: tuple[str, ...], counts: Mapping[Any, float]
) -> Metric:
    """A family of sums; a key is a label, or several of them."""
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(f"takeback_{name}", what, labels=labels)
    for key, count in counts.items():
        family.add_metric([key] if isinstance(key, str) else list(key), count)
    return family


def gauge(name: str, what: str, value: float) -> Metric:
    """One number that goes up and down."""
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(f"takeback_{name}", what, value)
