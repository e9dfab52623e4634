"""What an editor decides with: what a phrase would change, and where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot.errors import BotError
from bot.knowledge import cache as knowledge_cache
from bot.knowledge import loader
from bot.knowledge.model import KnowledgeBase
from bot.nlu.engine import NluEngine
from bot.store import Counters
from bot.tools.eval import labelled
from bot.tools.inbox import phrase_files, what_if
from bot.tools.inbox.clusters import Bunch, bare

if TYPE_CHECKING:
    from rich.console import Console

QUESTIONS = Path("tests") / "book" / "questions.jsonl"
SHOWN = 15
"""Lines of a list that are printed."""


@dataclass(frozen=True)
class Workbench:
    """What decisions are made with; an empty inbox wants no engine, so none is opened."""

    top: Path
    counters: Counters
    console: Console
    cache: Path | None = None

    @cached_property
    def kb(self) -> KnowledgeBase:
        """With its phrases, which answering does without."""
        return loader.load(self.top)

    @cached_property
    def nlu(self) -> NluEngine:
        return knowledge_cache.open_engine(self.top, self.kb.edition, self.cache)[1]

    def known(self) -> list[what_if.Known]:
        """The book's phrases, and the labelled questions of a checkout."""
        found = what_if.phrases(self.kb)
        file = self.top / QUESTIONS
        if file.is_file():
            found += [
                what_if.Known(q.text, q.topic) for q in labelled.read(file, self.kb)
            ]
        return found

    def guess(self, bunch: Bunch) -> str:
        """The label that comes nearest."""
        ranked = self.nlu.parse(bare(bunch.head)).ranked
        return ranked[0].label if ranked else ""

    def label(self, label: str) -> str:
        """Raises BotError, if there is none of this name."""
        if label not in self.kb.phrases:
            raise BotError(
                f"there is no phrase file for {label}; "
                "see `takeback new topic`, or mark the phrase as new"
            )
        return label

    def corrections(self, phrase: str, label: str) -> list[what_if.LabelChange]:
        """Shown before anything is written."""
        with self.console.status("Asking all known questions anew …"):
            kb = what_if.with_phrase(self.kb, phrase, self.label(label))
            vectors = knowledge_cache.read_vectors(self.top, kb.language_code)
            found = what_if.tried(self.nlu, kb, self.known(), vectors)
        worse = sum(c.worse for c in found)
        better = sum(c.better for c in found)
        self.console.print(
            f"“{phrase}” under {label}: {len(found)} known questions change sides, "
            f"{worse} for the worse, {better} for the better."
        )
        for change in found[:SHOWN]:
            self.console.print(Text(f"  {change}"))
        if len(found) > SHOWN:
            self.console.print(f"  and {len(found) - SHOWN} more")
        return found

    async def accept(self, bunch: Bunch, phrase: str, label: str) -> None:
        for path in phrase_files.put(
            self.top, self.label(label), phrase, self.kb.language
        ):
            self.console.print(Text(f"written: {path}"))
        await self.counters.settle(bunch.texts)
