"""How an HTTP server takes connections: a few at a time.

So whoever opens hundreds at once holds up nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

AT_ONCE = 8
"""Connections that are accepted between two looks at what all others sent."""
QUEUE = 128
"""Connections that may wait at the system until they are accepted."""


async def listen(
    made: Callable[[], asyncio.BaseProtocol], host: str, port: int
) -> asyncio.Server:
    """Accepts connections from now on, a few at a time.

    Raises OSError, if the address cannot be listened to.
    """
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(made, host, port, backlog=AT_ONCE)
    for one in listener.sockets:
        # The loop takes one number for both: how many wait, and how many it accepts
        # before it looks at anything else.
        with one.dup() as same:
            same.listen(QUEUE)
    return listener
