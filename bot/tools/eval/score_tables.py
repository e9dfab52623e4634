"""Figures as tables for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.nlu.confidence import ConfidenceModel
from bot.tools.eval.cross_validation import Fit
from bot.tools.eval.figures import Bin, Scores, Share, SlotScore, Tally
from bot.tools.eval.timed import Pace
from bot.tools.text_tables import table

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


def fitted(found: Fit, model: ConfidenceModel) -> Iterator[Table]:
    """What the phrases make of the confidence, and where they stand in the wrong place."""
    yield table(
        "Confidence, of the log odds",
        ("", "likelihood", "bias"),
        [
            ("fitted to held-out phrases", f"{found.slope:.3f}", f"{found.bias:.3f}"),
            ("as it is", f"{model.likelihood:.3f}", f"{model.bias:.3f}"),
        ],
    )
    kinds = {
        "held out beside others of their label": [
            p for p in found.phrases if not p.unseen
        ],
        "of a label that was not known": [p for p in found.phrases if p.unseen],
    }
    yield table(
        "Held-out phrases",
        ("", "phrases", "right"),
        (
            (kind, len(some), _percent(sum(p.right for p in some) / len(some)))
            for kind, some in kinds.items()
            if some
        ),
    )
    yield table(
        "Phrases that rank another topic first",
        ("topic", "taken for", "phrases", "the surest of them"),
        ((*pair, len(some), some[0].text) for pair, some in found.confusions[:_MOST]),
    )


def _groups(title: str, groups: dict[str, Tally]) -> Table:
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


def _part(group: Tally) -> float:
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
