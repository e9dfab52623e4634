"""One question from the command line, and the bot that answers it.

`takeback ask "..."` comes straight here: the library that reads flags takes a start a
fifteenth of its time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot import startup

_PATIENCE = 8.0
"""Seconds of silence before a line on a stream that nobody may be watching."""

if TYPE_CHECKING:
    from bot.book import Book
    from bot.knowledge.model import Edition


def answer(question: str, *, as_json: bool = False, sources: bool = False) -> None:
    """Prints the answer: on a terminal as the chat shows it, elsewhere as plain lines.

    Raises KnowledgeError.
    """
    if not as_json and sys.stdout.isatty():
        from bot.channels import terminal

        terminal.answer(open_talk(), question, sources=sources)
    else:
        from bot.channels import jsonl

        jsonl.answer(open_talk(), question, sys.stdout, as_json=as_json)


def open_bot(*, quick: bool = False) -> Book:
    """The main book, with its trained engine. Raises KnowledgeError.

    A `quick` one may go on from the last fit (`bot/knowledge/last_fit.py`).
    """
    return _opened(alone=True, quick=quick)


def open_talk() -> Book:
    """What people talk to: a quick one, with the books in other languages, if any."""
    return _opened(alone=False, quick=True)


def _opened(*, alone: bool, quick: bool) -> Book:
    with startup.interruptible():
        from bot.book import Book
        from bot.folders import cache, configured
        from bot.knowledge.cache import Learning

    edition: Edition = "checked"
    files: Path | None = None
    more: tuple[Path, ...] = ()
    if configured():
        from bot.settings import settings

        found = settings()
        edition, files = found.edition, found.files
        more = () if alone else found.more_books
    learning = Learning(_waiting, quick)
    if not more:
        return Book.read(edition, files, cache(), learning)
    from bot.polyglot import open_books

    return open_books(edition, more, files, cache(), learning)


@contextmanager
def _waiting(
    line: str = "Learning the phrases; once, a minute or so …",
) -> Iterator[None]:
    """Says why it takes a while: with the time that has passed, on a terminal.

    Elsewhere once, and a small book is read before there is anything to say.
    """
    if not sys.stderr.isatty():
        from threading import Timer

        told = Timer(_PATIENCE, print, [line], {"file": sys.stderr, "flush": True})
        told.daemon = True
        told.start()
        try:
            yield
        finally:
            told.cancel()
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), "{task.description}", TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(line, total=None)
        yield
