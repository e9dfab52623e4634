"""takeback eval: how well questions are understood, and how sure is sure enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app import Assistant
from bot.desk.eval import doubt, folds, known, labelled, score, tables, timed
from bot.desk.eval.written import written
from bot.knowledge import cache, loader
from bot.knowledge.model import Fitted

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Evaluation:
    """What a labelled file tells."""

    questions: tuple[labelled.Labelled, ...]
    scores: score.Scores
    paces: dict[str, timed.Pace]

    def tables(self) -> Iterator[Table]:
        return tables.scored(self.scores, self.paces)

    def as_json(self) -> dict[str, Any]:
        times = {what: asdict(pace) for what, pace in self.paces.items()}
        return {**_with_parts(asdict(self.scores)), "time": times}


def evaluate(bot: Assistant, file: Path) -> Evaluation:
    """The figures of a labelled file. Raises BotError where it is none."""
    questions = labelled.read(file, bot.kb)
    pairs, paces = timed.asked(bot, questions)
    return Evaluation(questions, score.score(pairs, bot.kb), paces)


def corrections(found: Evaluation, file: Path) -> list[str]:
    """What fares otherwise than the list of known misses says, one line each."""
    asked = [question.text for question in found.questions]
    return list(known.differences(known.read(file), found.scores.wrong, asked))


def write_known(found: Evaluation, file: Path) -> None:
    """The list of misses, as they are now."""
    file.write_text(known.written(found.scores.wrong), encoding="utf-8")


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
    trials: Sequence[folds.Trial]

    def tables(self) -> Iterator[Table]:
        return tables.fitted(self.fitted, self.trials)

    def as_json(self) -> dict[str, Any]:
        return self.fitted.model_dump(mode="json") | {
            "confusions": [
                {
                    "topic": topic,
                    "taken_for": other,
                    "phrases": [trial.phrase for trial in some],
                }
                for (topic, other), some in tables.confused(self.trials)
            ]
        }


def fit(top: Path, today: date, tell: Callable[[str], None] = lambda _: None) -> Fit:
    """Cross-validated on the book's own phrases; writes `knowledge/doubt.yaml`."""
    kb, vectors = loader.load(top), cache.read_vectors(top)
    trials: list[folds.Trial] = []
    for number, fold in enumerate(folds.folds(kb), 1):
        tell(f"round {number} of {folds.FOLDS}")
        trials += folds.trials(fold, kb, vectors)
    fitted = doubt.fitted(trials, kb, today)
    path = top / "knowledge" / loader.DOUBT
    path.write_text(written(fitted), encoding="utf-8")
    return Fit(fitted, trials)
