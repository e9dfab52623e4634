"""Lines in, lines out: for pipes, tests and tools."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TextIO

from bot.book import Book
from bot.channels.json_events import NotAnEvent, read
from bot.dialogue.session import Session


def answer(bot: Book, question: str, out: TextIO, *, as_json: bool) -> None:
    """One question, one answer."""
    reply = bot.ask(question, datetime.now().astimezone())
    if as_json:
        _write(out, reply.as_json())
        return
    out.write(reply.text + "\n")
    if reply.message.buttons:
        labels = " | ".join(b.label for b in reply.message.buttons)
        out.write(f"\n[{labels}]\n")


def ask(bot: Book, lines: TextIO, out: TextIO) -> None:
    """One plain-text question a line; each stands alone."""
    for line in lines:
        _write(out, bot.ask(line.rstrip("\r\n")).as_json())


def chat(bot: Book, lines: TextIO, out: TextIO) -> None:
    """One event a line; different values of `chat` are different conversations."""
    sessions: dict[str, Session] = {}
    for line in lines:
        try:
            event = read(line)
        except NotAnEvent as error:
            _write(out, {"error": str(error)})
            continue
        session = sessions.get(event.chat, Session())
        reply, sessions[event.chat] = bot.reply(session, event)
        _write(out, {"chat": event.chat, **reply.as_json()})


def _write(out: TextIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=False) + "\n")
    out.flush()
