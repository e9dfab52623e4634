"""The figures of an evaluation: what was given, and how often it was right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.responses.reply import Reply
from bot.tools.eval.labelled import Labelled

LOST, TORN = "(lost)", "(asked back)"


@dataclass(frozen=True)
class Given:
    """What the bot made of a question."""

    decision: str
    topic: str | None = None
    slots: Mapping[str, str] | None = None
    confidence: float = 0.0
    suggestions: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """A step of the tree is an answer in the making."""
        return self.decision in ("answer", "ask")

    @property
    def asked_back(self) -> bool:
        return self.decision == "clarify"

    @property
    def declined(self) -> bool:
        return self.decision == "decline"

    @property
    def stands(self) -> bool:
        """Whether it takes a side, so that its confidence says something."""
        return self.answered or (self.declined and self.topic is not None)

    @property
    def taken_for(self) -> str:
        if self.asked_back:
            return TORN
        return self.topic or LOST


Pair = tuple[Labelled, Given]


@dataclass(frozen=True)
class Share:
    """So many right of so many."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        return self.right / self.of if self.of else None


@dataclass(frozen=True)
class Tally:
    """Questions of one kind."""

    asked: int = 0
    right: int = 0
    top3: int = 0
    """Right, or asked back with the right topic among those offered."""
    asked_back: int = 0


@dataclass(frozen=True)
class SlotScore:
    """Values stated and given, given only, stated only."""

    hits: int = 0
    invented: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        return Share(self.hits, self.hits + self.invented).value

    @property
    def recall(self) -> float | None:
        return Share(self.hits, self.hits + self.missed).value

    @property
    def f1(self) -> float | None:
        return Share(2 * self.hits, 2 * self.hits + self.invented + self.missed).value


@dataclass(frozen=True)
class Confusion:
    """Questions on one topic that were taken for another, or offered it first."""

    topic: str
    taken_for: str
    answered: int
    asked_back: int


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence."""

    low: float
    high: float
    answers: int
    stated: float | None
    right: float | None


@dataclass(frozen=True)
class Wrong:
    """A question that was not answered right."""

    text: str
    topic: str
    taken_for: str
    suggestions: tuple[str, ...]
    confidence: float
    stands: bool


@dataclass(frozen=True)
class Scores:
    """All figures of one labelled file."""

    domain: Tally
    out: Tally
    talk: Tally
    topics: Mapping[str, Tally]
    recall: Share
    """Of the questions out of scope, those declined."""
    precision: Share
    """Of the questions declined, those out of scope."""
    slots: Mapping[str, SlotScore]
    every_slot: SlotScore
    confusions: tuple[Confusion, ...]
    reliability: tuple[Bin, ...]
    calibration_error: float
    """How far stated and right lie apart, on average over the answers."""
    wrong: tuple[Wrong, ...]
    """Those that took a side first, the most confident first."""


def given(reply: Reply) -> Given:
    """The part of a reply that is scored."""
    return Given(
        reply.decision, reply.topic, reply.slots, reply.confidence, reply.suggestions
    )
