"""Everything wrong with the knowledge and the templates, at once.

Loading finds what keeps the bot from starting; this also walks every way through every
topic in both editions, and looks at what people would see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from bot import load
from bot.core import button, talk, tree
from bot.core.book import OTHER, Book, Edition, Say
from bot.core.session import Session
from bot.errors import Problem
from bot.render import LANGUAGE, Renderer, TemplateFault

TEXT_LIMIT = 4096
"""UTF-16 units of a message, by Telegram's Bot API (sendMessage.text)."""

_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def check(top: Path) -> list[Problem]:
    """All problems, sorted by place; none for files that are fit for use."""
    book, problems = load.read(top)
    if book is not None:
        problems += _homeless(book)
        problems += _owed(book)
        problems += _facts_in_templates(book, top)
        problems += _unused_templates(book, top)
        if not problems:
            for edition in get_args(Edition):
                problems += _ways(book.model_copy(update={"edition": edition}), top)
    return sorted(set(problems))


def _homeless(book: Book) -> Iterator[Problem]:
    """Claims of the guide that no claim of ours names."""
    numbers: set[int] = set()
    for _, _, _, claim in load.all_claims(book):
        numbers |= set(claim.guide.numbers if claim.guide else ())
    for number in range(1, load.LAST_CLAIM + 1):
        if number not in numbers:
            yield Problem("knowledge", 1, f"the guide's claim {number} has no home")


def _owed(book: Book) -> Iterator[Problem]:
    """Claims that a service has to make and does not."""
    for stem, platform in book.platforms.items():
        for kind in platform.kinds or ("",):
            claims = book.claims_of(stem, {"kind": kind})
            removal = claims.get("removal")
            value = removal.lead(book.edition).value if removal else None
            for name, fact in book.facts.items():
                owed = fact.owed or (value is not None and value in fact.owed_if)
                if owed and name not in claims and stem != OTHER:
                    of = f" of `{kind}`" if kind else ""
                    message = f"the claim `{name}`{of} is owed: {fact.about}"
                    yield Problem(f"knowledge/platforms/{stem}.yaml", 1, message)


def _templates(top: Path) -> Iterator[Path]:
    yield from sorted((top / "templates" / LANGUAGE).rglob("*.j2"))


def _facts_in_templates(book: Book, top: Path) -> Iterator[Problem]:
    """A template that states a number or names a service: facts belong to claims."""
    names = sorted(p.label for p in book.platforms.values())
    for path in _templates(top):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            shown = re.sub(r"\{[{%#].*?[}%#]\}", "", line)
            shown = re.sub(r"^\s*\d+\. ", "", shown)
            place = path.relative_to(top).as_posix()
            if re.search(r"\d", shown):
                yield Problem(place, number, "states a digit; facts belong to claims")
            for name in names:
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", shown):
                    yield Problem(
                        place, number, f"names {name}; facts belong to claims"
                    )


def _unused_templates(book: Book, top: Path) -> Iterator[Problem]:
    leaves = {
        f"{stem}/{node.say}"
        for stem, topic in book.topics.items()
        for _, node in load.nodes(topic.tree)
        if isinstance(node, Say)
    }
    folder = top / "templates" / LANGUAGE
    for path in _templates(top):
        name = path.relative_to(folder).as_posix().removesuffix(".md.j2")
        if "/" in name and not re.search("(^|/)_", name) and name not in leaves:
            yield Problem(
                path.relative_to(top).as_posix(), 1, "no leaf uses this template"
            )


def _ways(book: Book, top: Path) -> Iterator[Problem]:
    """Every way through every topic: it renders, fits, and its buttons fit."""
    renderer = Renderer(book, top)
    for stem in book.topics:
        place = f"knowledge/topics/{stem}.yaml"
        for known in tree.ways(book, stem, _NOW):
            turn = talk.arrive(book, Session(), stem, known, _NOW)
            try:
                reply = renderer.reply(turn, _NOW)
            except TemplateFault as fault:
                yield Problem(*fault.place, fault.reason)
                continue
            way = " ".join(f"{k}={v}" for k, v in known.items())
            units = len(reply.text.encode("utf-16-le")) // 2
            if units > TEXT_LIMIT:
                message = f"{units} UTF-16 units, more than {TEXT_LIMIT}, with {way}"
                yield Problem(place, 1, message)
            if not reply.text.strip():
                yield Problem(place, 1, f"an empty reply, with {way}")
            for b in reply.message.buttons:
                size = len(b.value.encode())
                if size > button.LIMIT:
                    message = f"the button {b.value} has {size} bytes, more than {button.LIMIT}"
                    yield Problem(place, 1, message)
