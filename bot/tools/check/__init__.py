"""takeback check: everything wrong with the knowledge and the templates, at once.

Loading finds what keeps the bot from starting; this also walks every way through every
topic in both editions, and looks at what people would see. An error keeps a change from
being used; a warning is for an editor to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from json import dumps
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from bot.errors import BotError, Problem
from bot.folders import cache
from bot.knowledge import loader, yaml_file
from bot.knowledge.model import Edition, KnowledgeBase
from bot.tools.check import claims, phrases, replies, sentences, templates, trees
from bot.tools.check import links as official_pages
from bot.tools.command_line import EDIT, TopFolder, top
from bot.tools.every_answer import Entry

app = typer.Typer()


@app.command("check", rich_help_panel=EDIT)
def command(
    folder: TopFolder = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Claims are stale as of this day, not today."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="A list of objects, one a line.")
    ] = False,
    links: Annotated[
        bool,
        typer.Option(
            "--links", help="The official pages and the day each was read, instead."
        ),
    ] = False,
) -> None:
    """List everything wrong with the knowledge and the templates.

    Errors end with exit code 1; warnings are for you to judge.
    """
    if links:
        pages = official_pages.links(loader.load(folder or top()))
        listed = [page.as_json() for page in pages]
        print(_as_json(listed) if json else "\n".join(map(str, pages)))
        return
    report = look(folder or top(), on_day(on), cache())
    print(_as_json(report.as_json()) if json else report)
    if report.errors:
        raise typer.Exit(1)


def _as_json(listed: list[dict[str, Any]]) -> str:
    return dumps(listed, indent=1, ensure_ascii=False)


@dataclass(frozen=True)
class CheckReport:
    """What was found, each sorted by place."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {"severity": severity, **vars(problem)}
            for severity, problems in (
                ("error", self.errors),
                ("warning", self.warnings),
            )
            for problem in problems
        ]

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.errors]
        lines += [f"{p.path}:{p.line}: warning: {p.message}" for p in self.warnings]
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        if not self.errors and not self.warnings:
            return "All is well."
        counts = [
            _count(len(self.errors), "error"),
            _count(len(self.warnings), "warning"),
        ]
        return f"{', '.join(counts)}."


def _count(n: int, what: str) -> str:
    return f"{n or 'no'} {what}{'' if n == 1 else 's'}"


def look(top: Path, on: date | None = None, cache: Path | None = None) -> CheckReport:
    """Errors and, where there are none that hide them, warnings as of a date."""
    kb, errors, proof = _looked(top)
    if kb is None or not proof:
        return _report(errors)
    on = on or date.today()  # noqa: DTZ011  an editor's day is the editor's own
    return _report(errors, _warnings(kb, top, proof, on, cache))


def errors(top: Path) -> list[Problem]:
    """What keeps the files from being used, sorted by place; none where all is well."""
    return sorted(set(_looked(top)[1]))


def _looked(top: Path) -> tuple[KnowledgeBase | None, list[Problem], list[Entry]]:
    """The book, its errors, and every reply where no error stands in the way."""
    kb, problems = loader.read(top)
    if kb is None or any(p.message == yaml_file.NO_TEXT for p in problems):
        return None, problems, []
    errors = [*problems, *_errors(kb, top)]
    proof: list[Entry] = []
    for edition in () if errors else get_args(Edition):
        edited = kb.model_copy(update={"edition": edition})
        entries, faults = replies.every(edited, top)
        errors += [*faults, *replies.faults(entries), *replies.nowhere(kb, entries)]
        proof += entries
    return kb, errors, proof


def on_day(text: str | None) -> date | None:
    """The day that a text names. Raises BotError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BotError(f"`{text}` is no date such as 2027-01-31") from None


def _report(errors: list[Problem], warnings: Iterable[Problem] = ()) -> CheckReport:
    return CheckReport(tuple(sorted(set(errors))), tuple(sorted(set(warnings))))


def _errors(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    yield from claims.homeless(kb)
    yield from claims.owed(kb)
    yield from claims.shared_names(kb, top)
    yield from claims.doubled(kb, top)
    yield from trees.asked_twice(kb, top)
    yield from trees.astray(kb, top)
    yield from templates.facts(kb, top)
    yield from templates.unused(kb, top)
    yield from templates.unframed(kb, top)
    yield from templates.undeclared(kb, top)
    yield from replies.buttons(kb)


def _warnings(
    kb: KnowledgeBase, top: Path, proof: list[Entry], on: date, cache: Path | None
) -> Iterator[Problem]:
    spoken = phrases.masked(kb, top)
    yield from claims.stale(kb, top, on)
    yield from claims.unfinished(kb, top)
    yield from sentences.contrary(kb, top)
    yield from claims.covered(kb, top)
    yield from claims.unused(kb, top, proof)
    yield from templates.unstated(kb, top)
    yield from trees.unanswered(kb)
    yield from trees.unreached(kb, proof)
    yield from trees.dead(kb, top, proof)
    yield from replies.long(proof)
    yield from phrases.clashes(spoken)
    yield from phrases.astray(spoken, top, cache)
