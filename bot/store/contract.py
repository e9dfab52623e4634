"""What every store does, in four parts. It knows neither knowledge nor channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from bot.dialogue.session import Session
from bot.store.records import Count, DayCount, Phrase, PhraseGroup

IDLE = timedelta(days=1)
"""After that long without a word a chat begins anew."""


REMINDERS = 5
"""Of one chat at most."""


class StoredSession(NamedTuple):
    """A chat's session, and how many turns led to it."""

    session: Session
    turn: int = 0
    replayed: bool = False
    """The update's turn was taken before, from here; nothing is put again."""


class Reminder(NamedTuple):
    """To be said in a chat when a limit is about to end."""

    chat: str
    place: str
    """The button that leads to the answer that it is about."""
    due: int
    """Seconds since 1970."""
    thread: int | None = None
    """Where in the chat, if that has topics."""


class SessionStore(Protocol):
    """The sessions of chats. A turn that belongs to an update names its id."""

    async def get(
        self, chat: str, now: datetime, update_id: int | None = None
    ) -> StoredSession:
        """The chat's session, or a new one after a day without a word."""

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        update_id: int | None = None,
    ) -> None:
        """The session after turn `after`, together with where the update began.

        Raises ConflictError, where another turn was taken since, or another process has
        the update: get, and turn again.
        """

    async def forget(self, chat: str) -> None:
        """Erases all that is known of a chat."""


class UpdateLog(Protocol):
    """Which updates were answered, over all processes; an id is never answered twice."""

    async def claim(self, update_id: int, chat: str | None) -> bool:
        """Makes an update ours to answer; false if it was answered before.

        While another process that lives has it, this waits for that one.
        """

    async def acknowledge(self, update_id: int) -> None:
        """Its answer has left: it is never given again."""

    async def release(self, update_id: int) -> None:
        """Its answer did not arrive: whoever claims it next gives the same again."""


class ReminderStore(Protocol):
    """What people asked to be reminded of; each is gone once it was said."""

    async def keep(self, reminder: Reminder) -> bool:
        """Whether it is kept, now or before; not where the chat has too many."""

    async def of(self, chat: str) -> list[Reminder]:
        """All of a chat."""

    async def cancel(self, chat: str, place: str) -> None:
        """Erases one, if it is there."""

    async def forget(self, chat: str) -> None:
        """Erases all of a chat."""

    async def due(self, now: datetime) -> list[Reminder]:
        """Those whose time has come, for this process to say.

        Nobody gets them again until this process is dead.
        """

    async def done(self, reminder: Reminder) -> None:
        """Erases one that was said, or has nothing to say any more."""


class Counters(Protocol):
    """Sums by day, and the phrases for the inbox; of no chat."""

    async def add(
        self, counts: Mapping[Count, int], phrases: Mapping[Phrase, int]
    ) -> None:
        """Adds so many to each sum and to each phrase for the inbox."""

    async def counted(self, since: datetime) -> list[DayCount]:
        """The sums of each day since."""

    async def inbox(self) -> list[PhraseGroup]:
        """The phrases but for those that are ignored, most frequent first."""

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        """Phrases that were decided on: marked, or else erased."""


class Store(Protocol):
    """The four parts, and what is done to them together."""

    @property
    def sessions(self) -> SessionStore: ...

    @property
    def updates(self) -> UpdateLog: ...

    @property
    def reminders(self) -> ReminderStore: ...

    @property
    def counters(self) -> Counters: ...

    async def sweep(self, now: datetime) -> None:
        """Erases what has been kept long enough. Raises StoreError, if some of it stays."""

    async def close(self) -> None: ...
