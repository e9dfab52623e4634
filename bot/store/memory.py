"""A store in this process alone: for the terminal, and while a database is away."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.count import Count, Line
from bot.dialogue.session import Session
from bot.errors import StaleError
from bot.store.contract import IDLE, Kept
from bot.store.phrases import IGNORED, Group, Phrase

MOST = 10_000
"""Chats remembered at once; the one that was idle longest goes first."""

_NEW = Kept(Session())


class Memory:
    """Order within a chat is the caller's business: there is one process only."""

    def __init__(self, idle: timedelta = IDLE) -> None:
        self._idle = idle
        self._kept: OrderedDict[str, tuple[datetime, Kept]] = OrderedDict()
        self._began: OrderedDict[int, Kept | None] = OrderedDict()
        self._done: OrderedDict[int, None] = OrderedDict()
        self._counts: Counter[Count] = Counter()
        self._phrases: Counter[Phrase] = Counter()
        self._marks: dict[str, str] = {}

    async def get(self, chat: str, now: datetime, number: int | None = None) -> Kept:
        if number is not None and (began := self._began.get(number)) is not None:
            return began._replace(again=True)
        return self._of(chat, now)

    def _of(self, chat: str, now: datetime) -> Kept:
        touched, kept = self._kept.get(chat, (now, _NEW))
        return kept if now - touched < self._idle else Kept(Session(), kept.turn)

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        number: int | None = None,
    ) -> None:
        before = self._of(chat, now)
        if before.turn != after:
            raise StaleError(chat)
        if number is not None and number in self._began:
            self._began[number] = before
        self._kept[chat] = (now, Kept(session, after + 1))
        self._kept.move_to_end(chat)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    async def forget(self, chat: str) -> None:
        self._kept.pop(chat, None)

    async def take(self, number: int, chat: str | None) -> bool:  # noqa: ARG002  there is no one to wait for
        if self.answered(number):
            return False
        self._began.setdefault(number, None)
        while len(self._began) > MOST:
            self._began.popitem(last=False)
        return True

    def took(self, number: int) -> bool:
        """Whether an update has its place here, and was not answered yet."""
        return number in self._began

    def answered(self, number: int) -> bool:
        return number in self._done

    async def done(self, number: int) -> None:
        self._began.pop(number, None)
        self._done[number] = None
        while len(self._done) > MOST:
            self._done.popitem(last=False)

    async def lost(self, number: int) -> None:
        """It was taken and stays so: the next to take it gives the same answer."""

    async def add(self, counts: Sequence[Count], phrases: Sequence[Phrase]) -> None:
        self._counts.update(counts)
        self._phrases.update(phrases)

    async def counted(self, since: datetime) -> list[Line]:
        first = since.date().isoformat()
        return [Line(c, n) for c, n in self._counts.items() if c.day >= first]

    async def inbox(self) -> list[Group]:
        groups = [
            Group(phrase, n, self._marks.get(phrase.text, ""))
            for phrase, n in self._phrases.most_common()
        ]
        return [group for group in groups if group.mark != IGNORED]

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        if mark:
            self._marks |= dict.fromkeys(texts, mark)
            return
        for phrase in [p for p in self._phrases if p.text in texts]:
            del self._phrases[phrase]

    async def sweep(self, now: datetime) -> None:
        for chat, (touched, _) in list(self._kept.items()):
            if now - touched >= self._idle:
                del self._kept[chat]

    async def close(self) -> None:
        """Nothing is open."""
