"""The sums as tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from rich.bar import Bar
from rich.table import Table

from bot.desk.stats.sums import (
    Stats,
    Votes,
    elsewhere,
    platform_label,
    topic_label,
)
from bot.knowledge.model import KnowledgeBase

_MOST = 12
_WIDTH = 24
MET = {
    "answer": "answered at once",
    "ask": "asked back",
    "clarify": "offered topics",
    "decline": "declined",
}


def tables(kb: KnowledgeBase, stats: Stats) -> Iterator[Table]:
    yield _bars("Questions a day", Counter(stats.days), str, ordered=False)
    met = Counter({MET[k]: stats.decisions[k] for k in MET})
    yield _bars("How they were met", met, str, ordered=False, total=stats.questions)
    total = stats.questions
    yield _bars("Topics", stats.topics, lambda t: topic_label(kb, t), total=total)
    yield _bars(
        "Services",
        stats.platforms,
        lambda p: platform_label(kb, p),
        total=sum(stats.platforms.values()),
    )
    if found := elsewhere(stats):
        yield _bars("Outside private chats", Counter(dict(found)), str)
    if stats.worked:
        yield _votes(
            "Did that work?",
            {
                f"{topic_label(kb, t)}: {leaf}": v
                for (t, leaf), v in stats.worked.items()
            },
            ("worked", "did not"),
        )
    if stats.thumbs:
        yield _votes(
            "Did the answer help?",
            {
                topic_label(kb, t): v
                for t, v in sorted(stats.thumbs.items(), key=lambda kv: -kv[1].total)
            },
            ("helped", "did not"),
        )


def _bars(
    title: str,
    counts: Counter[str],
    label: Callable[[str], str],
    *,
    ordered: bool = True,
    total: int = 0,
) -> Table:
    table = _table(title)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right", style="dim")
    table.add_column(width=_WIDTH)
    rows = counts.most_common(_MOST) if ordered else list(counts.items())
    most = max((n for _, n in rows), default=0)
    for key, number in rows:
        share = f"{number / total:.0%}" if total else ""
        bar = Bar(most or 1, 0, number, width=_WIDTH, color="cyan")
        table.add_row(label(key), str(number), share, bar)
    return table


def _votes(title: str, votes: dict[str, Votes], heads: tuple[str, str]) -> Table:
    table = _table(title, header=True)
    table.add_column()
    for head in (*heads, "share"):
        table.add_column(head, justify="right")
    table.add_column(width=_WIDTH)
    for label, vote in votes.items():
        bar = Bar(vote.total or 1, 0, vote.yes, width=_WIDTH, color="green")
        share = f"{vote.share:.0%}" if vote.share is not None else ""
        table.add_row(label, str(vote.yes), str(vote.no), share, bar)
    return table


def _table(title: str, *, header: bool = False) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        show_header=header,
        header_style="dim",
        padding=(0, 2, 0, 0),
    )
