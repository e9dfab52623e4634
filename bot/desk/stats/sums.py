"""From the store's sums to what an operator wants to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.core.count import FIRST, LATER, TALK, Line
from bot.dialogue.policy import OUT
from bot.knowledge.model import KnowledgeBase


@dataclass
class Votes:
    yes: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.no

    @property
    def share(self) -> float | None:
        return self.yes / self.total if self.total else None

    def add(self, number: int, *, good: bool) -> None:
        if good:
            self.yes += number
        else:
            self.no += number


@dataclass
class Stats:
    """Everything is of whole days; a question is one with its follow-ups."""

    days: dict[str, int]
    """Questions a day, also the days without any."""
    decisions: Counter[str] = field(default_factory=Counter)
    """How a question was met first: answer, ask, clarify, decline."""
    topics: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    talk: int = 0
    groups: int = 0
    """Questions that were asked in groups; they are among the others too."""
    inline: int = 0
    """Look-ups in other chats: one a pause in the typing, so they are no questions."""
    worked: dict[tuple[str, str], Votes] = field(default_factory=dict)
    """Did that work, by topic and leaf."""
    thumbs: dict[str, Votes] = field(default_factory=dict)
    """By topic."""

    @property
    def questions(self) -> int:
        return sum(self.decisions.values())

    def share(self, decision: str) -> float:
        return self.decisions[decision] / self.questions if self.questions else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "days": self.days,
            "decisions": dict(self.decisions),
            "topics": dict(self.topics.most_common()),
            "services": dict(self.platforms.most_common()),
            "small_talk": self.talk,
            "in_groups": self.groups,
            "inline": self.inline,
            "worked": [
                {"topic": t, "leaf": leaf, "yes": v.yes, "no": v.no}
                for (t, leaf), v in self.worked.items()
            ],
            "thumbs": {t: {"up": v.yes, "down": v.no} for t, v in self.thumbs.items()},
        }


def summed(lines: Sequence[Line], last: date, days: int) -> Stats:
    """Of so many days up to the last."""
    first = last - timedelta(days=days - 1)
    every = [(first + timedelta(days=n)).isoformat() for n in range(days)]
    stats = Stats(dict.fromkeys(every, 0))
    for line in lines:
        if line.count.day in stats.days:
            _add(stats, line)
    stats.worked = dict(sorted(stats.worked.items(), key=lambda kv: -kv[1].total))
    return stats


def _add(stats: Stats, line: Line) -> None:
    count, number = line.count, line.number
    match count.what, count.way:
        case "worked", _:
            votes = stats.worked.setdefault((count.topic, count.leaf), Votes())
            votes.add(number, good=count.detail == "yes")
        case "thumbs", _:
            votes = stats.thumbs.setdefault(count.topic, Votes())
            votes.add(number, good=count.detail == "up")
        case "inline", _:
            stats.inline += number
        case "asked" | "group", way if way == TALK:
            stats.talk += number
        case "asked" | "group", way if way == FIRST:
            stats.groups += number if count.what == "group" else 0
            stats.days[count.day] += number
            stats.decisions[count.detail] += number
            stats.topics[count.topic] += number
            if count.platform:
                stats.platforms[count.platform] += number
        case "asked" | "group", way if way == LATER and count.platform:
            stats.platforms[count.platform] += number


def topic_label(kb: KnowledgeBase, topic: str) -> str:
    if not topic:
        return "not understood"
    if topic == OUT:
        return "out of scope"
    return kb.topics[topic].label if topic in kb.topics else topic


def platform_label(kb: KnowledgeBase, platform: str) -> str:
    found = kb.platforms.get(platform)
    return found.label if found else platform


def elsewhere(stats: Stats) -> list[tuple[str, int]]:
    """What did not happen in private chats, as labels and numbers, where it did."""
    found = [("Questions in groups", stats.groups), ("Looked up inline", stats.inline)]
    return [(label, number) for label, number in found if number]
