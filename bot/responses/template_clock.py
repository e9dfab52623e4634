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
        self._words = kb.language.time_words

    def __call__(self, claim: str = "") -> dict[str, str | None]:
        found = branching.clock_of(
            self._book, self._topic, self._known, self._now, claim
        )

        left = found.left if claim or not self._is_set_by_others() else None
        self._left = left if found.off <= _EXACT else None
        return {
            "state": found.state,
            "left": self._told(left, found.off, partial(self._about, off=found.off)),
            "hurry": "yes" if left and left - found.off < _HURRY else None,
            "since": self._told(found.since, found.off, self._since),
            "age": self._age(found.age, found.off),
        }

    def _is_set_by_others(self) -> bool:
        """Whether an admin sets the usual limit: it is none to count down to."""
        roles = self._book.roles
        removal = branching.value(
            self._book, self._topic, self._known, roles.claims.removal
        )
        return removal in roles.values.set_by_others

    @property
    def deadline(self) -> str | None:
        """When the limit ends that was asked for last, if that is known to the minute.

        Clients that can show it in their reader's zone, and as what is left by then;
        the words are in the zone of the asker's clock, or in UTC where that is unknown.
        """
        if self._left is None:
            return None
        end = self._now.astimezone(self._now.tzinfo or UTC) + self._left
        seconds = int(end.timestamp())
        far = self._left > timedelta(hours=12)
        words, told, form = self._words, f"{end:%H:%M}", "t"
        if far:
            month = words.months[end.month - 1]
            told, form = words.day.format(day=end.day, month=month, time=told), "dt"
        ahead = words.ahead.format(time_limits.rest(self._left, words))
        zone = "" if end.utcoffset() else " UTC"
        return f"[{ahead}](time:{seconds}:r), [{told}{zone}](time:{seconds}:{form})"

    def _told(
        self,
        span: timedelta | None,
        off: timedelta,
        exactly: Callable[[timedelta], str],
    ) -> str | None:
        """A span no more precisely than it is known."""
        if span is None:
            return None
        if off <= span * _FINE:
            return exactly(span)
        least, words = span - off, self._words
        if least <= span * _ROUGH:
            return words.vague
        return words.at_least.format(time_limits.in_words(least, words))

    def _age(self, age: timedelta | None, off: timedelta) -> str | None:
        """How old a message is: a guess is told back as one, "about 2 days"."""
        if age is None:
            return None
        said = time_limits.in_words(age, self._words)
        if off <= age * _FINE:
            return said
        roughly = age - off > age * _ROUGH
        return self._words.about.format(said) if roughly else self._words.vague

    def _about(self, span: timedelta, off: timedelta) -> str:
        said = time_limits.rest(span, self._words, off)
        nearly = said != time_limits.in_words(span, self._words)
        return said if nearly else self._words.about.format(said)

    def _since(self, span: timedelta) -> str:
        if span < timedelta(minutes=1):
            return self._words.moments
        return time_limits.in_words(span, self._words)


_FINE, _ROUGH = 0.05, 0.25
