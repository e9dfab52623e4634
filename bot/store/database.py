"""Any database that SQLAlchemy reaches: SQLite for one machine, PostgreSQL for many.

What keeps an answer from being lost or given twice is here: a turn and the number of
its update are committed together, along with the session it began from. So whoever gets
the update again, after a crash, takes the same turn from there: the reply is a pure
function. It is done once its answer has left, and only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, and_, bindparam, delete, select, update

from bot.core.count import Count, Line
from bot.core.session import Session
from bot.errors import StaleError
from bot.store import codec
from bot.store import engine as engines
from bot.store.contract import IDLE, Kept
from bot.store.phrases import Group, Phrase
from bot.store.sql import Sql, changed
from bot.store.sums import Sums
from bot.store.tables import chats, phrases, replicas, updates
from bot.store.turns import Turns

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_DAY = 86_400

# Made once: to make a statement costs more than to send it.
_CHAT = bindparam("its_chat", type_=String)
_TURN = bindparam("its_turn", type_=BigInteger)
_GET = select(chats.c.turn, chats.c.session, chats.c.touched).where(
    chats.c.chat == _CHAT
)
_NEXT = update(chats).where(chats.c.chat == _CHAT, chats.c.turn == _TURN)
# Before the step and in the same transaction: what the update's turn began from.
_MARK = (
    update(updates)
    .where(
        updates.c.number == bindparam("its_number"),
        updates.c.owner == bindparam("its_owner"),
        updates.c.turn.is_(None),
        updates.c.answered.is_(False),
    )
    .values(
        turn=_TURN,
        before=select(chats.c.session).where(chats.c.chat == _CHAT).scalar_subquery(),
    )
)


class Database:
    def __init__(self, url: URL, idle: timedelta = IDLE, phrase_days: int = 90) -> None:
        self._url, self._idle, self._phrase_days = url, idle, phrase_days
        self._sql = Sql(url)
        self.turns = Turns(self._sql)
        self._sums = Sums(self._sql)
        self._first = self._sql.new(chats).on_conflict_do_nothing()

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
        if number is not None and (began := self.turns.began.get(number)) is not None:
            return began
        row = await self._sql.row(_GET, its_chat=chat)
        if row is None:
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
        values = {
            "turn": after + 1,
            "session": codec.encode(session),
            "touched": int(now.timestamp()),
        }
        async with self._sql.together() as connection:
            marked = 1
            if number is not None:
                mark = {"its_number": number, "its_chat": chat, "its_turn": after}
                mark["its_owner"] = str(self.turns.me)
                marked = changed(await connection.execute(_MARK, mark))
            if marked and after:
                place = {"its_chat": chat, "its_turn": after}
                marked = changed(await connection.execute(_NEXT, values | place))
            elif marked:
                first = values | {"chat": chat}
                marked = changed(await connection.execute(self._first, first))
            if marked:
                return
            await connection.rollback()
        if number is not None:
            await self.turns.recall(number)
        raise StaleError(chat)

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
