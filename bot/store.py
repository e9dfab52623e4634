"""What is remembered between turns, in memory, for a day at most."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.core.session import Session

IDLE = timedelta(days=1)
MOST = 10_000
"""Chats remembered at once; the one that was idle longest goes first."""


class Memory:
    """Sessions of this process. They hold facts and topics, never a person's words."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[datetime, Session]] = OrderedDict()

    def get(self, chat: str, now: datetime) -> Session:
        """The chat's session, or a new one after a day without a word."""
        touched, session = self._kept.get(chat, (now, Session()))
        return session if now - touched < IDLE else Session()

    def put(self, chat: str, session: Session, now: datetime) -> None:
        self._kept[chat] = (now, session)
        self._kept.move_to_end(chat)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, chat: str) -> None:
        self._kept.pop(chat, None)
