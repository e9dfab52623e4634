"""takeback graph: the decision tree of a topic, or of all, as Mermaid text or a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.core.book import UNSURE, Ask, Book, By, Node, Say
from bot.core.message import Message, Paragraph, to_html
from bot.desk import proof
from bot.desk.page import page
from bot.desk.proof import Entry
from bot.render import Renderer

Branch = Ask | By


@dataclass(frozen=True)
class Case:
    """A way on: its labels, and where it leads."""

    labels: tuple[str, ...]
    node: Node


def cases(book: Book, node: Branch) -> list[Case]:
    """The ways on from a branch; values that lead to the same place stand together."""
    found: list[Case] = []
    below = [(_label(book, node, value), n) for value, n in node.cases.items()]
    if node.known:
        below.append(("any other" if node.cases else "any", node.known))
    rest = "not known" if isinstance(node, By) else "not sure"
    if not node.known:
        rest = "anything else" if node.cases else "whatever it is"
    for label, under in [*below, (rest, node.otherwise)]:
        same = next((c for c in found if c.node == under), None)
        if same:
            found[found.index(same)] = Case((*same.labels, label), under)
        else:
            found.append(Case((label,), under))
    return found


def _label(book: Book, node: Branch, value: str) -> str:
    slot = node.ask if isinstance(node, Ask) else node.by
    if slot in book.slots:
        values = book.slots[slot].values
        if values == "platforms":
            return book.platforms[value].label
        if values == "kinds":
            kinds = (p.kinds for p in book.platforms.values())
            return next((k[value].label for k in kinds if value in k), value)
        if isinstance(values, dict):
            return values[value].label
    return _STATES.get(value, value) if slot == "clock" else value.replace("_", " ")


_STATES = {
    "open": "still time",
    "over": "over",
    "none": "no limit",
    "unknown": "time unknown",
}


def title(book: Book, node: Branch) -> str:
    """What a branch is on, in words."""
    if isinstance(node, Ask):
        return book.slots[node.ask].ask or node.ask
    if node.by == "clock":
        return f"Is there time left? ({node.of})"
    if node.by == "aspect":
        return "What about it?"
    if node.by in book.slots:
        return book.slots[node.by].ask or node.by
    fact = book.facts.get(node.by)
    return fact.about if fact else node.by


def _hint(book: Book, node: Branch) -> str:
    """Where a branch looks."""
    if isinstance(node, Ask):
        return f"asked: {node.ask}"
    return (
        f"if it was said: {node.by}"
        if node.by in book.slots
        else f"looked up: {node.by}"
    )


# --- Mermaid


def mermaid(book: Book, topics: list[str]) -> str:
    """One flowchart; equal parts of a tree are drawn once."""
    lines = ["flowchart LR"]
    for topic in topics:
        label = _quoted(f"{topic}: {book.topics[topic].label}")
        lines += [
            f"  subgraph {topic}_[{label}]",
            *_Drawing(book, topic).lines,
            "  end",
        ]
    lines += [f"  classDef {name} {style}" for name, style in _STYLES.items()]
    return "\n".join(lines) + "\n"


_STYLES = {
    "ask": "fill:#dbeafe,stroke:#2563eb,color:#0b1f44",
    "by": "fill:#f1f5f9,stroke:#64748b,color:#0f172a",
    "say": "fill:#dcfce7,stroke:#16a34a,color:#052e16",
}


@dataclass
class _Drawing:
    book: Book
    topic: str
    lines: list[str] = field(default_factory=list)
    drawn: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw(self.book.topics[self.topic].tree)

    def draw(self, node: Node) -> str:
        if node in self.drawn:
            return f"{self.topic}_{self.drawn.index(node)}"
        self.drawn.append(node)
        name = f"{self.topic}_{len(self.drawn) - 1}"
        if isinstance(node, Say):
            text = _quoted(f"{self.topic}/{node.say}")
            self.lines.append(f"    {name}([{text}]):::say")
            return name
        text = _quoted(title(self.book, node))
        asked = isinstance(node, Ask)
        shape = f"{{{{{text}}}}}:::ask" if asked else f"[{text}]:::by"
        self.lines.append(f"    {name}{shape}")
        for case in cases(self.book, node):
            label = _quoted(", ".join(case.labels))
            self.lines.append(f"    {name} -->|{label}| {self.draw(case.node)}")
        return name


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'


# --- the page


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
    book = renderer.book
    reached: dict[str, list[Entry]] = {}
    for entry in proof.entries(renderer, topics):
        reached.setdefault(entry.place, []).append(entry)
    shown = [
        (stem, book.topics[stem], _Cards(book, stem, reached).root) for stem in topics
    ]
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
    book: Book
    topic: str
    reached: dict[str, list[Entry]]
    made: list[Node] = field(default_factory=list)

    @property
    def root(self) -> Card:
        return self.card(self.book.topics[self.topic].tree)

    def card(self, node: Node) -> Card:
        if isinstance(node, Say):
            return self.leaf(node)
        asked = isinstance(node, Ask)
        kind = "ask" if asked else "by"
        hint = _hint(self.book, node)
        head = title(self.book, node)
        if node in self.made:
            there = f"{self.topic}-{self.made.index(node)}"
            return Card(kind, head, hint, again=there)
        self.made.append(node)
        anchor = f"{self.topic}-{len(self.made) - 1}"
        ways = tuple((c.labels, self.card(c.node)) for c in cases(self.book, node))
        return Card(kind, head, hint, ways, anchor)

    def leaf(self, node: Say) -> Card:
        entries = self.reached.get(f"{self.topic}/{node.say}", [])
        if not entries:
            return Card("say", node.say, claims=node.claims)
        first = min(entries, key=_plainest).reply.message
        verdict = _strong(first)
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


def _strong(message: Message) -> str:
    """A reply's verdict: what it begins with in bold."""
    spans = (
        span
        for block in message.blocks
        if isinstance(block, Paragraph)
        for line in block.lines
        for span in line
    )
    return next((span.text for span in spans if span.strong), "")


def _mood(verdict: str) -> str:
    word = (re.findall(r"\w+", verdict) or [""])[0].casefold()
    return {"yes": "yes", "no": "no", "most": "yes", "time": "no"}.get(word, "")
