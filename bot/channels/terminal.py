"""The chat in a terminal: buttons as numbers, history; plain when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.book import Book
from bot.dialogue.events import Button, Said
from bot.dialogue.session import Session
from bot.folders import root
from bot.responses.markup import Draft, Items, Line, Message, Note, Paragraph, parse
from bot.responses.reply import Reply

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

HOME = "en"
"""The language of our own words."""
_WELCOME = "/start"
_LEAVING = {"/quit", "/exit"}
_LEAVING_ALONE = {"quit", "exit"}
"""The same as a whole line: who quit a group goes on."""
_WIDEST = 88
_BETWEEN = 3
"""Columns between two buttons of a row."""
_WORDS = "_terminal"
"""The folder of its words among the templates."""

Recorder = Callable[[Said, Reply], None]


def chat(bot: Book, record: Recorder | None = None) -> None:
    """Talks until the end of input (Ctrl-D), Ctrl-C on an empty line, or /quit.

    Each turn is passed to `record`, where the person wants to keep it.
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        _Chat(bot, record).talk()
        return
    session = Session()
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        if _leaves(text):
            return
        said = Said("terminal", text, datetime.now().astimezone())
        reply, session = bot.reply(session, said)
        if record:
            record(said, reply)
        print(plain(reply.text, reply.message), flush=True)


def answer(bot: Book, question: str, *, sources: bool = False) -> None:
    """One answer as the chat shows it, without buttons that nobody can press."""
    reply = bot.ask(question, datetime.now().astimezone())
    console, words = _console(), TerminalTexts(bot.in_language(reply.message.language))
    hint = None if sources else words.say("asked_note")
    show(console, reply.message, note_hint=hint)
    for note in _notes(reply.message) if sources else ():
        _unfold(console, note)
    if reply.message.buttons and _puts_a_question(reply):
        labels = [button.label for button in reply.message.buttons]
        console.print(words.say("choices", labels=labels), style="dim")


def _puts_a_question(reply: Reply) -> bool:
    """Whether it asks for something, or an answer ends in a question."""
    if reply.decision in ("ask", "clarify"):
        return True
    told = [b for b in reply.message.blocks if not isinstance(b, Note)]
    last = told[-1] if told else None
    return isinstance(last, Paragraph) and last.lines[-1][-1].text.endswith("?")


def plain(text: str, message: Message) -> str:
    """A message for a pipe: the text, then its buttons numbered, then an empty line."""
    buttons = "".join(f"\n[{n}] {b.label}" for n, b in enumerate(message.buttons, 1))
    return f"{text}\n{buttons}\n"


class TerminalTexts:
    """What the terminal itself says, from templates/LANGUAGE/_terminal/.

    Ours, for a book that has no such words.
    """

    def __init__(self, bot: Book) -> None:
        own = bot.renderer.templates.folder / _WORDS
        self._folder = own if own.is_dir() else root() / "templates" / HOME / _WORDS

    @cached_property
    def _jinja(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self._folder),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701  a terminal shows text, not markup
            trim_blocks=True,
        )

    def say(self, name: str, **values: object) -> RenderableType:
        return _Stack(list(_blocks(Message(parse(self.plain(name, **values))))))

    def plain(self, name: str, **values: object) -> str:
        return self._jinja.get_template(f"{name}.md.j2").render(**values)


class _Stack:
    """Several things to print, one under the other."""

    def __init__(self, parts: Sequence[RenderableType]) -> None:
        self._parts = parts

    def __rich_console__(self, *_: object) -> Iterator[RenderableType]:
        yield from self._parts


class _Chat:
    """A conversation at a real terminal."""

    def __init__(self, bot: Book, record: Recorder | None) -> None:
        self._bot, self._record = bot, record
        self._session = Session()
        self._console, self._words = _console(), TerminalTexts(bot)
        self._last = Message(())
        self._told: list[Note] = []
        """The notes of the last answer that had any."""

    def talk(self) -> None:
        self._turn(_WELCOME)
        self._console.print()
        self._console.print(self._words.say("hint"), style="dim")
        for text in _prompted(lambda: self._words.plain("you").strip()):
            if _leaves(text):
                return
            if text.strip():
                self._take(text)

    def _take(self, text: str) -> None:
        said = text.strip()
        command = said.removeprefix("/")
        if self._told and said.lower() == self._words.plain("unfold").strip():
            for note in self._told:
                _unfold(self._console, note)
        elif said != command and command.isalpha() and not self._is_command(command):
            book = self._bot.in_language(self._session.language)
            names = [
                *sorted(book.kb.commands),
                *(name[1:] for name in sorted(_LEAVING)),
            ]
            listed = self._words.say("commands", command=said, commands=names)
            self._console.print(listed)
        else:
            self._turn(text)

    def _is_command(self, name: str) -> bool:
        return any(name in book.kb.commands for book in self._bot.books)

    def _turn(self, text: str) -> None:
        said = Said("terminal", text, datetime.now().astimezone())
        reply, self._session = self._bot.reply(self._session, said)
        if self._record:
            self._record(said, reply)
        if reply.message.language != self._last.language:
            self._words = TerminalTexts(self._bot.in_language(reply.message.language))
        self._last = reply.message
        self._told = _notes(reply.message) or self._told
        show(self._console, reply.message, note_hint=self._words.say("note"))
        for row in rows(reply.message.buttons, self._console.width):
            self._console.print(row)


# --- what is printed


def show(
    console: Console, message: Message, *, note_hint: RenderableType | None = None
) -> None:
    """A message as a person sees it; its note is folded, its buttons come after it."""
    console.print()
    for part in _blocks(message):
        console.print(part)
        console.print()
    if note_hint and _notes(message):
        console.print(note_hint, style="dim")
        console.print()


def rows(buttons: Sequence[Button], width: int) -> Iterator[RenderableType]:
    """Numbered buttons side by side; a label stays with its number on one line.

    One that is wider than the terminal goes on under its own beginning.
    """
    row, taken = Text(), 0
    for number, button in enumerate(buttons, 1):
        wide = cell_len(f"{number} {button.label}")
        if taken and taken + _BETWEEN + wide > width:
            yield row
            row, taken = Text(), 0
        if wide > width:
            yield _hanging(Text(str(number), "cyan"), Text(button.label))
            continue
        row.append(" " * (_BETWEEN if taken else 0))
        row.append(str(number), "cyan").append(f" {button.label}")
        taken = cell_len(row.plain)
    if taken:
        yield row


def _blocks(message: Message) -> Iterator[RenderableType]:
    for block in message.blocks:
        match block:
            case Paragraph(lines):
                yield Text("\n").join(map(_text, lines))
            case Items(items, numbered):
                yield _list(items, numbered=numbered)
            case Draft(text):
                yield Padding(Text(text, "cyan"), (0, 0, 0, 2))


def _list(items: Sequence[Line], *, numbered: bool) -> RenderableType:
    grid = _grid()
    for number, item in enumerate(items, 1):
        grid.add_row(Text(f" {number}." if numbered else " •"), _text(item))
    return grid


def _hanging(mark: Text, text: Text) -> RenderableType:
    grid = _grid()
    grid.add_row(mark, text)
    return grid


def _grid() -> Table:
    """Two columns: a mark that never breaks, and what goes on under its own beginning."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    return grid


def _unfold(console: Console, note: Note) -> None:
    for line in note.lines:
        console.print(Padding(_text(line), (0, 0, 0, 2)), style="dim")


def _notes(message: Message) -> list[Note]:
    return [block for block in message.blocks if isinstance(block, Note)]


def _text(line: Line) -> Text:
    text = Text()
    for span in line:
        style = "bold" if span.strong else "cyan" if span.code else ""
        if span.address:
            style = f"link {span.address}"
        text.append(span.text, style)
    return text


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    return console


# --- what is typed


def _leaves(text: str) -> bool:
    """Whether a line ends the conversation."""
    said = text.strip().lower()
    return said.partition(" ")[0] in _LEAVING or said in _LEAVING_ALONE


def _prompted(name: Callable[[], str]) -> Iterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import HTML
    from prompt_toolkit.history import InMemoryHistory

    # In memory only: people type the very words that they regret.
    prompt: PromptSession[str] = PromptSession(
        history=InMemoryHistory(), key_bindings=_keys()
    )
    while True:
        try:
            yield prompt.prompt(HTML("\n<b>{}</b> › ").format(name()))
        except (EOFError, KeyboardInterrupt):
            return


def _keys() -> KeyBindings:
    """Ctrl-C clears a half-typed line first, as programs with readline do."""
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    return keys
