"""What a turn comes to: an outcome, the buttons under it, and how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.dialogue.context import Rule
from bot.dialogue.events import Button
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer, Question
from bot.nlu.engine import Parse


@dataclass(frozen=True)
class Step:
    """One step of an answer's steps, for those who go through them one by one."""

    topic: str
    number: int
    """From 1."""
    of: int
    text: str
    claim: str


@dataclass(frozen=True)
class Finished:
    """The steps are done; what is asked then is whether that worked."""

    topic: str


@dataclass(frozen=True)
class Suggestions:
    """Two or three topics too close to call, best first."""

    topics: tuple[str, ...]


@dataclass(frozen=True)
class Fallback:
    """Nothing was understood, for the nth time in a row; or there was nothing to."""

    times: int
    reason: str = ""
    """empty, command, button or back, where there was nothing to understand."""


@dataclass(frozen=True)
class NoButton:
    """A number was typed, and no button under the last message bears it."""

    number: str
    last: int
    """The number of the last of these buttons."""


Outcome = Question | Answer | Step | Finished | Suggestions | Fallback | NoButton


@dataclass(frozen=True)
class Corrected:
    """Words were read as others, which decided the topic: as typed, as read."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Assumed:
    """A slot's value is taken from before, or from words that only imply it."""

    slot: str
    value: str
    implied: bool = False


@dataclass(frozen=True)
class ClockUnknown:
    """A time of day was said, and the person's zone is not known."""


@dataclass(frozen=True)
class Shortened:
    """A text was too long to be read as a whole."""


Notice = Corrected | Assumed | ClockUnknown | Shortened
"""What is said beside an answer, so that it can be put right; templates word it."""


class Trace(NamedTuple):
    """How a turn came about, as values."""

    parse: Parse | None
    rule: Rule | None
    """The rule that decided; none for a press."""


class Further(NamedTuple):
    """The answer to one more question of the same message."""

    answer: Answer
    slots: Mapping[str, str]
    """What it is about."""


class Turn(NamedTuple):
    session: Session
    outcome: Outcome
    slots: Mapping[str, str]
    """What the outcome is about; for a side question not what the session keeps."""
    confidence: float
    why: Trace
    buttons: tuple[Button, ...] = ()
    resume: Question | None = None
    """The question that was open before a side question, put once more."""
    notices: tuple[Notice, ...] = ()
    forget: bool = False
    """The person wants nothing kept."""
    further: tuple[Further, ...] = ()
    """What else was asked: of these answers only the verdict is told."""

    def led_by(self, more: Iterable[Button]) -> Turn:
        """With these buttons before its own, and each label but once."""
        there = {button.label for button in self.buttons}
        under = (*(b for b in more if b.label not in there), *self.buttons)
        session = replace(self.session, offered=under)
        return self._replace(session=session, buttons=under)
