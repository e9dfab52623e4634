"""takeback inbox: phrases that were not understood, decided on one bunch at a time.

Nothing here changes a running bot: files are written, for an editor to look at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.commands import store as stores
from bot.desk.eval import labelled
from bot.desk.inbox import shelf, trial
from bot.desk.inbox.bunches import Bunch, bare, bunched
from bot.dialogue.policy import OUT
from bot.errors import BotError
from bot.knowledge import cache as knowledge_cache
from bot.knowledge import loader
from bot.knowledge.loader import root
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.settings import cache, settings
from bot.store.contract import Store
from bot.store.phrases import IGNORED, NEW

if TYPE_CHECKING:
    from rich.console import Console

QUESTIONS = Path("tests") / "knowledge" / "questions.jsonl"
_SHOWN = 15
_HELP = "a accept · i ignore · n new topic · s skip · q quit"


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; with nothing of it the editor is asked."""

    show: bool = False
    json: bool = False
    accept: str | None = None
    ignore: str | None = None
    new: str | None = None
    topic: str | None = None
    phrase: str | None = None
    """In other words than it was said in."""
    write: bool = False


@dataclass(frozen=True)
class Desk:
    """What decisions are made with."""

    nlu: NluEngine
    vectors: WordEmbeddings | None
    top: Path
    store: Store
    console: Console

    def known(self) -> list[trial.Known]:
        """The book's phrases, and the labelled questions of a checkout."""
        found = trial.phrases(self.nlu.kb)
        file = self.top / QUESTIONS
        if file.is_file():
            found += [
                trial.Known(q.text, q.topic) for q in labelled.read(file, self.nlu.kb)
            ]
        return found

    def guess(self, bunch: Bunch) -> str:
        """The label that comes nearest."""
        ranked = self.nlu.parse(bare(bunch.head)).ranked
        return ranked[0].label if ranked else ""

    def label(self, label: str) -> str:
        """Raises BotError, if there is none of this name."""
        if label not in self.nlu.kb.phrases:
            raise BotError(
                f"there is no phrase file for {label}; "
                "see `takeback new topic`, or mark the phrase as new"
            )
        return label

    def corrections(self, phrase: str, label: str) -> list[trial.Change]:
        """Shown before anything is written."""
        with self.console.status("Asking all known questions anew …"):
            found = trial.tried(
                self.nlu, phrase, self.label(label), self.known(), self.vectors
            )
        worse = sum(c.worse for c in found)
        better = sum(c.better for c in found)
        self.console.print(
            f"“{phrase}” under {label}: {len(found)} known questions change sides, "
            f"{worse} for the worse, {better} for the better."
        )
        for change in found[:_SHOWN]:
            self.console.print(Text(f"  {change}"))
        if len(found) > _SHOWN:
            self.console.print(f"  and {len(found) - _SHOWN} more")
        return found

    async def accept(self, bunch: Bunch, phrase: str, label: str) -> None:
        for path in shelf.put(self.top, self.label(label), phrase):
            self.console.print(Text(f"written: {path}"))
        await self.store.settle(bunch.texts)


def listed(
    bunches: Sequence[Bunch], console: Console, guess: Callable[[Bunch], str]
) -> None:
    if not bunches:
        console.print("The inbox is empty.")
        return
    table = Table("#", "times", "said", "taken for", "nearest", box=None)
    for place, bunch in enumerate(bunches, 1):
        more = len(bunch.groups) - 1
        said = Text(bunch.head) + (Text(f"  and {more} like it", "dim") if more else "")
        taken = bunch.mark or _taken(bunch.topic)
        table.add_row(str(place), str(bunch.number), said, taken, guess(bunch))
    console.print(table)


def _taken(topic: str) -> str:
    if topic == OUT:
        return "out of scope"
    return f"{topic}, rejected" if topic else ""


def as_json(bunches: Sequence[Bunch], guess: Callable[[Bunch], str]) -> str:
    return json.dumps(
        [
            {
                "said": bunch.head,
                "number": bunch.number,
                "alike": list(bunch.texts[1:]),
                "topic": bunch.topic or None,
                "mark": bunch.mark or None,
                "nearest": guess(bunch) or None,
            }
            for bunch in bunches
        ],
        indent=1,
        ensure_ascii=False,
    )


def chosen(bunches: Sequence[Bunch], which: str) -> Bunch:
    """By its place in the list or by any of its phrases. Raises BotError."""
    if which.isdecimal() and 0 < int(which) <= len(bunches):
        return bunches[int(which) - 1]
    for bunch in bunches:
        if which in bunch.texts or which in map(bare, bunch.texts):
            return bunch
    raise BotError(f"the inbox has no {which!r}")


async def all_bunches(store: Store) -> list[Bunch]:
    return bunched(await store.inbox())


async def talk(desk: Desk, ask: Callable[[str], str]) -> None:
    """One bunch after the other; `ask` asks the editor."""
    bunches = [b for b in await all_bunches(desk.store) if not b.mark]
    if not bunches:
        desk.console.print("The inbox is empty.")
    for place, bunch in enumerate(bunches, 1):
        guess = desk.guess(bunch)
        desk.console.print()
        head = Text(f"{place}/{len(bunches)}  {bunch.number}×  ", "dim")
        desk.console.print(head + Text(bunch.head, "bold"))
        for text in bunch.texts[1:_SHOWN]:
            desk.console.print(Text(f"      {text}", "dim"))
        if bunch.topic:
            desk.console.print(f"  taken for {_taken(bunch.topic)}")
        match ask(f"[{_HELP}] ").strip().casefold()[:1]:
            case "a":
                await _accepted(desk, bunch, guess, ask)
            case "i":
                await desk.store.settle(bunch.texts, IGNORED)
            case "n":
                name = ask("Name of the new topic: ").strip()
                if name:
                    await desk.store.settle(bunch.texts, mark_of(name))
            case "q":
                return
            case _:
                pass


async def _accepted(
    desk: Desk, bunch: Bunch, guess: str, ask: Callable[[str], str]
) -> None:
    try:
        label = desk.label(ask(f"Topic [{guess}]: ").strip() or guess)
        default = bare(bunch.head)
        phrase = ask(f"Phrase [{default}]: ").strip() or default
        desk.corrections(phrase, label)
        if ask("Write it? [y/N] ").strip().casefold() in ("y", "yes"):
            await desk.accept(bunch, phrase, label)
    except BotError as error:
        desk.console.print(Text(str(error), "red"))


def mark_of(name: str) -> str:
    return f"{NEW}{name}"[:40]


async def inbox(wish: Wish, console: Console, ask: Callable[[str], str]) -> None:
    """Raises BotError."""
    now = settings()
    top = now.files or root()
    # The bot's own mind, with the phrases beside it that answering does without.
    nlu = knowledge_cache.open_engine(top, now.edition, cache())
    nlu = replace(nlu, kb=loader.load(top, now.edition))
    async with stores.looked_into(now) as store:
        desk = Desk(nlu, knowledge_cache.read_vectors(top), top, store, console)
        bunches = await all_bunches(store)
        if wish.json:
            console.print(as_json(bunches, desk.guess), soft_wrap=True, markup=False)
        elif wish.show:
            listed(bunches, console, desk.guess)
        elif wish.ignore is not None:
            await store.settle(chosen(bunches, wish.ignore).texts, IGNORED)
        elif wish.new is not None:
            mark = mark_of(_needed(wish.topic))
            await store.settle(chosen(bunches, wish.new).texts, mark)
        elif wish.accept is not None:
            await _accept(desk, chosen(bunches, wish.accept), wish)
        else:
            await talk(desk, ask)


async def _accept(desk: Desk, bunch: Bunch, wish: Wish) -> None:
    label, phrase = _needed(wish.topic), wish.phrase or bare(bunch.head)
    desk.corrections(phrase, label)
    if wish.write:
        await desk.accept(bunch, phrase, label)
    else:
        desk.console.print("Nothing was written; --write does it.")


def _needed(topic: str | None) -> str:
    if not topic:
        raise BotError("say which topic with --topic")
    return topic
