"""What a turn comes to: an outcome, the buttons under it, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

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
    empty: bool = False


Outcome = Question | Answer | Step | Finished | Suggestions | Fallback


class Trace(NamedTuple):
    """How a turn came about, as values."""

    parse: Parse | None
    way: str
    """Which rule of the talk decided."""


class Turn(NamedTuple):
    session: Session
    outcome: Outcome
    known: Mapping[str, str]
    """What the outcome is about; for a side question not what the session keeps."""
    confidence: float
    why: Trace
    buttons: tuple[Button, ...] = ()
    resume: Question | None = None
    """The question that was open before a side question, put once more."""
    notices: tuple[str, ...] = ()
    """What was assumed, in a few words, so that it can be put right."""
    forget: bool = False
    """The person wants nothing kept."""
