"""The services that messages are sent on, with their ways of sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from bot.knowledge.model.claim import Claims
from bot.knowledge.model.part import Must, Part, at_most

Sort = Literal["mail", "work", "social", "game", "market", "chat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Part):
    """A way of sending that a platform has beside others: a message, an InMail."""

    label: str
    names: tuple[str, ...] = ()
    implies: bool = False
    """Naming it means this platform."""
    claims: Claims = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered(Part):
    """A service that people name and nobody has written down yet."""

    label: Annotated[str, Must(at_most(24))]
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    sort: Sort


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Platform(Part):
    """A service: its names, the kinds of messages it has, and what holds there."""

    label: Annotated[str, Must(at_most(24))]
    formerly: tuple[str, ...] = ()
    """Names that its file had before: old buttons and sessions hold them."""
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Names that are ordinary words too: they count only beside a word of messaging."""
    implied_by: tuple[str, ...] = ()
    """Patterns of words that imply it where no service is named or known."""
    outdoes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Another service → patterns of words beside its name that mean this one all the same."""
    services: dict[str, Uncovered] = field(default_factory=dict)
    """Of the platform `other`: all that it stands for."""
    keeps: tuple[str, ...] = ()
    """Names of another service that mean this one once it is at hand."""
    kinds: dict[str, Kind] = field(default_factory=dict)
    usual: str = ""
    """The kind that is meant where none is named."""
    claims: Claims = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.names or self.weak or self.services):
            raise ValueError("needs `names`")

    def kind_of(self, known: str | None) -> str:
        """The kind that is known, or else the usual one; empty where there is none."""
        return known if known in self.kinds else self.usual
