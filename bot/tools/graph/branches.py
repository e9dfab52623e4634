"""A tree's branches in words: what they are on, and the labels of the ways on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.model import Ask, Branch, KnowledgeBase, Node

Branching = Ask | Branch


@dataclass(frozen=True)
class Case:
    """A way on: its labels, and where it leads."""

    labels: tuple[str, ...]
    node: Node


def cases(kb: KnowledgeBase, node: Branching) -> list[Case]:
    """The ways on from a branch; values that lead to the same place stand together."""
    found: list[Case] = []
    below = [(_label(kb, node, value), n) for value, n in node.cases.items()]
    if node.known:
        below.append(("any other" if node.cases else "any", node.known))
    rest = "not known" if isinstance(node, Branch) else "not sure"
    if not node.known:
        rest = "anything else" if node.cases else "whatever it is"
    for label, under in [*below, (rest, node.otherwise)]:
        same = next((c for c in found if c.node == under), None)
        if same:
            found[found.index(same)] = Case((*same.labels, label), under)
        else:
            found.append(Case((label,), under))
    return found


def _label(kb: KnowledgeBase, node: Branching, value: str) -> str:
    slot = node.looks_at
    if slot in kb.slots:
        values = kb.slots[slot].values
        if values == "platforms":
            return kb.platforms[value].label
        if values == "kinds":
            kinds = (p.kinds for p in kb.platforms.values())
            return next((k[value].label for k in kinds if value in k), value)
        if isinstance(values, dict):
            return values[value].label
    return _STATES.get(value, value) if slot == "clock" else value.replace("_", " ")


_STATES = {
    "open": "still time",
    "between": "perhaps",
    "over": "over",
    "none": "no limit",
    "unknown": "time unknown",
}


def title(kb: KnowledgeBase, node: Branching) -> str:
    """What a branch is on, in words."""
    if isinstance(node, Ask):
        return kb.slots[node.ask].ask or node.ask
    if node.by == "clock":
        return f"Is there time left? ({node.of})"
    if node.by == "aspect":
        return "What about it?"
    if node.by in kb.slots:
        return kb.slots[node.by].ask or node.by
    fact = kb.facts.get(node.by)
    return fact.about if fact else node.by


def hint(kb: KnowledgeBase, node: Branching) -> str:
    """Where a branch looks."""
    if isinstance(node, Ask):
        return f"asked: {node.ask}"
    return (
        f"if it was said: {node.by}" if node.by in kb.slots else f"looked up: {node.by}"
    )
