"""How fast something may go on: so many at once, then so many a second. No clock."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple


class Rate(NamedTuple):
    per_second: float
    burst: int


@dataclass
class Bucket:
    """Kept as the one moment at which it would be full again, so it never ticks."""

    rate: Rate
    _full: float = field(default=0.0, init=False)

    def take(self, now: float) -> float:
        """Takes one in any case; the seconds to wait before it may be used."""
        step = 1 / self.rate.per_second
        self._full = max(self._full, now) + step
        return max(0.0, self._full - self.rate.burst * step - now)

    def try_take(self, now: float) -> bool:
        """Takes one, if that needs no waiting."""
        before = self._full
        if self.take(now) > 0:
            self._full = before
            return False
        return True

    def idle(self, now: float) -> bool:
        """Whether a new one would behave the same."""
        return self._full <= now


class Buckets:
    """One bucket a key; those that are full again are forgotten."""

    MOST = 10_000

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: dict[Hashable, Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def of(self, key: Hashable, now: float) -> Bucket:
        found = self._buckets.get(key)
        if found is None:
            if len(self._buckets) >= self.MOST:
                kept = {k: b for k, b in self._buckets.items() if not b.idle(now)}
                # All of them busy at once: a fresh start is kinder than no memory.
                self._buckets = kept if len(kept) < self.MOST else {}
            found = self._buckets[key] = Bucket(self._rate)
        return found
