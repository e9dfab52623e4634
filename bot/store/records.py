"""What is counted, and the phrases for the inbox; neither says who or where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["asked", "worked", "thumbs", "group", "inline"]
"""A question and its decision; did the steps work; did the answer help; a question in a
group; a look-up in another chat."""


@dataclass(frozen=True)
class Count:
    """One thing that is counted, without a word of what was said."""

    what: What
    topic: str = ""
    platform: str = ""
    detail: str = ""
    """asked, group: the decision. worked: yes, no. thumbs: up, down."""
    leaf: str = ""
    """The template of the answer that it is about."""
    way: str = ""
    """asked, group: `first` for a question, `later` for the answer that its last open
    question led to, `talk` for small talk."""
    day: str = ""
    """ISO date; of today, where it is empty."""


@dataclass(frozen=True)
class DayCount:
    """A sum."""

    count: Count
    number: int


@dataclass(frozen=True)
class Phrase:
    """Of a person's words what all people use: redacted before it comes here."""

    text: str
    topic: str = ""
    """What it was answered as, and the answer rejected; empty if not understood."""
    day: str = ""


IGNORED = "ignored"
"""The mark of what is never shown again."""
NEW = "new:"
"""Begins the mark of what wants a topic of its own."""


@dataclass(frozen=True)
class PhraseGroup:
    """One phrase, said so many times."""

    phrase: Phrase
    number: int
    mark: str = ""
    """What an editor made of it."""
