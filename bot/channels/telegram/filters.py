"""What a message is to us: a question, something that earns a kind line, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from bot.channels.telegram.update import (
    EditedMessage,
    IncomingMessage,
    Json,
    Reaction,
    Update,
)


@dataclass(frozen=True)
class Theirs:
    """What somebody else said in a group, and when."""

    text: str
    date: int


@dataclass(frozen=True)
class Utterance:
    text: str
    theirs: Theirs | None = None
    """What it replies to, if that is to be answered."""


@dataclass(frozen=True)
class CannedReply:
    """Not a question; the text of this name answers it."""

    text: str
    opening: bool = False
    """Only for who has asked nothing yet."""


@dataclass(frozen=True)
class OwnForward:
    """A message of one's own, forwarded to us: when it went out, and nothing else."""

    sent: datetime


@dataclass(frozen=True)
class UnknownCommand:
    """A slash and a name that means nothing here."""


class BotIdentity(NamedTuple):
    """What Telegram knows the bot by."""

    user_id: int
    username: str | None
    inline: bool = False
    """Whether it can be asked in any chat."""


Content = Utterance | CannedReply | OwnForward | UnknownCommand | None

_THEIRS = 1_000
"""Characters of another's question that are read."""
_WORDLESS = ("sticker", "dice", "checklist", "gift", "unique_gift", "rich_message")
"""No question either; a kind word where a chat begins so, else none."""
_VOICE = ("voice", "audio", "video_note")
_PERSONAL = ("contact", "location", "venue")
_MEDIA = (
    *("animation", "document", "game", "invoice", "live_photo", "paid_media"),
    *("passport_data", "photo", "poll", "story", "successful_payment", "video"),
)


def private(message: IncomingMessage, commands: Collection[str]) -> Content:
    """In a private chat all is meant for us, but not all of it is a question."""
    raw = message.raw
    if raw.get("via_bot"):
        return None  # one of our own inline answers, posted to us
    if origin := raw.get("forward_origin"):
        return _forwarded(origin, message.user_id)
    if text := message.text or raw.get("caption"):
        return _commanded(text, commands)
    return _wordless(raw)


def _commanded(text: str, commands: Collection[str]) -> Utterance | UnknownCommand:
    """An unknown command with words is a question of those words: /unsend a message."""
    name, _, rest = text[1:].strip().partition(" ")
    name = name.partition("@")[0]
    if not text.startswith("/") or name.casefold() in commands:
        return Utterance(text)
    return Utterance(f"{name} {rest}") if rest.strip() else UnknownCommand()


def _forwarded(origin: Json, user_id: int | None) -> Content:
    """One's own starts the clock; its words are not looked at, whosever they are."""
    author = origin.get("sender_user") or {}
    if user_id is None or author.get("id") != user_id:
        return CannedReply("forwarded")
    return OwnForward(datetime.fromtimestamp(origin["date"], UTC))


def _wordless(raw: Json) -> CannedReply | None:
    def any_of(names: tuple[str, ...]) -> bool:
        return any(raw.get(name) for name in names)

    if any_of(_VOICE):
        return CannedReply("voice")
    if any_of(_PERSONAL):
        return CannedReply("personal")
    if any_of(_WORDLESS):
        return CannedReply("wordless", opening=True)
    return CannedReply("media") if any_of(_MEDIA) else None


class AddressedToUs(NamedTuple):
    """What makes a group's message ours: our name, our commands, a reply to us."""

    me: BotIdentity
    commands: Collection[str]

    def matches(self, update: Update) -> bool:
        """Whether an update is for us at all: what a group talks about is not."""
        if isinstance(update.what, Reaction):
            return update.what.private and bool(update.what.added)
        said = isinstance(update.what, IncomingMessage | EditedMessage)
        message = update.message if said else None
        if message is None or message.private:
            return True
        return self.group(message) is not None

    def group(self, message: IncomingMessage) -> Utterance | UnknownCommand | None:
        """The question, without our name in it: a text or a picture's caption."""
        raw = message.raw
        text = message.text or raw.get("caption")
        if not text or raw.get("forward_origin") or raw.get("via_bot"):
            return None
        if message.user_id is None:
            return None
        if raw["from"].get("is_bot") and not raw.get("sender_chat"):
            return None
        if text.startswith("/"):
            ours = message.text is not None and self._is_ours(text)
            return _commanded(text, self.commands) if ours else None
        entities = raw.get("entities" if message.text else "caption_entities") or ()
        unnamed = self._without_name(text, entities)
        if unnamed is not None:
            return Utterance(unnamed, self._theirs(message))
        return Utterance(text) if message.replies_to == self.me.user_id else None

    def _theirs(self, message: IncomingMessage) -> Theirs | None:
        """Our name in reply to somebody else's message asks about that message."""
        if message.replies_to in (None, self.me.user_id):
            return None
        theirs = message.raw["reply_to_message"]
        said, date = theirs.get("text") or theirs.get("caption"), theirs.get("date")
        if not isinstance(said, str) or not isinstance(date, int):
            return None
        return Theirs(said[:_THEIRS], min(max(date, 0), message.date))

    def _is_ours(self, text: str) -> bool:
        command, at, name = text.split(maxsplit=1)[0][1:].partition("@")
        if at:
            return self._is_me(name)
        # Bare commands reach every bot of a group; we answer to our own alone.
        return command.casefold() in self.commands

    def _is_me(self, name: str) -> bool:
        ours = self.me.username
        return bool(ours) and name.casefold() == (ours or "").casefold()

    def _without_name(self, text: str, entities: Collection[Json]) -> str | None:
        ours = list(self._named(text, entities))
        for said in ours:
            text = text.replace(said, " ", 1)
        return text.strip(" ,:") if ours else None

    def _named(self, text: str, entities: Collection[Json]) -> Iterator[str]:
        """Each mention of us."""
        if not entities:
            return
        units = text.encode("utf-16-le", "surrogatepass")
        for entity in entities:
            start, size = 2 * entity["offset"], 2 * entity["length"]
            said = units[start : start + size].decode("utf-16-le", "replace")
            match entity:
                case {"type": "mention"} if self._is_me(said[1:]):
                    yield said
                case {"type": "text_mention", "user": {"id": self.me.user_id}}:
                    yield said
