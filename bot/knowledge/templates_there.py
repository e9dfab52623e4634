"""Which templates a book needs, and which of them are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.errors import Problem
from bot.knowledge import nodes
from bot.knowledge.model import Leaf, Node
from bot.knowledge.yaml_file import NO_TEXT, YamlFile

SHARED = (
    *("_ask", "_finished", "_lost", "_no_button", "_step", "_torn"),
    *("_notices/assumed", "_notices/clock_unknown"),
    *("_notices/corrected", "_notices/shortened"),
)
"""What is said beside the answers of the trees; those frame themselves."""


class Needed(NamedTuple):
    """What the templates of a book are asked for."""

    top: Path
    language: str
    files: Mapping[str, YamlFile]

    def missing(
        self,
        topics: Mapping[str, Node],
        actions: Mapping[str, Node],
        gaps: Iterable[str],
    ) -> Iterator[Problem]:
        """Leaves without a template, and shared ones; `gaps` of drafts have one each."""
        folder = f"templates/{self.language}"
        if not (self.top / folder).is_dir():
            yield Problem(folder, 1, "there is no such folder")
            return
        yield from self._leaves(topics, "topics/")
        yield from self._leaves(actions, "")
        for name in (*SHARED, *(f"_put_right/{gap}" for gap in gaps)):
            path = f"{folder}/{name}.md.j2"
            if not (self.top / path).is_file():
                yield Problem(
                    path, 1, "there is no such template, and a reply needs it"
                )

    def _leaves(self, trees: Mapping[str, Node], folder: str) -> Iterator[Problem]:
        for stem, tree in trees.items():
            file = self.files[f"{folder}{stem}.yaml"]
            for where, node in nodes.below(tree):
                if isinstance(node, Leaf):
                    path = f"templates/{self.language}/{stem}/{node.say}.md.j2"
                    if not (self.top / path).is_file():
                        line = file.line((*where, "say"))
                        yield Problem(file.name, line, f"no template {path}")


def torn(top: Path) -> Iterator[Problem]:
    """Templates that are no text."""
    for path in sorted((top / "templates").rglob("*.j2")):
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem(path.relative_to(top).as_posix(), 1, NO_TEXT)
