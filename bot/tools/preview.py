"""takeback preview: a page that shows each message as it will look in Telegram.

Phone width, light and dark; with its buttons in their rows, the note folded, and both
lengths: what is seen before the fold, and the whole as Telegram counts it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Finished, NoButton, Step, Suggestions
from bot.knowledge.model import KnowledgeBase
from bot.responses.markup import Message, to_html, to_plain
from bot.responses.renderer import Renderer
from bot.tools import every_answer
from bot.tools.check.replies import PHONE, TEXT_LIMIT, units, visible
from bot.tools.command_line import (
    EDIT,
    PlatformOption,
    TopicOption,
    check_names,
    open_renderer,
    top,
)
from bot.tools.page import page, write

app = typer.Typer()

_BETWEEN = {
    Suggestions: "torn between some",
    Fallback: "not understood",
    NoButton: "no such button",
}


@app.command("preview", rich_help_panel=EDIT)
def command(
    file: Annotated[Path, typer.Argument(help="The page to write.")],
    topic: TopicOption = None,
    platform: PlatformOption = None,
) -> None:
    """Write a page that shows each message as it will look in Telegram."""
    # Who lacks the library hears of it before the book is opened.
    import bot.channels.telegram.inline_keyboard  # noqa: F401

    renderer = open_renderer()
    check_names(renderer.kb, topic=topic, platform=platform)
    write(file, preview(renderer, top(), topic, platform))
    print(file)


@dataclass
class Shown:
    """One message, and the ways that lead to it."""

    place: str
    message: Message
    copy: str
    """What a button says that copies a draft."""
    ways: list[str] = field(default_factory=list)
    title: str = ""

    @property
    def html(self) -> str:
        return to_html(self.message)

    @property
    def seen(self) -> int:
        """Characters before the fold."""
        return len(visible(self.message))

    @property
    def units(self) -> int:
        return units(to_plain(self.message))

    @property
    def rows(self) -> list[list[str]]:
        """The labels of the buttons, as they stand side by side."""
        from bot.channels.telegram.inline_keyboard import keyboard

        copied = {f"{self.copy} {n}": d for n, d in enumerate(self.message.drafts, 1)}
        if len(copied) == 1:
            copied = {self.copy: self.message.drafts[0]}
        markup = keyboard(self.message.buttons, copied)
        rows = markup["inline_keyboard"] if markup else []
        return [[str(button["text"]) for button in row] for row in rows]


def preview(
    renderer: Renderer,
    top: Path,
    topic: str | None = None,
    platform: str | None = None,
) -> str:
    """The page, of all messages or of one topic or service. Raises TemplateFault."""
    # Here, not above: the help of all commands needs no Telegram.
    from bot.channels.telegram import texts

    copy = texts.read(top, renderer.kb.language_code).label("copy")
    service = renderer.kb.roles.slots.service
    same: dict[tuple[str, str, tuple[str, ...]], Shown] = {}
    kb = renderer.kb
    found = every_answer.entries(renderer, [topic] if topic else None)
    named = topic in (None, kb.roles.topics.compare) and platform is None
    compared = every_answer.comparisons(renderer) if named else ()
    for entry in (*found, *compared):
        if platform in (None, entry.known.get(service)):
            key = entry.place, entry.reply.html, entry.labels
            title = _title(kb, entry)
            shown = Shown(entry.place, entry.reply.message, copy, title=title)
            same.setdefault(key, shown).ways.append(entry.way or "nothing known")
    messages = list(same.values())
    places = {
        m.place.partition("/")[0].partition("?")[0].partition(",")[0] for m in messages
    }
    return page(
        "preview",
        lang=kb.language_code,
        messages=messages,
        topics=sorted(places),
        phone=PHONE,
        limit=TEXT_LIMIT,
    )


def _title(kb: KnowledgeBase, entry: every_answer.Entry) -> str:
    """What a message is, in words."""
    topic = kb.topics.get(entry.topic)
    label = topic.label if topic else "Between the topics"
    match entry.outcome:
        case Answer(say=say):
            return f"{label}: {say.replace('_', ' ')}"
        case Question(slot=slot):
            return f"{label}: asks for the {slot.replace('_', ' ')}"
        case Step(number=number, of=of):
            return f"{label}: step {number} of {of}"
        case Finished():
            return f"{label}: after the steps"
        case Suggestions() | Fallback() | NoButton():
            return f"{label}: {_BETWEEN[type(entry.outcome)]}"
