"""The files of a book in which a service or a topic is named, and how they name it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import BotError
from bot.tools.rename import yaml_names
from bot.tools.rename.yaml_names import Place

if TYPE_CHECKING:
    import yaml

_TESTS = Path("tests") / "book"


class Names(Protocol):
    """An old and a new name, and where either means what is renamed."""

    @property
    def old(self) -> str: ...
    @property
    def new(self) -> str: ...

    def scalar(
        self, place: Place, said: str, around: yaml.MappingNode | None
    ) -> str | None:
        """The new text at a place in a YAML file; none where it stays."""

    def template(self, text: str) -> str: ...

    def expected(self, key: str, text: str) -> str:
        """What a conversation expects under a key."""

    def labels(self, line: str) -> str:
        """A line of labelled questions."""

    def listed(self, line: str) -> str:
        """A line of a list of misses, untold answers or known warnings."""


@dataclass(frozen=True)
class ServiceNames:
    old: str
    new: str
    slots: frozenset[str]
    """Those that hold services."""

    def scalar(
        self, place: Place, said: str, around: yaml.MappingNode | None
    ) -> str | None:
        if said != self.old:
            return None
        case = place[-2:] == ("cases", ":") and around is not None
        of = around and (
            yaml_names.value(around, "by") or yaml_names.value(around, "ask")
        )
        shown = place[1:] == ("shown", "-") and place[0] in self.slots
        instead = "instead" in place and place[-1] in self.slots
        outdone = place == ("outdoes", ":")
        meant = (case and of in self.slots) or shown or instead or outdone
        return self.new if meant else None

    def template(self, text: str) -> str:
        return text.replace(f'"{self.old}"', f'"{self.new}"')

    def expected(self, key: str, text: str) -> str:
        if key == "cites":
            return re.sub(rf"^{self.old}(?=\.)", self.new, text)
        return " ".join(map(self._fact, text.split(" "))) if key == "slots" else text

    def _fact(self, fact: str) -> str:
        name, equals, stated = fact.partition("=")
        if name not in self.slots:
            return fact
        parts = (self.new if p == self.old else p for p in stated.split("+"))
        return f"{name}{equals}{'+'.join(parts)}"

    def labels(self, line: str) -> str:
        keys = "|".join(sorted(self.slots))
        return re.sub(rf'("(?:{keys})": "){self.old}(?=")', rf"\g<1>{self.new}", line)

    def listed(self, line: str) -> str:
        place = f"knowledge/platforms/{self.old}.yaml"
        return line.replace(place, f"knowledge/platforms/{self.new}.yaml")


@dataclass(frozen=True)
class TopicNames:
    old: str
    new: str

    def scalar(
        self, place: Place, said: str, around: yaml.MappingNode | None
    ) -> str | None:
        name, stroke, aspect = said.partition("/")
        if name != self.old:
            return None
        case = place[-2:] == ("cases", ":") and around is not None
        by_topic = case and around and yaml_names.value(around, "by") == "topic"
        listed = place[-2:] in (("next", "-"), ("akin", "-"), ("instead", ":"))
        played = place[:2] == ("roles", "topics") and place[-1] != ":"
        led_to = place[1:2] == ("values",) and place[3:] == ("topic",)
        if by_topic or listed or played or led_to or place == ("known_as",):
            return self.new + stroke + aspect
        return None

    def template(self, text: str) -> str:
        return text.replace(f'"{self.old}/', f'"{self.new}/')

    def expected(self, key: str, text: str) -> str:
        if key not in ("topic", "says"):
            return text
        return re.sub(rf"^{self.old}(?=[/?]|$)", self.new, text)

    def labels(self, line: str) -> str:
        line = re.sub(rf'("topic": "){self.old}(?=")', rf"\g<1>{self.new}", line)
        also = re.search(r'"also": \[[^]]*\]', line)
        if also is None:
            return line
        new = also[0].replace(f'"{self.old}"', f'"{self.new}"')
        return line[: also.start()] + new + line[also.end() :]

    def listed(self, line: str) -> str:
        """A file's path, a name after a tab, or the answer that a line begins with."""
        line = re.sub(
            rf"(?<=knowledge/)(topics|phrases)/{self.old}(?=[./])",
            rf"\1/{self.new}",
            line,
        )
        said, tab, rest = line.rpartition("\t")
        named = re.sub(rf"(^|→ ){self.old}(?=[/ ]|$)", rf"\1{self.new}", rest)
        return said + tab + named


@dataclass
class Renaming:
    """What is done to the files of a book."""

    book: Path
    names: Names
    changed: set[Path] = field(default_factory=set)
    by_hand: list[str] = field(default_factory=list)
    """Places that name it and are code, or could mean something else."""

    def move(self, old: str, new: str) -> None:
        """A file or a folder, where there is one. Raises BotError."""
        before, after = self.book / old, self.book / new
        if not before.exists():
            return
        if after.exists():
            raise BotError(f"{new} is there already")
        before.rename(after)
        self.changed |= set(after.rglob("*.*")) if after.is_dir() else {after}

    def rewrite(self) -> None:
        names, tests = self.names, self.book / _TESTS
        for part in ("topics", "actions", "platforms", "."):
            for path in sorted((self.book / "knowledge" / part).glob("*.yaml")):
                self._edit(path, lambda text: yaml_names.renamed(text, names.scalar))
        for path in sorted((self.book / "templates").rglob("*.j2")):
            self._edit(path, names.template)
        for path in sorted((tests / "stories").glob("*.txt")):
            self._edit(path, self._story)
        for path in sorted(tests.glob("*.jsonl")):
            self._edit(path, self._lines(names.labels))
        lists = (*tests.glob("*.txt"), *(self.book / "knowledge").glob("*.tsv"))
        for path in sorted(lists):
            self._edit(path, self._lines(names.listed))
        self._look_at_the_rest()

    def remember(self, file: str) -> None:
        """The old name stays in the file that has the new one."""
        old, new = self.names.old, self.names.new
        self._edit(
            self.book / file, lambda text: yaml_names.with_former(text, old, new)
        )

    def _edit(self, path: Path, made: Callable[[str], str]) -> None:
        before = path.read_text(encoding="utf-8")
        after = made(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            self.changed.add(path)

    def _lines(self, made: Callable[[str], str]) -> Callable[[str], str]:
        def every(text: str) -> str:
            rows = text.split("\n")
            return "\n".join(r if r.startswith("# ") else made(r) for r in rows)

        return every

    def _story(self, text: str) -> str:
        return re.sub(
            r"^([a-z][a-z ]*): (.*)$",
            lambda found: f"{found[1]}: {self.names.expected(found[1], found[2])}",
            text,
            flags=re.MULTILINE,
        )

    def _look_at_the_rest(self) -> None:
        quoted = f'"{self.names.old}"'
        paths = (*self.book.glob("templates/**/*.j2"), *self.book.glob("tests/**/*.py"))
        for path in sorted(paths):
            rows = path.read_text(encoding="utf-8").splitlines()
            name = path.relative_to(self.book).as_posix()
            self.by_hand += [
                f"{name}:{n}" for n, row in enumerate(rows, 1) if quoted in row
            ]
