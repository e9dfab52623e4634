"""JSON objects → events, for every channel whose other side is a program."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import Any

from bot.channels.language_tags import code_of
from bot.dialogue.events import Event, Pressed, Said

_FIRST, _LAST = 1970, 3000
"""Years in which a message can have been sent; beyond, times cannot be subtracted."""
_OF_AN_EVENT = frozenset({"chat", "text", "press", "at", "language"})
_OF_A_QUESTION = frozenset({"text", "at", "language"})


class NotAnEvent(ValueError):
    """A text that is no event; says what is wrong with it."""


def read(line: str, keys: AbstractSet[str] = _OF_AN_EVENT) -> Event:
    """The event of a line, that may have these keys. Raises NotAnEvent."""
    found = _object(line, keys)
    chat = found.get("chat")
    # True and False are numbers to Python.
    if isinstance(chat, bool) or not isinstance(chat, str | int):
        raise NotAnEvent("`chat` has to be a text or a whole number")
    at, language = _at(found.get("at")), _language(found.get("language"))
    match found:
        case {"text": str(text), "press": _}:
            raise NotAnEvent("either `text` or `press`, not both")
        case {"text": str(text)}:
            return Said(str(chat), text, at, language=language)
        case {"press": str(value)}:
            return Pressed(str(chat), value, at, language=language)
    raise NotAnEvent("needs `text` or `press`, each a text")


def read_question(line: str) -> Said:
    """A question that stands alone, of no chat. Raises NotAnEvent."""
    found = _object(line, _OF_A_QUESTION)
    at, language = _at(found.get("at")), _language(found.get("language"))
    if isinstance(text := found.get("text"), str):
        return Said("", text, at, language=language)
    raise NotAnEvent("needs `text`, a text")


def _object(line: str, keys: AbstractSet[str]) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise NotAnEvent(f"not JSON: {error}") from None
    except ValueError:
        raise NotAnEvent("not JSON: a number is too long") from None
    except RecursionError:
        raise NotAnEvent("not JSON: nested too deep") from None
    if not isinstance(found, dict):
        raise NotAnEvent("not an object")
    if unknown := found.keys() - keys:
        raise NotAnEvent(f"unknown key: {', '.join(sorted(unknown))}")
    return found


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


def _language(value: Any) -> str | None:
    if value is None:
        return None
    if code := code_of(value):
        return code
    raise NotAnEvent('`language` has to be a language tag such as "es" or "es-MX"')
