"""takeback graph: the decision tree of a topic, or of all, as Mermaid text or a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.desk.branches import cases, title
from bot.desk.cards import html
from bot.knowledge.model import Ask, KnowledgeBase, Leaf, Node

__all__ = ["html", "mermaid"]


def mermaid(kb: KnowledgeBase, topics: list[str]) -> str:
    """One flowchart; equal parts of a tree are drawn once."""
    lines = ["flowchart LR"]
    for topic in topics:
        label = _quoted(f"{topic}: {kb.topics[topic].label}")
        lines += [
            f"  subgraph {topic}_[{label}]",
            *_Drawing(kb, topic).lines,
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
    kb: KnowledgeBase
    topic: str
    lines: list[str] = field(default_factory=list)
    drawn: list[Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw(self.kb.topics[self.topic].tree)

    def draw(self, node: Node) -> str:
        if node in self.drawn:
            return f"{self.topic}_{self.drawn.index(node)}"
        self.drawn.append(node)
        name = f"{self.topic}_{len(self.drawn) - 1}"
        if isinstance(node, Leaf):
            text = _quoted(f"{self.topic}/{node.say}")
            self.lines.append(f"    {name}([{text}]):::say")
            return name
        text = _quoted(title(self.kb, node))
        asked = isinstance(node, Ask)
        shape = f"{{{{{text}}}}}:::ask" if asked else f"[{text}]:::by"
        self.lines.append(f"    {name}{shape}")
        for case in cases(self.kb, node):
            label = _quoted(", ".join(case.labels))
            self.lines.append(f"    {name} -->|{label}| {self.draw(case.node)}")
        return name


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
