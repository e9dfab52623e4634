"""The order within a chat; between chats there is none. A queue is short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

DEEP = 16
"""Events of one chat that may wait at once."""


class QueueFullError(Exception):
    """A chat has more events waiting than is sensible."""


@dataclass
class _ChatQueue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0


class ChatQueues:
    def __init__(self, deep: int = DEEP) -> None:
        self._deep = deep
        self._queues: dict[Hashable, _ChatQueue] = {}

    def __len__(self) -> int:
        return sum(queue.inside for queue in self._queues.values())

    @asynccontextmanager
    async def enter(
        self, key: Hashable, place: Callable[[], Awaitable[bool]] | None = None
    ) -> AsyncIterator[bool]:
        """Waits for whoever came before; asyncio.Lock serves in order of arrival.

        `place` is waited for first, and its outcome passed on: other processes may have
        events of the chat too.

        Raises QueueFullError at once, if too many wait already.
        """
        queue = self._queues.setdefault(key, _ChatQueue())
        if queue.inside >= self._deep:
            raise QueueFullError
        queue.inside += 1
        try:
            mine = place is None or await place()
            async with queue.lock:
                yield mine
        finally:
            queue.inside -= 1
            if not queue.inside:
                del self._queues[key]
