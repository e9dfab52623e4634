"""python -m tests.unpaced: `takeback run` without Telegram's limits of 30 calls a second.

They are what a run is limited by otherwise, and not what is measured.
"""

from __future__ import annotations

from bot.__main__ import main
from bot.channels.admission import Rate
from bot.channels.telegram import service
from bot.channels.telegram.rate_limits import CallRates

FAST = Rate(per_second=1e5, burst=100_000)

if __name__ == "__main__":
    tuning = service.Tuning(limits=CallRates(FAST, FAST, FAST), person=FAST)
    service.Tuning = lambda: tuning  # type: ignore[assignment,misc]
    main()
