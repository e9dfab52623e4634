"""One line of the table, whoever measured it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean


@dataclass(frozen=True)
class Row:
    """Percentages, milliseconds, seconds and megabytes; None where not measured."""

    what: str
    phrases: int | None = None
    accuracy: float | None = None
    top3: float | None = None
    one_typo: float | None = None
    two_typos: float | None = None
    larson: tuple[float, float] | None = None
    """In scope right / out of scope refused, best accuracy over both in tuning."""
    balanced: tuple[float, float] | None = None
    """The same where both weigh alike in tuning."""
    median_ms: float | None = None
    p99_ms: float | None = None
    fit_s: float | None = None
    memory_mb: float | None = None
    source: str = ""


def averaged(what: str, rows: Sequence[Row]) -> Row:
    """The rows' numbers averaged."""

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return fmean(known) if known else None

    def pair(
        values: Iterable[tuple[float, float] | None],
    ) -> tuple[float, float] | None:
        known = [value for value in values if value is not None]
        firsts, seconds = zip(*known, strict=True) if known else ((), ())
        return (fmean(firsts), fmean(seconds)) if known else None

    return replace(
        rows[0],
        what=what,
        accuracy=mean(row.accuracy for row in rows),
        top3=mean(row.top3 for row in rows),
        one_typo=mean(row.one_typo for row in rows),
        two_typos=mean(row.two_typos for row in rows),
        larson=pair(row.larson for row in rows),
        balanced=pair(row.balanced for row in rows),
        median_ms=mean(row.median_ms for row in rows),
        p99_ms=mean(row.p99_ms for row in rows),
        fit_s=mean(row.fit_s for row in rows),
        memory_mb=mean(row.memory_mb for row in rows),
    )


_LARSON = "Larson et al. 2019, table 2, threshold only"
_FEW = "github.com/jianguoz/Few-Shot-Intent-Detection"
PUBLISHED = {
    "CLINC150": (
        Row("Rasa, 100 an intent", 15_000, 90.9, larson=(90.9, 31.2), source=_LARSON),
        Row("Dialogflow, 100", 15_000, 90.8, larson=(90.8, 26.7), source=_LARSON),
        Row("SVM on words, 100", 15_000, 88.2, larson=(88.2, 18.0), source=_LARSON),
        Row("BERT, 100", 15_000, 96.2, larson=(96.2, 52.3), source=_LARSON),
        Row("RoBERTa, 10 an intent", 1_500, 91.6, source=_FEW),
        Row("USE, 10 an intent", 1_500, 90.9, source=_FEW),
    ),
    "BANKING77": (
        Row("RoBERTa, 10 an intent", 770, 84.3, source=_FEW),
        Row("USE, 10 an intent", 770, 84.2, source=_FEW),
        Row("BERT, all", 10_003, 93.7, source="Casanueva et al. 2020, as cited"),
    ),
    "HWU64": (
        Row("RoBERTa, 10 an intent", 640, 82.9, source=_FEW),
        Row("USE, 10 an intent", 640, 83.8, source=_FEW),
    ),
}
