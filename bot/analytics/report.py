"""From the store's counters to what an operator wants to know, and that in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.analytics.counts import FIRST, LATER, TALK
from bot.knowledge.model import KnowledgeBase
from bot.store.records import DayCount

_MOST = 5
"""Topics and services that the few lines name."""


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


def summed(lines: Sequence[DayCount], last: date, days: int) -> Stats:
    """Of so many days up to the last."""
    first = last - timedelta(days=days - 1)
    every = [(first + timedelta(days=n)).isoformat() for n in range(days)]
    stats = Stats(dict.fromkeys(every, 0))
    for line in lines:
        if line.count.day in stats.days:
            _add(stats, line)
    stats.worked = dict(sorted(stats.worked.items(), key=lambda kv: -kv[1].total))
    return stats


def _add(stats: Stats, line: DayCount) -> None:
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
    if topic == kb.roles.topics.fallback:
        return "out of scope"
    return kb.topics[topic].label if topic in kb.topics else topic


def platform_label(kb: KnowledgeBase, platform: str) -> str:
    found = kb.platforms.get(platform)
    return found.label if found else platform


def elsewhere(stats: Stats) -> list[tuple[str, int]]:
    """What did not happen in private chats, as labels and numbers, where it did."""
    found = [("Questions in groups", stats.groups), ("Looked up inline", stats.inline)]
    return [(label, number) for label, number in found if number]


def brief(kb: KnowledgeBase, stats: Stats) -> str:
    """A message in our Markdown."""
    days = len(stats.days)
    if not stats.questions and not stats.inline:
        return f"**Nothing was asked in {days} days.**"
    topics = {name: topic.label for name, topic in kb.topics.items()}
    services = {name: platform.label for name, platform in kb.platforms.items()}
    lines = [
        f"**{stats.questions} questions in {days} days.**",
        "",
        f"- Answered at once: {stats.share('answer'):.0%}",
        f"- Asked back: {stats.share('ask') + stats.share('clarify'):.0%}",
        f"- Declined: {stats.share('decline'):.0%}",
        f"- Most asked: {_most(stats.topics, topics)}",
        f"- Services: {_most(stats.platforms, services)}",
    ]
    lines += [f"- {where}: {number}" for where, number in elsewhere(stats)]
    yes = sum(votes.yes for votes in stats.worked.values())
    total = sum(votes.total for votes in stats.worked.values())
    if total:
        lines.append(f"- The steps worked: {yes} of {total}")
    return "\n".join(lines)


def _most(counts: Counter[str], labels: dict[str, str]) -> str:
    found = [f"{labels.get(n, n)} {c}" for n, c in counts.most_common(_MOST)]
    return ", ".join(found) or "none named"
