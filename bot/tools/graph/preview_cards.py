"""Trees as a page of nested cards, a sample reply at each leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.knowledge.model import UNSURE, Ask, KnowledgeBase, Leaf, Node
from bot.responses.markup import lead, to_html
from bot.responses.renderer import Renderer
from bot.tools import every_answer
from bot.tools.every_answer import Entry
from bot.tools.graph.branches import cases, hint, title
from bot.tools.page import page


@dataclass(frozen=True)
class Card:
    """A node as the page shows it."""

    kind: str
    title: str
    hint: str = ""
    ways: tuple[tuple[tuple[str, ...], Card], ...] = ()
    anchor: str = ""
    again: str = ""
    """The anchor of the place where the same part of the tree stands already."""
    mood: str = ""
    verdict: str = ""
    sample: str = ""
    """A reply as HTML."""
    labels: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    count: int = 0
    """How many states of knowledge lead to this leaf."""


def html(renderer: Renderer, topics: list[str]) -> str:
    """The trees as one page of nested cards, a sample reply at each leaf.

    Raises TemplateFault.
    """
    kb = renderer.kb
    reached: dict[str, list[Entry]] = {}
    for entry in every_answer.entries(renderer, topics):
        reached.setdefault(entry.place, []).append(entry)
    shown = [(stem, kb.topics[stem], _Cards(kb, stem, reached).root) for stem in topics]
    leaves = {
        f"{stem}/{card.title}" for stem, _, root in shown for card in _leaves(root)
    }
    return page("graph", topics=shown, leaves=len(leaves))


def _leaves(card: Card) -> Iterator[Card]:
    if card.kind == "say":
        yield card
    for _, below in card.ways:
        yield from _leaves(below)


@dataclass
class _Cards:
    kb: KnowledgeBase
    topic: str
    reached: dict[str, list[Entry]]
    made: list[Node] = field(default_factory=list)

    @property
    def root(self) -> Card:
        return self.card(self.kb.topics[self.topic].tree)

    def card(self, node: Node) -> Card:
        if isinstance(node, Leaf):
            return self.leaf(node)
        asked = isinstance(node, Ask)
        kind = "ask" if asked else "by"
        looks = hint(self.kb, node)
        head = title(self.kb, node)
        if node in self.made:
            there = f"{self.topic}-{self.made.index(node)}"
            return Card(kind, head, looks, again=there)
        self.made.append(node)
        anchor = f"{self.topic}-{len(self.made) - 1}"
        ways = tuple((c.labels, self.card(c.node)) for c in cases(self.kb, node))
        return Card(kind, head, looks, ways, anchor)

    def leaf(self, node: Leaf) -> Card:
        entries = self.reached.get(f"{self.topic}/{node.say}", [])
        if not entries:
            return Card("say", node.say, claims=node.claims)
        first = min(entries, key=_plainest).reply.message
        verdict = lead(first)
        return Card(
            "say",
            node.say,
            mood=_mood(verdict),
            verdict=verdict,
            sample=to_html(first),
            labels=tuple(b.label for b in first.buttons),
            claims=node.claims,
            count=len(entries),
        )


def _plainest(entry: Entry) -> tuple[int, int]:
    """The sample that tells most: nothing unsure, little known."""
    return sum(v == UNSURE for v in entry.known.values()), len(entry.known)


def _mood(verdict: str) -> str:
    word = (re.findall(r"\w+", verdict) or [""])[0].casefold()
    return {"yes": "yes", "no": "no", "most": "yes", "time": "no"}.get(word, "")
