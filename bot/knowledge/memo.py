"""Remembers what was worked out of a book, as long as the book lives.

For pure functions of a book and of facts: never of a person's words, nor of the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from bot.knowledge.model import KnowledgeBase

_MOST = 2_000
"""Things remembered of a book; a whole one has about as many answers."""

T = TypeVar("T")


class Memo(Generic[T]):
    def __init__(self) -> None:
        self._books: WeakKeyDictionary[KnowledgeBase, dict[Hashable, T]] = (
            WeakKeyDictionary()
        )

    def of(self, kb: KnowledgeBase, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` made of a book for this key, when it was asked first."""
        kept = self._books.get(kb)
        if kept is None:
            kept = self._books[kb] = {}
        found = kept.get(key)
        if found is None:
            if len(kept) >= _MOST:
                kept.clear()
            found = kept[key] = work()
        return found
