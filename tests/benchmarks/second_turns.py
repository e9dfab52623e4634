"""How many questions lead as a second turn of a chat where they lead alone.

`python -m tests.benchmarks.second_turns FILE...`: each line of a file is a JSON object
with a `text`. What was said in the first turn names the service and little else, so a
question that leads elsewhere is mostly one that was taken for a further fact. Prints a
table by what the first turn was about, and the questions behind the last one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app import Assistant, open_assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.settings import cache

FIRST = {
    "a mistake": "I sent a message{on} by mistake",
    "words to send": "what do I write to say sorry{on}",
    "what they notice": "if I delete a message{on}, will they notice",
}
Reached = tuple[str | None, str]


def alone(bot: Assistant, text: str) -> Reached:
    return _reached(bot, Session(), text)


def second(bot: Assistant, first: str, text: str) -> Reached:
    """Where a question leads after a first turn; `{on}` of that is the service."""
    known = bot.answered(Session(), _said(text, 0)).turn.slots
    service = bot.kb.label(known.get(bot.kb.roles.slots.service, ""))
    opening = first.format(on=f" on {service}" if service else "")
    session = bot.answered(Session(), _said(opening, 0)).turn.session
    return _reached(bot, session, text)


def texts(files: list[str]) -> Iterator[str]:
    for file in files:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"].replace("\n", " ")


def _reached(bot: Assistant, session: Session, text: str) -> Reached:
    outcome = bot.answered(session, _said(text, 1)).turn.outcome
    if isinstance(outcome, Answer):
        return outcome.topic, outcome.say
    return None, type(outcome).__name__


def _said(text: str, minutes: int) -> Said:
    at = datetime(2026, 12, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return Said("chat", text, at)


def main(files: list[str]) -> None:
    bot, asked, console = open_assistant(cache=cache()), [*texts(files)], Console()
    table = Table("first turn about", "questions", "lead where they lead alone")
    otherwise: list[str] = []
    for name, first in FIRST.items():
        otherwise = [one for one in asked if second(bot, first, one) != alone(bot, one)]
        share = 1 - len(otherwise) / len(asked)
        table.add_row(name, f"{len(asked)}", f"{share:.1%}")
    console.print(table)
    console.print(*otherwise, sep="\n", markup=False)


if __name__ == "__main__":
    main(sys.argv[1:])
