"""takeback coverage: which answers state which claims, and which talks reach them.

From the guide's claims to ours, to the answers that state them, and back; the cells of
the services' table; and the answers that no test conversation reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from bot.app import Assistant
from bot.desk import proof, replay, talk
from bot.desk.checks.claims import Place, home
from bot.desk.proof import Entry
from bot.desk.services import services, table
from bot.dialogue.tree import Answer
from bot.errors import BotError, Problem
from bot.knowledge import references
from bot.knowledge.model import Edition, KnowledgeBase, Leaf
from bot.responses.renderer import Renderer

TALKS = "tests/knowledge/talks"
CELLS = ("removal", "window", "after_read", "trace", "edit", "edit_window")
"""The claims behind the table of services."""


@dataclass
class Coverage:
    """Who states what; answers are named `topic/say`."""

    answers: list[str]
    stated: dict[Place, set[str]] = field(default_factory=dict)
    """Where a claim stands → the answers that state it."""
    talked: dict[str, set[str]] = field(default_factory=dict)
    """An answer → the talks that reach it."""
    failed: list[Problem] = field(default_factory=list)
    talks: int = 0

    def of(self, claims: Iterable[Place]) -> list[str]:
        return sorted({a for place in claims for a in self.stated.get(place, ())})

    @property
    def untalked(self) -> list[str]:
        return [answer for answer in self.answers if answer not in self.talked]


def cover(bot: Assistant, top: Path, talks: Path | None) -> Coverage:
    """Raises KnowledgeError for a talk that cannot be read, and TemplateFault."""
    kb = bot.kb
    answers = [
        f"{stem}/{node.say}"
        for stem, topic in kb.topics.items()
        for _, node in references.nodes(topic.tree)
        if isinstance(node, Leaf)
    ]
    found = Coverage(list(dict.fromkeys(answers)))
    for edition in get_args(Edition):
        edited = kb.model_copy(update={"edition": edition})
        for entry in proof.entries(Renderer(edited, top)):
            for place in cited(edited, entry):
                found.stated.setdefault(place, set()).add(entry.place)
    if talks:
        _talked(found, bot, top, talks)
    return found


def cited(kb: KnowledgeBase, entry: Entry) -> Iterator[Place]:
    """Where the claims stand that an answer states."""
    if isinstance(entry.outcome, Answer):
        for source in entry.reply.sources:
            name = source.claim.rpartition(".")[2]
            yield from home(kb, entry.outcome.topic, entry.known, name)


def _talked(found: Coverage, bot: Assistant, top: Path, folder: Path) -> None:
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise BotError(f"there is no talk in {folder}")
    for path in paths:
        read = talk.read(path)
        found.talks += 1
        speaker = replay.edited(bot, top, read.edition)
        found.failed += replay.failures(read, replay.Core(speaker))
        for _, seen in replay.replay(read, replay.Core(speaker)):
            if seen and isinstance(seen.outcome, Answer):
                answer = f"{seen.outcome.topic}/{seen.outcome.say}"
                found.talked.setdefault(answer, set()).add(path.stem)


# --- printing


def guide(kb: KnowledgeBase) -> dict[int, list[Place]]:
    """The guide's claims and those of ours that name them."""
    found: dict[int, list[Place]] = {n: [] for n in range(1, references.LAST_CLAIM + 1)}
    for file, name, where, claim in references.all_claims(kb):
        for number in claim.guide.numbers if claim.guide else ():
            found[number].append((file, name, where))
    return found


def printed(kb: KnowledgeBase, found: Coverage) -> str:
    """All of it as Markdown tables, with a summary in the end."""
    parts = [
        "# From the guide to the answers\n\n" + _by_number(kb, found),
        "# From the answers to the guide\n\n" + _by_answer(kb, found),
        "# The cells of the services' table: how many answers state each\n\n"
        + _by_service(kb, found),
        summary(kb, found),
    ]
    return "\n".join(parts)


def _by_number(kb: KnowledgeBase, found: Coverage) -> str:
    rows = [
        (
            str(number),
            _few([_short(place) for place in claims]),
            _few(found.of(claims)),
            str(len({t for a in found.of(claims) for t in found.talked.get(a, ())})),
        )
        for number, claims in guide(kb).items()
    ]
    return table(("Guide", "Claims", "Answers", "Talks"), rows)


def _by_answer(kb: KnowledgeBase, found: Coverage) -> str:
    numbers: dict[Place, list[int]] = {}
    for number, claims in guide(kb).items():
        for place in claims:
            numbers.setdefault(place, []).append(number)
    rows = []
    for answer in found.answers:
        stated = [p for p, answers in found.stated.items() if answer in answers]
        guided = {number for place in stated for number in numbers.get(place, ())}
        rows.append(
            (
                answer,
                _few(dict.fromkeys(name for _, name, _ in stated)),
                " ".join(map(str, sorted(guided))) or "–",
                str(len(found.talked.get(answer, ()))),
            )
        )
    return table(("Answer", "Claims", "Guide", "Talks"), rows)


def _by_service(kb: KnowledgeBase, found: Coverage) -> str:
    rows = []
    for service in services(kb):
        known = {"platform": service.stem, "kind": service.kind}
        cells = [_answers(kb, found, known, name) for name in CELLS]
        counts = [
            str(len(a)) if name in service.claims else "–"
            for name, a in zip(CELLS, cells, strict=True)
        ]
        rows.append((service.label, *counts))
    return table(("Service", *CELLS), rows)


def _answers(
    kb: KnowledgeBase, found: Coverage, known: Mapping[str, str], name: str
) -> list[str]:
    return found.of(home(kb, "", known, name))


def unstated(kb: KnowledgeBase, found: Coverage) -> list[str]:
    """Cells of the services' table that no answer states."""
    return [
        f"{service.label}: {name}"
        for service in services(kb)
        for name in CELLS
        if name in service.claims
        and not _answers(
            kb, found, {"platform": service.stem, "kind": service.kind}, name
        )
    ]


def summary(kb: KnowledgeBase, found: Coverage) -> str:
    reached = [n for n, claims in guide(kb).items() if found.of(claims)]
    cells = unstated(kb, found)
    lines = [
        f"{len(reached)} of {references.LAST_CLAIM} guide claims reach an answer.",
        f"Cells of the services' table that no answer states: {_few(cells)}.",
    ]
    if found.talks:
        there = len(found.answers) - len(found.untalked)
        lines += [
            f"{found.talks} talks reach {there} of {len(found.answers)} answers.",
            f"Answers that no talk reaches: {', '.join(found.untalked) or 'none'}.",
        ]
    lines += map(str, found.failed)
    return "\n".join(lines) + "\n"


def _short(place: Place) -> str:
    """`service.kind.claim`, where a claim stands."""
    file, name, where = place
    stem = file.partition("/")[2].removesuffix(".yaml")
    kind = f".{where[1]}" if len(where) > 1 else ""
    return f"{stem}{kind}.{name}"


_MOST = 4


def _few(items: Iterable[str]) -> str:
    """The first of them, and how many more."""
    listed = list(items)
    more = f" +{len(listed) - _MOST}" if len(listed) > _MOST else ""
    return ", ".join(listed[:_MOST]) + more or "none"
