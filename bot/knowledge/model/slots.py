"""The facts of a conversation, and how people state them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from bot.knowledge.model.part import MayBeEmpty, Must, Part, TextOrMore, one_letter


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SlotValue(Part):
    """A value that a slot can take, and how people state it."""

    label: str
    names: tuple[str, ...] = ()
    """Patterns: `a/b` one of these words, `..` up to three words of any kind."""
    deeds: tuple[str, ...] = ()
    """The same for verbs in the past: they count where the asker tells to have done it."""
    ago: timedelta | None = None
    """For the slot `sent`: what the button stands for."""
    slack: timedelta = timedelta(0)
    """By how much that may be off, either way."""
    first: str = ""
    """The claim that is told before anything else where this was said."""
    action: str = ""
    """What it says was done, where no other action is clear."""
    outdoes: tuple[str, ...] = ()
    """Actions that say nothing beside it: what was taken back is gone, left or not."""
    settles: bool = False
    """Whether that action goes before others, unless their trees look at the slot."""
    gone: bool = False
    """Whether it says that messages were taken away, at least for some."""
    puts_right: Literal["", "figure", "name", "addressee", "wording"] = ""
    """What was put right where this is meant: "14 May, not 4 May" is a figure."""
    above: bool = False
    """Whether such a reader is told of a slip to somebody else, as a boss is."""
    reports: bool = False
    """Whether words are meant that tell it to such a reader."""
    quoted: bool = False
    """Whether its names count in a message that is quoted, too: it was meant so."""
    vague: bool = False
    """Whether it leaves what is known of its slot already, where it is told in passing."""
    remark: bool = False
    """Whether it counts only where nothing is asked or wished besides."""
    topic: str = ""
    """The topic whose tree answers about it; others give way to that one."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Slot(Part):
    """A fact that a conversation can have: its values, and how they are asked for and told."""

    ask: Annotated[str, MayBeEmpty()]
    """Empty where it is never asked for."""
    code: Annotated[str, Must(one_letter)]
    """Its letter in a button's value, which has room for 64 bytes."""
    values: Annotated[
        dict[str, SlotValue] | Literal["platforms", "kinds"], TextOrMore()
    ]
    no_value: tuple[str, ...] = ()
    """Patterns of words that state nothing here, though a name stands within them."""
    shown: tuple[str, ...] = ()
    """The values that get a button; all where empty. The others can be typed."""
    unsure: str = ""
    """The button of who does not know, where it has words of its own."""
    ranked: bool = False
    """Of several values that are stated the one that stands first here counts."""
    view: bool = False
    """How an answer is shown, not a fact: it ends with the answer."""
    aside: bool = False
    """Noted in passing, and kept; by itself it never says what a message is about."""
