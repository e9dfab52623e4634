"""Names and flags only. Each command imports what it needs when it is called."""

from __future__ import annotations

import sys
from functools import partial
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import startup
from bot.errors import BotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from rich.table import Table

    from bot.app import Assistant
    from bot.knowledge.model import KnowledgeBase
    from bot.responses.renderer import Renderer

app = typer.Typer(
    help="Take back a sent message: whether, how, and until when.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

JsonFlag = Annotated[bool, typer.Option("--json", help="One reply object.")]
JsonlFlag = Annotated[
    bool, typer.Option("--jsonl", help="One object a line, in and out.")
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print("takeback", version("takeback"))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Which release it is."
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        chat()


@app.command()
def chat(
    jsonl: JsonlFlag = False,
    save: Annotated[
        Path | None,
        typer.Option(help="Write this chat into a new file, as a test can replay it."),
    ] = None,
) -> None:
    """Talk to it in the terminal. The same as no command at all."""
    from bot.channels import jsonl as lines
    from bot.channels import terminal

    if jsonl and save:
        raise typer.BadParameter("either --jsonl or --save")
    bot = _bot()
    if jsonl:
        lines.chat(bot, sys.stdin, sys.stdout)
        return
    if save:
        from bot.desk.notes import Notes

        notes = Notes(save)
        print(f"What is said here is written into {save}.", file=sys.stderr)
        terminal.chat(bot, notes.note)
        return
    terminal.chat(bot)


@app.command(context_settings={"allow_extra_args": True})
def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(help="The question, in quotes.")
    ] = None,
    json: JsonFlag = False,
    jsonl: JsonlFlag = False,
    why: Annotated[
        bool, typer.Option("--why", help="Not the answer, but how it comes about.")
    ] = False,
) -> None:
    """Answer one question, or with --jsonl one question a line."""
    from bot.channels import jsonl as lines

    if jsonl:
        if question is not None or json or why:
            raise typer.BadParameter("--jsonl goes without a question, --json, --why")
        lines.ask(_bot(), sys.stdin, sys.stdout)
        return
    if question is None:
        raise typer.BadParameter("give a question in quotes, or --jsonl")
    if context.args:
        text = " ".join((question, *context.args))
        raise typer.BadParameter(f'put the question in quotes: takeback ask "{text}"')
    if why:
        from datetime import datetime

        from bot.desk.why import explain, tables

        found = explain(_bot(), question, datetime.now().astimezone())
        _show(tables(found), found.as_json() if json else None)
        return
    lines.answer(_bot(), question, sys.stdout, as_json=json)


@app.command()
def run() -> None:
    """Run the Telegram bot; TAKEBACK_TOKEN holds its token."""
    from bot.commands import run as command

    command.run()


@app.command()
def inbox(
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
    from asyncio import run as run_

    from rich.console import Console

    from bot.commands.inbox import Wish
    from bot.commands.inbox import inbox as look

    wish = Wish(show, json, accept, ignore, new, topic, phrase, write)
    run_(look(wish, Console(), input))


@app.command()
def stats(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 7,
    json: Annotated[bool, typer.Option("--json", help="The numbers as JSON.")] = False,
    png: Annotated[
        Path | None, typer.Option(help="Draw a picture into this file.")
    ] = None,
) -> None:
    """Show what was asked, how it was answered, and what helped. Nobody is named."""
    from asyncio import run as run_

    from bot.commands.stats import stats as look

    found, tables = run_(look(days, png))
    _show(tables, found if json else None)
    if png and not json:
        print(png)


TopFolder = Annotated[
    Path | None,
    typer.Argument(help="The folder that holds knowledge/ and templates/."),
]
TopicOption = Annotated[str | None, typer.Option("--topic", help="Only this topic.")]
PlatformOption = Annotated[
    str | None, typer.Option("--platform", help="Only this service.")
]


@app.command()
def check(
    folder: TopFolder = None,
    on: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Claims are stale as of this day, not today."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="A list of objects, one a problem.")
    ] = False,
) -> None:
    """List everything wrong with the knowledge and the templates.

    Errors end with exit code 1; warnings are for you to judge.
    """
    from bot.commands.check import look, on_day
    from bot.settings import cache

    report = look(folder or _top(), on_day(on), cache())
    print(dumps(report.as_json(), indent=1, ensure_ascii=False) if json else report)
    if report.errors:
        raise typer.Exit(1)


@app.command(name="eval")
def eval_(
    file: Annotated[
        Path | None, typer.Argument(help="Labelled questions, one object a line.")
    ] = None,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="Find how sure is sure enough; writes knowledge/doubt.yaml."
        ),
    ] = False,
    known: Annotated[
        Path | None,
        typer.Option(help="Known misses; whatever fares otherwise is an error."),
    ] = None,
    write_known: Annotated[
        bool, typer.Option("--write-known", help="Write that list anew.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Score the answers to labelled questions, or fit the doubt to the phrases."""
    from bot.commands import eval as scores

    if fit == bool(file):
        raise typer.BadParameter("give a file of labelled questions, or --fit")
    if (write_known and not known) or (fit and known):
        raise typer.BadParameter("--known takes a file, and goes with questions")
    if file is None:
        from datetime import date

        made = scores.fit(_top(), date.today(), partial(print, file=sys.stderr))  # noqa: DTZ011
        _show(made.tables(), made.as_json() if json else None)
        return
    found = scores.evaluate(_bot(), file)
    _show(found.tables(), found.as_json() if json else None)
    if known and write_known:
        scores.write_known(found, known)
    elif known and (corrections := scores.corrections(found, known)):
        print("\n".join(corrections), file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def graph(
    topic: Annotated[
        str | None, typer.Argument(help="A topic; all of them without it.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page into this file instead.")
    ] = None,
) -> None:
    """Draw the decision tree: Mermaid text, or with --html a page to look at."""
    from bot.commands import graph as drawing
    from bot.commands.print import known
    from bot.desk.page import write

    renderer = _renderer()
    known(renderer.kb, topic=topic)
    topics = [topic] if topic else list(renderer.kb.topics)
    if html:
        write(html, drawing.html(renderer, topics))
        print(html)
    else:
        print(drawing.mermaid(renderer.kb, topics), end="")


@app.command(name="print")
def print_(
    table: Annotated[
        bool, typer.Option("--table", help="The services by the five questions.")
    ] = False,
    clock: Annotated[
        bool, typer.Option("--clock", help="The services by a message's age.")
    ] = False,
    topic: TopicOption = None,
    platform: PlatformOption = None,
) -> None:
    """Print every reply as one text, or a table of the services."""
    from bot.commands.print import known, printed
    from bot.desk import services

    renderer = _renderer()
    known(renderer.kb, topic=topic, platform=platform)
    if table or clock:
        made = [services.five] * table + [services.by_age] * clock
        print("\n".join(make(renderer.kb, platform) for make in made), end="")
    else:
        print(printed(renderer, topic, platform, top=_top()), end="")


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="The page to write.")],
    topic: TopicOption = None,
    platform: PlatformOption = None,
) -> None:
    """Write a page that shows each message as it will look in Telegram."""
    from bot.commands.preview import preview as show
    from bot.commands.print import known
    from bot.desk.page import write

    renderer = _renderer()
    known(renderer.kb, topic=topic, platform=platform)
    write(file, show(renderer, _top(), topic, platform))
    print(file)


@app.command()
def coverage(
    talks: Annotated[
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
    from bot.commands.coverage import TALKS, cover, printed, summary

    bot, there = _bot(), _top() / TALKS
    found = cover(bot, _top(), talks or (there if there.is_dir() else None))
    print((summary if gaps else printed)(bot.kb, found), end="")
    if found.failed:
        raise typer.Exit(1)


@app.command()
def diff(
    revision: Annotated[str, typer.Argument(help="A commit, a tag, HEAD~3.")],
    questions: Annotated[
        bool, typer.Option(help="Ask the known questions of both, too.")
    ] = True,
) -> None:
    """Show what people will see differently since a revision of this checkout."""
    from bot.commands.diff import diff as compare
    from bot.commands.diff import printed
    from bot.settings import cache, settings

    found = compare(
        _top(),
        revision,
        edition=settings().edition,
        questions=questions,
        cache=cache(),
    )
    print(printed(found), end="")


@app.command()
def bench(
    file: Annotated[
        Path, typer.Argument(help="CLINC150, BANKING77 or HWU64, as published.")
    ],
    growth: Annotated[
        bool, typer.Option(help="Time and memory from 1,000 to 100,000 phrases.")
    ] = False,
    small: Annotated[
        bool, typer.Option(help="30 intents at a time, 20 phrases each.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="As an object.")] = False,
) -> None:
    """Train the bot's own matcher on a public set of questions and score it."""
    from dataclasses import asdict

    from rich.console import Console

    from bot.commands import bench as trial
    from bot.knowledge.cache import read_vectors

    report = trial.bench(file, read_vectors(_top()), growth=growth, small=small)
    if json:
        print(dumps(asdict(report), indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 200).print(trial.table(report))


new = typer.Typer(no_args_is_help=True)
app.add_typer(new, name="new", help="Begin a topic or a service with its files.")
NameArgument = Annotated[str, typer.Argument(help="Small letters, digits and _.")]


@new.command(name="platform")
def new_platform(name: NameArgument) -> None:
    """Write the file of a service; `takeback check` lists what is to be found out."""
    from bot.commands.new import platform

    _new(platform, name)


@new.command(name="topic")
def new_topic(name: NameArgument) -> None:
    """Write the files of a topic: a tree of one leaf, its template, its phrases."""
    from bot.commands.new import topic

    _new(topic, name)


def _new(
    make: Callable[[Path, KnowledgeBase, str, date], list[Path]], name: str
) -> None:
    from datetime import date

    for path in make(_top(), _renderer().kb, name, date.today()):  # noqa: DTZ011
        print(path)
    print("Now fill in what says TODO; `takeback check` lists it.")


def _show(tables: Iterable[Table], values: dict[str, Any] | None) -> None:
    """Tables for a person, or values as one object."""
    if values is not None:
        print(dumps(values, indent=1, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console()
    for table in tables:
        console.print(table)
        console.print()


def _top() -> Path:
    from bot.knowledge.loader import root
    from bot.settings import settings

    return settings().files or root()


def _renderer() -> Renderer:
    from bot.knowledge.loader import load
    from bot.responses.renderer import Renderer
    from bot.settings import settings

    return Renderer(load(_top(), settings().edition), _top())


def _bot() -> Assistant:
    from bot.app import open_assistant
    from bot.folders import cache, configured

    if not configured():
        return open_assistant(cache=cache())
    from bot.settings import settings

    now = settings()
    return open_assistant(now.edition, now.files, cache())


def main() -> None:
    """The entry point: what goes wrong is one clear line a problem, never a traceback."""
    startup.begin()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A stray byte or a narrow terminal must not end a conversation.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except BotError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
