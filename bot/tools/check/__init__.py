"""takeback check: everything wrong with the knowledge and the templates, at once.

Loading finds what keeps the bot from starting; this also walks every way through every
topic in both editions, and looks at what people would see. An error keeps a change from
being used; a warning is for an editor to judge.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
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
from bot.tools.check import focus as narrowed
from bot.tools.check import links as official_pages
from bot.tools.check.focus import EVERYTHING, Focus
from bot.tools.check.report import CheckReport
from bot.tools.command_line import EDIT, top
from bot.tools.every_answer import Entry

app = typer.Typer()


@app.command("check", rich_help_panel=EDIT)
def command(  # noqa: PLR0913  a parameter an option
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FOLDER] [FILE]...",
            help="The folder that holds knowledge/ and templates/. Of files in it: "
            "all errors, and soon, but the warnings of these files alone.",
        ),
    ] = None,
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

    Errors end with exit code 1; warnings are for you to judge. `takeback check FILE`
    takes seconds: it fills only the answers that the file bears on.
    """
    began = time.perf_counter()
    checked, files = narrowed.places(paths or [], top)
    if files and write_known:
        raise typer.BadParameter("--write-known looks at everything: name no files")
    if links:
        pages = official_pages.links(loader.load(checked))
        listed = [page.as_json() for page in pages]
        print(_as_json(listed) if json else "\n".join(map(str, pages)))
        return
    report = look(checked, on_day(on), cache(), files)
    took = f" ({time.perf_counter() - began:.0f} s)"
    told = report.told(everything=everything) + took
    print(_as_json(report.as_json()) if json else told)
    if write_known and report.looked:
        print(known.write(checked, (*report.warnings, *report.known, *report.ties)))
    if report.errors:
        raise typer.Exit(1)


def _as_json(listed: list[dict[str, Any]]) -> str:
    return dumps(listed, indent=1, ensure_ascii=False)


def look(
    top: Path,
    on: date | None = None,
    cache: Path | None = None,
    files: tuple[str, ...] = (),
) -> CheckReport:
    """Errors and, where there are none that hide them, warnings as of a date.

    With `files`, by their paths below `top`, only warnings of these, and the replies
    that they bear on.
    """
    kb, errors = _loaded(top)
    if kb is None or errors:
        return CheckReport(_sorted(errors), looked=False)
    focus = narrowed.focus(kb, files) if files else EVERYTHING
    errors, proof = _filled(kb, top, focus)
    on = on or date.today()  # noqa: DTZ011  an editor's day is the editor's own
    about_phrases = focus.is_everything or bool(focus.labels)
    spoken = phrases.masked(kb, top) if about_phrases else []
    borders = list(phrases.borders(spoken, top, cache, focus.labels))
    expected = known.read(top) or known.Known()
    told = [*_warnings(kb, top, on), *phrases.clashes(spoken)]
    clear = [w for w in told if focus.is_about(w)]
    told = [*_by_replies(kb, top, proof)]
    clear += [w for w in told if focus.is_about(w, by_replies=True)]
    clear += replies.long(proof)
    clear += trees.unreached(kb, proof) if focus.is_everything else ()
    clear += [b.place for b in borders if not b.close]
    ties = [b.place for b in borders if b.close]
    return CheckReport(
        _sorted(errors),
        _sorted(w for w in clear if known.key(w) not in expected),
        _sorted(w for w in (*clear, *ties) if known.key(w) in expected),
        _sorted(w for w in ties if known.key(w) not in expected),
        only=files,
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


def _filled(
    kb: KnowledgeBase, top: Path, focus: Focus
) -> tuple[list[Problem], list[Entry]]:
    """What is wrong with the replies of both editions, and the replies."""
    errors: list[Problem] = []
    proof: list[Entry] = []
    for edition in get_args(Edition):
        entries, faults = _replies(replace(kb, edition=edition), top, focus)
        errors += faults
        proof += entries
    return errors, proof


def _loaded(top: Path) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The book and what is wrong with its files."""
    kb, problems = loader.read(top)
    if kb is None or any(p.message == yaml_file.NO_TEXT for p in problems):
        return None, problems
    return kb, [*problems, *_errors(kb, top)]


def _replies(
    kb: KnowledgeBase, top: Path, focus: Focus = EVERYTHING
) -> tuple[list[Entry], list[Problem]]:
    """The replies of a book in its edition, and what is wrong with them."""
    entries, faults = replies.every(kb, top, focus)
    faults += replies.faults(entries)
    if focus.is_everything:  # other topics lead to the same answers
        faults += replies.nowhere(kb, entries)
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


def _warnings(kb: KnowledgeBase, top: Path, on: date) -> Iterator[Problem]:
    yield from unread(top)
    yield from claims.stale(kb, top, on)
    yield from claims.ahead(kb, top, on)
    yield from sentences.contrary(kb, top)
    yield from claims.covered(kb, top)
    yield from templates.unstated(kb, top)
    yield from trees.unanswered(kb)


def _by_replies(kb: KnowledgeBase, top: Path, proof: list[Entry]) -> Iterator[Problem]:
    """What only the replies can tell."""
    yield from claims.unused(kb, top, proof)
    yield from trees.dead(kb, top, proof)


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
