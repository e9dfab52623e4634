"""What came in, what was refused and what went out, as plain numbers."""

from __future__ import annotations

from collections import Counter


class Tally:
    def __init__(self) -> None:
        self.updates: Counter[str] = Counter()
        """By kind."""
        self.refused: Counter[str] = Counter()
        """Updates that got no answer, by the stated reason."""
        self.calls: Counter[tuple[str, str]] = Counter()
        """By method and outcome: a status, `kept` for the webhook, or an error."""
        self.handled = 0
        self.seconds = 0.0
        """Spent on handled updates, waiting included."""
