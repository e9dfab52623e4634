"""One question from the command line, and the bot that answers it.

`takeback ask "..."` comes straight here: the library that reads flags takes a start a
fifteenth of its time.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import startup

if TYPE_CHECKING:
    from bot.app import Assistant
    from bot.knowledge.model import Edition


def answer(question: str, *, as_json: bool = False, sources: bool = False) -> None:
    """Prints the answer: on a terminal as the chat shows it, elsewhere as plain lines.

    Raises KnowledgeError.
    """
    if not as_json and sys.stdout.isatty():
        from bot.channels import terminal

        terminal.answer(open_bot(), question, sources=sources)
    else:
        from bot.channels import jsonl

        jsonl.answer(open_bot(), question, sys.stdout, as_json=as_json)


def open_bot() -> Assistant:
    """The assistant on these files, with its trained engine. Raises KnowledgeError.

    Where the engine has to be trained first, a line on the terminal says so meanwhile.
    """
    with startup.interruptible():
        from bot.app import open_assistant
        from bot.folders import cache, configured, root
        from bot.knowledge.cache import is_trained

    edition: Edition = "checked"
    files: Path | None = None
    if configured():
        from bot.settings import settings

        edition, files = settings().edition, settings().files
    if not sys.stderr.isatty() or is_trained(files or root(), cache()):
        return open_assistant(edition, files, cache())
    from rich.console import Console

    line = "Learning the phrases; once, some ten seconds …"
    with Console(stderr=True).status(line):
        return open_assistant(edition, files, cache())
