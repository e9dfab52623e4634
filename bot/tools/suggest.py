"""takeback suggest: where a phrase belongs, and which topics need phrases most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.asking import open_bot
from bot.book import Book
from bot.errors import BotError
from bot.folders import cache
from bot.knowledge import loader
from bot.knowledge.model import KnowledgeBase
from bot.nlu import confidence
from bot.tools.check import phrases
from bot.tools.command_line import EDIT, JsonFlag, show, top
from bot.tools.text_tables import table

if TYPE_CHECKING:
    from rich.table import Table

_FOLDER = "knowledge/phrases/"
_NEAR = 5
_MOST = 15
_SMALL = 40
"""Phrases of a topic or an action below which more of them help most."""
app = typer.Typer()


@app.command("suggest", rich_help_panel=EDIT)
def command(
    phrase: Annotated[
        str | None, typer.Argument(help="What somebody may type, in quotes.")
    ] = None,
    needs: Annotated[
        bool, typer.Option("--needs", help="The topics that need phrases most.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Say in which file a phrase belongs, beside which others; or what lacks phrases."""
    if (phrase is None) != needs:
        raise typer.BadParameter("give a phrase in quotes, or --needs")
    if phrase is None:
        listed = lacking()
        show(_needs(listed), {"needs": [asdict(n) for n in listed]} if json else None)
        return
    found = suggest(open_bot(quick=True), loader.load(top()), phrase)
    show(_suggested(found), asdict(found) if json else None)


@dataclass(frozen=True)
class Neighbour:
    """A phrase of the book that has much in common with another one."""

    place: str
    phrase: str
    section: str
    likeness: float


@dataclass(frozen=True)
class Suggested:
    """Where a phrase belongs, as far as the book can tell."""

    phrase: str
    file: str
    """Of the label that the classifier gives it."""
    verdict: str
    topics: tuple[tuple[str, float], ...]
    """The nearest labels with the probability of their topics."""
    action: str
    neighbours: tuple[Neighbour, ...]


def suggest(bot: Book, kb: KnowledgeBase, phrase: str) -> Suggested:
    """What the classifier says now, and the nearest phrases. Raises BotError."""
    if not kb.language.tokenize(phrase):
        raise BotError("there is no word in it")
    parse = bot.nlu.parse(phrase)
    ranked = bot.nlu.model.rank(parse.extraction.masked, _NEAR)
    judged = not isinstance(parse.verdict, confidence.NoMatch)
    return Suggested(
        phrase=phrase,
        file=f"knowledge/phrases/{ranked[0].label}.txt",
        verdict="understood" if judged else "not understood",
        topics=tuple((one.label, round(one.probability, 3)) for one in ranked),
        action=parse.actions[0][0] if parse.actions else "",
        neighbours=tuple(neighbours(kb, parse.extraction.masked)),
    )


def neighbours(kb: KnowledgeBase, said: tuple[str, ...]) -> Iterator[Neighbour]:
    """The phrases that share most with some words; rare words count for more."""
    there = phrases.masked(kb, top())
    seen = Counter(word for *_, words in there for word in set(words))
    words = set(said)

    def weight(some: Iterable[str]) -> float:
        return sum(1 / math.sqrt(1 + seen[word]) for word in some)

    near = sorted(
        (
            (weight(words & set(other)) / weight(words | set(other)), label, text, line)
            for label, text, line, other in there
            if words & set(other)
        ),
        reverse=True,
    )
    sections = {label: dict(_sections(kb, label)) for _, label, _, _ in near[:_NEAR]}
    for likeness, label, text, line in near[:_NEAR]:
        place = f"knowledge/phrases/{label}.txt:{line}"
        yield Neighbour(place, text, sections[label].get(text, ""), round(likeness, 2))


def _sections(kb: KnowledgeBase, label: str) -> Iterator[tuple[str, str]]:
    stated = kb.phrase_actions.get(label)
    yield from zip(kb.phrases[label], stated, strict=True) if stated else ()


@dataclass(frozen=True)
class Need:
    """A label or an action, how many phrases it has, and how many of them go astray."""

    name: str
    phrases: int
    astray: int
    to: str
    """Where most of these go."""

    @property
    def urgency(self) -> float:
        """The share that goes astray, and more for what has few phrases."""
        return (self.astray + 1) / (self.phrases + 1) + max(
            0.0, 1 - self.phrases / _SMALL
        )


def lacking() -> list[Need]:
    """The labels and actions that need phrases most, those first that need most."""
    book = top()
    kb = loader.load(book)
    spoken = phrases.masked(kb, book)
    taken: dict[str, Counter[str]] = {}
    for border in phrases.borders(spoken, book, cache()):
        label = border.place.path.removeprefix("knowledge/phrases/")
        other = border.place.message.rsplit("`", 2)[1]
        taken.setdefault(label.removesuffix(".txt"), Counter())[other] += 1
    listed = [_need(n, len(said), taken.get(n)) for n, said in kb.phrases.items()]
    acts = Counter(a for label in kb.phrases for a in kb.actions_of(label) if a)
    listed += [_need(f"[{name}]", acts[name], None) for name in kb.actions]
    return sorted(listed, key=lambda need: (-need.urgency, need.name))[:_MOST]


def _need(name: str, count: int, taken: Counter[str] | None) -> Need:
    first = taken.most_common(1)[0][0] if taken else ""
    return Need(name, count, taken.total() if taken else 0, first)


# --- for a person


def _suggested(found: Suggested) -> Iterator[Table]:
    rows = [("file", found.file), ("now", found.verdict)]
    rows += [("action", f"[{found.action}]")] if found.action else []
    yield table("Where it belongs", ("", "by the classifier"), rows)
    shares = ((label, f"{share:.3f}") for label, share in found.topics)
    yield table("Topics", ("nearest label", "share"), shares)
    near = (
        (n.place.removeprefix(_FOLDER), n.section, n.phrase, f"{n.likeness:.2f}")
        for n in found.neighbours
    )
    yield table(
        f"Nearest phrases in {_FOLDER}",
        ("place", "section", "phrase", "likeness"),
        near,
    )


def _needs(listed: list[Need]) -> Iterator[Table]:
    rows = ((n.name, str(n.phrases), str(n.astray), n.to) for n in listed)
    heads = ("label or [action]", "phrases", "taken for others", "mostly for")
    yield table("Phrases are needed most", heads, rows)
