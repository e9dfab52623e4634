"""takeback check: everything wrong with the knowledge and the templates, at once.

Loading finds what keeps the bot from starting; this also walks every way through every
topic in both editions, and looks at what people would see. An error keeps a change from
being used; a warning is for an editor to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from json import dumps
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from bot.errors import BotError, Problem
from bot.folders import cache
from bot.knowledge import loader, yaml_file
from bot.knowledge.model import Edition, KnowledgeBase
from bot.tools.check import (
    claims,
    known,
    phrases,
    replies,
    sentences,
    templates,
    trees,
)
from bot.tools.check import links as official_pages
from bot.tools.command_line import EDIT, TopFolder, top
from bot.tools.every_answer import Entry

app = typer.Typer()


@app.command("check", rich_help_panel=EDIT)
def command(  # noqa: PLR0913  a parameter an option
    folder: TopFolder = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Claims are stale as of this day, not today."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Known warnings and near ties too.")
    ] = False,
    write_known: Annotated[
        bool,
        typer.Option(
            help="Take out of the list of known warnings what holds no more; "
            "begin one where there is none."
        ),
    ] = False,
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
    checked = folder or top()
    if links:
        pages = official_pages.links(loader.load(checked))
        listed = [page.as_json() for page in pages]
        print(_as_json(listed) if json else "\n".join(map(str, pages)))
        return
    report = look(checked, on_day(on), cache())
    print(_as_json(report.as_json()) if json else report.told(everything=everything))
    if write_known and report.looked:
        print(known.write(checked, (*report.warnings, *report.known, *report.ties)))
    if report.errors:
        raise typer.Exit(1)


def _as_json(listed: list[dict[str, Any]]) -> str:
    return dumps(listed, indent=1, ensure_ascii=False)


@dataclass(frozen=True)
class CheckReport:
    """What was found, each sorted by place."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    known: tuple[Problem, ...] = ()
    """Warnings that the list of known ones holds."""
    ties: tuple[Problem, ...] = ()
    """Phrases that lead elsewhere by so little that the next phrase may turn them."""
    looked: bool = True
    """Whether warnings were looked for, which errors may prevent."""

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "severity": severity,
                "path": found.path,
                "line": found.line,
                "message": found.message,
            }
            for severity, problems in (
                ("error", self.errors),
                ("warning", self.warnings),
                ("known", self.known),
                ("tie", self.ties),
            )
            for found in problems
        ]

    def __str__(self) -> str:
        return self.told()

    def told(self, *, everything: bool = False) -> str:
        """A line a problem and one in the end; with `everything` those known as well."""
        listed = [("", self.errors), ("warning: ", self.warnings)]
        if everything:
            listed += [("known: ", self.known), ("tie: ", self.ties)]
        lines = [
            f"{found.path}:{found.line}: {kind}{found.message}"
            for kind, problems in listed
            for found in problems
        ]
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        errors = _count(len(self.errors), "error")
        if not self.looked:
            them = "it is" if len(self.errors) == 1 else "they are"
            return f"{errors}; warnings are looked for once {them} mended."
        more = [
            _count(len(problems), what)
            for problems, what in (
                (self.known, "known warning"),
                (self.ties, "near tie"),
            )
            if problems
        ]
        rest = f" {' and '.join(more)}: see `--all`." if more else ""
        if not self.errors and not self.warnings:
            return f"All is well.{rest}"
        return f"{errors}, {_count(len(self.warnings), 'warning')}.{rest}"


def _count(n: int, what: str) -> str:
    return f"{n or 'no'} {what}{'' if n == 1 else 's'}"


def look(top: Path, on: date | None = None, cache: Path | None = None) -> CheckReport:
    """Errors and, where there are none that hide them, warnings as of a date."""
    kb, errors, proof = _looked(top)
    if kb is None or not proof:
        return CheckReport(_sorted(errors), looked=False)
    on = on or date.today()  # noqa: DTZ011  an editor's day is the editor's own
    spoken = phrases.masked(kb, top)
    borders = list(phrases.borders(spoken, top, cache))
    expected = known.read(top) or known.Known()
    warnings = [*_warnings(kb, top, proof, on), *phrases.clashes(spoken)]
    clear = [*warnings, *(b.place for b in borders if not b.close)]
    ties = [b.place for b in borders if b.close]
    return CheckReport(
        _sorted(errors),
        _sorted(w for w in clear if known.key(w) not in expected),
        _sorted(w for w in (*clear, *ties) if known.key(w) in expected),
        _sorted(w for w in ties if known.key(w) not in expected),
    )


def errors(top: Path) -> list[Problem]:
    """What keeps the files from being used, sorted by place; none where all is well."""
    kb, found = _loaded(top)
    if kb and not found:
        # The replies of one edition take much memory: they go before the next are made.
        found = [
            fault
            for edition in get_args(Edition)
            for fault in _replies(replace(kb, edition=edition), top)[1]
        ]
    return sorted(set(found))


def _looked(top: Path) -> tuple[KnowledgeBase | None, list[Problem], list[Entry]]:
    """The book, its errors, and every reply where no error stands in the way."""
    kb, errors = _loaded(top)
    proof: list[Entry] = []
    if kb is None or errors:
        return kb, errors, proof
    for edition in get_args(Edition):
        entries, faults = _replies(replace(kb, edition=edition), top)
        errors += faults
        proof += entries
    return kb, errors, proof


def _loaded(top: Path) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The book and what is wrong with its files."""
    kb, problems = loader.read(top)
    if kb is None or any(p.message == yaml_file.NO_TEXT for p in problems):
        return None, problems
    return kb, [*problems, *_errors(kb, top)]


def _replies(kb: KnowledgeBase, top: Path) -> tuple[list[Entry], list[Problem]]:
    """Every reply of a book in its edition, and what is wrong with them."""
    entries, faults = replies.every(kb, top)
    faults = [*faults, *replies.faults(entries), *replies.nowhere(kb, entries)]
    return entries, faults


def on_day(text: str | None) -> date | None:
    """The day that a text names. Raises BotError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BotError(f"`{text}` is no date such as 2027-01-31") from None


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems)))


def _errors(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    yield from claims.homeless(kb)
    yield from claims.owed(kb)
    yield from claims.unfinished(kb, top)
    yield from claims.shared_names(kb, top)
    yield from claims.doubled(kb, top)
    yield from trees.asked_twice(kb, top)
    yield from trees.astray(kb, top)
    yield from trees.untyped(kb)
    yield from phrases.sections(kb, top)
    yield from templates.torn(kb, top)
    yield from templates.facts(kb, top)
    yield from templates.unused(kb, top)
    yield from templates.unframed(kb, top)
    yield from templates.unplaced(kb, top)
    yield from templates.undeclared(kb, top)
    yield from replies.buttons(kb)


def _warnings(
    kb: KnowledgeBase, top: Path, proof: list[Entry], on: date
) -> Iterator[Problem]:
    yield from unread(top)
    yield from claims.stale(kb, top, on)
    yield from claims.ahead(kb, top, on)
    yield from sentences.contrary(kb, top)
    yield from claims.covered(kb, top)
    yield from claims.unused(kb, top, proof)
    yield from templates.unstated(kb, top)
    yield from trees.unanswered(kb)
    yield from trees.unreached(kb, proof)
    yield from trees.dead(kb, top, proof)
    yield from replies.long(proof)


_ENDINGS = {
    "platforms": ".yaml",
    "topics": ".yaml",
    "actions": ".yaml",
    "phrases": ".txt",
}


def unread(top: Path) -> Iterator[Problem]:
    """Files whose names end so that nothing reads them."""
    for folder, ending in _ENDINGS.items():
        for path in sorted((top / "knowledge" / folder).rglob("*")):
            hidden = path.name.startswith(".") or path.name.endswith("~")
            if path.is_file() and path.suffix != ending and not hidden:
                message = f"nothing reads this: let its name end in {ending}"
                yield Problem(path.relative_to(top).as_posix(), 1, message)
