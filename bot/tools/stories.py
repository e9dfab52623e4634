"""takeback stories: replays conversations, and tells what is not said any more."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot.asking import open_bot
from bot.book import Book
from bot.errors import BotError, KnowledgeError, Problem
from bot.tools import replay, story
from bot.tools.command_line import EDIT, top
from bot.tools.progress import progress

FOLDER = "tests/book/stories"
"""Of a checkout; an installed book has no conversations."""
app = typer.Typer()


@app.command("stories", rich_help_panel=EDIT)
def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Conversations, or folders of them; else those of the checkout.",
        ),
    ] = None,
) -> None:
    """Replay the test conversations, and list what they find otherwise.

    Ends with exit code 1 where there is something.
    """
    began = time.perf_counter()
    files = found(paths or [top() / FOLDER])
    if not files:
        print("There are no conversations here: name a file or a folder.")
        return
    problems = failures(open_bot(), top(), files)
    for problem in problems:
        print(problem)
    torn = len({problem.path for problem in problems})
    took = time.perf_counter() - began
    print(
        f"{len(files)} replayed, {torn or 'none'} otherwise than written ({took:.0f} s)."
    )
    if problems:
        raise typer.Exit(1)


def found(paths: Iterable[Path]) -> list[Path]:
    """The files of conversations. Raises BotError where one that is named is not there."""
    files: list[Path] = []
    for path in paths:
        if path.is_file():
            files.append(path)
        elif path.is_dir():
            files += sorted(path.glob("*.txt"))
        elif path != top() / FOLDER:
            raise BotError(f"there is no file or folder `{path}`")
    here = Path.cwd()
    return [f.relative_to(here) if f.is_relative_to(here) else f for f in files]


def failures(bot: Book, folder: Path, files: list[Path]) -> list[Problem]:
    """What is not met, and lines that are not understood, of each conversation."""
    problems: list[Problem] = []
    with progress("Replaying the conversations", files) as shown:
        for path in shown:
            try:
                read = story.read(path)
            except KnowledgeError as error:
                problems += error.problems
                continue
            speaker = replay.edited(bot, folder, read.edition)
            problems += replay.failures(read, replay.Core(speaker))
    return problems
