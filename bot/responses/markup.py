"""What the bot says: messages, and the markup that channels print them in.

A message is written in a small Markdown: paragraphs, `1.` steps, `-` lists, **strong**,
`code`, [text](address), [words](time:SECONDS:FORMAT) for a moment, drafts to copy between
lines of three backquotes, and a note folded under it, whose lines begin with `> `.
Each channel prints the parsed message in markup of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from bot.dialogue.events import Button


class Moment(NamedTuple):
    """A moment that a client may show in its reader's zone, or as what is left to it."""

    seconds: int
    """Since 1970."""
    form: str
    """By Telegram's Bot API: r for relative, t for the time, d for the day."""


class Span(NamedTuple):
    text: str
    strong: bool = False
    code: bool = False
    address: str | None = None
    moment: Moment | None = None


Line = tuple[Span, ...]


class _Printed:
    """What is to be shown. Of one filled template many people get the same blocks."""

    @cached_property
    def html(self) -> str:
        """The HTML that Telegram takes: b, code, a, blockquote."""
        assert isinstance(self, Block)
        return _block(self, _html_line, _html_fold)


@dataclass(frozen=True)
class Paragraph(_Printed):
    """Lines that belong together."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Items(_Printed):
    """A list; numbered where the order matters."""

    items: tuple[Line, ...]
    numbered: bool


@dataclass(frozen=True)
class Note(_Printed):
    """What is folded away until it is asked for."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Draft(_Printed):
    """Words to be copied as they stand."""

    text: str


Block = Paragraph | Items | Draft | Note


@dataclass(frozen=True)
class Message:
    """A reply as blocks, which each channel prints in its own way, and its buttons."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    language: str | None = None
    """The code of the language that it is in; none for a channel's own words."""

    @property
    def drafts(self) -> tuple[str, ...]:
        """What is there to be copied."""
        return tuple(b.text for b in self.blocks if isinstance(b, Draft))


def has_gap(draft: str) -> bool:
    """Whether its author has to fill something in first: "[name]"."""
    return "[" in draft


def with_gap_filled(
    blocks: tuple[Block, ...], gap: str, words: str
) -> tuple[Block, ...]:
    """The blocks with words to copy where these leave a gap; no other text changes."""

    def line(spans: Line) -> Line:
        return tuple(
            s._replace(text=s.text.replace(gap, words)) if s.code else s for s in spans
        )

    def block(old: Block) -> Block:
        match old:
            case Draft(text):
                return Draft(text.replace(gap, words))
            case Items(items, numbered):
                return Items(tuple(map(line, items)), numbered)
        return old

    return tuple(map(block, blocks))


def with_addition(blocks: tuple[Block, ...], sentence: str) -> tuple[Block, ...]:
    """The blocks with a sentence at the end of each draft."""
    return tuple(
        Draft(f"{block.text} {sentence}") if isinstance(block, Draft) else block
        for block in blocks
    )


def with_signature(blocks: tuple[Block, ...], name: str) -> tuple[Block, ...]:
    """The blocks with drafts signed, on a line of its own."""
    return tuple(
        Draft(f"{block.text}\n{name}") if isinstance(block, Draft) else block
        for block in blocks
    )


_RELATIVE = "r"
_CHUNKS = 512
"""Chunks that are remembered, with their HTML: some 2 kB each, and no person's words."""
_APART = re.compile(r"\n\s*\n")
_SPAN = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`]+)`|\[(?P<link>[^\]]+)\]\((?P<address>[^)\s]+)\)"
)
_MOMENT = re.compile(r"time:(?P<seconds>\d+):(?P<form>\w+)")
_DRAFT = re.compile(r"```\n(?P<text>.+)\n```", re.DOTALL)
_ITEM = re.compile(r"(?:(?P<number>\d+)\.|-) (?P<item>.+)")


def parse(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text in our Markdown; anything else in it is plain text."""
    blocks: list[Block] = []
    for chunk in _APART.split(markdown.strip()):
        blocks += _blocks(chunk)
    return tuple(_joined(blocks))


# An answer that tells a time differs from others in a chunk or two.
@lru_cache(maxsize=_CHUNKS)
def _blocks(chunk: str) -> tuple[Block, ...]:
    """The blocks of what stands between empty lines."""
    if draft := _DRAFT.fullmatch(chunk.strip()):
        # A backslash at its end keeps a line apart.
        return (Draft(" ".join(draft["text"].split()).replace(" \\ ", "\n")),)
    lines = [line.strip() for line in chunk.splitlines() if line.strip()]
    found: list[Block] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if line.startswith(">"):
            found.append(Note((spans(line[1:].strip()),)))
        elif item:
            found.append(Items((spans(item["item"]),), item["number"] is not None))
        else:
            found.append(Paragraph((spans(line),)))
    return tuple(_joined(found, within=True))


def _joined(blocks: list[Block], *, within: bool = False) -> list[Block]:
    """Neighbours of one kind made one: notes and lists always, lines within a chunk."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        match last, block:
            case Note(above), Note(below):
                joined[-1] = Note(above + below)
            case Items(above, True), Items(below, True):
                joined[-1] = Items(above + below, numbered=True)
            case Items(above, False), Items(below, False):
                joined[-1] = Items(above + below, numbered=False)
            case Paragraph(above), Paragraph(below) if within:
                joined[-1] = Paragraph(above + below)
            case _:
                joined.append(block)
    return joined


def spans(text: str) -> Line:
    """One line's spans."""
    found: list[Span] = []
    end = 0
    for match in _SPAN.finditer(text):
        if match.start() > end:
            found.append(Span(text[end : match.start()]))
        if match["strong"]:
            found.append(Span(match["strong"], strong=True))
        elif match["code"]:
            found.append(Span(match["code"], code=True))
        elif moment := _MOMENT.fullmatch(match["address"]):
            when = Moment(int(moment["seconds"]), moment["form"])
            found.append(Span(match["link"], moment=when))
        else:
            found.append(Span(match["link"], address=match["address"]))
        end = match.end()
    if end < len(text):
        found.append(Span(text[end:]))
    return tuple(found)


def lead(message: Message) -> str:
    """What a message begins with in bold: the verdict of an answer."""
    return next((s.text for s in _in_paragraphs(message) if s.strong), "")


def deadline(message: Message) -> datetime | None:
    """The moment that a message counts down to, if it does."""
    moments = (s.moment for s in _in_paragraphs(message) if s.moment)
    seconds = next((m.seconds for m in moments if m.form == _RELATIVE), None)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _in_paragraphs(message: Message) -> Iterator[Span]:
    for block in message.blocks:
        if isinstance(block, Paragraph):
            for line in block.lines:
                yield from line


def to_plain(message: Message) -> str:
    """What a person reads where there is no markup at all; links lose their address."""

    def line(parts: Line) -> str:
        return "".join(s.text for s in parts)

    return "\n\n".join(_block(block, line, str) for block in message.blocks)


def to_html(message: Message) -> str:
    """The HTML that Telegram takes: b, code, a, tg-time, blockquote."""
    return "\n\n".join(block.html for block in message.blocks)


def _html_line(parts: Line) -> str:
    return "".join(map(_html_span, parts))


def _html_fold(text: str) -> str:
    return f"<blockquote expandable>{text}</blockquote>"


def _html_span(span: Span) -> str:
    # Kept from the first answer in a terminal: it reads all the entities of HTML.
    from html import escape

    text = escape(span.text, quote=False)
    if span.strong:
        return f"<b>{text}</b>"
    if span.code:
        return f"<code>{text}</code>"
    if span.moment:
        seconds, form = span.moment
        return f'<tg-time unix="{seconds}" format="{form}">{text}</tg-time>'
    if span.address:
        return f'<a href="{escape(span.address)}">{text}</a>'
    return text


def _block(
    block: Block, line: Callable[[Line], str], fold: Callable[[str], str]
) -> str:
    match block:
        case Paragraph(lines):
            return "\n".join(map(line, lines))
        case Items(items, numbered):
            return "\n".join(
                f"{n}. {line(item)}" if numbered else f"• {line(item)}"
                for n, item in enumerate(items, 1)
            )
        case Draft(text):
            return line((Span(text, code=True),))
        case Note(lines):
            return fold("\n".join(map(line, lines)))
    raise AssertionError(block)
