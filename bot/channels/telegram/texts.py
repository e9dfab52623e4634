"""The channel's own few words, from templates/LANGUAGE/_telegram/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.channels.telegram import translations
from bot.channels.telegram.translations import HOME, Translations
from bot.errors import KnowledgeError, Problem
from bot.responses import template_errors
from bot.responses.markup import Message, parse, to_plain

FOLDER = "templates/{}/_telegram"
"""Of a language."""
MESSAGES = (
    *("forwarded", "media", "voice", "personal", "hurry", "trouble"),
    *("linked", "unlinked", "no_command", "wordless", "whispered", "trial"),
)
"""Messages of their own."""
TEMPLATES = {"reminder": ("left", "action", "where", "seconds", "time")}
"""Messages with something to fill in."""
LABELS = {
    "stranger": 200,
    "stale": 200,
    "wait": 200,
    "copy": 64,
    "copy_gap": 64,
    "open": 64,
    "guide": 64,
    "share": 64,
    "more": 64,
    "try_it": 64,
    "remind": 64,
    "remind_cancel": 64,
    "remind_set": 200,
    "remind_off": 200,
    "remind_full": 200,
    "send_to": 64,
    "ready": 64,
    "in_private": 64,
    "oops": 256,
    "stats": 256,
    "name": 64,
    "short": 120,
    "description": 512,
}
"""Plain words and their limit in characters, by the Bot API."""


@dataclass(frozen=True)
class Texts:
    language: str
    messages: Mapping[str, Message]
    templates: Mapping[str, Template]
    labels: Mapping[str, str]
    translations: Translations
    commands: Mapping[str, str]
    """Those that people need most come first, in words of the chat."""
    others: Mapping[str, Texts] = field(default_factory=dict)
    """The same of further books, by their language."""

    def of(self, language: str | None) -> Texts:
        """Those in a language that there is a book in; else of the main one."""
        return self.others.get(language or "", self)

    def message(self, name: str) -> Message:
        return self.messages[name]

    def filled(self, name: str, **values: object) -> Message:
        return Message(parse(self.templates[name].render(values)))

    def label(self, name: str) -> str:
        return self.labels[name]


def read_all(folders: Mapping[str, Path]) -> Texts:
    """The texts of every book, by language and folder, the main one first.

    Raises KnowledgeError, as `read` does.
    """
    main, *others = (read(top, language) for language, top in folders.items())
    return replace(
        main,
        translations=main.translations.without(folders),
        others={texts.language: texts for texts in others},
    )


def read(top: Path, language: str = HOME) -> Texts:
    """All texts, so that a missing one is found at the start.

    Raises KnowledgeError with all that is wrong with them.
    """
    folder = FOLDER.format(language)
    if not (top / folder).is_dir():
        text = "there is no such folder; the channel's own words stand there"
        raise KnowledgeError([Problem(folder, 1, text)])
    jinja = SandboxedEnvironment(
        loader=FileSystemLoader(top / folder),
        undefined=StrictUndefined,
        autoescape=False,
    )
    problems: list[Problem] = []

    def source(name: str, **values: str) -> str:
        file = f"{name}.md.j2"
        try:
            return jinja.get_template(file).render(values)
        except TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            text = template_errors.reason(error)
            problems.append(Problem(f"{folder}/{file}", line, text))
            return ""

    def message(name: str) -> Message:
        return Message(parse(source(name)))

    messages = {name: message(name) for name in MESSAGES}
    labels = {name: to_plain(message(name)) for name in LABELS}
    problems += [
        Problem(f"{folder}/{name}.md.j2", 1, f"over {LABELS[name]} characters")
        for name, text in labels.items()
        if len(text) > LABELS[name]
    ]
    for name, values in TEMPLATES.items():
        source(name, **dict.fromkeys(values, "x"))
    commands = translations.listed(source(translations.COMMANDS))
    if problems:
        raise KnowledgeError(problems)
    templates = {name: jinja.get_template(f"{name}.md.j2") for name in TEMPLATES}
    own = translations.read(top, language)
    return Texts(language, messages, templates, labels, own, commands)
