"""takeback coverage: which answers state which claims, and which stories reach them.

From the guide's claims to ours, to the answers that state them, and back; the cells of
the services' table; and the answers that no test conversation reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, get_args

import typer

from bot.asking import open_bot
from bot.book import Book
from bot.dialogue.tree import Answer
from bot.errors import BotError, Problem
from bot.knowledge import loader, nodes, references
from bot.knowledge.model import Edition, KnowledgeBase
from bot.responses.renderer import Renderer
from bot.tools import every_answer, replay, story
from bot.tools.check.claims import Place, home
from bot.tools.command_line import EDIT, top
from bot.tools.every_answer import Entry
from bot.tools.progress import progress
from bot.tools.services_table import NOTHING, cells, services, table
from bot.tools.stories import FOLDER

app = typer.Typer()


@app.command("coverage", rich_help_panel=EDIT)
def command(
    stories: Annotated[
        Path | None,
        typer.Option(
            help="Where the test conversations are; else those of the checkout."
        ),
    ] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Only the summary and what is missing.")
    ] = False,
) -> None:
    """Show which answers state which claims, and which no test conversation reaches."""
    bot, there = open_bot(), top() / FOLDER
    found = cover(bot, top(), stories or (there if there.is_dir() else None))
    print((summary if gaps else printed)(bot.kb, found), end="")
    print(spoken(loader.load(top())))
    if found.failed:
        raise typer.Exit(1)


@dataclass
class Coverage:
    """Who states what; answers are named `topic/say` or `actions/ACTION/say`."""

    answers: list[str]
    stated: dict[Place, set[str]] = field(default_factory=dict)
    """Where a claim stands → the answers that state it."""
    told: dict[str, set[str]] = field(default_factory=dict)
    """An answer → the stories that reach it."""
    failed: list[Problem] = field(default_factory=list)
    stories: int = 0

    def of(self, claims: Iterable[Place]) -> list[str]:
        return sorted({a for place in claims for a in self.stated.get(place, ())})

    @property
    def untold(self) -> list[str]:
        return [answer for answer in self.answers if answer not in self.told]


def cover(bot: Book, top: Path, stories: Path | None) -> Coverage:
    """Raises KnowledgeError for a story that cannot be read, and TemplateFault."""
    kb = bot.kb
    answers = [f"{tree.owner}/{leaf.say}" for tree, _, leaf in nodes.leaves(kb)]
    found = Coverage(list(dict.fromkeys(answers)))
    for edition in get_args(Edition):
        edited = replace(kb, edition=edition)
        for entry in every_answer.entries(Renderer(edited, top)):
            for place in cited(edited, entry):
                found.stated.setdefault(place, set()).add(entry.place)
    if stories:
        _told(found, bot, top, stories)
    return found


def cited(kb: KnowledgeBase, entry: Entry) -> Iterator[Place]:
    """Where the claims stand that an answer states."""
    if isinstance(entry.outcome, Answer):
        for source in entry.reply.sources:
            name = source.claim.rpartition(".")[2]
            yield from home(kb, entry.outcome.topic, entry.known, name)


def _told(found: Coverage, bot: Book, top: Path, folder: Path) -> None:
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise BotError(f"there is no story in {folder}")
    with progress("Replaying the conversations", paths) as shown:
        for path in shown:
            read = story.read(path)
            found.stories += 1
            speaker = replay.edited(bot, top, read.edition)
            found.failed += replay.failures(read, replay.Core(speaker))
            for _, seen in replay.replay(read, replay.Core(speaker)):
                if seen and isinstance(seen.outcome, Answer):
                    found.told.setdefault(seen.place, set()).add(path.stem)


# --- printing


def guide(kb: KnowledgeBase) -> dict[int, list[Place]]:
    """The guide's claims and those of ours that name them."""
    found: dict[int, list[Place]] = {n: [] for n in range(1, references.LAST_CLAIM + 1)}
    for file, name, where, claim in nodes.all_claims(kb):
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
            str(len({t for a in found.of(claims) for t in found.told.get(a, ())})),
        )
        for number, claims in guide(kb).items()
    ]
    return table(("Guide", "Claims", "Answers", "Stories"), rows)


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
                str(len(found.told.get(answer, ()))),
            )
        )
    return table(("Answer", "Claims", "Guide", "Stories"), rows)


def _by_service(kb: KnowledgeBase, found: Coverage) -> str:
    rows = []
    for service in services(kb):
        known = service.known(kb)
        counts = [
            str(len(_answers(kb, found, known, name)))
            if name in service.claims
            else NOTHING
            for name in cells(kb)
        ]
        rows.append((service.label, *counts))
    return table(("Service", *cells(kb)), rows)


def _answers(
    kb: KnowledgeBase, found: Coverage, known: Mapping[str, str], name: str
) -> list[str]:
    return found.of(home(kb, "", known, name))


def unstated(kb: KnowledgeBase, found: Coverage) -> list[str]:
    """Cells of the services' table that no answer states."""
    return [
        f"{service.label}: {name}"
        for service in services(kb)
        for name in cells(kb)
        if name in service.claims and not _answers(kb, found, service.known(kb), name)
    ]


def summary(kb: KnowledgeBase, found: Coverage) -> str:
    reached = [n for n, claims in guide(kb).items() if found.of(claims)]
    missing = unstated(kb, found)
    lines = [
        f"{len(reached)} of {references.LAST_CLAIM} guide claims reach an answer.",
        f"Cells of the services' table that no answer states: {_few(missing)}.",
    ]
    if found.stories:
        there = len(found.answers) - len(found.untold)
        lines += [
            f"{found.stories} stories reach {there} of {len(found.answers)} answers.",
            f"Answers that no story reaches: {', '.join(found.untold) or 'none'}.",
        ]
    lines += map(str, found.failed)
    return "\n".join(lines) + "\n"


def spoken(kb: KnowledgeBase) -> str:
    """How many phrases there are, and which labels have the fewest."""
    counts = {label: len(said) for label, said in kb.phrases.items()}
    fewest = sorted(counts, key=lambda label: (counts[label], label))[:_MOST]
    told = ", ".join(f"{label} {counts[label]}" for label in fewest)
    return (
        f"{sum(counts.values()):,} phrases under {len(counts)} labels, the fewest: "
        f"{told}. See `takeback suggest --needs`."
    )


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
