"""takeback print: every reply of the book as one Markdown text, the same each time.

Topic by topic; ways that lead to the same words stand together. Also the tables of
services that the typed values of the claims make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.channels.telegram import texts
from bot.errors import BotError
from bot.knowledge.model import KnowledgeBase
from bot.responses.markup import (
    Block,
    Draft,
    Items,
    Line,
    Message,
    Note,
    Paragraph,
    Span,
)
from bot.responses.renderer import Renderer
from bot.tools import every_answer, services_table, state_sets
from bot.tools.command_line import (
    EDIT,
    PlatformOption,
    TopicOption,
    check_names,
    open_renderer,
    top,
)
from bot.tools.every_answer import BETWEEN, Entry

_HEAD = """\
# Every reply

Written by `takeback print`; the diff of this text is what a reviewer reads. Under each
heading: ways that lead to a reply, the reply, and its buttons. A fact that changes no
word of it is left out. A way may hold several values of a fact, `scope=-|open`, of
which `-` is none.
"""

app = typer.Typer()


@app.command("print", rich_help_panel=EDIT)
def command(
    table: Annotated[
        bool, typer.Option("--table", help="The services by the five questions.")
    ] = False,
    clock: Annotated[
        bool, typer.Option("--clock", help="The services by a message's age.")
    ] = False,
    topic: TopicOption = None,
    platform: PlatformOption = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write one file a topic into it."),
    ] = None,
) -> None:
    """Print every reply as one text, or a table of the services."""
    renderer = open_renderer()
    check_names(renderer.kb, topic=topic, platform=platform)
    if table or clock:
        made = [services_table.five] * table + [services_table.by_age] * clock
        print("\n".join(make(renderer, platform) for make in made), end="")
    elif into:
        write_pages(into, pages(renderer, topic, platform, top=top()))
    else:
        print(printed(renderer, topic, platform, top=top()), end="")


def printed(
    renderer: Renderer,
    topic: str | None = None,
    platform: str | None = None,
    *,
    top: Path | None = None,
) -> str:
    """All replies as one text; see `pages`."""
    found = pages(renderer, topic, platform, top=top)
    return "\n".join([_HEAD, *found.values()])


def pages(
    renderer: Renderer,
    topic: str | None = None,
    platform: str | None = None,
    *,
    top: Path | None = None,
) -> dict[str, str]:
    """All replies by topic, or those of one topic, or those where one service is known.

    What an action's own tree answers has a page of the action, whatever the topic. With
    the folder of the files, a channel's own few words too. Raises BotError for a name
    that there is not, and TemplateFault.
    """
    kb = renderer.kb
    check_names(kb, topic=topic, platform=platform)
    found = every_answer.entries(renderer, [topic] if topic else None)
    if platform:
        slot = kb.roles.slots.service
        found = (entry for entry in found if entry.known.get(slot) == platform)
    by_page: dict[str, list[Entry]] = {}
    for entry in found:
        by_page.setdefault(entry.folder or entry.topic, []).append(entry)
    made = {
        stem.replace("/", "_") or "_between": _page(kb, stem, entries)
        for stem, entries in sorted(by_page.items(), key=lambda one: "/" in one[0])
    }
    if (
        top
        and not topic
        and not platform
        and (top / texts.FOLDER.format(kb.language_code)).is_dir()
    ):
        made["_channel"] = _own_words(top, kb.language_code)
    return made


def write_pages(folder: Path, found: Mapping[str, str]) -> None:
    """One file a topic; those of topics that are no more go. Raises BotError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md"):
            if path.stem not in found:
                path.unlink()
        for name, text in found.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{folder} cannot be written: {error.strerror}") from None


def _page(kb: KnowledgeBase, stem: str, entries: Iterable[Entry]) -> str:
    same: dict[tuple[str, str, tuple[str, ...]], list[Entry]] = {}
    for entry in entries:
        text = markdown(entry.reply.message)
        if stem != BETWEEN and entry.place.split("/")[0] in kb.topics.keys() - {stem}:
            text = ""  # it stands there
        same.setdefault((entry.place, text, entry.labels), []).append(entry)
    replies = (_reply(*key, ways) for key, ways in same.items())
    return "\n".join([_heading(kb, stem), *replies])


def _heading(kb: KnowledgeBase, stem: str) -> str:
    if stem == BETWEEN:
        return "## Between topics\n\nWhere no topic was understood, or several.\n"
    about = kb.actions[Path(stem).name] if "/" in stem else kb.topics[stem]
    return f"## {stem}: {about.label}\n\n{about.about}\n"


def _own_words(top: Path, language: str) -> str:
    """What a channel says of itself."""
    own = texts.read(top, language)
    found = {name: markdown(own.message(name)) for name in texts.MESSAGES}
    found |= {name: own.label(name) for name in texts.LABELS}
    parts = [f"### {name}\n\n{text}\n" for name, text in found.items()]
    folder = texts.FOLDER.format(language)
    return "\n".join([f"## The channel's own words: {folder}\n", *parts])


def _reply(place: str, text: str, labels: tuple[str, ...], ways: list[Entry]) -> str:
    of_action = bool(ways[0].folder)
    told = state_sets.lines(
        {"topic": entry.topic, **entry.told} if of_action else entry.told
        for entry in ways
    )
    known = "\n".join(f"- `{line or 'nothing known'}`" for line in told)
    buttons = "".join(f" [{label}]" for label in labels)
    parts = [f"### {place}", known, text]
    if text and buttons:
        parts.append(f"Buttons:{buttons}")
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown(message: Message) -> str:
    """A message as the Markdown that it was parsed from."""
    return "\n\n".join("\n".join(_block(block)) for block in message.blocks)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(lines):
            yield from map(_line, lines)
        case Items(items, numbered):
            for number, item in enumerate(items, 1):
                yield f"{number}. {_line(item)}" if numbered else f"- {_line(item)}"
        case Draft(text):
            yield from ("```", text, "```")
        case Note(lines):
            for line in lines:
                yield f"> {_line(line)}"


def _line(spans: Line) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    if span.strong:
        return f"**{span.text}**"
    if span.code:
        return f"`{span.text}`"
    return f"[{span.text}]({span.address})" if span.address else span.text
