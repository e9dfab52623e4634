"""SIGHUP: the book is read anew, without losing a conversation."""

from __future__ import annotations

import asyncio
import logging

from bot.app import Assistant
from bot.commands.check import errors
from bot.errors import KnowledgeError
from bot.knowledge.loader import root
from bot.settings import Settings, cache

_log = logging.getLogger(__name__)


class Reloading:
    def __init__(self, bot: Assistant, settings: Settings) -> None:
        self._bot, self._settings = bot, settings
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """One at a time; what is asked for meanwhile is asked for too early."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self.reload())

    async def reload(self) -> None:
        """What is wrong with the files is told, and the old book stays."""
        now = self._settings
        problems = await asyncio.to_thread(errors, now.files or root())
        if not problems:
            try:
                await self._bot.reload(now.edition, now.files, cache())
            except KnowledgeError as error:
                problems = error.problems
        for problem in problems:
            _log.error("%s", problem)
        if problems:
            _log.error("The edit is refused, and the old book stays.")
        else:
            _log.info("The book was read anew.")
