"""What differs between two states of the files, and how it is told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Way = tuple[str, str]
"""A topic, and what is known there."""


@dataclass(frozen=True)
class SeenReply:
    """What a person sees on a way."""

    place: str
    text: str
    """With its buttons."""


@dataclass(frozen=True)
class ReplyChange:
    """One change that is the same on all these ways."""

    place: str
    lines: tuple[str, ...]
    """As a unified diff."""
    ways: tuple[Way, ...]


@dataclass
class Difference:
    revision: str
    commit: str
    changed: list[ReplyChange] = field(default_factory=list)
    new: list[tuple[Way, SeenReply]] = field(default_factory=list)
    gone: list[tuple[Way, SeenReply]] = field(default_factory=list)
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    """A known question, where it led and where it leads."""
    questions: int = 0


# --- by sentences


@dataclass(frozen=True)
class SentenceChange:
    """One change of sentences or buttons, with all answers and ways that have it."""

    lines: tuple[str, ...]
    """What was there and what is, with - and + before them."""
    places: tuple[str, ...]
    ways: tuple[Way, ...]


def grouped(changes: Iterable[ReplyChange]) -> list[SentenceChange]:
    """Each changed sentence once, those on most ways first.

    Where another answer is given now, that is one change, with an example of it.
    """
    places: dict[tuple[str, ...], dict[str, None]] = {}
    ways: dict[tuple[str, ...], dict[Way, None]] = {}
    moved: dict[str, tuple[str, ...]] = {}
    for change in changes:
        if _MOVES in change.place:
            changed: Iterable[tuple[str, ...]] = (
                moved.setdefault(change.place, change.lines),
            )
        else:
            changed = _sentences(change.lines)
        for lines in changed:
            places.setdefault(lines, {})[change.place] = None
            ways.setdefault(lines, {}).update(dict.fromkeys(change.ways))
    found = (
        SentenceChange(lines, tuple(there), tuple(ways[lines]))
        for lines, there in places.items()
    )
    return sorted(found, key=lambda one: (-len(one.ways), one.places))


_MOVES = " → "


def _sentences(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The changes within changed lines, sentence by sentence and button by button."""
    before = _pieces(line[1:] for line in lines if line.startswith("-"))
    now = _pieces(line[1:] for line in lines if line.startswith("+"))
    steps = difflib.SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    for kind, start, end, start_now, end_now in steps:
        if kind != "equal":
            yield (
                *(f"-{piece}" for piece in before[start:end]),
                *(f"+{piece}" for piece in now[start_now:end_now]),
            )


def _pieces(lines: Iterable[str]) -> list[str]:
    """Sentences; of the line of buttons each by itself."""
    return [
        piece
        for line in lines
        for piece in (
            re.findall(r"\[[^\]]*\]", line)
            if line.startswith("Buttons:")
            else re.split(r"(?<=[.!?])\s+|(?<=\*\*)\s+", line)
        )
        if piece.strip()
    ]


# --- printing


def printed(found: Difference, *, everything: bool = False) -> str:
    """As Markdown: each changed sentence once, or with `everything` each answer."""
    ways = sum(len(change.ways) for change in found.changed)
    title = f"# What people will see differently since {found.revision}"
    counts = f"Changed on {_count(ways, 'way')}, {len(found.new):,} new, "
    counts += f"{len(found.gone):,} gone."
    if found.questions:
        counts += f" {len(found.answers)} of {found.questions} known questions "
        counts += "lead elsewhere."
    parts = [f"{title} ({found.commit[:12]})", counts]
    if everything:
        parts += map(_change, found.changed)
    else:
        parts += map(_group, grouped(found.changed))
    parts += _listed("New ways", found.new, everything=everything)
    parts += _listed("Ways that are gone", found.gone, everything=everything)
    if found.answers:
        lines = [f"- {text}\n  - was: {a}\n  - is: {b}" for text, a, b in found.answers]
        parts.append("\n".join(["## Known questions", "", *lines]))
    return "\n\n".join(parts) + "\n"


_FEW = 5


def _change(change: ReplyChange) -> str:
    shown = [f"- {_way(way)}" for way in change.ways[:_FEW]]
    if len(change.ways) > _FEW:
        shown.append(f"- and {len(change.ways) - _FEW} more")
    diff_ = ["```diff", *change.lines, "```"]
    return "\n".join([f"## {change.place}", "", *shown, "", *diff_])


def _group(change: SentenceChange) -> str:
    first, *others = change.places
    more = f" and {_count(len(others), 'other answer')}" if others else ""
    ways = f"{_count(len(change.ways), 'way')}, such as {_way(change.ways[0])}"
    diff_ = ["```diff", *change.lines, "```"]
    return "\n".join([f"## {first}{more}", "", ways, "", *diff_])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _listed(
    title: str, found: list[tuple[Way, SeenReply]], *, everything: bool
) -> list[str]:
    """By the place that they lead to, the first few of each."""
    if not found:
        return []
    places: dict[str, list[Way]] = {}
    for way, reply in found:
        places.setdefault(reply.place, []).append(way)
    lines = [f"## {title}", ""]
    most = len(places) if everything else _PLACES
    for place, ways in sorted(places.items())[:most]:
        more = f" and {len(ways) - _FEW} more" if len(ways) > _FEW else ""
        lines.append(f"- {place}: {', '.join(map(_way, ways[:_FEW]))}{more}")
    if len(places) > most:
        lines.append(f"- and to {len(places) - most} more answers: see `--all`")
    return ["\n".join(lines)]


_PLACES = 20
"""Answers that are listed where not all are asked for."""


def _way(way: Way) -> str:
    topic, known = way
    return f"`{topic}` with `{known or 'nothing known'}`"
