"""What a message states, and what the knowledge gives to find that by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from bot.nlu import clock_times, dates
from bot.nlu.language import Language
from bot.nlu.patterns import PatternIndex


class EntityMatch(NamedTuple):
    """A value that words state: those from `start` up to, not including, `end`."""

    slot: str
    value: str
    start: int
    end: int
    ambiguous: bool = False
    implied: bool = False
    """Whether words only imply it: "blue ticks"."""


class Extraction(NamedTuple):
    """What a message states."""

    found: tuple[EntityMatch, ...]
    age: timedelta | None = None
    """How long ago the message went out, where the words say so."""
    slack: timedelta = timedelta(0)
    """By how much that may be off."""
    when: clock_times.ClockReading = clock_times.ClockReading()
    """What clock or calendar showed then, where the words say that instead."""
    date: dates.CalendarDate | None = None
    """The day, month, season or year in which it went out, where they name one."""
    masked: tuple[str, ...] = ()
    """The words with names replaced by masks in braces, for matching."""
    positions: tuple[int, ...] = ()
    """The place of each masked word among the words."""
    rest: tuple[str, ...] = ()
    """The words that state no fact."""
    platforms: tuple[str, ...] = ()
    """Every platform named, in order."""
    views: Mapping[str, str] = MappingProxyType({})
    """Wishes on how to answer; they are no facts about the message."""
    asides: Mapping[str, str] = MappingProxyType({})
    """Facts noted in passing: their words still count for the topic."""
    wishes: tuple[EntityMatch, ...] = ()
    """The views with their places."""
    named: tuple[EntityMatch, ...] = ()
    """The platforms with their places."""

    @property
    def values(self) -> dict[str, str]:
        """The first value stated of each slot."""
        return {f.slot: f.value for f in reversed(self.found)}


class SlotNames(NamedTuple):
    """The names of the slots that are read in a way of their own."""

    service: str
    kind: str
    state: str
    """What becomes of the message: words of a rule or a question do not state it."""
    time: str
    uncovered: str
    """The value that stands for all services without a file of their own."""
    versus: str
    """The slot of services that are held against each other, joined by `+`."""

    @property
    def service_mask(self) -> str:
        """What stands for a service's name in the words that are classified."""
        return f"{{{self.service}}}"

    @property
    def time_mask(self) -> str:
        """The same for a time."""
        return f"{{{self.time}}}"


class TalkWords(NamedTuple):
    """Words that tell how a name or a state beside them is meant."""

    near: frozenset[str]
    """Words of messaging that make an ambiguous name count."""
    rule: tuple[str, ...]
    modal: frozenset[str]
    skip: frozenset[str]
    meant: tuple[str, ...] = ()
    """What opens a correction."""
    own: frozenset[str] = frozenset()
    """Right before a state: it is the asker who read, or a question."""
    compared: tuple[str, ...] = ()
    """Right before a service's name: it is only held against the one in question."""
    known_there: tuple[str, ...] = ()
    """Right after a name: what is so there is told, and another one is asked about."""
    examples: tuple[str, ...] = ()
    """What ends like a word of `compared` and compares nothing: "apps like"."""
    moving: frozenset[str] = frozenset()
    """With one of these "from X to Y" is no message's way."""
    elsewhere: frozenset[str] = frozenset()
    """Beside one of these nothing is implied: it went another way."""
    devices: frozenset[str] = frozenset()
    """Names of these are no service's for being written like a name."""
    ordinary: frozenset[tuple[str, ...]] = frozenset()
    """Within one of these a service's name is a word like any other."""
    contrast: tuple[str, ...] = ()
    """Right before a value, where another one of its slot is stated: that one counts."""
    attributed: frozenset[str] = frozenset()
    """Right after a name: it tells what this is, not where it was sent, "an X link"."""
    things: frozenset[str] = frozenset()
    """What can be deleted or changed and is no message."""


class EntityPatterns(NamedTuple):
    """All names of the slots' values."""

    language: Language
    roles: SlotNames
    words: TalkWords
    services: PatternIndex
    others: PatternIndex
    """Of all slots but the service's."""
    hints: PatternIndex
    """Words that only imply a service."""
    outdoing: PatternIndex
    """Words that say it was another service than the one that is named: as `slot` the one
    that it was, as `value` the one named."""
    implying: PatternIndex
    """Of the kinds that mean a service, which the others have as well."""
    order: Mapping[tuple[str, str], int]
    """Slot and value of the others → their precedence."""
    views: frozenset[str] = frozenset()
    """Slots that say how an answer is shown."""
    asides: frozenset[str] = frozenset()
    """Slots that are noted in passing."""
    ranked: frozenset[str] = frozenset()
    """Slots of whose stated values the first by precedence counts, not by place."""
    quoted: frozenset[tuple[str, str]] = frozenset()
    """Slot and value of names that count in a message that is quoted, too."""
    implied: Mapping[str, str] = MappingProxyType({})
    """Kind → the service that naming it means."""
    uncovered: frozenset[str] = frozenset()
    """The services that have no file of their own."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word of a name."""
        return self.services.vocabulary | self.others.vocabulary | self.hints.vocabulary
