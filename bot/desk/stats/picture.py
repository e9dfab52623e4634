"""The sums as one picture: a page for whoever runs the bot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.stats.sums import (
    Stats,
    Votes,
    platform_label,
    topic_label,
)
from bot.desk.stats.tables import MET
from bot.dialogue.policy import OUT
from bot.errors import BotError
from bot.knowledge.model import KnowledgeBase

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
_LEFT = 0.04
_MOST = 8
_FEW = 5
"""Votes under which a share says little."""


def draw(kb: KnowledgeBase, stats: Stats, path: Path) -> None:
    """Raises BotError, where the file cannot be written."""
    figure = Figure(figsize=(12, 8.6), dpi=150, facecolor="white")
    days = list(stats.days)
    period = f"{_short(days[0])} to {_short(days[-1])} {days[-1][:4]}"
    figure.text(_LEFT, 0.945, "What people asked", size=21, weight="bold", color=INK)
    subtitle = f"{period}, {stats.questions:,} questions"
    if stats.groups:
        subtitle += f", {stats.groups:,} of them in groups"
    if stats.inline:
        subtitle += f"; looked up inline {stats.inline:,} times"
    figure.text(_LEFT, 0.912, subtitle, size=11, color=QUIET)
    upper = figure.add_gridspec(
        2, 1, left=_LEFT, right=0.965, top=0.835, bottom=0.5, hspace=0.62,
        height_ratios=(2.6, 1),
    )  # fmt: skip
    _days(figure.add_subplot(upper[0]), stats)
    _met(figure.add_subplot(upper[1]), stats)
    topics = stats.topics.most_common(_MOST)
    _bars(
        _panel(figure, 0.18, 0.475, 0.05, 0.36, _LEFT, "Topics"),
        [(topic_label(kb, t), n) for t, n in topics],
        [GREY if t in ("", OUT) else BLUE for t, _ in topics],
    )
    worked = [w for w in stats.worked.items() if w[1].total >= _FEW][:4]
    services = [
        (platform_label(kb, p), n)
        for p, n in stats.platforms.most_common(5 if worked else _MOST)
    ]
    bottom = 0.245 if worked else 0.05
    _bars(
        _panel(figure, 0.7, 0.965, bottom, 0.36, 0.535, "Services"),
        services,
        [BLUE] * len(services),
    )
    if worked:
        panel = _panel(figure, 0.7, 0.965, 0.05, 0.165, 0.535, "Did that work?")
        _worked(panel, kb, worked)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from None


def _days(axes: Axes, stats: Stats) -> None:
    numbers = list(stats.days.values())
    places = range(len(numbers))
    axes.bar(places, numbers, color=BLUE, width=0.62)
    _bare(axes, "Questions a day")
    axes.set_xlim(-0.5, len(numbers) - 0.5)
    axes.set_ylim(0, max(*numbers, 1) * 1.12)
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
            _tell(axes, number, (place, number), (0, 4), ha="center")


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


def _panel(
    figure: Figure,
    left: float,
    right: float,
    bottom: float,
    top: float,
    edge: float,
    title: str,
) -> Axes:
    """Axes with their title at the edge, above the labels of the bars."""
    axes = figure.add_axes((left, bottom, right - left, top - bottom))
    figure.text(edge, top + 0.022, title, size=12, weight="bold", color=INK)
    _bare(axes)
    return axes


def _worked(
    axes: Axes, kb: KnowledgeBase, worked: Sequence[tuple[tuple[str, str], Votes]]
) -> None:
    rows = [
        (f"{topic_label(kb, topic)}: {leaf.replace('_', ' ')}", votes)
        for (topic, leaf), votes in worked
    ]
    names = [name for name, _ in rows]
    shares = [v.share or 0.0 for _, v in rows]
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


def _bars(axes: Axes, rows: Sequence[tuple[str, int]], colors: Sequence[str]) -> None:
    places = range(len(rows))
    numbers = [number for _, number in rows]
    axes.barh(places, numbers, color=colors, height=0.62)
    axes.set_yticks(list(places), [name for name, _ in rows], color=INK)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, max(numbers, default=1) * 1.15)
    for place, number in zip(places, numbers, strict=True):
        _tell(axes, number, (number, place), (5, 0), va="center")


def _tell(
    axes: Axes,
    number: int,
    end: tuple[float, float],
    aside: tuple[int, int],
    **align: Any,
) -> None:
    """The number at the end of its bar, a little aside."""
    axes.annotate(
        f"{number:,}",
        end,
        aside,
        textcoords="offset points",
        size=9.5,
        color=INK,
        **align,
    )


def _bare(axes: Axes, title: str = "") -> None:
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
