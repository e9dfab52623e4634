"""Lines in, lines out: for pipes, tests and tools."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.app import Assistant
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session

_FIRST, _LAST = 1970, 3000
"""Years in which a message can have been sent; beyond, times cannot be subtracted."""


class NotAnEvent(ValueError):
    """A line that is no event; says what is wrong with it."""


def answer(bot: Assistant, question: str, out: TextIO, *, as_json: bool) -> None:
    """One question, one answer."""
    reply = bot.ask(question, datetime.now().astimezone())
    if as_json:
        _write(out, reply.as_json())
        return
    out.write(reply.text + "\n")
    if reply.message.buttons:
        labels = " | ".join(b.label for b in reply.message.buttons)
        out.write(f"\n[{labels}]\n")


def ask(bot: Assistant, lines: TextIO, out: TextIO) -> None:
    """One plain-text question a line; each stands alone."""
    for line in lines:
        _write(out, bot.ask(line.rstrip("\r\n")).as_json())


def chat(bot: Assistant, lines: TextIO, out: TextIO) -> None:
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


def read(line: str) -> Event:
    """The event of a line. Raises NotAnEvent."""
    try:
        found = json.loads(line)
    except ValueError as error:
        raise NotAnEvent(f"not JSON: {error}") from None
    except RecursionError:
        raise NotAnEvent("not JSON: nested too deep") from None
    if not isinstance(found, dict):
        raise NotAnEvent("not an object")
    if unknown := found.keys() - {"chat", "text", "press", "at"}:
        raise NotAnEvent(f"unknown key: {', '.join(sorted(unknown))}")
    chat = found.get("chat")
    if not isinstance(chat, str | int):
        raise NotAnEvent("`chat` has to be a text")
    at = _at(found.get("at"))
    match found:
        case {"text": str(text), "press": _}:
            raise NotAnEvent("either `text` or `press`, not both")
        case {"text": str(text)}:
            return Said(str(chat), text, at)
        case {"press": str(value)}:
            return Pressed(str(chat), value, at)
    raise NotAnEvent("needs `text` or `press`, each a text")


def _at(value: Any) -> datetime:
    if value is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise NotAnEvent("`at` has to be an ISO 8601 time") from None
    if not _FIRST <= at.year <= _LAST:
        raise NotAnEvent(f"`at` has to be between the years {_FIRST} and {_LAST}")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _write(out: TextIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=False) + "\n")
    out.flush()
