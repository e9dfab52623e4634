"""Several books in one process, each in its language: which of them answers a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.app import Assistant
from bot.book import Book
from bot.dialogue import callback_data, other_book
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.errors import KnowledgeError, Problem
from bot.folders import root
from bot.knowledge.cache import SILENT, Learning
from bot.knowledge.model import Edition
from bot.knowledge.phrase_files import phrase_lines
from bot.nlu.confidence import Ambiguous, Confident, NoMatch
from bot.nlu.engine import NluEngine
from bot.nlu.spoken_language import OwnWords, own_words, spoken

_PARTS = "knowledge/assistant.yaml"
"""Where a book names its language."""


@dataclass
class Polyglot(Assistant):
    """The main book, and others that answer in its place who speaks their language."""

    others: tuple[Book, ...] = ()
    folders: tuple[Path, ...] = ()
    """Where the others are."""
    words: tuple[OwnWords, ...] = field(default=(), repr=False)
    """Of every book."""

    @property
    def books(self) -> Sequence[Book]:
        return (self, *self.others)

    def reader(self, session: Session, event: Event) -> tuple[Book, Session]:
        """A language stays until a message is in another; a button has one of its own."""
        match event:
            case Pressed(value=value):
                book = self._of_button(value, session.language, event.language)
            case Said():
                book = self._of_text(session, event)
        before = self.in_language(session.language)
        if book is not before:
            session = other_book.carried(session, before.kb, book.kb)
        return book, replace(session, language=book.kb.language_code)

    def _of_button(self, value: str, *languages: str | None) -> Book:
        """The book that printed a button; of several that may have, the nearest."""
        near = [self.in_language(code) for code in languages if code]
        all_ = (*near, *self.books)
        return next((b for b in all_ if callback_data.decode(b.kb, value)), all_[0])

    def _of_text(self, session: Session, event: Said) -> Book:
        text = event.text
        if code := self._of_command(text) or spoken(text, self.words):
            return self.in_language(code)
        at_hand = session.language or self._known(event.language)
        # A single word decides where nothing else does, or where it is not even read.
        single = spoken(text, self.words, least=1)
        book = self.in_language(at_hand or single)
        if at_hand and single != at_hand and single and _is_foreign(text, book.nlu):
            return self.in_language(single)
        return book

    def _known(self, code: str | None) -> str | None:
        """The code of a language that there is a book in."""
        return code if any(b.kb.language_code == code for b in self.books) else None

    def _of_command(self, text: str) -> str | None:
        """The language of a command that one book alone has."""
        if not text.startswith("/"):
            return None
        name = text[1:].partition(" ")[0].partition("@")[0].casefold()
        found = [book for book in self.books if name in book.kb.commands]
        return found[0].kb.language_code if len(found) == 1 else None

    async def language_of(self, chat: str, at: datetime, own: str | None) -> str | None:
        session = (await self.store.sessions.get(chat, at)).session
        return session.language or self._known(own)

    async def reload(
        self, edition: Edition, top: Path | None = None, cache: Path | None = None
    ) -> None:
        """Other books in the place of these, all of them or none."""
        made = await asyncio.to_thread(open_books, edition, self.folders, top, cache)
        for book in made.books:
            await asyncio.to_thread(book.renderer.templates.prepare)
        self.kb, self.nlu, self.renderer = made.kb, made.nlu, made.renderer
        self.others, self.words = made.others, made.words


def open_books(
    edition: Edition,
    folders: Sequence[Path],
    top: Path | None = None,
    cache: Path | None = None,
    learning: Learning = SILENT,
) -> Polyglot:
    """The main book, and those of further folders.

    Raises KnowledgeError, also where two are in one language.
    """
    main = Assistant.read(edition, top, cache, learning)
    others = tuple(Book.read(edition, one, cache, learning) for one in folders)
    codes = [book.kb.language_code for book in (main, *others)]
    twice = [
        Problem(str(folder / _PARTS), 1, f"another book is in `{code}` too")
        for number, (folder, code) in enumerate(zip(folders, codes[1:], strict=True), 1)
        if code in codes[:number]
    ]
    if twice:
        raise KnowledgeError(twice)
    tops = (top or root(), *folders)
    words = tuple(map(_words, (main, *others), tops))
    return Polyglot(
        main.kb,
        main.nlu,
        main.renderer,
        others=others,
        folders=tuple(folders),
        words=words,
    )


def _words(book: Book, top: Path) -> OwnWords:
    path = top / "knowledge" / "phrases" / f"{book.nlu.foreign}.txt"
    lines = phrase_lines(path) if path.is_file() else ()
    foreign = (line.text for line in lines)
    return own_words(book.nlu.spelling.counts, book.kb.language, foreign)


def _is_foreign(text: str, nlu: NluEngine) -> bool:
    """Whether a book takes a text for another language than its own, if for anything."""
    match nlu.parse(text).verdict:
        case Confident(label):
            return label == nlu.foreign
        case Ambiguous(labels) | NoMatch(labels):
            return nlu.foreign in labels[:1]
