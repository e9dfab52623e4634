"""takeback check FILE...: what a change of these files bears on, and nothing besides.

A service's file bears on the answers about that service, a topic's on that topic. Of
what bears on everything, such as words.yaml, only the whole check can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bot.errors import BotError, Problem
from bot.knowledge.model import KnowledgeBase
from bot.tools import every_answer


class Focus(NamedTuple):
    """The parts of a book that are looked at."""

    is_everything: bool = False
    files: frozenset[str] = frozenset()
    """By their paths below the folder of the book."""
    wide: frozenset[str] = frozenset()
    """Those of them that bear on every answer: of these only the text is looked at."""
    topics: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    """Of phrases."""

    def states(self, kb: KnowledgeBase, topic: str) -> Iterator[dict[str, str]]:
        """The states of knowledge at a topic whose replies are looked at."""
        whole = self.is_everything or topic in self.topics
        if not whole and not self.services and not self.actions:
            return
        # One service's states are the same in a book without the others, and soon found.
        stands_for_all = kb.roles.values.uncovered in self.services
        alone = not (whole or self.actions or stands_for_all)
        book = _with_services(kb, self.services) if alone else kb
        for known in every_answer.states(book, topic):
            if whole or self._holds(kb, known):
                yield known

    def _holds(self, kb: KnowledgeBase, known: Mapping[str, str]) -> bool:
        service = known.get(kb.roles.slots.service, "")
        return service in self.services or known.get("action") in self.actions

    def is_about(self, problem: Problem, *, by_replies: bool = False) -> bool:
        """Whether a warning stands in one of the files, or names it.

        What all replies tell of a wide file, those looked at cannot.
        """
        told = f"{problem.path}:{problem.message}"
        files = self.files - self.wide if by_replies else self.files
        return self.is_everything or any(f"{name}:" in told for name in files)


@lru_cache(maxsize=2)
def _with_services(kb: KnowledgeBase, services: frozenset[str]) -> KnowledgeBase:
    """A book of these services, and of the one that stands for all without a file."""
    kept = services | {kb.roles.values.uncovered}
    there = {stem: one for stem, one in kb.platforms.items() if stem in kept}
    return replace(kb, platforms=there)


EVERYTHING = Focus(is_everything=True)


def places(
    paths: list[Path], usual: Callable[[], Path]
) -> tuple[Path, tuple[str, ...]]:
    """The folder of the book, and the files in it by their paths below it.

    Raises BotError where there is no such file, or it belongs to no book.
    """
    if len(paths) == 1 and paths[0].is_dir() and _book_above(paths[0]) is None:
        return paths[0], ()  # that it is no book is told by the check
    tops, files = [], []
    for path in paths:
        if _is_book(path):
            tops.append(path)
        elif path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise BotError(f"there is no file `{path}`")
    top = tops[0] if tops else (_book_above(files[0]) if files else None) or usual()
    return top, tuple(_below(top, path) for path in files)


def _is_book(path: Path) -> bool:
    return all((path / part).is_dir() for part in _PARTS)


_PARTS = ("knowledge", "templates")


def _book_above(path: Path) -> Path | None:
    """The nearest folder with a book that holds a path, or is it."""
    whole = path.resolve()
    return next((top for top in (whole, *whole.parents) if _is_book(top)), None)


def _below(top: Path, path: Path) -> str:
    whole, book = path.resolve(), top.resolve()
    if not any(whole.is_relative_to(book / part) for part in _PARTS):
        raise BotError(f"`{path}` is no file of knowledge/ or templates/ in {top}")
    return whole.relative_to(book).as_posix()


def focus(kb: KnowledgeBase, files: tuple[str, ...]) -> Focus:
    """What files bear on."""
    topics, services, actions, labels = set(), set(), set(), set()
    wide = set()
    for name in files:
        match PurePosixPath(name).with_suffix("").parts:
            case ("knowledge", "platforms", stem):
                services.add(stem)
            case ("knowledge", "topics", stem):
                topics.add(stem)
            case ("knowledge", "actions", stem) | ("templates", _, "actions", stem, _):
                actions.add(stem)
                wide.add(name)  # topics whose usual action it is use its claims, too
            case ("knowledge", "phrases", *label):
                labels.add("/".join(label))
            case ("templates", _, stem, _) if stem in kb.topics:
                topics.add(stem)
            case _:
                wide.add(name)
    return Focus(
        files=frozenset(files),
        wide=frozenset(wide),
        topics=frozenset(topics),
        services=frozenset(services),
        actions=frozenset(actions),
        labels=frozenset(labels),
    )
