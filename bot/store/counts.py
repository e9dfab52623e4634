"""What is counted: a day, a topic, a service; never who asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["asked", "worked", "thumbs", "trouble"]
"""A question and its decision; did the steps work; did the answer help; errors."""


@dataclass(frozen=True)
class Count:
    what: What
    topic: str = ""
    platform: str = ""
    detail: str = ""
    """asked: the decision; worked: yes, no; thumbs: up, down."""
    leaf: str = ""
    """The answer's template: what a "yes" or "no" is about."""
    way: str = ""
    """asked: `first` where no question was open before, so an answer was at once."""
    day: str = ""
    """ISO date; today, where it is empty."""


@dataclass(frozen=True)
class Line:
    """A sum."""

    count: Count
    number: int
