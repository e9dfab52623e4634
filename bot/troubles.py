"""What a log line says beside its words, for who tells others of it: `extra=begun(...)`.

Lines of one cause are one trouble, however many there are and whoever writes them. One
that may mend itself is not worth telling until it has lasted.
"""

from __future__ import annotations

from typing import TypedDict

STORE, TELEGRAM, DELIVERY = "store", "telegram", "delivery"
CLOCK, PROFILE = "clock", "profile"


class Mark(TypedDict):
    """The fields of a log record."""

    cause: str
    passing: bool
    """Whether it may be over in a moment."""
    over: bool


def begun(cause: str, *, passing: bool = False) -> Mark:
    """Of a line that tells a trouble."""
    return Mark(cause=cause, passing=passing, over=False)


def ended(cause: str) -> Mark:
    """Of a line that tells its end, of whatever level."""
    return Mark(cause=cause, passing=False, over=True)
