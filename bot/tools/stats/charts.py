"""The sums as one picture of three charts: questions a day, topics, services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.analytics.report import Stats, platform_label, topic_label
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

INK, QUIET, BAR = "#22303c", "#5f6d79", "#3b7ea1"
_MOST = 8
_FEW_DAYS = 14
"""As many labels fit side by side; of more days every seventh is named."""


def draw(kb: KnowledgeBase, stats: Stats, path: Path) -> None:
    """Writes a PNG. Raises BotError, where the file cannot be written."""
    figure = Figure(figsize=(10, 7), dpi=150, facecolor="white")
    figure.set_layout_engine("constrained", w_pad=0.2, h_pad=0.15, hspace=0.05)
    first, *_, last = map(_short, (*stats.days, *stats.days))
    title = f"{stats.questions:,} questions, {first} to {last}"
    figure.suptitle(title, x=0.02, ha="left", size=18, weight="bold", color=INK)
    axes = figure.subplot_mosaic([["days", "days"], ["topics", "services"]])
    _days(axes["days"], stats)
    topics = [(topic_label(kb, t), n) for t, n in stats.topics.most_common(_MOST)]
    _ranking(axes["topics"], "Topics", topics)
    services = [
        (platform_label(kb, p), n) for p, n in stats.platforms.most_common(_MOST)
    ]
    _ranking(axes["services"], "Services", services)
    try:
        figure.savefig(path, format="png")
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}") from None


def _days(axes: Axes, stats: Stats) -> None:
    numbers = list(stats.days.values())
    bars = axes.bar(range(len(numbers)), numbers, color=BAR, width=0.62)
    step = 1 if len(numbers) <= _FEW_DAYS else 7
    places = range(0, len(numbers), step)
    axes.set_xticks(places, [_short(day) for day in [*stats.days][::step]])
    axes.set_yticks([])
    if step == 1:
        axes.bar_label(bars, padding=3, color=INK)
    _bare(axes, "Questions a day")


def _ranking(axes: Axes, title: str, rows: Sequence[tuple[str, int]]) -> None:
    """Bars that lie, the longest on top, each with its number."""
    bars = axes.barh(range(len(rows)), [n for _, n in rows], color=BAR, height=0.62)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.bar_label(bars, padding=4, color=INK)
    _bare(axes, title)


def _bare(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", size=12, weight="bold", color=INK, pad=10)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=10, labelcolor=QUIET)
    axes.margins(x=0.02, y=0.1)


def _short(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b}"
