"""What is so, from two sides: sources, claims and their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from bot.knowledge import time_limits
from bot.knowledge.model.part import Must, Part, not_empty
from bot.knowledge.plain_json import LATER

Edition = Literal["checked", "guide"]


Sureness = Literal["high", "medium", "low"]


Finding = Literal["holds", "partly", "differs", "unconfirmed"]


Trust = Literal["official", "mirror", "code", "press", "web"]


Depends = Literal["country", "setting", "unknown"]


def _is_day(text: str) -> None:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError(f"`{text}` is no date such as 2026-11-24 or 2026-11")


Day = Annotated[str, Must(_is_day)]
"""A day, a month or a year, as exactly as it is known: 2026-08-21, 2026-08, 2026."""


def _is_address(text: str) -> None:
    if not re.fullmatch(r"https?://[^\s/.]+\.[^\s/]+(/\S*)?", text):
        raise ValueError(
            f"`{text}` is no address such as https://signal.org/help, without a space"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Part):
    """A page, a file of code or an article that somebody has read."""

    title: str
    address: Annotated[str, Must(_is_address)] | None = None
    trust: Trust
    as_of: Day | None = None
    """When it was written, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Part):
    """One side of a claim: a sentence, steps, a value to compute with, or several."""

    says: str = ""
    steps: tuple[str, ...] = ()
    value: str | None = None
    depends: Depends | None = None
    """On what it depends where between the ends of a range the limit lies."""

    def __post_init__(self) -> None:
        if not self.says and not self.steps and self.value is None:
            raise ValueError("needs `says`, `steps` or `value`")
        if self.depends and not time_limits.is_range(self.value):
            raise ValueError("`depends` needs a range as value, such as PT48H..PT60H")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Side):
    """What better sources than the guide say."""

    verdict: Finding | None = None
    """Of the guide's claim; none where the guide is silent."""
    sureness: Sureness
    source: tuple[str, ...] = ()
    """None where no page and no code was read."""
    as_of: Day | None = None
    """Of the newest evidence; the newest date of its sources where it has none."""
    checked: date
    cannot_change: bool = False
    """So by its nature, whatever a service does: mail that has left, an SMS."""

    def __post_init__(self) -> None:
        Side.__post_init__(self)
        if self.sureness == "high" and not self.source and not self.cannot_change:
            raise ValueError(
                "is `medium` at most without a source, unless `cannot_change: true`"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide(Side):
    """What the guide says, in our words."""

    numbers: Annotated[tuple[int, ...], Must(not_empty)]
    """The claims' numbers in the fact check, 1 to 65."""
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Part):
    """One thing that is so, from two sides."""

    checked: Checked | None = None
    guide: Guide | None = None

    def __post_init__(self) -> None:
        if self.checked is None and self.guide is None:
            raise ValueError("needs a side: `checked` or `guide`")

    def lead(self, edition: Edition) -> Checked | Guide:
        """The side that an answer states; the other goes into the folded note.

        The checked side leads unless it is of low sureness and the guide has a word
        on it (PRODUCT.md, "The guide and the check").
        """
        if self.checked is None or self.guide is None:
            side = self.checked or self.guide
            assert side is not None  # see above
            return side
        if edition == "guide" or self.checked.sureness == "low":
            return self.guide
        return self.checked

    def judged(self, edition: Edition) -> Checked | Guide:
        """The side whose value a table counts: what the check found, however sure.

        A cell cannot say "perhaps" as a sentence does; it is marked instead.
        """
        guide = self.guide if edition == "guide" else None
        return guide or self.checked or self.lead(edition)

    @property
    def sureness(self) -> Sureness | None:
        """Of the check; none where nobody checked."""
        return self.checked.sureness if self.checked else None


Claims = Annotated[Mapping[str, Claim], LATER]
"""By their names. An answer needs those of one service."""


_PLAIN = ("yes", "no", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimType(Part):
    """A claim that services make, and the type of its value."""

    about: str
    values: tuple[str, ...] = ()
    action: str | None = None
    """What it speaks of; none where it is about no single one."""
    duration: bool = False
    """An ISO 8601 duration is a value too, or two of them as a range."""
    free: bool = False
    """Any value goes."""
    owed: bool = False
    """Every service has to make this claim."""
    owed_if: tuple[str, ...] = ()
    """A service has to make it where the claim of removal has one of these values."""
    yes: tuple[str, ...] = ("yes",)
    """Its values with which no sentence goes that begins with a no."""
    no: tuple[str, ...] = ("no",)
    """Those with which none goes that begins with a yes."""
    none: tuple[str, ...] = ("none",)
    """Those with which none goes that names a limit, or something that stays."""

    @property
    def meanings(self) -> tuple[str, ...]:
        """The values that a sentence is held against, of those that a book names."""
        return tuple(v for v in (*self.yes, *self.no, *self.none) if v not in _PLAIN)
