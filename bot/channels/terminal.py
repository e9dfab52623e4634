"""The chat in a terminal: buttons as numbers, history; plain when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from bot.app import Assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.responses.markup import Draft, Items, Line, Message, Note, Paragraph
from bot.responses.reply import Reply

_WELCOME = "/start"
_WIDEST = 88
_UNFOLD = "note"
_LEAVING = {"/quit", "/exit"}
"""What is typed to read the note that is folded under an answer."""


def chat(bot: Assistant, noted: Callable[[Said, Reply], None] | None = None) -> None:
    """Talk until the end of input (Ctrl-D), a goodbye by Ctrl-C, or /quit.

    Each turn is passed to `noted`, where the person wants to keep it.
    """
    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    tty = sys.stdin.isatty() and sys.stdout.isatty()
    session = Session()
    if tty:
        said = Said("terminal", _WELCOME, datetime.now().astimezone())
        reply, session = bot.reply(session, said)
        if noted:
            noted(said, reply)
        show(console, reply.message)
        console.print("[dim]A number stands for its button. /quit leaves.[/dim]")
    note: Note | None = None
    for text in _prompted() if tty else _piped():
        if text.strip().lower() in _LEAVING:
            return
        if tty and note and text.strip().lower() == _UNFOLD:
            _unfold(console, note)
            continue
        said = Said("terminal", text, datetime.now().astimezone())
        reply, session = bot.reply(session, said)
        if noted:
            noted(said, reply)
        if tty:
            show(console, reply.message)
            notes = (b for b in reply.message.blocks if isinstance(b, Note))
            note = next(notes, None)
        else:
            print(plain(reply.text, reply.message), flush=True)


def plain(text: str, message: Message) -> str:
    """A message for a pipe: the text, then its buttons numbered, then an empty line."""
    buttons = "".join(f"\n[{n}] {b.label}" for n, b in enumerate(message.buttons, 1))
    return f"{text}\n{buttons}\n"


def show(console: Console, message: Message) -> None:
    """A message as a person sees it."""
    console.print()
    for block in message.blocks:
        match block:
            case Paragraph(lines):
                for line in lines:
                    console.print(_text(line))
            case Items(items, numbered):
                for n, item in enumerate(items, 1):
                    mark = f"{n}." if numbered else "•"
                    console.print(Padding(Text(f"{mark} ") + _text(item), (0, 0, 0, 1)))
            case Draft(text):
                console.print(Padding(Text(text, "cyan"), (0, 0, 0, 2)))
            case Note():
                console.print(
                    f"[dim]▸ Sources, sureness, the guide: type {_UNFOLD}[/dim]"
                )
        console.print()
    buttons = [
        f"[cyan]{n}[/cyan] {escape(b.label)}" for n, b in enumerate(message.buttons, 1)
    ]
    if buttons:
        console.print("   ".join(buttons))


def _unfold(console: Console, note: Note) -> None:
    for line in note.lines:
        console.print(Padding(_text(line), (0, 0, 0, 2)), style="dim")


def _text(line: Line) -> Text:
    text = Text()
    for span in line:
        style = "bold" if span.strong else "cyan" if span.code else ""
        if span.address:
            style = f"link {span.address}"
        text.append(span.text, style)
    return text


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _prompted() -> Iterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import HTML
    from prompt_toolkit.history import InMemoryHistory

    # In memory only: people type the very words that they regret.
    prompt: PromptSession[str] = PromptSession(history=InMemoryHistory())
    while True:
        try:
            yield prompt.prompt(HTML("\n<b>you</b> › "))
        except (EOFError, KeyboardInterrupt):
            return
