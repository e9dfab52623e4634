"""A book that talks: from what was said and is known to a reply. Nothing is kept here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from bot.dialogue import callback_data, manager
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Turn
from bot.folders import root
from bot.knowledge import cache as knowledge_cache
from bot.knowledge.model import Edition, KnowledgeBase
from bot.nlu.engine import NluEngine
from bot.responses.renderer import Renderer
from bot.responses.reply import Reply


@dataclass
class Book:
    """One book; or several, each in its language, behind the main one."""

    kb: KnowledgeBase
    nlu: NluEngine
    renderer: Renderer

    @classmethod
    def read(
        cls,
        edition: Edition = "checked",
        top: Path | None = None,
        cache: Path | None = None,
        learning: knowledge_cache.Learning = knowledge_cache.SILENT,
    ) -> Self:
        """The files of a folder, with the fitted model kept in `cache`.

        Raises KnowledgeError with all that is wrong with the files.
        """
        top = top or root()
        kb, nlu = knowledge_cache.open_engine(top, edition, cache, learning)
        return cls(kb, nlu, Renderer(kb, top, cache))

    @property
    def books(self) -> Sequence[Book]:
        """All that can answer, the main one first."""
        return (self,)

    def in_language(self, code: str | None) -> Book:
        """The book of a language; else the main one."""
        return next((b for b in self.books if b.kb.language_code == code), self)

    def reader(
        self,
        session: Session,
        event: Event,  # noqa: ARG002
    ) -> tuple[Book, Session]:
        """The book that answers an event, and what is known of the chat there."""
        return self, session

    def kb_of(self, language: str | None) -> KnowledgeBase:
        """The knowledge in a language; else the main one."""
        return self.in_language(language).kb

    def kb_of_button(self, value: str) -> KnowledgeBase | None:
        """The knowledge that the value of a button is of."""
        found = (b.kb for b in self.books if callback_data.decode(b.kb, value))
        return next(found, None)

    def turn(self, session: Session, event: Event) -> Turn:
        book, known = self.reader(session, event)
        return manager.take_turn(book.kb, book.nlu, known, event, clock(event))

    def worded(self, done: Turn, event: Event) -> tuple[Book, Reply]:
        """What a turn says, and the book that says it."""
        book = self.in_language(done.session.language)
        return book, book.renderer.reply(done, clock(event))

    def answered(self, session: Session, event: Event) -> Answered:
        """An event taken and worded; what was said just now is not said again."""
        done = self.turn(session, event)
        book, reply = self.worded(done, event)
        digest = _digest(reply)
        if isinstance(event, Said) and digest == session.said:
            done = manager.not_twice(book.kb, session, event, done)
            book, reply = self.worded(done, event)
            digest = _digest(reply)
        after = replace(done.session, said=digest)
        return Answered(book, done._replace(session=after), reply)

    def reply(self, session: Session, event: Event) -> tuple[Reply, Session]:
        """The reply to an event, and the session after it."""
        found = self.answered(session, event)
        return found.reply, found.turn.session

    def look(self, event: Event) -> Reply:
        """What an event leads to for whom nothing is known of; it changes nothing."""
        return self.reply(Session(), event)[0]

    def ask(self, question: str, at: datetime | None = None) -> Reply:
        """One question that stands alone."""
        return self.look(Said("", question, at or datetime.now(UTC)))

    def is_fragment(self, text: str) -> bool:
        """Whether a text is a piece of a question rather than a whole one."""
        return all(manager.is_fragment(b.kb, b.nlu, text) for b in self.books)

    def variants(self, reply: Reply, at: datetime | None = None) -> list[Reply]:
        """An answer's drafts in other words: those that its buttons lead to."""
        now, language = at or datetime.now(UTC), reply.message.language
        others = (
            self.look(Pressed("", button.value, now, language=language))
            for button in reply.message.buttons
        )
        return [r for r in others if r.topic == reply.topic and r.message.drafts]

    def search(
        self, text: str, at: datetime | None = None, language: str | None = None
    ) -> list[tuple[str, Reply]]:
        """Answers to a text, the best first, each with a title.

        Open questions count as "not sure", so that each is a whole answer. No text:
        what is asked most.
        """
        now = (at or datetime.now(UTC)).replace(microsecond=0)
        book, _ = self.reader(Session(), Said("", text, now, language=language))
        found = manager.search(book.kb, book.nlu, text, now)
        return [
            (_title(book.kb, done), book.renderer.reply(done, now)) for done in found
        ]


class Answered(NamedTuple):
    """What an event led to, and the book that says it."""

    book: Book
    turn: Turn
    reply: Reply


def _digest(reply: Reply) -> str:
    """Tells a reply from others, without a word of it.

    Of one with words to copy these alone count: the rest may differ by a button.
    """
    said = "\n".join(reply.message.drafts) or reply.text
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def clock(event: Event) -> datetime:
    """The clock as an event is answered, to the second: moments are kept no finer."""
    return max(event.at, event.answered_at or event.at).replace(microsecond=0)


def _title(kb: KnowledgeBase, done: Turn) -> str:
    outcome = done.outcome
    topic = outcome.topic if isinstance(outcome, Answer) else ""
    label = kb.topics[topic].label if topic else ""
    if topic == kb.roles.topics.compare:
        return label
    platform = kb.label(done.slots.get(kb.roles.slots.service, ""))
    return f"{label} ({platform})" if platform else label
