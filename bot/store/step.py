"""A turn: the chat's step and the mark of its update, both or neither.

The mark is what the update's turn began from. PostgreSQL does it all in one statement,
which is one way there and back instead of four; SQLite in a transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    String,
    Text,
    bindparam,
    exists,
    select,
    update,
)

from bot.errors import StaleError
from bot.store.sql import Sql, changed
from bot.store.tables import chats, updates

# Made once: to make a statement costs more than to send it.
_CHAT = bindparam("its_chat", type_=String)
_TURN = bindparam("its_turn", type_=BigInteger)
_NUMBER = bindparam("its_number", type_=BigInteger)
_IDLE = bindparam("its_idle", type_=BigInteger)
_ROW: dict[str, Any] = {
    "chat": _CHAT,
    "turn": bindparam("its_next", type_=BigInteger),
    "session": bindparam("its_session", type_=Text),
    "touched": bindparam("its_touched", type_=BigInteger),
}
_MINE = (
    updates.c.number == _NUMBER,
    updates.c.owner == bindparam("its_owner", type_=String),
    updates.c.turn.is_(None),
    updates.c.answered.is_(False),
)
_BEFORE = {
    "turn": _TURN,
    # Nothing of a chat that was idle too long: the turn began from a new session.
    "before": select(chats.c.session)
    .where(chats.c.chat == _CHAT, chats.c.touched > _IDLE)
    .scalar_subquery(),
}
_MARK = update(updates).where(*_MINE).values(_BEFORE)
_NEXT = (
    update(chats)
    .where(chats.c.chat == _CHAT, chats.c.turn == _TURN)
    .values({name: value for name, value in _ROW.items() if name != "chat"})
)


class Steps:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._first = sql.new(chats).values(_ROW).on_conflict_do_nothing()
        # Locked first of all, so that nobody takes the update over meanwhile.
        mine = select(updates.c.number).where(*_MINE).with_for_update().cte("mine")
        held = exists(select(mine.c.number))
        first = sql.new(chats).from_select(
            list(_ROW), select(*_ROW.values()).where(held)
        )
        self._marked_first = _marking(first.on_conflict_do_nothing())
        self._marked_next = _marking(_NEXT.where(held))

    async def take(
        self, chat: str, after: int, session: str, touched: int, **mark: Any
    ) -> None:
        """From turn `after` on.

        `mark` is of an update, if there is one: its number, its owner, and the moment up
        to which a chat's last touch is too long ago.

        Raises StaleError, where another turn was taken since, or somebody else has the
        update; then nothing is changed.
        """
        values = {"its_chat": chat, "its_turn": after, "its_next": after + 1}
        values |= {"its_session": session, "its_touched": touched, **mark}
        step = _NEXT if after else self._first
        if mark and self._sql.lite:
            await self._sql.together(lambda c: _both(c, chat, step, values))
            return
        if mark:
            step = self._marked_next if after else self._marked_first
        if not await self._sql.do(step, **values):
            raise StaleError(chat)


def _marking(step: Any) -> Any:
    """The mark of an update, if the step is taken."""
    taken = step.returning(chats.c.chat).cte("taken")
    return (
        update(updates)
        .where(updates.c.number == _NUMBER, exists(select(taken.c.chat)))
        .values(_BEFORE)
    )


def _both(connection: Connection, chat: str, step: Any, values: dict[str, Any]) -> None:
    # The mark first: it reads what the step changes.
    for statement in (_MARK, step):
        if not changed(connection.execute(statement, values)):
            raise StaleError(chat)
