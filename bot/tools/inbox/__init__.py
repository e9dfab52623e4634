"""takeback inbox: phrases that were not understood, decided on one bunch at a time.

Nothing here changes a running bot: files are written, for an editor to look at.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import storage
from bot.errors import BotError
from bot.knowledge.loader import root
from bot.settings import cache, settings
from bot.store import Counters
from bot.store.records import IGNORED, NEW
from bot.tools.command_line import EDIT
from bot.tools.inbox.clusters import Bunch, bare, bunched
from bot.tools.inbox.workbench import SHOWN, Workbench

_HELP = "a accept · i ignore · n new topic · s skip · q quit"


@dataclass(frozen=True)
class InboxRequest:
    """What the command line asks for; with nothing of it the editor is asked."""

    show: bool = False
    json: bool = False
    accept: str | None = None
    ignore: str | None = None
    new: str | None = None
    topic: str | None = None
    phrase: str | None = None
    """In other words than it was said in."""
    write: bool = False


def listed(
    fallback: str,
    bunches: Sequence[Bunch],
    console: Console,
    guess: Callable[[Bunch], str],
) -> None:
    """A table of the phrases; `fallback` is the topic of what is out of scope."""
    if not bunches:
        console.print("The inbox is empty.")
        return
    table = Table("#", "times", "said", "taken for", "nearest", box=None)
    for place, bunch in enumerate(bunches, 1):
        more = len(bunch.groups) - 1
        said = Text(bunch.head) + (Text(f"  and {more} like it", "dim") if more else "")
        taken = bunch.mark or _taken(bunch.topic, fallback)
        table.add_row(str(place), str(bunch.number), said, taken, guess(bunch))
    console.print(table)


def _taken(topic: str, fallback: str) -> str:
    if topic == fallback:
        return "out of scope"
    return f"{topic}, rejected" if topic else ""


def as_json(bunches: Sequence[Bunch], guess: Callable[[Bunch], str]) -> str:
    return json.dumps(
        [
            {
                "said": bunch.head,
                "number": bunch.number,
                "alike": list(bunch.texts[1:]),
                "topic": bunch.topic or None,
                "mark": bunch.mark or None,
                "nearest": guess(bunch) or None,
            }
            for bunch in bunches
        ],
        indent=1,
        ensure_ascii=False,
    )


def chosen(bunches: Sequence[Bunch], which: str) -> Bunch:
    """By its place in the list or by any of its phrases. Raises BotError."""
    if which.isdecimal() and 0 < int(which) <= len(bunches):
        return bunches[int(which) - 1]
    for bunch in bunches:
        if which in bunch.texts or which in map(bare, bunch.texts):
            return bunch
    raise BotError(f"the inbox has no {which!r}")


async def all_bunches(counters: Counters) -> list[Bunch]:
    return bunched(await counters.inbox())


async def walk_through(bench: Workbench, ask: Callable[[str], str]) -> None:
    """One bunch after the other; `ask` asks the editor."""
    bunches = [b for b in await all_bunches(bench.counters) if not b.mark]
    if not bunches:
        bench.console.print("The inbox is empty.")
    for place, bunch in enumerate(bunches, 1):
        guess = bench.guess(bunch)
        bench.console.print()
        head = Text(f"{place}/{len(bunches)}  {bunch.number}×  ", "dim")
        bench.console.print(head + Text(bunch.head, "bold"))
        for text in bunch.texts[1:SHOWN]:
            bench.console.print(Text(f"      {text}", "dim"))
        if bunch.topic:
            taken = _taken(bunch.topic, bench.kb.roles.topics.fallback)
            bench.console.print(f"  taken for {taken}")
        match ask(f"[{_HELP}] ").strip().casefold()[:1]:
            case "a":
                await _accepted(bench, bunch, guess, ask)
            case "i":
                await bench.counters.settle(bunch.texts, IGNORED)
            case "n":
                name = ask("Name of the new topic: ").strip()
                if name:
                    await bench.counters.settle(bunch.texts, mark_of(name))
            case "q":
                return
            case _:
                pass


async def _accepted(
    bench: Workbench, bunch: Bunch, guess: str, ask: Callable[[str], str]
) -> None:
    try:
        label = bench.label(ask(f"Topic [{guess}]: ").strip() or guess)
        default = bare(bunch.head)
        phrase = ask(f"Phrase [{default}]: ").strip() or default
        bench.corrections(phrase, label)
        if ask("Write it? [y/N] ").strip().casefold() in ("y", "yes"):
            await bench.accept(bunch, phrase, label)
    except BotError as error:
        bench.console.print(Text(str(error), "red"))


def mark_of(name: str) -> str:
    return f"{NEW}{name}"[:40]


app = typer.Typer()


@app.command("inbox", rich_help_panel=EDIT)
def command(  # noqa: PLR0913 - an option is a parameter
    show: Annotated[bool, typer.Option("--list", help="Only list them.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="WHICH", help="Its number or its words: it is of a topic."
        ),
    ] = None,
    ignore: Annotated[
        str | None, typer.Option(metavar="WHICH", help="Never show it again.")
    ] = None,
    new: Annotated[
        str | None, typer.Option(metavar="WHICH", help="It wants a topic of its own.")
    ] = None,
    topic: Annotated[
        str | None, typer.Option("--topic", help="The topic, with --accept or --new.")
    ] = None,
    phrase: Annotated[
        str | None, typer.Option("--as", help="Accept it in these words.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Accept it, and not only show what changes.")
    ] = False,
) -> None:
    """Decide on phrases that were not understood; asks, if nothing else is said.

    They are there once the bot runs with TAKEBACK_KEEP_PHRASES=yes. What is accepted is
    written into knowledge/phrases; a running bot goes on as it is until SIGHUP.
    """
    request = InboxRequest(show, json, accept, ignore, new, topic, phrase, write)
    asyncio.run(inbox(request, Console(), input))


async def inbox(
    request: InboxRequest, console: Console, ask: Callable[[str], str]
) -> None:
    """Raises BotError."""
    now = settings()
    top = now.files or root()
    async with storage.looked_into(now) as store:
        counters = store.counters
        bench = Workbench(top, counters, console, cache())
        bunches = await all_bunches(counters)
        if request.json:
            console.print(as_json(bunches, bench.guess), soft_wrap=True, markup=False)
        elif request.show:
            fallback = bench.kb.roles.topics.fallback
            listed(fallback, bunches, console, bench.guess)
        elif request.ignore is not None:
            await counters.settle(chosen(bunches, request.ignore).texts, IGNORED)
        elif request.new is not None:
            mark = mark_of(_needed(request.topic))
            await counters.settle(chosen(bunches, request.new).texts, mark)
        elif request.accept is not None:
            await _accept(bench, chosen(bunches, request.accept), request)
        else:
            await walk_through(bench, ask)


async def _accept(bench: Workbench, bunch: Bunch, request: InboxRequest) -> None:
    label, phrase = _needed(request.topic), request.phrase or bare(bunch.head)
    bench.corrections(phrase, label)
    if request.write:
        await bench.accept(bunch, phrase, label)
    else:
        bench.console.print("Nothing was written; --write does it.")


def _needed(topic: str | None) -> str:
    if not topic:
        raise BotError("say which topic with --topic")
    return topic
