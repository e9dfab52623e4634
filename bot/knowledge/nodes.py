"""The one traversal of what the files hold: trees with their nodes, and claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from bot.knowledge.model import (
    Action,
    Ask,
    Branch,
    Claim,
    KnowledgeBase,
    Leaf,
    Node,
    Sureness,
    Topic,
)
from bot.knowledge.yaml_file import Where


class Tree(NamedTuple):
    """A tree, and where it stands."""

    owner: str
    """`retract`, or `actions/leave`: the folder of its templates too."""
    file: str
    """Below `knowledge/`."""
    entry: Topic | Action
    root: Node


def trees(kb: KnowledgeBase) -> Iterator[Tree]:
    """Every topic's, then every action's that has one."""
    for stem, topic in kb.topics.items():
        yield Tree(stem, f"topics/{stem}.yaml", topic, topic.tree)
    for stem, action in kb.actions.items():
        if action.tree:
            owner = f"actions/{stem}"
            yield Tree(owner, f"{owner}.yaml", action, action.tree)


def leaves(kb: KnowledgeBase) -> Iterator[tuple[Tree, Where, Leaf]]:
    """Every leaf of every tree with its place in the file."""
    for tree in trees(kb):
        for where, node in below(tree.root):
            if isinstance(node, Leaf):
                yield tree, where, node


def below(tree: Node, where: Where = ("tree",)) -> Iterator[tuple[Where, Node]]:
    """Every node of a tree with its place in the file."""
    yield where, tree
    if isinstance(tree, Ask | Branch):
        for case, node in tree.cases.items():
            yield from below(node, (*where, "cases", case))
        if tree.known:
            yield from below(tree.known, (*where, "known"))
        yield from below(tree.otherwise, (*where, "otherwise"))


def all_claims(found: KnowledgeBase) -> Iterator[tuple[str, str, Where, Claim]]:
    """File, key, place around it, and the claim itself, of every claim."""
    for name, claim in found.general.items():
        yield "general.yaml", name, (), claim
    for stem, topic in found.topics.items():
        for name, claim in topic.claims.items():
            yield f"topics/{stem}.yaml", name, ("claims",), claim
    for stem, action in found.actions.items():
        for name, claim in action.claims.items():
            yield f"actions/{stem}.yaml", name, ("claims",), claim
    for stem, platform in found.platforms.items():
        for name, claim in platform.claims.items():
            yield f"platforms/{stem}.yaml", name, ("claims",), claim
        for kind, entry in platform.kinds.items():
            for name, claim in entry.claims.items():
                yield f"platforms/{stem}.yaml", name, ("kinds", kind, "claims"), claim


def claim_names(found: KnowledgeBase, owner: Topic | Action) -> set[str]:
    """The claims that a tree of this topic or action may name."""
    keys = set(owner.claims) | set(found.general)
    for action in found.actions.values():
        keys |= action.claims.keys()
    for platform in found.platforms.values():
        keys |= platform.claims.keys()
        for kind in platform.kinds.values():
            keys |= kind.claims.keys()
    return keys


def cases(found: KnowledgeBase, stem: str, node: Ask | Branch) -> set[str]:
    """What a branch can be on; empty where it is free."""
    name = node.looks_at
    if name == "clock":
        return {"open", "over", "unknown", "none", "between"}
    if name == "sureness":
        return set(get_args(Sureness))
    if name == "action":
        return set(found.actions)
    if name == "topic":
        return set(found.topics)
    if name == "aspect":
        # The tree of an action answers for any topic.
        own = {stem} if stem in found.topics else set(found.topics)
        there = {aspect for topic in own for aspect in found.spoken_aspects(topic)}
        by_button = stem == found.roles.topics.help and there
        return there | ({found.roles.values.none_of_these} if by_button else set())
    return set(found.values_of(name)) if name in found.slots else set()
