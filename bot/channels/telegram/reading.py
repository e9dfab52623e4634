"""What a message is to us: a question, something that earns a kind line, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from telegram import Message, MessageEntity, Update, User


@dataclass(frozen=True)
class Question:
    text: str


@dataclass(frozen=True)
class Aside:
    """Not a question; `line` answers it."""

    line: str


Meaning = Question | Aside | None


def private(message: Message) -> Meaning:
    """In a private chat all is meant for us, but not all of it is a question."""
    if message.via_bot:
        return None  # one of our own inline answers, posted to us
    if message.forward_origin:
        return Aside("forwarded")
    if text := message.text or message.caption:
        return Question(text)
    return _wordless(message)


def _wordless(message: Message) -> Aside | None:
    if message.voice or message.audio or message.video_note:
        return Aside("voice")
    if message.contact or message.location or message.venue:
        return Aside("personal")
    if message.sticker or message.dice:
        return None  # a nod, not a question
    return Aside("media") if message.effective_attachment else None


@dataclass(frozen=True)
class Ears:
    """What makes a group's message ours: our name, our commands, a reply to us."""

    me: User
    commands: Collection[str]

    def concern(self, update: Update) -> bool:
        """Whether an update is for us at all: what a group talks about is not."""
        message = update.message
        if message is None or message.chat.type == message.chat.PRIVATE:
            return True
        return self.group(message) is not None

    def group(self, message: Message) -> Question | None:
        """The question, without our name in it."""
        text, author = message.text, message.from_user
        if not text or message.forward_origin or message.via_bot:
            return None
        if author is None or (author.is_bot and message.sender_chat is None):
            return None
        if text.startswith("/"):
            return Question(text) if self._commanded(text) else None
        spoken = self._without_name(message)
        if spoken is not None:
            return Question(spoken)
        before = message.reply_to_message
        if before and before.from_user and before.from_user.id == self.me.id:
            return Question(text)
        return None

    def _commanded(self, text: str) -> bool:
        command, at, name = text[1:].split(maxsplit=1)[0].partition("@")
        if at:
            return self._is_me(name)
        # Bare commands reach every bot of a group; we answer to our own alone.
        return command.casefold() in self.commands

    def _is_me(self, name: str) -> bool:
        return (
            bool(self.me.username)
            and name.casefold() == (self.me.username or "").casefold()
        )

    def _without_name(self, message: Message) -> str | None:
        text = message.text or ""
        mentions = message.parse_entities(
            [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
        )
        ours = [
            said
            for entity, said in mentions.items()
            if (entity.user and entity.user.id == self.me.id)
            or (entity.type == MessageEntity.MENTION and self._is_me(said[1:]))
        ]
        for said in ours:
            text = text.replace(said, " ", 1)
        return text.strip(" ,:") if ours else None
