"""How fast one person may ask: GCRA, no clock inside."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import NamedTuple


class Rate(NamedTuple):
    per_second: float
    burst: int


PER_USER = Rate(per_second=1, burst=8)
"""Quick enough for a hurried person; a reply a second is what Telegram lets out."""


@dataclass(slots=True)
class RateLimiter:
    """GCRA: kept as the one moment at which all would be free again, so it never ticks."""

    rate: Rate
    _free_at: float = field(default=0.0, init=False)

    def take(self, now: float) -> float:
        """Takes one in any case; the seconds to wait before it may be used."""
        step = 1 / self.rate.per_second
        self._free_at = max(self._free_at, now) + step
        return max(0.0, self._free_at - self.rate.burst * step - now)

    def try_take(self, now: float) -> bool:
        """Takes one, if that needs no waiting."""
        before = self._free_at
        if self.take(now) > 0:
            self._free_at = before
            return False
        return True

    def idle(self, now: float) -> bool:
        """Whether a new one would behave the same."""
        return self._free_at <= now


class RateLimiters:
    """One limiter a key; those that are full again are forgotten."""

    MOST = 10_000

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._limiters: dict[Hashable, RateLimiter] = {}

    def __len__(self) -> int:
        return len(self._limiters)

    def of(self, key: Hashable, now: float) -> RateLimiter:
        found = self._limiters.get(key)
        if found is None:
            if len(self._limiters) >= self.MOST:
                kept = {k: b for k, b in self._limiters.items() if not b.idle(now)}
                # All of them busy at once: a fresh start is kinder than no memory.
                self._limiters = kept if len(kept) < self.MOST else {}
            found = self._limiters[key] = RateLimiter(self._rate)
        return found


class Admission(enum.Enum):
    ADMIT = "admit"
    NOTICE = "notice"
    """Refused, and to be told so."""
    REFUSE = "refuse"
    """Refused, having been told already."""


class UserLimiter:
    def __init__(
        self, rate: Rate = PER_USER, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limiters = RateLimiters(rate)
        self._told: set[Hashable] = set()
        self._clock = clock

    def judge(self, who: Hashable) -> Admission:
        now = self._clock()
        if self._limiters.of(who, now).try_take(now):
            self._told.discard(who)
            return Admission.ADMIT
        return self.refuse(who)

    def refuse(self, who: Hashable) -> Admission:
        """For a refusal that was decided elsewhere."""
        if who in self._told:
            return Admission.REFUSE
        if len(self._told) >= RateLimiters.MOST:
            self._told.clear()
        self._told.add(who)
        return Admission.NOTICE
