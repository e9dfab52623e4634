"""The sums as one picture: a page for whoever runs the bot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.book import Book
from bot.desk.stats.sums import Stats, platform_label, topic_label
from bot.desk.stats.tables import MET
from bot.errors import BotError

try:
    from matplotlib.figure import Figure
except ImportError:
    raise BotError(
        "a picture needs matplotlib: pip install takeback[picture]"
    ) from None

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET, GRID = "#22303c", "#7a8894", "#e6eaee"
BLUE, GREEN, SAND, ROSE, GREY = "#3b7ea1", "#4f9d69", "#e0b34f", "#c8553d", "#cfd6dc"
_DECISIONS = {"answer": GREEN, "ask": BLUE, "clarify": SAND, "decline": ROSE}
_MOST = 8
_FEW = 5
"""Votes under which a share says little."""


def draw(book: Book, stats: Stats, path: Path) -> None:
    """Raises BotError, where the file cannot be written."""
    figure = Figure(figsize=(12, 8.2), dpi=150, facecolor="white")
    grid = figure.add_gridspec(
        3,
        2,
        height_ratios=(1.15, 0.42, 1.6),
        left=0.15,
        right=0.965,
        top=0.85,
        bottom=0.06,
        hspace=0.62,
        wspace=0.52,
    )
    days = list(stats.days)
    period = f"{_short(days[0])} to {_short(days[-1])} {days[-1][:4]}"
    figure.text(0.035, 0.945, "What people asked", size=21, weight="bold", color=INK)
    figure.text(
        0.035, 0.908, f"{period}, {stats.questions:,} questions", size=11, color=QUIET
    )
    _days(figure.add_subplot(grid[0, :]), stats)
    _met(figure.add_subplot(grid[1, :]), stats)
    lower = grid[2, 1].subgridspec(1, 1)
    _bars(
        figure.add_subplot(grid[2, 0]),
        "Topics",
        [(topic_label(book, t), n) for t, n in stats.topics.most_common(_MOST)],
        [
            GREY if t in ("", "out_of_scope") else BLUE
            for t, _ in stats.topics.most_common(_MOST)
        ],
    )
    if stats.worked:
        both = grid[2, 1].subgridspec(2, 1, hspace=0.75)
        _services(figure.add_subplot(both[0]), book, stats, 4)
        _worked(figure.add_subplot(both[1]), book, stats)
    else:
        _services(figure.add_subplot(lower[0]), book, stats, _MOST)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from None


def _days(axes: Axes, stats: Stats) -> None:
    numbers = list(stats.days.values())
    places = range(len(numbers))
    axes.bar(places, numbers, color=BLUE, width=0.62)
    _bare(axes, "Questions a day")
    few = len(numbers) <= 14  # noqa: PLR2004  more do not fit side by side
    axes.set_xticks(
        [p for p in places if few or p % 7 == 0],
        [
            _weekday(day) if few else _short(day)
            for p, day in enumerate(stats.days)
            if few or p % 7 == 0
        ],
        color=QUIET,
    )
    axes.set_yticks([])
    if few:
        for place, number in zip(places, numbers, strict=True):
            axes.annotate(
                f"{number:,}",
                (place, number),
                (0, 4),
                textcoords="offset points",
                ha="center",
                size=9.5,
                color=INK,
            )


def _met(axes: Axes, stats: Stats) -> None:
    """One bar of shares, labelled where there is room."""
    left = 0.0
    for decision, color in _DECISIONS.items():
        share = stats.share(decision)
        axes.barh(0, share, left=left, color=color, height=0.8)
        if share > 0.04:  # noqa: PLR2004  narrower ones have no room
            axes.text(
                left + share / 2,
                0,
                f"{share:.0%}",
                ha="center",
                va="center",
                color="white",
                weight="bold",
                size=10.5,
            )
            axes.text(left, -0.95, MET[decision], ha="left", size=9.5, color=QUIET)
        left += share
    _bare(axes, "How they were met")
    axes.set_xlim(0, 1)
    axes.set_ylim(-1.0, 0.5)
    axes.set_xticks([])
    axes.set_yticks([])


def _services(axes: Axes, book: Book, stats: Stats, most: int) -> None:
    rows = stats.platforms.most_common(most)
    named = [(platform_label(book, p), n) for p, n in rows]
    _bars(axes, "Services", named, [BLUE] * len(named))


def _worked(axes: Axes, book: Book, stats: Stats) -> None:
    rows = [
        (f"{topic_label(book, t)}: {leaf.replace('_', ' ')}", v)
        for (t, leaf), v in stats.worked.items()
        if v.total >= _FEW
    ][:4]
    names = [name for name, _ in rows]
    shares = [v.share or 0.0 for _, v in rows]
    _bare(axes, "Did that work?")
    places = range(len(rows))
    axes.barh(places, [1.0] * len(rows), color=GRID, height=0.62)
    axes.barh(places, shares, color=GREEN, height=0.62)
    axes.set_yticks(list(places), names, color=INK)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22)
    axes.set_xticks([])
    for place, (_, votes) in enumerate(rows):
        axes.text(
            1.02,
            place,
            f"{votes.share or 0:.0%} of {votes.total}",
            va="center",
            size=9.5,
            color=INK,
        )


def _bars(
    axes: Axes, title: str, rows: Sequence[tuple[str, int]], colors: Sequence[str]
) -> None:
    _bare(axes, title)
    places = range(len(rows))
    numbers = [number for _, number in rows]
    axes.barh(places, numbers, color=colors, height=0.62)
    axes.set_yticks(list(places), [name for name, _ in rows], color=INK)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, max(numbers, default=1) * 1.15)
    for place, number in zip(places, numbers, strict=True):
        axes.annotate(
            f"{number:,}",
            (number, place),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=9.5,
            color=INK,
        )


def _bare(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", size=12, weight="bold", color=INK, pad=10)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, labelsize=10)


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b}"


def _weekday(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found:%a} {found.day} {found:%b}"
