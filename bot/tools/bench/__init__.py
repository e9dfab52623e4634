"""takeback bench FILE: the bot's own matcher on a public set of questions.

rapidfuzz's scorers run beside it, on the same machine; what others published stands
below, with its source.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.knowledge.cache import read_vectors
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.languages import HOME
from bot.tools.bench.bench_rows import PUBLISHED, Row, averaged
from bot.tools.bench.public_sets import SMALL, few, part, read
from bot.tools.bench.trials import SCORERS, grown, scored, trial
from bot.tools.command_line import MEASURE, JsonFlag, top

if TYPE_CHECKING:
    from rich.table import Table

_HEADS = (
    *("", "phrases", "right", "top 3", "1 typo", "2 typos", "larson", "balanced"),
    *("median ms", "p99 ms", "fit s", "MB", "source"),
)

_GROWTH = (1_000, 10_000, 100_000)
_FEWEST = 10

app = typer.Typer()


@app.command("bench", rich_help_panel=MEASURE)
def command(
    file: Annotated[
        Path, typer.Argument(help="CLINC150, BANKING77 or HWU64, as published.")
    ],
    growth: Annotated[
        bool,
        typer.Option("--growth", help="Time and memory from 1,000 to 100,000 phrases."),
    ] = False,
    small: Annotated[
        bool, typer.Option("--small", help="30 intents at a time, 20 phrases each.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Train the bot's own matcher on a public set of questions and score it."""
    report = bench(file, read_vectors(top(), HOME), growth=growth, small=small)
    if json:
        print(dumps(asdict(report), indent=1))
        return
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 200).print(table(report))


@dataclass(frozen=True)
class BenchReport:
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
) -> BenchReport:
    """The numbers of one set; with `growth` or `small` those of other trials on it.

    Raises BotError where the file is none of the sets.
    """
    sets = read(file)
    published = PUBLISHED.get(sets.name, ())
    if growth:
        rows = [grown(sets, vectors, size) for size in _GROWTH]
        return BenchReport(f"{sets.name}, as the number of phrases grows", tuple(rows))
    if small:
        trials = [trial(part(sets, seed), vectors) for seed in seeds]
        return BenchReport(
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
    return BenchReport(sets.name, tuple(rows), published)


def table(report: BenchReport) -> Table:
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
