"""Any database that SQLAlchemy reaches: SQLite for one machine, PostgreSQL for many.

What keeps an answer from being lost or given twice is here: a turn and the number of
its update are committed together, along with the session it began from. So whoever gets
the update again, after a crash, takes the same turn from there: the reply is a pure
function. It is done once its answer has left, and only then.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Row, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.sql.dml import Insert

from bot.core.session import Session
from bot.errors import StaleError, StoreError
from bot.store import codec
from bot.store import engine as engines
from bot.store.contract import IDLE, Kept
from bot.store.counts import Count, Line
from bot.store.migrate import migrate
from bot.store.owner import Owner
from bot.store.phrases import Group, Phrase
from bot.store.tables import chats, counts, phrases, replicas, updates

_log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two signs of life."""
SILENT = 6.0
"""Without one for so long, a process counts as dead: others take its updates."""
LOOK = 0.015
"""Seconds between two looks while an update waits for its place."""
STRAGGLE = 0.25
"""How long an update waits for one of a lower number that was not seen yet."""
NEAR = 64
"""How far back in the numbers such a one is looked for."""
_DAY = 86_400


class Database:
    def __init__(self, url: URL, idle: timedelta = IDLE, phrase_days: int = 90) -> None:
        self._url, self._idle, self._phrase_days = url, idle, phrase_days
        self._engine = engines.engine(url)
        self._alone = engines.alone(self._engine)
        dialect = sqlite if url.get_backend_name() == "sqlite" else postgresql
        self._insert = cast("type[Insert]", dialect.insert)
        self.me = Owner.myself()
        self._began: dict[int, Kept] = {}
        self._beating: asyncio.Task[None] | None = None
        self._chat_of: dict[int, str] = {}
        self._moved: dict[str, asyncio.Event] = {}
        self._floor = 0
        self._beats = 0

    @property
    def name(self) -> str:
        return engines.name(self._url)

    async def open(self) -> None:
        """Brings the tables up to date, and begins to give signs of life.

        Raises StoreError.
        """
        with engines.told(self._url):
            engines.prepare(self._url)
            await migrate(self._engine)
        await self.ping()
        if self._beating is None:
            self._beating = asyncio.create_task(self._live())

    async def close(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
            with suppress(StoreError):
                await self._do(delete(replicas).where(replicas.c.owner == str(self.me)))
        await self._engine.dispose()

    # --- sessions

    async def get(self, chat: str, now: datetime, number: int | None = None) -> Kept:
        if number is not None and (began := self._began.get(number)) is not None:
            return began
        row = await self._row(
            select(chats.c.turn, chats.c.session, chats.c.touched).where(
                chats.c.chat == chat
            )
        )
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
        if after:
            place = and_(chats.c.chat == chat, chats.c.turn == after)
            step: Executable = update(chats).where(place).values(values)
        else:
            step = self._new(chats, chat=chat, **values).on_conflict_do_nothing()
        mark = None
        if number is not None:
            # Before the step, and in the same transaction: what it began from.
            earlier = select(chats.c.session).where(chats.c.chat == chat)
            mark = (
                update(updates)
                .where(
                    updates.c.number == number,
                    updates.c.owner == str(self.me),
                    updates.c.turn.is_(None),
                    updates.c.answered.is_(False),
                )
                .values(turn=after, before=earlier.scalar_subquery())
            )
        with engines.told(self._url):
            async with self._engine.connect() as connection, connection.begin() as all_:
                marked = mark is None or _count(await connection.execute(mark))
                if marked and _count(await connection.execute(step)):
                    return
                await all_.rollback()
        if number is not None:
            await self._recall(number)
        raise StaleError(chat)

    async def forget(self, chat: str) -> None:
        await self._do(delete(chats).where(chats.c.chat == chat))
        mine = and_(updates.c.chat == chat, updates.c.before.is_not(None))
        await self._do(update(updates).where(mine).values(before="{}"))

    # --- updates

    async def take(self, number: int, chat: str | None) -> bool:
        row = {"chat": chat, "owner": str(self.me), "taken": int(time.time())}
        new = self._new(updates, number=number, **row).on_conflict_do_nothing()
        if not await self._do(new) and not await self._inherit(number):
            return False
        if chat is not None:
            self._chat_of[number] = chat
            await self._wait(number, chat)
        return True

    async def done(self, number: int) -> None:
        self._began.pop(number, None)
        await self._do(
            update(updates)
            .where(updates.c.number == number)
            .values(answered=True, chat=None, before=None)
        )
        self._tell(number)

    async def lost(self, number: int) -> None:
        self._began.pop(number, None)
        open_ = and_(updates.c.number == number, updates.c.answered.is_(False))
        await self._do(update(updates).where(open_).values(owner=""))
        self._tell(number)

    async def _inherit(self, number: int) -> bool:
        """Waits for who has it to answer; takes it over from who cannot any more."""
        watch = _Watch(self, number)
        while True:
            row = await self._row(
                select(updates.c.owner, updates.c.answered).where(
                    updates.c.number == number
                )
            )
            if row is None or row.answered:
                return False
            if row.owner == str(self.me):
                await self._recall(number)
                return True
            if await watch.dead(row.owner):
                mine = and_(updates.c.number == number, updates.c.owner == row.owner)
                change = update(updates).where(mine).values(owner=str(self.me))
                if await self._do(change):
                    await self._recall(number)
                    return True
            await self._pause()

    async def _recall(self, number: int) -> None:
        """Where an update's turn began, if it was taken before."""
        row = await self._row(
            select(updates.c.turn, updates.c.before).where(
                updates.c.number == number, updates.c.turn.is_not(None)
            )
        )
        if row is not None:
            session = codec.decode(row.before or "{}")
            self._began[number] = Kept(session, row.turn, again=True)

    async def _wait(self, number: int, chat: str) -> None:
        """Until all earlier updates of the chat are answered, wherever they are.

        One that was taken by a process that died comes again: it is waited for as long
        as it takes others to notice that death.
        """
        await self._straggle(number, chat)
        earlier = (
            select(updates.c.number, updates.c.owner)
            .where(
                updates.c.chat == chat,
                updates.c.number < number,
                updates.c.answered.is_(False),
            )
            .order_by(updates.c.number)
            .limit(1)
        )
        watch = _Watch(self, number)
        while (row := await self._row(earlier)) is not None:
            if row.number != watch.number:
                watch = _Watch(self, row.number)
            if await watch.dead(row.owner) and watch.age > 2 * SILENT:
                return
            await self._pause(chat)

    async def _straggle(self, number: int, chat: str) -> None:
        """Numbers go up one by one, so a gap is an update still on its way.

        It may be of this chat, so it gets a moment; and no gap gets it twice.
        """
        end = time.monotonic() + STRAGGLE
        while True:
            near = updates.c.number.between(max(number - NEAR, self._floor), number - 1)
            row = await self._row(
                select(func.count(), func.min(updates.c.number)).where(near)
            )
            if row is None or not row[0] or row[0] == number - row[1]:
                return
            if time.monotonic() > end:
                self._floor = max(self._floor, number)
                return
            await self._pause(chat)

    async def _pause(self, chat: str | None = None) -> None:
        """For a moment, or until an update of the chat was answered here."""
        if chat is None:
            await asyncio.sleep(LOOK)
            return
        moved = self._moved.setdefault(chat, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await moved.wait()

    def _tell(self, number: int) -> None:
        chat = self._chat_of.pop(number, None)
        if chat is not None and (moved := self._moved.pop(chat, None)) is not None:
            moved.set()

    # --- sums and phrases

    async def add(self, found: Sequence[Count], said: Sequence[Phrase]) -> None:
        # In one order, so that two replicas never wait for each other.
        with engines.told(self._url):
            async with self._engine.begin() as connection:
                for count in sorted(found, key=str):
                    await connection.execute(
                        self._new(
                            counts, **vars(count), number=1
                        ).on_conflict_do_update(
                            index_elements=list(counts.primary_key),
                            set_={"number": counts.c.number + 1},
                        )
                    )
                for phrase in sorted(said, key=str):
                    await connection.execute(
                        self._new(
                            phrases, **vars(phrase), number=1
                        ).on_conflict_do_update(
                            index_elements=list(phrases.primary_key),
                            set_={"number": phrases.c.number + 1, "day": phrase.day},
                        )
                    )

    async def counted(self, since: datetime) -> list[Line]:
        first = since.date().isoformat()
        rows = await self._rows(select(counts).where(counts.c.day >= first))
        return [
            Line(
                Count(**{k: v for k, v in row._mapping.items() if k != "number"}),
                row.number,
            )
            for row in rows
        ]

    async def inbox(self) -> list[Group]:
        rows = await self._rows(
            select(phrases)
            .where(phrases.c.ignored.is_(False))
            .order_by(phrases.c.number.desc(), phrases.c.text)
        )
        return [Group(Phrase(r.text, r.topic, r.day), r.number) for r in rows]

    async def settle(self, texts: Sequence[str], *, ignore: bool) -> None:
        chosen = phrases.c.text.in_(texts)
        if ignore:
            await self._do(update(phrases).where(chosen).values(ignored=True))
        else:
            await self._do(delete(phrases).where(chosen))

    async def sweep(self, now: datetime) -> None:
        moment = int(now.timestamp())
        idle = moment - int(self._idle.total_seconds())
        oldest = (now - timedelta(days=self._phrase_days)).date().isoformat()
        for old in (
            delete(chats).where(chats.c.touched < idle),
            delete(updates).where(updates.c.taken < moment - _DAY),
            delete(replicas).where(replicas.c.seen < moment - _DAY),
            delete(phrases).where(phrases.c.day < oldest, phrases.c.ignored.is_(False)),
        ):
            await self._do(old)

    # --- signs of life

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            with suppress(StoreError):  # others tell of it
                await self.ping()

    async def ping(self) -> None:
        """A sign of life. Raises StoreError, where nothing can be written."""
        self._beats += 1
        seen = {"beat": self._beats, "seen": int(time.time())}
        await self._do(
            self._new(replicas, owner=str(self.me), **seen).on_conflict_do_update(
                index_elements=[replicas.c.owner], set_=seen
            )
        )

    async def beat_of(self, owner: str) -> int | None:
        row = await self._row(select(replicas.c.beat).where(replicas.c.owner == owner))
        return None if row is None else row.beat

    # --- statements

    def _new(self, table: Any, **values: Any) -> Any:
        return self._insert(table).values(values)

    async def _do(self, statement: Executable) -> int:
        """How many rows it changed."""
        with engines.told(self._url):
            async with self._alone.connect() as connection:
                return _count(await connection.execute(statement))

    async def _rows(self, statement: Executable) -> Sequence[Row[Any]]:
        with engines.told(self._url):
            async with self._alone.connect() as connection:
                return (await connection.execute(statement)).all()

    async def _row(self, statement: Executable) -> Row[Any] | None:
        rows = await self._rows(statement)
        return rows[0] if rows else None


class _Watch:
    """Looks at another process until it has been silent for too long."""

    def __init__(self, database: Database, number: int) -> None:
        self._database, self.number = database, number
        self._last: tuple[str, int | None] | None = None
        self._since = self._looked = self._began = time.monotonic()

    @property
    def age(self) -> float:
        return time.monotonic() - self._began

    async def dead(self, owner: str) -> bool:
        if not owner or Owner.read(owner).surely_dead(self._database.me):
            return True
        now = time.monotonic()
        if self._last is not None and now - self._looked < BEAT / 2:
            return False
        seen = (owner, await self._database.beat_of(owner))
        if seen != self._last or now - self._looked > BEAT * 3:
            # News of it; or it was us who could not look.
            self._last, self._since = seen, now
        self._looked = now
        return now - self._since > SILENT


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
