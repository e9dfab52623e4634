"""takeback bench FILE: the bot's own matcher on a public set of questions.

rapidfuzz's scorers run beside it, on the same machine; what others published stands
below, with its source.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.bench.rows import PUBLISHED, Row, averaged
from bot.desk.bench.sets import SMALL, few, part, read
from bot.desk.bench.trials import SCORERS, grown, scored, trial
from bot.nlu.embeddings import WordEmbeddings

if TYPE_CHECKING:
    from rich.table import Table

_HEADS = (
    *("", "phrases", "right", "top 3", "1 typo", "2 typos", "larson", "balanced"),
    *("median ms", "p99 ms", "fit s", "MB", "source"),
)

_GROWTH = (1_000, 10_000, 100_000)
_FEWEST = 10


@dataclass(frozen=True)
class Report:
    """What was measured here, and what others say they measured."""

    name: str
    rows: tuple[Row, ...]
    published: tuple[Row, ...] = ()


def bench(
    file: Path,
    vectors: WordEmbeddings | None = None,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    growth: bool = False,
    small: bool = False,
) -> Report:
    """The numbers of one set; with `growth` or `small` those of other trials on it.

    Raises BotError where the file is none of the sets.
    """
    sets = read(file)
    published = PUBLISHED.get(sets.name, ())
    if growth:
        rows = [grown(sets, vectors, size) for size in _GROWTH]
        return Report(f"{sets.name}, as the number of phrases grows", tuple(rows))
    if small:
        trials = [trial(part(sets, seed), vectors) for seed in seeds]
        return Report(
            f"{sets.name}, 30 intents at a time, {SMALL} phrases each",
            (averaged("takeback", trials),),
        )
    parts = [replace(sets, train=few(sets.train, _FEWEST, seed)) for seed in seeds]
    rows = [
        averaged(
            f"takeback, {_FEWEST} an intent", [trial(one, vectors) for one in parts]
        )
    ]
    rows.append(replace(trial(sets, vectors), what="takeback, all"))
    rows += [scored(parts[0], name, f"{_FEWEST} an intent") for name in SCORERS]
    rows += [scored(sets, name, "all") for name in SCORERS]
    return Report(sets.name, tuple(rows), published)


def table(report: Report) -> "Table":
    """One line a row, to be printed."""
    from rich.table import Table

    shown = Table(*_HEADS, title=report.name)
    for row in (*report.rows, *report.published):
        shown.add_row(*map(_shown, asdict(row).values()))
    return shown


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.2f}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004
        case float(first), float(second):
            return f"{first:.1f} / {second:.1f}"
        case int():
            return f"{value:,}"
    return str(value)
