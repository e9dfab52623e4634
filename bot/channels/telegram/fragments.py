"""One question sent in pieces: "omg", "i sent a pic", "to my mum", "on insta".

The first piece waits a moment for the others, which are read with it as one question. Who
sends a whole question waits for nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

QUIET = 1.0
"""Seconds without another piece after which a question is taken to be whole."""
_LONGEST = 5.0
"""Seconds that the first piece waits at most."""
_LETTERS, _WORDS = 40, 5
"""Of a piece at most."""
_MOST = 32
"""Pieces of one question; those beyond are messages of their own."""


@dataclass
class _Basket:
    pieces: list[str]
    more: asyncio.Event = field(default_factory=asyncio.Event)
    whole: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Fragments:
    """What is being gathered, by chat; in this process alone."""

    def __init__(
        self, is_fragment: Callable[[str], bool], quiet: float = QUIET
    ) -> None:
        self._is_fragment, self._quiet = is_fragment, quiet
        self._open: dict[int, _Basket] = {}

    def may_begin(self, text: str) -> bool:
        """Whether a text may be the first piece of a question, by its words alone."""
        if not self._quiet or text.startswith("/") or not _is_short(text):
            return False
        return self._is_fragment(text)

    @asynccontextmanager
    async def gathered(self, chat: int, first: str) -> AsyncIterator[str]:
        """The question that a first piece grows to, until it was answered."""
        basket = self._open[chat] = _Basket([first])
        try:
            try:
                await self._wait(basket)
            finally:
                # What comes from now on is a message of its own.
                del self._open[chat]
            yield " ".join(basket.pieces)
        finally:
            basket.answered.set()

    async def _wait(self, basket: _Basket) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + _LONGEST
        while not basket.whole and len(basket.pieces) < _MOST:
            basket.more.clear()
            left = min(self._quiet, end - loop.time())
            try:
                await asyncio.wait_for(basket.more.wait(), left)
            except TimeoutError:
                return

    def joined(self, chat: int, text: str) -> asyncio.Event | None:
        """Adds a piece; set once it was answered with the others.

        None where nothing is gathered. A whole sentence ends the waiting.
        """
        basket = self._open.get(chat)
        if basket is None or basket.whole or len(basket.pieces) >= _MOST:
            return None
        basket.pieces.append(text)
        basket.whole = not _is_short(text)
        basket.more.set()
        return basket.answered


def _is_short(text: str) -> bool:
    return len(text) <= _LETTERS and len(text.split()) <= _WORDS
