"""takeback eval: how well questions are understood, and how sure is sure enough."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.asking import open_bot
from bot.book import Book
from bot.knowledge import loader
from bot.nlu.confidence import ConfidenceModel
from bot.tools.command_line import MEASURE, JsonFlag, show, top
from bot.tools.eval import (
    cross_validation,
    figures,
    known_misses,
    labelled,
    score,
    score_tables,
    timed,
)

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer()


@app.command("eval", rich_help_panel=MEASURE)
def command(
    file: Annotated[
        Path | None, typer.Argument(help="Labelled questions, one object a line.")
    ] = None,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="Fit the confidence to the phrases, and name the confused."
        ),
    ] = False,
    known: Annotated[
        Path | None,
        typer.Option(help="Known misses; whatever fares otherwise is an error."),
    ] = None,
    write_known: Annotated[
        bool, typer.Option("--write-known", help="Write that list anew.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Score the answers to labelled questions, or fit the confidence to the phrases."""
    if fit == bool(file):
        raise typer.BadParameter("give a file of labelled questions, or --fit")
    if (write_known and not known) or (fit and known):
        raise typer.BadParameter("--known takes a file, and goes with questions")
    if file is None:
        made = cross_validation.fit(
            loader.load(top()), top(), partial(print, file=sys.stderr)
        )
        tables = score_tables.fitted(made, ConfidenceModel())
        show(tables, made.as_json() if json else None)
        if not json:
            print(_WHERE)
        return
    found = evaluate(open_bot(), file)
    show(found.tables(), found.as_json() if json else None)
    if known and write_known:
        rewrite_known(found, known)
    elif known and (changed := changes(found, known)):
        print("\n".join(changed), file=sys.stderr)
        raise typer.Exit(1)


_WHERE = """\
Nothing was written. The two numbers are `likelihood` and `bias` of ConfidenceModel in
bot/nlu/confidence.py: write the first row there, and keep it if `takeback eval FILE` of
known questions scores better than before. A phrase that ranks another topic first
stands in the wrong file, or wants more phrases beside it."""


@dataclass(frozen=True)
class Evaluation:
    """What a labelled file tells."""

    questions: tuple[labelled.Labelled, ...]
    scores: figures.Scores
    paces: dict[str, timed.Pace]

    def tables(self) -> Iterator[Table]:
        return score_tables.scored(self.scores, self.paces)

    def as_json(self) -> dict[str, Any]:
        times = {what: asdict(pace) for what, pace in self.paces.items()}
        return {**_with_parts(asdict(self.scores)), "time": times}


def evaluate(bot: Book, file: Path) -> Evaluation:
    """The figures of a labelled file. Raises BotError where it is none."""
    questions = labelled.read(file, bot.kb)
    pairs, paces = timed.asked(bot, questions)
    return Evaluation(questions, score.score(pairs, bot.kb), paces)


def changes(found: Evaluation, file: Path) -> list[str]:
    """What fares otherwise than the list of known misses says, one line each."""
    asked = [question.text for question in found.questions]
    return list(
        known_misses.differences(known_misses.read(file), found.scores.wrong, asked)
    )


def rewrite_known(found: Evaluation, file: Path) -> None:
    """The list of misses, as they are now."""
    file.write_text(known_misses.written(found.scores.wrong), encoding="utf-8")


def _with_parts(value: Any) -> Any:
    """Counts, and beside them the parts that they make."""
    match value:
        case {"asked": int(asked), "right": int(right), "top3": int(top3)} if asked:
            return value | {"part_right": right / asked, "part_top3": top3 / asked}
        case {"right": int(right), "of": int(of)}:
            return value | {"part": right / of if of else None}
        case {"hits": int(), "invented": int(), "missed": int()}:
            one = figures.SlotScore(**value)
            parts = {"precision": one.precision, "recall": one.recall, "f1": one.f1}
            return value | parts
        case dict():
            return {key: _with_parts(below) for key, below in value.items()}
    return value
