"""takeback print: every reply of the book as one Markdown text, the same each time.

Topic by topic, way by way; ways that lead to the same words stand together. Also the
tables of services that the typed values of the claims make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.channels.telegram import lines
from bot.desk import proof
from bot.desk.proof import BETWEEN, Entry
from bot.errors import BotError
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.yaml_file import did_you_mean
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

_HEAD = """\
# Every reply

Written by `takeback print`; the diff of this text is what a reviewer reads. Under each
heading: the ways that lead to a reply, the reply, and its buttons.
"""


def printed(
    renderer: Renderer,
    topic: str | None = None,
    platform: str | None = None,
    *,
    top: Path | None = None,
) -> str:
    """All replies, or those of one topic, or those where one service is known.

    With the folder of the files, a channel's own few words too. Raises BotError for a
    name that there is not, and TemplateFault.
    """
    kb = renderer.kb
    known(kb, topic=topic, platform=platform)
    found = proof.entries(renderer, [topic] if topic else None)
    if platform:
        found = (entry for entry in found if entry.known.get("platform") == platform)
    by_topic: dict[str, list[Entry]] = {}
    for entry in found:
        by_topic.setdefault(entry.topic, []).append(entry)
    parts = [_topic(kb, stem, entries) for stem, entries in by_topic.items()]
    if top and not topic and not platform and (top / lines.FOLDER).is_dir():
        parts.append(_own_words(top))
    return "\n".join([_HEAD, *parts])


def known(
    kb: KnowledgeBase, *, topic: str | None = None, platform: str | None = None
) -> None:
    """Raises BotError where there is no such topic or service."""
    for what, name, among in (
        ("topic", topic, kb.topics.keys()),
        ("service", platform, kb.platforms.keys()),
    ):
        if name and name not in among:
            raise BotError(f"no {what} `{name}`{did_you_mean(name, among)}")


def _topic(kb: KnowledgeBase, stem: str, entries: Iterable[Entry]) -> str:
    if stem == BETWEEN:
        head = "## Between topics\n\nWhere no topic was understood, or several.\n"
    else:
        topic = kb.topics[stem]
        head = f"## {stem}: {topic.label}\n\n{topic.about}\n"
    same: dict[tuple[str, str, tuple[str, ...]], list[Entry]] = {}
    for entry in entries:
        text = markdown(entry.reply.message)
        if stem != BETWEEN and entry.place.split("/")[0] in kb.topics.keys() - {stem}:
            text = ""  # it stands there
        same.setdefault((entry.place, text, entry.labels), []).append(entry)
    return "\n".join([head, *(_reply(*key, ways) for key, ways in same.items())])


def _own_words(top: Path) -> str:
    """What a channel says of itself."""
    own = lines.read(top)
    found = {name: markdown(own.spoken(name)) for name in lines.SPOKEN}
    found |= {name: own.short(name) for name in lines.SHORT}
    parts = [f"### {name}\n\n{text}\n" for name, text in found.items()]
    return "\n".join([f"## The channel's own words: {lines.FOLDER}\n", *parts])


def _reply(place: str, text: str, labels: tuple[str, ...], ways: list[Entry]) -> str:
    known = "\n".join(f"- `{entry.way or 'nothing known'}`" for entry in ways)
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
