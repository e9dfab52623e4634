"""The command line: chat, ask, run and serve, and the tools mounted beside them.

A tool keeps its flags beside its work, in `bot/tools/`. Only the tool that is asked for
is imported, so that the others cost a start nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from bot import asking
from bot.asking import open_talk
from bot.tools.command_line import OPERATE, TALK, show

TOOLS = {
    "site": "bot.tools.site",
    "stats": "bot.tools.stats",
    "check": "bot.tools.check",
    "new": "bot.tools.scaffold",
    "suggest": "bot.tools.suggest",
    "rename": "bot.tools.rename",
    "print": "bot.tools.print_replies",
    "preview": "bot.tools.preview",
    "graph": "bot.tools.graph",
    "stories": "bot.tools.stories",
    "coverage": "bot.tools.coverage",
    "diff": "bot.tools.diff",
    "inbox": "bot.tools.inbox",
    "eval": "bot.tools.eval",
    "bench": "bot.tools.bench",
}
"""A command, and the module whose `app` is its flags and its work."""

app = typer.Typer(
    help="Take back a sent message: whether, how, and until when.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

JsonlFlag = Annotated[
    bool, typer.Option("--jsonl", help="One object a line, in and out.")
]


def command_line(arguments: Sequence[str]) -> Callable[..., object]:
    """What runs the arguments. A flag is shown without the type that it has not."""
    made = get_command(mounted(arguments))
    for parameter in _parameters(made):
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    return made


def _parameters(command: Any, above: typer.Context | None = None) -> Iterator[Any]:
    context = typer.Context(command, parent=above, **command.context_settings)
    yield from command.get_params(context)
    for below in getattr(command, "commands", {}).values():
        yield from _parameters(below, context)


def mounted(arguments: Sequence[str]) -> typer.Typer:
    """The commands: with the one tool that is asked for, or else with all of them."""
    named = [name for name in arguments[:1] if name in TOOLS]
    own = {command.name for command in app.registered_commands}
    completes = "_TAKEBACK_COMPLETE" in os.environ
    if named or completes or (arguments and arguments[0] not in own):
        for name in named or TOOLS:
            _mount(name)
    return app


def _mount(name: str) -> None:
    tool = import_module(TOOLS[name]).app
    if tool not in [group.typer_instance for group in app.registered_groups]:
        app.add_typer(tool)


def _version(asked: bool) -> None:
    if asked:
        from bot import __version__

        print("takeback", __version__)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_version,
            is_eager=True,
            help="Which release it is.",
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        chat()


@app.command("chat", rich_help_panel=TALK)
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
    bot = open_talk()
    if jsonl:
        lines.chat(bot, sys.stdin, sys.stdout)
        return
    if save:
        from bot.tools.story_recorder import StoryRecorder

        recorder = StoryRecorder(save)
        print(f"What is said here is written into {save}.", file=sys.stderr)
        terminal.chat(bot, recorder.record)
        return
    terminal.chat(bot)


@app.command("ask", context_settings={"allow_extra_args": True}, rich_help_panel=TALK)
def ask(  # noqa: PLR0913 - an option is a parameter
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(help="The question, in quotes; - reads it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One reply object.")] = False,
    jsonl: JsonlFlag = False,
    why: Annotated[
        bool, typer.Option("--why", help="Not the answer, but how it comes about.")
    ] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="What the answer rests on, too.")
    ] = False,
) -> None:
    """Answer one question, from standard input if need be; with --jsonl one a line."""
    if jsonl:
        from bot.channels import jsonl as lines

        if question is not None or json or why:
            raise typer.BadParameter("--jsonl goes without a question, --json, --why")
        lines.ask(open_talk(), sys.stdin, sys.stdout)
        return
    if context.args:
        text = " ".join((question or "", *context.args))
        raise typer.BadParameter(f'put the question in quotes: takeback ask "{text}"')
    if question == "-" or (question is None and not sys.stdin.isatty()):
        question = sys.stdin.read().strip() or None
    if question is None:
        raise typer.BadParameter("give a question in quotes, or --jsonl")
    if why:
        from datetime import datetime

        from bot.tools.explain import explain, tables

        found = explain(open_talk(), question, datetime.now().astimezone())
        show(tables(found), found.as_json() if json else None)
    else:
        asking.answer(question, as_json=json, sources=sources)


@app.command("run", rich_help_panel=OPERATE)
def run() -> None:
    """Run the Telegram bot; TAKEBACK_TOKEN holds its token."""
    from bot.run import run

    run()


@app.command("serve", rich_help_panel=OPERATE)
def serve() -> None:
    """Answer over HTTP; TAKEBACK_LISTEN says where, /openapi.json how to ask."""
    from bot.run import serve

    serve()
