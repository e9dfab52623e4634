"""The channel's own few words, from templates/LANGUAGE/_telegram/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from bot.errors import KnowledgeError, Problem
from bot.responses.markup import Message, parse, to_plain

FOLDER = "templates/en/_telegram"
SPOKEN = (
    *("forwarded", "media", "voice", "personal", "hurry", "trouble"),
    *("linked", "unlinked"),
)
"""Messages of their own."""
SHORT = {
    "stranger": 200,
    "wait": 200,
    "copy": 64,
    "open": 64,
    "guide": 64,
    "back": 256,
    "link": 256,
    "name": 64,
    "short": 120,
    "description": 512,
}
"""Plain words and their limit in characters, by the Bot API."""


class Lines:
    def __init__(self, spoken: Mapping[str, Message], short: Mapping[str, str]) -> None:
        self._spoken, self._short = spoken, short

    def spoken(self, name: str) -> Message:
        return self._spoken[name]

    def short(self, name: str) -> str:
        return self._short[name]


def read(top: Path) -> Lines:
    """All lines, so that a missing one is found at the start.

    Raises KnowledgeError with all that is wrong with them.
    """
    jinja = Environment(
        loader=FileSystemLoader(top / FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  the parsed message is escaped when it is sent
    )
    problems: list[Problem] = []

    def message(name: str) -> Message:
        file = f"{name}.md.j2"
        try:
            return Message(parse(jinja.get_template(file).render()))
        except TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            text = f"{type(error).__name__}: {error}"
            problems.append(Problem(f"{FOLDER}/{file}", line, text))
            return Message(())

    spoken = {name: message(name) for name in SPOKEN}
    short = {name: to_plain(message(name)) for name in SHORT}
    problems += [
        Problem(f"{FOLDER}/{name}.md.j2", 1, f"over {SHORT[name]} characters")
        for name, text in short.items()
        if len(text) > SHORT[name]
    ]
    if problems:
        raise KnowledgeError(problems)
    return Lines(spoken, short)
