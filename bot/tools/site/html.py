"""A message as HTML for reading: paragraphs, lists, and a folded note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from markupsafe import Markup, escape

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


def html(message: Message) -> Markup:
    """All of a message but its buttons."""
    return Markup("\n").join(map(_block, message.blocks))


def without_lead(message: Message) -> Message:
    """A message without the bold words that it begins with: they stand above it."""
    match message.blocks:
        case (Paragraph(((Span(strong=True), *spans), *lines)), *blocks):
            if spans:
                spans[0] = spans[0]._replace(text=spans[0].text.lstrip())
            left = [line for line in (tuple(spans), *lines) if line]
            first = [Paragraph(tuple(left))] if left else []
            return replace(message, blocks=(*first, *blocks))
    return message


def _block(block: Block) -> Markup:
    match block:
        case Paragraph(lines):
            return _tag("p", _lines(lines))
        case Items(items, numbered):
            inside = Markup().join(_tag("li", _line(item)) for item in items)
            return _tag("ol" if numbered else "ul", inside)
        case Draft(text):
            return _tag("blockquote", _tag("p", escape(text)))
        case Note((first, *rest)):
            inside = Markup().join(_tag("p", _line(line)) for line in rest)
            return _tag("details", _tag("summary", _line(first)) + inside)
    raise AssertionError(block)


def _lines(lines: Iterable[Line]) -> Markup:
    return Markup("<br>").join(map(_line, lines))


def _line(spans: Line) -> Markup:
    return Markup().join(map(_span, spans))


def _span(span: Span) -> Markup:
    if span.strong:
        return _tag("strong", escape(span.text))
    if span.code:
        return _tag("code", escape(span.text))
    if span.address:
        address = Markup('<a href="{}" rel="noopener">{}</a>')
        return address.format(span.address, span.text)
    return escape(span.text)


def _tag(name: str, inside: Markup) -> Markup:
    return Markup(f"<{name}>{inside}</{name}>")  # noqa: S704  escaped piece by piece
