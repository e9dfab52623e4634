"""An update as we need it, read from plain JSON.

The library's own objects hold every field there is, and cost more to make than an
answer to a question takes. What we do not read stays JSON.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeGuard

from bot.channels.language_tags import code_of

KINDS = (
    *("message", "edited_message", "callback_query", "inline_query"),
    "message_reaction",
)
"""What Telegram is asked to send; all else earns silence."""

Json = Mapping[str, Any]
_BEYOND = 1 << 63


class IncomingMessage(NamedTuple):
    message_id: int
    chat: int
    chat_type: str
    """The kind of chat: private, group, supergroup or channel."""
    date: int
    """Seconds since 1970; 0 for a message that is out of reach."""
    user_id: int | None
    raw: Json

    @property
    def private(self) -> bool:
        return self.chat_type == "private"

    @property
    def group(self) -> bool:
        return self.chat_type in {"group", "supergroup"}

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.date, UTC)

    @property
    def text(self) -> str | None:
        found: str | None = self.raw.get("text")
        return found

    @property
    def language(self) -> str | None:
        """The code of what its author's app is in."""
        return _language(self.raw.get("from"))

    @property
    def thread_id(self) -> int | None:
        """The topic of a forum."""
        return (
            self.raw.get("message_thread_id")
            if self.raw.get("is_topic_message")
            else None
        )

    @property
    def question_id(self) -> int | None:
        """The message that this one is a reply to."""
        found: int | None = (self.raw.get("reply_to_message") or {}).get("message_id")
        return found

    @property
    def buttons(self) -> Iterator[str]:
        """The data of the buttons under it."""
        return _data(self.raw)

    @property
    def buttons_replied_to(self) -> Iterator[str]:
        """The data of the buttons under the message that this one is a reply to."""
        return _data(self.raw.get("reply_to_message") or {})

    @property
    def replies_to(self) -> int | None:
        """Whose message it is a reply to."""
        before = self.raw.get("reply_to_message") or {}
        found: int | None = (before.get("from") or {}).get("id")
        return found


class EditedMessage(NamedTuple):
    """A message as it reads now."""

    message: IncomingMessage

    @property
    def user_id(self) -> int | None:
        return self.message.user_id

    @property
    def language(self) -> str | None:
        return self.message.language


class CallbackQuery(NamedTuple):
    """Of a button."""

    id: str
    user_id: int
    data: str | None
    message: IncomingMessage | None
    """None under a message that was sent inline."""
    language: str | None = None
    """The code of what the person's app is in."""


class InlineQuery(NamedTuple):
    """What somebody types behind our name, in any chat."""

    id: str
    user_id: int
    text: str
    language: str | None = None


class Reaction(NamedTuple):
    """What somebody put under a message."""

    chat: int
    private: bool
    date: int
    user_id: int | None
    added: frozenset[str]
    """The emoji that were not there before."""
    language: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.date, UTC)


class Update(NamedTuple):
    update_id: int
    what: IncomingMessage | EditedMessage | CallbackQuery | InlineQuery | Reaction

    @property
    def user_id(self) -> int | None:
        """For the limit of each user."""
        return self.what.user_id

    @property
    def language(self) -> str | None:
        """The code of what its author's app is in."""
        return self.what.language

    @property
    def message(self) -> IncomingMessage | None:
        """The message at hand: said, or with the button."""
        match self.what:
            case IncomingMessage():
                return self.what
            case EditedMessage(message=message) | CallbackQuery(message=message):
                return message
        return None

    @property
    def queue_key(self) -> Hashable:
        """What shares a key is handled in its order: a chat."""
        if isinstance(self.what, Reaction):
            return self.what.chat
        message = self.message
        return message.chat if message else ("inline", self.user_id)


def chat_name(chat: int) -> str:
    """What a chat of Telegram is called in the store and in events."""
    return f"telegram:{chat}"


def chat_number(name: str) -> int:
    """The chat of Telegram that is called so."""
    return int(name.partition(":")[2])


def read(update_id: int, kind: str, raw: Json) -> Update:
    """An update of one of our kinds.

    Raises KeyError, TypeError or another error that does not belong to a good one.
    """
    found = raw[kind]
    if kind == "message":
        return Update(update_id, _message(found))
    if kind == "edited_message":
        return Update(update_id, EditedMessage(_message(found)))
    if kind == "message_reaction":
        return Update(update_id, _reaction(found))
    who, language = _whole(found["from"]["id"]), _language(found["from"])
    if kind == "inline_query":
        number, text = _words(found["id"]), _words(found["query"])
        return Update(update_id, InlineQuery(number, who, text, language))
    under, data = found.get("message"), found.get("data")
    return Update(
        update_id,
        CallbackQuery(
            _words(found["id"]),
            who,
            None if data is None else _words(data),
            None if under is None else _message(under),
            language,
        ),
    )


def _data(message: Json) -> Iterator[str]:
    for row in (message.get("reply_markup") or {}).get("inline_keyboard") or ():
        yield from (b["callback_data"] for b in row if "callback_data" in b)


def _message(raw: Json) -> IncomingMessage:
    chat, author = raw["chat"], raw.get("from")
    for name in ("text", "caption"):
        if name in raw:
            _words(raw[name])
    return IncomingMessage(
        _whole(raw["message_id"]),
        _whole(chat["id"]),
        _words(chat["type"]),
        _whole(raw["date"]),
        None if author is None else _whole(author["id"]),
        raw,
    )


def _reaction(raw: Json) -> Reaction:
    author = raw.get("user")
    return Reaction(
        _whole(raw["chat"]["id"]),
        _words(raw["chat"]["type"]) == "private",
        _whole(raw["date"]),
        None if author is None else _whole(author["id"]),
        frozenset(_emoji(raw["new_reaction"])) - set(_emoji(raw["old_reaction"])),
        _language(author),
    )


def _emoji(reactions: Sequence[Json]) -> Iterator[str]:
    for reaction in reactions:
        if reaction["type"] == "emoji":
            yield _words(reaction["emoji"])


def is_update_id(value: object) -> TypeGuard[int]:
    """Whether it is a number that Telegram, and a database, can count with."""
    return type(value) is int and 0 < value < _BEYOND


def _language(person: Json | None) -> str | None:
    return code_of((person or {}).get("language_code"))


def _whole(value: object) -> int:
    if not isinstance(value, int) or not -_BEYOND < value < _BEYOND:
        raise TypeError("no whole number")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
