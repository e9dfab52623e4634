"""Any database that SQLAlchemy reaches: SQLite for one machine, PostgreSQL for many.

What keeps an answer from being lost or given twice is here: a turn and the number of
its update are committed together, along with the session it began from. So whoever gets
the update again, after a crash, takes the same turn from there: the reply is a pure
function. It is done once its answer has left, and only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import floor
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, delete, select, update

from bot.core.count import Count, Line
from bot.dialogue.session import Session
from bot.errors import StaleError
from bot.store import codec
from bot.store import engine as engines
from bot.store.contract import IDLE, Kept
from bot.store.phrases import Group, Phrase
from bot.store.sql import Sql
from bot.store.step import Steps
from bot.store.sums import Sums
from bot.store.tables import chats, phrases, replicas, updates
from bot.store.turns import Turns

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.engine import URL

_DAY = 86_400
# Made once: to make a statement costs more than to send it.
_GET = select(chats.c.turn, chats.c.session, chats.c.touched).where(
    chats.c.chat == bindparam("its_chat", type_=String)
)


class Database:
    def __init__(
        self,
        url: URL,
        idle: timedelta = IDLE,
        phrase_days: int = 90,
        straggle: float | None = None,
    ) -> None:
        """Without `straggle`, an update waits for earlier ones as replicas need it."""
        self._url, self._idle, self._phrase_days = url, idle, phrase_days
        self._sql = Sql(url)
        self.turns = Turns(self._sql, straggle)
        self._sums = Sums(self._sql)
        self._steps = Steps(self._sql)

    @property
    def name(self) -> str:
        """How operators know it; without a password."""
        return engines.name(self._url)

    async def open(self, *, alive: bool = True) -> None:
        """Brings the tables up to date; `alive` if it will take updates.

        Raises StoreError.
        """
        await self._sql.prepare()
        if alive:
            await self.turns.open()

    async def ping(self) -> None:
        """Raises StoreError, where nothing can be written."""
        await self.turns.ping()

    async def close(self) -> None:
        await self.turns.close()
        await self._sql.close()

    async def get(self, chat: str, now: datetime, number: int | None = None) -> Kept:
        if number is not None:
            if (began := self.turns.began.get(number)) is not None:
                return began
            if (row := self.turns.seen.pop(number, None)) is not None:
                return self._kept(row, now)
        return self._kept(await self._sql.row(_GET, its_chat=chat), now)

    def _kept(self, row: Row[Any] | None, now: datetime) -> Kept:
        if row is None or row.turn is None:
            return Kept(Session())
        idle = now.timestamp() - row.touched >= self._idle.total_seconds()
        return Kept(Session() if idle else codec.decode(row.session), row.turn)

    async def put(
        self,
        chat: str,
        session: Session,
        after: int,
        now: datetime,
        number: int | None = None,
    ) -> None:
        mark = {} if number is None else self.turns.mark(number)
        if mark:
            mark["its_idle"] = floor(now.timestamp() - self._idle.total_seconds())
        touched = int(now.timestamp())
        try:
            await self._steps.take(chat, after, codec.encode(session), touched, **mark)
        except StaleError:
            if number is not None:
                await self.turns.recall(number)
            raise

    async def forget(self, chat: str) -> None:
        await self._sql.do(delete(chats).where(chats.c.chat == chat))
        mine = and_(updates.c.chat == chat, updates.c.before.is_not(None))
        await self._sql.do(update(updates).where(mine).values(before="{}"))

    async def take(self, number: int, chat: str | None) -> bool:
        return await self.turns.take(number, chat)

    async def done(self, number: int) -> None:
        await self.turns.done(number)

    async def lost(self, number: int) -> None:
        await self.turns.lost(number)

    async def add(self, counts: Sequence[Count], said: Sequence[Phrase]) -> None:
        await self._sums.add(counts, said)

    async def counted(self, since: datetime) -> list[Line]:
        return await self._sums.counted(since)

    async def inbox(self) -> list[Group]:
        return await self._sums.inbox()

    async def settle(self, texts: Sequence[str], mark: str = "") -> None:
        await self._sums.settle(texts, mark)

    async def sweep(self, now: datetime) -> None:
        moment = int(now.timestamp())
        idle = moment - int(self._idle.total_seconds())
        oldest = (now - timedelta(days=self._phrase_days)).date().isoformat()
        for old in (
            delete(chats).where(chats.c.touched < idle),
            delete(updates).where(updates.c.taken < moment - _DAY),
            delete(replicas).where(replicas.c.seen < moment - _DAY),
            delete(phrases).where(phrases.c.day < oldest, phrases.c.mark == ""),
        ):
            await self._sql.do(old)
