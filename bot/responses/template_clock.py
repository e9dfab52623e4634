"""The clock as templates ask for it: what is left of a limit, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.dialogue import branching
from bot.dialogue.branching import Slots
from bot.knowledge import time_limits
from bot.knowledge.model import KnowledgeBase

_EXACT = timedelta(minutes=1)
_HURRY = timedelta(hours=3)
"""With less than this left, an answer says so."""


class TemplateClock:
    """How much time is left."""

    def __init__(
        self, kb: KnowledgeBase, topic: str, known: Slots, now: datetime
    ) -> None:
        self._book, self._topic, self._known, self._now = kb, topic, known, now
        self._left: timedelta | None = None

    def __call__(self, claim: str = "") -> dict[str, str | None]:
        found = branching.clock_of(
            self._book, self._topic, self._known, self._now, claim
        )

        # What an admin sets is no limit to count down to.
        roles = self._book.roles
        removal = branching.value(
            self._book, self._topic, self._known, roles.claims.removal
        )
        left = None if removal in roles.values.set_by_others else found.left
        self._left = left if found.off <= _EXACT else None
        return {
            "state": found.state,
            "left": _told(left, found.off, partial(_about, off=found.off)),
            "hurry": "yes" if left and left - found.off < _HURRY else None,
            "since": _told(found.since, found.off, _since),
            "age": _age(found.age, found.off),
        }

    @property
    def deadline(self) -> str | None:
        """When the limit ends that was asked for last, if that is known to the minute.

        Clients that can show it in their reader's zone, and as what is left by then.
        """
        if self._left is None:
            return None
        end = (self._now + self._left).astimezone(UTC)
        seconds = int(end.timestamp())
        far = self._left > timedelta(hours=12)
        told, form = (
            (f"{end.day} {end:%B %H:%M}", "dt") if far else (f"{end:%H:%M}", "t")
        )
        words = f"in {time_limits.rest(self._left)}"
        return f"[{words}](time:{seconds}:r), [{told} UTC](time:{seconds}:{form})"


def _told(
    span: timedelta | None, off: timedelta, exactly: Callable[[timedelta], str]
) -> str | None:
    """A span no more precisely than it is known."""
    if span is None:
        return None
    if off <= span * _FINE:
        return exactly(span)
    least = span - off
    return (
        f"at least {time_limits.in_words(least)}"
        if least > span * _ROUGH
        else "some time"
    )


_FINE, _ROUGH = 0.05, 0.25


def _age(age: timedelta | None, off: timedelta) -> str | None:
    """How old a message is: a guess is told back as one, "about 2 days"."""
    if age is None:
        return None
    if off <= age * _FINE:
        return time_limits.in_words(age)
    roughly = age - off > age * _ROUGH
    return f"about {time_limits.in_words(age)}" if roughly else "some time"


def _about(span: timedelta, off: timedelta) -> str:
    words = time_limits.rest(span, off)
    return words if words.startswith("almost") else f"about {words}"


def _since(span: timedelta) -> str:
    return "moments" if span < timedelta(minutes=1) else time_limits.in_words(span)
