"""Names and flags only. Each command imports what it needs when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.app import Bot

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


@app.callback(invoke_without_command=True)
def _main(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        chat()


@app.command()
def chat(jsonl: JsonlFlag = False) -> None:
    """Talk to it in the terminal. The same as no command at all."""
    from bot.channels import jsonl as lines
    from bot.channels import terminal

    bot = _bot()
    if jsonl:
        lines.chat(bot, sys.stdin, sys.stdout)
    else:
        terminal.chat(bot)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    json: JsonFlag = False,
    jsonl: JsonlFlag = False,
) -> None:
    """Answer one question, or with --jsonl one question a line."""
    from bot.channels import jsonl as lines

    if jsonl:
        lines.ask(_bot(), sys.stdin, sys.stdout)
        return
    if question is None:
        raise typer.BadParameter("give a question in quotes, or --jsonl")
    lines.answer(_bot(), question, sys.stdout, as_json=json)


@app.command()
def run() -> None:
    """Run the Telegram bot; TAKEBACK_TOKEN holds its token."""
    from bot.commands.run import run as start

    start()


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder that holds knowledge/ and templates/."),
    ] = None,
) -> None:
    """List everything wrong with the knowledge and the templates."""
    from bot.commands.check import check as look
    from bot.load import root

    problems = look(folder or root())
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print("All is well.")


def _bot() -> Bot:
    from bot.app import open_bot
    from bot.settings import cache, settings

    now = settings()
    return open_bot(now.edition, now.files, cache())


def main() -> None:
    """The entry point: what goes wrong is one clear line a problem, never a traceback."""
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
