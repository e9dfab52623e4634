"""How long answers are on a phone, and how many taps lead to them.

python -m tests.benchmarks.lengths prints, over the questions of tests/book, UTF-16 units as
Telegram counts them and lines of a phone 38 characters wide, on which the folded note
takes three and a row of buttons two; then the taps from /start to an answer by service.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.app import Assistant, open_assistant
from bot.channels.telegram import texts
from bot.channels.telegram.filters import BotIdentity
from bot.channels.telegram.inline_keyboard import rows_of
from bot.channels.telegram.layout import Layout
from bot.dialogue.events import Pressed
from bot.folders import cache
from bot.knowledge import loader
from bot.responses.markup import Message, Note, to_plain
from tests.support import updates
from tests.support.markup import units
from tests.support.recorder import desk

QUESTIONS = Path(__file__).parents[1] / "book" / "questions.jsonl"
WIDE, NOTE_LINES, ROW_LINES = 38, 3, 2
NOW = datetime.now(UTC)
_MOST = 2
"""Taps that are tried."""


def measured(message: Message) -> dict[str, int]:
    bare = replace(
        message, blocks=tuple(b for b in message.blocks if not isinstance(b, Note))
    )
    whole, shown = to_plain(message), to_plain(bare)
    lines = sum(len(textwrap.wrap(row, WIDE)) or 1 for row in shown.splitlines())
    rows = len(rows_of(message.buttons))
    folded = NOTE_LINES if bare.blocks != message.blocks else 0
    return {
        "units, whole": units(whole),
        "units without the note": units(shown),
        "lines of text": lines,
        "rows of buttons": rows,
        "lines of a phone": lines + folded + ROW_LINES * rows,
    }


def spread(found: Iterable[int]) -> tuple[int, int, int]:
    """The median, the ninth decile and the worst."""
    ordered = sorted(found)
    return (
        round(statistics.median(ordered)),
        ordered[len(ordered) * 9 // 10],
        ordered[-1],
    )


async def taps(bot: Assistant) -> dict[str, int]:
    """By service the fewest presses from /start to an answer about it.

    The buttons are those that Telegram is given: some of an answer's stand behind "More".
    """
    service = bot.kb.roles.slots.service
    found: dict[str, int] = {}
    async with desk(bot) as opened:
        shown = [await opened.one(updates.said("/start"))]
        for count in range(1, _MOST + 1):
            values = {value for call in shown for value in call.buttons.values()}
            shown = []
            for value in values:
                reply = bot.look(Pressed("", value, NOW))
                if reply.decision == "answer" and service in reply.slots:
                    found.setdefault(reply.slots[service], count)
                elif count < _MOST:
                    calls = await opened.send(updates.pressed(value))
                    shown += [c for c in calls if c.method == "editMessageText"]
    return found


def main() -> None:
    bot = open_assistant(cache=cache())
    layout = Layout(bot, texts.read(loader.root()), BotIdentity(1, "takeback_bot"))
    rows = []
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        reply = bot.ask(json.loads(line)["text"])
        rows.append((reply.topic, measured(layout.paged(reply))))
    console = Console(width=100)
    for title, some in (
        (f"{len(rows)} questions", [row for _, row in rows]),
        (
            "of them how to take back",
            [r for t, r in rows if t == bot.kb.roles.topics.default],
        ),
    ):
        table = Table(title=f"{title}: {len(some)}")
        for name in ("", "median", "p90", "worst"):
            table.add_column(name, justify="right" if name else "left")
        for name in some[0]:
            table.add_row(name, *map(str, spread(row[name] for row in some)))
        console.print(table)
    found = asyncio.run(taps(bot))
    services = bot.kb.choices(bot.kb.roles.slots.service, {})
    counts = Counter(found.get(service, 0) for service in services)
    told = ", ".join(
        f"{count} taps: {n} services" if count else f"never: {n}"
        for count, n in sorted(counts.items())
    )
    console.print(f"From /start to an answer, {len(services)} services: {told}")


if __name__ == "__main__":
    main()
