"""What came in, what was refused and what went out on Telegram, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.channels.metrics import ChannelMetrics, counter, gauge

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class Metrics(ChannelMetrics):
    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[tuple[str, str]] = Counter()
        """By method and outcome: a status, `kept` for the webhook, or an error."""
        self.shortened: Counter[str] = Counter()
        """Answers that Telegram would not take as they were, by what was done."""
        self.reminders: Counter[str] = Counter()
        """By what became of them."""
        self.pending = 0
        """Updates that wait at Telegram, by its last word."""
        self.clock_off = 0.0
        """Seconds by which this machine's clock is ahead of Telegram's."""

    def own(self) -> Iterable[Metric]:
        """The calls, the answers made to fit, what waits, and the clock."""
        return (
            counter("shortened", "Answers made to fit.", ("how",), self.shortened),
            counter(
                "calls", "Calls of the Bot API.", ("method", "outcome"), self.calls
            ),
            counter("reminders", "Reminders.", ("outcome",), self.reminders),
            gauge("pending", "Updates that wait at Telegram.", self.pending),
            gauge(
                "clock_off_seconds",
                "How far this clock is ahead of Telegram's.",
                self.clock_off,
            ),
        )
