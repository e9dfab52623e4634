"""takeback check --links: the official pages that claims rest on, for a person to open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from bot.knowledge import nodes
from bot.knowledge.model import Claim, KnowledgeBase

NOT_READ = "not read"


class Link(NamedTuple):
    """A page, and when it was read last."""

    read: date | None
    """None where nobody has read a page of it."""
    address: str
    title: str
    used_by: tuple[str, ...]
    """The files whose claims rest on it or name it."""

    def __str__(self) -> str:
        read = self.read.isoformat() if self.read else NOT_READ
        return f"{read:10}  {self.address}  {self.title} ({', '.join(self.used_by)})"

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "read": self.read.isoformat() if self.read else None}


def links(kb: KnowledgeBase) -> list[Link]:
    """Those that nobody has read first, then the longest ago."""
    found = [*_read(kb), *_named(kb)]
    return sorted(found, key=lambda link: (link.read or date.min, link.address))


def _read(kb: KnowledgeBase) -> Iterator[Link]:
    """The official sources with an address; the day is that of the newest claim."""
    days: dict[str, date] = {}
    files: dict[str, set[str]] = defaultdict(set)
    for file, _, _, claim in nodes.all_claims(kb):
        for name in claim.checked.source if claim.checked else ():
            assert claim.checked
            day = claim.checked.checked
            days[name] = max(day, days.get(name, day))
            files[name].add(_stem(file))
    for name, day in days.items():
        source = kb.sources[name]
        if source.trust == "official" and source.address:
            yield Link(day, source.address, source.title, tuple(sorted(files[name])))


def _named(kb: KnowledgeBase) -> Iterator[Link]:
    """The official pages that services name, where none of their sources is one."""
    for file, name, _, claim in nodes.all_claims(kb):
        fact = kb.facts.get(name)
        if fact and fact.free and not _is_official(kb, claim):
            side = claim.checked
            if side and side.value:
                address = f"https://{side.value}"
                yield Link(None, address, fact.about.rstrip("."), (_stem(file),))


def _is_official(kb: KnowledgeBase, claim: Claim) -> bool:
    names = claim.checked.source if claim.checked else ()
    return any(kb.sources[name].trust == "official" for name in names)


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")
