"""What was asked, in a few lines for a chat."""

from __future__ import annotations

from collections import Counter

from bot.desk.stats.sums import Stats, elsewhere
from bot.knowledge.model import KnowledgeBase

_MOST = 5


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
