"""How far this machine's clock is from Telegram's, by the dates of its responses.

What jumps while the bot runs is noticed without (`bot/upkeep.py`); a clock that was wrong
from the start can only be told from another one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from bot.channels.telegram.metrics import Metrics
from bot.troubles import CLOCK, begun, ended

TOLERATED = 120.0
"""Seconds; a response may have been on its way for some of them."""

_log = logging.getLogger(__name__)


class ServerClock:
    def __init__(self, metrics: Metrics, now: Callable[[], float] = time.time) -> None:
        self._metrics, self._now = metrics, now
        self._wrong = False

    def told(self, date: str | None) -> None:
        """The `Date` of a response; one that cannot be read says nothing."""
        try:
            theirs = parsedate_to_datetime(date or "").timestamp()
        except (ValueError, OverflowError):
            return
        off = self._metrics.clock_off = self._now() - theirs
        wrong = abs(off) > TOLERATED
        if wrong and not self._wrong:
            _log.warning(
                "This machine's clock is %.0f s %s Telegram's: reminders and times left "
                "are wrong. Set it, as by NTP.",
                abs(off),
                "ahead of" if off > 0 else "behind",
                extra=begun(CLOCK),
            )
        elif self._wrong and not wrong:
            _log.warning(
                "This machine's clock agrees with Telegram's again", extra=ended(CLOCK)
            )
        self._wrong = wrong
