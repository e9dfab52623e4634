"""SIGHUP: the knowledge is read again without losing a conversation.

To check the files and to fit a model takes a minute of processor time, so a process of its
own does it: people are answered as fast as before meanwhile, and a stop need not wait.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import KnowledgeError, Problem
from bot.folders import cache, root

if TYPE_CHECKING:
    from bot.app import Assistant
    from bot.settings import Settings

_log = logging.getLogger(__name__)


class Reloading:
    def __init__(self, bot: Assistant, settings: Settings) -> None:
        self._bot, self._settings = bot, settings
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def begin(self) -> None:
        """One at a time; what is asked for meanwhile is done after it, once."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._reload())
        else:
            _log.info("The knowledge is being read; it will be read once more.")
            self._again = True

    async def _reload(self) -> None:
        await self.reload()
        while self._again:
            self._again = False
            await self.reload()

    async def reload(self) -> None:
        """Logs what is wrong with the files, and then keeps the old knowledge."""
        now = self._settings
        _log.info("The files are checked, which takes minutes.")
        problems = await _all_looked_at((now.files or root(), *now.more_books))
        if problems == []:
            try:
                await self._bot.reload(now.edition, now.files, cache())
            except KnowledgeError as error:
                problems = error.problems
        for problem in problems or ():
            _log.error("%s", problem)
        if problems is None:
            _log.error("The files could not be read, and the old book stays.")
        elif problems:
            _log.error("The edit is refused, and the old book stays.")
        else:
            _log.info("The book was read anew.")


async def _all_looked_at(tops: Sequence[Path]) -> list[Problem] | None:
    """What is wrong with any of the books; None where that could not be found out."""
    found: list[Problem] = []
    for top in tops:
        problems = await _looked_at(top)
        if problems is None:
            return None
        # Of several books a file's name does not tell which one it is of.
        found += problems if len(tops) == 1 else (_placed(top, p) for p in problems)
    return found


def _placed(top: Path, problem: Problem) -> Problem:
    return replace(problem, path=str(top / problem.path))


async def _looked_at(top: Path) -> list[Problem] | None:
    """What is wrong with the files; else the model of them is in the cache after it.

    None where the process that looks at them failed.
    """
    # -P: of our own package, and not of a folder that happens to be the working one.
    command = (sys.executable, "-P", "-m", __name__, str(top))
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        _log.error(
            "What checks the files ended with %s.", how_it_ended(child.returncode)
        )
        return None
    return [Problem(*fields) for fields in json.loads(out)]


def how_it_ended(code: int) -> str:
    """A process, for the log; a system that is short of memory kills it."""
    if code != -signal.SIGKILL:
        return f"code {code}"
    return "SIGKILL, as where memory is short"


def main(top: Path) -> None:
    """Prints the problems of a folder's files; without any, fits their model."""
    from bot.knowledge.cache import open_engine
    from bot.tools.check import errors

    found = errors(top)
    if not found:
        open_engine(top, "checked", cache())
    json.dump([[p.path, p.line, p.message] for p in found], sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
