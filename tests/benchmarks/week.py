"""python -m tests.benchmarks.week [PNG]: a week of simulated use, in tables and a picture."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bot.analytics import report
from bot.app import open_assistant
from bot.knowledge import loader
from bot.settings import cache
from bot.store.database import Database
from bot.store.engine import address
from bot.tools import stats as command
from bot.tools.inbox.clusters import bunched
from bot.tools.stats import charts
from tests.support.simulated_week import END, week

QUESTIONS = 3000


async def main(png: Path | None) -> None:
    console = Console()
    bot = open_assistant(cache=cache())
    with tempfile.TemporaryDirectory() as folder:
        store = Database(address(None, Path(folder)))
        await store.open()
        began = time.perf_counter()
        await week(bot, loader.load().phrases, store, QUESTIONS)
        seconds = time.perf_counter() - began
        found = report.summed(
            await store.counters.counted(END.replace(day=1)), END.date(), 7
        )
        groups = await store.counters.inbox()
        await store.close()
    for table in command.tables(bot.kb, found):
        console.print(table)
        console.print()
    bunches = bunched(groups)
    console.print(f"inbox: {len(groups)} phrases in {len(bunches)} bunches; the first:")
    for bunch in bunches[:8]:
        console.print(f"  {bunch.number:4}  {bunch.head}  ({len(bunch.groups)})")
    console.print(f"{QUESTIONS:,} conversations in {seconds:.1f} s")
    if png:
        charts.draw(bot.kb, found, png)
        console.print(f"picture: {png}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else None))
