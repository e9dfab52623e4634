"""An update as we need it, read from plain JSON.

The library's own objects hold every field there is, and cost more to make than an
answer to a question takes. What we do not read stays JSON.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

KINDS = ("message", "callback_query", "inline_query")
"""What Telegram is asked to send; edits and all else earn silence."""

Json = Mapping[str, Any]


class Message(NamedTuple):
    number: int
    chat: int
    scene: str
    """The kind of chat: private, group, supergroup or channel."""
    date: int
    """Seconds since 1970; 0 for a message that is out of reach."""
    author: int | None
    raw: Json

    @property
    def private(self) -> bool:
        return self.scene == "private"

    @property
    def group(self) -> bool:
        return self.scene in {"group", "supergroup"}

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.date, UTC)

    @property
    def text(self) -> str | None:
        found: str | None = self.raw.get("text")
        return found

    @property
    def thread(self) -> int | None:
        """The topic of a forum."""
        return (
            self.raw.get("message_thread_id")
            if self.raw.get("is_topic_message")
            else None
        )

    @property
    def answers(self) -> int | None:
        """Whose message it is a reply to."""
        before = self.raw.get("reply_to_message") or {}
        found: int | None = (before.get("from") or {}).get("id")
        return found


class Press(NamedTuple):
    """Of a button."""

    number: str
    person: int
    value: str | None
    message: Message | None
    """None under a message that was sent inline."""


class Query(NamedTuple):
    """What somebody types behind our name, in any chat."""

    number: str
    person: int
    text: str


class Update(NamedTuple):
    number: int
    what: Message | Press | Query

    @property
    def person(self) -> int | None:
        """For their pace."""
        what = self.what
        return what.author if isinstance(what, Message) else what.person

    @property
    def message(self) -> Message | None:
        """The message at hand: said, or with the button."""
        match self.what:
            case Message():
                return self.what
            case Press(message=message):
                return message
        return None

    @property
    def lane(self) -> Hashable:
        """The chat, for its order."""
        message = self.message
        return message.chat if message else ("inline", self.person)


def read(number: int, kind: str, raw: Json) -> Update:
    """An update of one of our kinds.

    Raises KeyError, TypeError or another error that does not belong to a good one.
    """
    found = raw[kind]
    if kind == "message":
        return Update(number, _message(found))
    who = _whole(found["from"]["id"])
    if kind == "inline_query":
        return Update(number, Query(_words(found["id"]), who, _words(found["query"])))
    under, value = found.get("message"), found.get("data")
    return Update(
        number,
        Press(
            _words(found["id"]),
            who,
            None if value is None else _words(value),
            None if under is None else _message(under),
        ),
    )


def _message(raw: Json) -> Message:
    chat, author = raw["chat"], raw.get("from")
    for name in ("text", "caption"):
        if name in raw:
            _words(raw[name])
    return Message(
        _whole(raw["message_id"]),
        _whole(chat["id"]),
        chat["type"],
        _whole(raw["date"]),
        None if author is None else _whole(author["id"]),
        raw,
    )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no whole number")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
