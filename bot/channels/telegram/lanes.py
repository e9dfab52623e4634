"""Order within a chat, none between chats. A lane is short: who floods waits alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

DEEP = 16
"""Updates of one chat that may wait at once."""


class FullError(Exception):
    """A chat has more updates waiting than is sensible."""


@dataclass
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0


class Lanes:
    def __init__(self, deep: int = DEEP) -> None:
        self._deep = deep
        self._lanes: dict[Hashable, _Lane] = {}

    def __len__(self) -> int:
        return sum(lane.inside for lane in self._lanes.values())

    @asynccontextmanager
    async def enter(
        self, key: Hashable, place: Callable[[], Awaitable[bool]] | None = None
    ) -> AsyncIterator[bool]:
        """Waits for whoever came before; asyncio.Lock serves in order of arrival.

        `place` is waited for first, and its outcome passed on: other processes may have
        updates of the chat too.

        Raises FullError at once, if too many wait already.
        """
        lane = self._lanes.setdefault(key, _Lane())
        if lane.inside >= self._deep:
            raise FullError
        lane.inside += 1
        try:
            mine = place is None or await place()
            async with lane.lock:
                yield mine
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[key]
