"""How fast one person may ask. The first refusal in a row earns a word, no other."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable

from bot.channels.telegram.bucket import Buckets, Rate

PER_PERSON = Rate(per_second=1, burst=8)
"""Quick enough for a hurried person; a reply a second is what Telegram lets out."""


class Verdict(enum.Enum):
    ADMIT = "admit"
    NOTICE = "notice"
    """Refused, and to be told so."""
    REFUSE = "refuse"
    """Refused, having been told already."""


class Gate:
    def __init__(
        self, rate: Rate = PER_PERSON, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._buckets = Buckets(rate)
        self._told: set[int] = set()
        self._clock = clock

    def judge(self, person: int) -> Verdict:
        now = self._clock()
        if self._buckets.of(person, now).try_take(now):
            self._told.discard(person)
            return Verdict.ADMIT
        return self.refuse(person)

    def refuse(self, person: int) -> Verdict:
        """For a refusal that was decided elsewhere."""
        if person in self._told:
            return Verdict.REFUSE
        if len(self._told) >= Buckets.MOST:
            self._told.clear()
        self._told.add(person)
        return Verdict.NOTICE
