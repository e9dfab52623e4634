"""Phrases for the inbox: scrubbed before they come here, and of no chat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    text: str
    topic: str = ""
    """What it was answered as, and the answer rejected; empty if not understood."""
    day: str = ""


IGNORED = "ignored"
"""The mark of what is never shown again."""
NEW = "new:"
"""Begins the mark of what wants a topic of its own."""


@dataclass(frozen=True)
class Group:
    """One phrase, said so many times."""

    phrase: Phrase
    number: int
    mark: str = ""
    """What an editor made of it."""
