"""Figures as tables for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.desk.eval.folds import Trial
from bot.desk.eval.score import Bin, Group, Scores, Share, SlotScore
from bot.desk.eval.timed import Pace
from bot.desk.table import table
from bot.knowledge.model import Fitted

if TYPE_CHECKING:
    from rich.table import Table

_MOST = 15
_NONE = "–"


def scored(found: Scores, paces: dict[str, Pace]) -> Iterator[Table]:
    """Everything that a labelled file tells, the whole first."""
    yield _groups(
        "Questions",
        {"domain": found.domain, "out of scope": found.out, "talk": found.talk},
    )
    yield table(
        "Out of scope",
        ("", "", "of"),
        [
            ("recall: declined, of those out of scope", *_share(found.recall)),
            ("precision: out of scope, of those declined", *_share(found.precision)),
        ],
    )
    topics = sorted(found.topics.items(), key=lambda item: _part(item[1]))
    yield _groups("Topics, the worst first", dict(topics))
    rows = [_slot(name, one) for name, one in found.slots.items()]
    yield table(
        "Slots",
        ("", "precision", "recall", "F1", "right", "invented", "missed"),
        [*rows, _slot("all", found.every_slot)],
    )
    yield _bins(
        f"Reliability: {found.calibration_error:.1%} off on average", found.reliability
    )
    yield table(
        "Confusions",
        ("topic", "taken for", "answered", "asked back"),
        (
            (one.topic, one.taken_for, one.answered or "", one.asked_back or "")
            for one in found.confusions[:_MOST]
        ),
    )
    yield table(
        "Worst misses",
        ("sure", "topic", "taken for", "question"),
        (
            (f"{one.confidence:.2f}", one.topic, one.taken_for, one.text)
            for one in found.wrong[:_MOST]
            if one.stands
        ),
    )
    yield table(
        "Time a question, in milliseconds",
        ("", "median", "p99"),
        (
            (what, f"{pace.median_ms:.2f}", f"{pace.p99_ms:.2f}")
            for what, pace in paces.items()
        ),
    )


def fitted(found: Fitted, trials: Sequence[Trial]) -> Iterator[Table]:
    """What justifies the doubt, and where phrases stand in the wrong place."""
    doubt = found.doubt
    yield table("Doubt", ("", ""), ((k, f"{v:g}") for k, v in vars(doubt).items()))
    kinds = {k: row for k, row in found.scores.items() if "phrases" in row}
    heads = list(next(iter(kinds.values())))
    yield table(
        "Held-out phrases",
        ("", *(head.replace("_", " ") for head in heads)),
        (
            (kind, f"{row['phrases']:g}", *(f"{row[h]:.1%}" for h in heads[1:]))
            for kind, row in kinds.items()
        ),
    )
    costs = found.scores["cost"].items()
    rows = [(name.replace("_", " "), f"{n:.4f}") for name, n in costs]
    yield table("Cost of a question", ("", ""), rows)
    yield table(
        "Reliability, as weighed and of the bare phrases",
        ("sure", "answers", "stated", "right", "of phrases"),
        (
            (
                f"{row['from']:.2f} to {row['to']:.2f}",
                f"{row['answers']:g}",
                *(f"{row[k]:.1%}" for k in ("stated", "right", "right_unweighed")),
            )
            for row in found.reliability
        ),
    )
    pairs = confused(trials)
    yield table(
        "Phrases that rank another topic first",
        ("topic", "taken for", "phrases", "the surest of them"),
        ((*pair, len(some), some[0].phrase) for pair, some in pairs[:_MOST]),
    )


def confused(trials: Iterable[Trial]) -> list[tuple[tuple[str, str], list[Trial]]]:
    """By pair of topics, most frequent first; each with its surest phrases first."""
    found: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        if trial.first != trial.topic and not trial.strange:
            found.setdefault((trial.topic, trial.first), []).append(trial)
    for some in found.values():
        some.sort(key=lambda trial: -trial.standings[0].probability)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _groups(title: str, groups: dict[str, Group]) -> Table:
    heads = ("", "asked", "right", "", "top three", "asked back")
    rows = (
        (
            name,
            one.asked,
            one.right,
            _percent(_part(one) if one.asked else None),
            _percent(one.top3 / one.asked if one.asked else None),
            one.asked_back or "",
        )
        for name, one in groups.items()
    )
    return table(title, heads, rows)


def _part(group: Group) -> float:
    return group.right / max(1, group.asked)


def _share(share: Share) -> tuple[str, str]:
    return _percent(share.value), str(share.of)


def _slot(name: str, one: SlotScore) -> tuple[object, ...]:
    parts = (one.precision, one.recall, one.f1)
    return (name, *map(_percent, parts), one.hits, one.invented, one.missed)


def _bins(title: str, bins: Iterable[Bin]) -> Table:
    heads = ("sure", "answers", "stated", "right")
    rows = (
        (
            f"{one.low:.2f} to {one.high:.2f}",
            one.answers,
            _percent(one.stated),
            _percent(one.right),
        )
        for one in bins
        if one.answers
    )
    return table(title, heads, rows)


def _percent(part: float | None) -> str:
    return _NONE if part is None else f"{part:.1%}"
