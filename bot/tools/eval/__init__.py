"""takeback eval: how well questions are understood, and how sure is sure enough."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app import Assistant
from bot.knowledge import cache, loader
from bot.knowledge.model import Fitted
from bot.tools.command_line import MEASURE, JsonFlag, open_bot, show, top
from bot.tools.eval import (
    cross_validation,
    doubt,
    known_misses,
    labelled,
    score,
    score_tables,
    timed,
)
from bot.tools.eval.written import written

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
            "--fit", help="Find how sure is sure enough; writes knowledge/doubt.yaml."
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
    """Score the answers to labelled questions, or fit the doubt to the phrases."""
    if fit == bool(file):
        raise typer.BadParameter("give a file of labelled questions, or --fit")
    if (write_known and not known) or (fit and known):
        raise typer.BadParameter("--known takes a file, and goes with questions")
    if file is None:
        made = fit_phrases(top(), date.today(), partial(print, file=sys.stderr))  # noqa: DTZ011
        show(made.tables(), made.as_json() if json else None)
        return
    found = evaluate(open_bot(), file)
    show(found.tables(), found.as_json() if json else None)
    if known and write_known:
        rewrite_known(found, known)
    elif known and (changed := changes(found, known)):
        print("\n".join(changed), file=sys.stderr)
        raise typer.Exit(1)


@dataclass(frozen=True)
class Evaluation:
    """What a labelled file tells."""

    questions: tuple[labelled.Labelled, ...]
    scores: score.Scores
    paces: dict[str, timed.Pace]

    def tables(self) -> Iterator[Table]:
        return score_tables.scored(self.scores, self.paces)

    def as_json(self) -> dict[str, Any]:
        times = {what: asdict(pace) for what, pace in self.paces.items()}
        return {**_with_parts(asdict(self.scores)), "time": times}


def evaluate(bot: Assistant, file: Path) -> Evaluation:
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
            one = score.SlotScore(**value)
            parts = {"precision": one.precision, "recall": one.recall, "f1": one.f1}
            return value | parts
        case dict():
            return {key: _with_parts(below) for key, below in value.items()}
    return value


# --- the fit


@dataclass(frozen=True)
class Fit:
    """The doubt that phrases make best, and how they fared."""

    fitted: Fitted
    trials: Sequence[cross_validation.Trial]

    def tables(self) -> Iterator[Table]:
        return score_tables.fitted(self.fitted, self.trials)

    def as_json(self) -> dict[str, Any]:
        return self.fitted.model_dump(mode="json") | {
            "confusions": [
                {
                    "topic": topic,
                    "taken_for": other,
                    "phrases": [trial.phrase for trial in some],
                }
                for (topic, other), some in score_tables.confused(self.trials)
            ]
        }


def fit_phrases(
    top: Path, today: date, tell: Callable[[str], None] = lambda _: None
) -> Fit:
    """Cross-validated on the book's own phrases; writes `knowledge/doubt.yaml`."""
    kb, vectors = loader.load(top), cache.read_vectors(top)
    trials: list[cross_validation.Trial] = []
    for number, fold in enumerate(cross_validation.folds(kb), 1):
        tell(f"round {number} of {cross_validation.FOLDS}")
        trials += cross_validation.trials(fold, kb, vectors)
    fitted = doubt.fitted(trials, kb, today)
    path = top / "knowledge" / loader.DOUBT
    path.write_text(written(fitted), encoding="utf-8")
    return Fit(fitted, trials)
