"""Trees: a slot put twice on one way, an aspect that nothing answers or leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.errors import Problem
from bot.knowledge import nodes
from bot.knowledge.model import Ask, KnowledgeBase, Leaf, Node
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.yaml_file import Where
from bot.tools.check import source_lines
from bot.tools.every_answer import Entry


def asked_twice(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """A slot that is asked below itself: by then its answer is known."""
    for tree in nodes.trees(kb):
        for where, slot in _asked(tree.root, ("tree",), frozenset()):
            line = source_lines.line(top, tree.file, (*where, "ask"))
            message = f"`{slot}` was asked further up on this way"
            yield Problem(f"knowledge/{tree.file}", line, message)


def dead(kb: KnowledgeBase, top: Path, entries: Iterable[Entry]) -> Iterator[Problem]:
    """Leaves that no state of knowledge leads to, nor could with other claims.

    One for a value that no service has today is kept for the day when one has it.
    """
    reached = {entry.place for entry in entries}
    for tree in nodes.trees(kb):
        within = f"{tree.owner}/"
        reached |= {within + say for say in _possible(kb, tree.root, {})}
    for tree, where, leaf in nodes.leaves(kb):
        if f"{tree.owner}/{leaf.say}" not in reached:
            line = source_lines.line(top, tree.file, (*where, "say"))
            message = f"no way leads to the answer `{leaf.say}`"
            yield Problem(f"knowledge/{tree.file}", line, message)


def _possible(kb: KnowledgeBase, node: Node, above: Mapping[str, str]) -> Iterator[str]:
    """The leaves that some values of claims lead to, given the cases taken above.

    The clock runs only where something above spoke of a service.
    """
    if isinstance(node, Leaf):
        yield node.say
        return
    on = node.looks_at
    cases: Mapping[str, Node] = node.cases
    if on in kb.facts:
        allowed = [above[on]] if above.get(on) else kb.facts[on].values
        cases = {case: below for case, below in cases.items() if case in allowed}
    elif on == "clock" and not above:
        cases = {}
    noted = on in kb.facts or on == kb.roles.slots.service
    for case, below in cases.items():
        yield from _possible(kb, below, {**above, on: case} if noted else above)
    for other in (node.known, node.otherwise):
        if other:
            yield from _possible(kb, other, {on: "", **above} if noted else above)


def _asked(
    node: Node, where: Where, above: frozenset[str]
) -> Iterator[tuple[Where, str]]:
    if isinstance(node, Leaf):
        return
    if isinstance(node, Ask):
        if node.ask in above:
            yield where, node.ask
        above |= {node.ask}
    below = [((*where, "cases", case), n) for case, n in node.cases.items()]
    below += [((*where, "known"), node.known)] if node.known else []
    for place, under in [*below, ((*where, "otherwise"), node.otherwise)]:
        yield from _asked(under, place, above)


def unanswered(kb: KnowledgeBase) -> Iterator[Problem]:
    """A phrase file of an aspect that its topic's tree does not know."""
    for label in kb.phrases:
        topic, _, aspect = label.partition("/")
        if (
            topic in kb.topics
            and aspect
            and aspect not in kb.topics[topic].aspects
            and not any(aspect in a.aspects for a in kb.actions.values())
        ):
            message = f"the tree of `{topic}` has no answer for `{aspect}` of its own"
            yield Problem(f"knowledge/phrases/{label}.txt", 1, message)


def untyped(kb: KnowledgeBase) -> Iterator[Problem]:
    """Topics that nobody can type, though people should."""
    for stem, topic in kb.topics.items():
        own = stem in kb.phrases
        aspects = kb.spoken_aspects(stem) and topic.scope != "domain"
        if topic.typed and not own and not aspects:
            message = (
                f"there is no phrases/{stem}.txt, so nobody can type this: write one, "
                "or say `typed: false` where only buttons and commands lead here"
            )
            yield Problem(f"knowledge/topics/{stem}.yaml", 1, message)


def astray(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """A button to an aspect that there is not."""
    for tree in nodes.trees(kb):
        file = tree.file
        offers: list[tuple[Where, str]] = [
            (("next", i), name) for i, name in enumerate(tree.entry.next)
        ]
        for where, node in nodes.below(tree.root):
            if isinstance(node, Leaf):
                offers += [((*where, "next", i), n) for i, n in enumerate(node.next)]
        for where, name in offers:
            other, _, aspect = name.partition("/")
            if other not in kb.topics:
                continue  # told by load, with what may have been meant
            there = kb.topics[other].aspects
            if aspect and aspect not in there:
                hint = did_you_mean(aspect, there)
                message = f"no aspect `{aspect}` of `{other}`{hint}"
                line = source_lines.line(top, file, where)
                yield Problem(f"knowledge/{file}", line, message)


def unreached(kb: KnowledgeBase, entries: Iterable[Entry]) -> Iterator[Problem]:
    """Topics that no phrase, no button and no command lead to."""
    reached = {
        re.split(r"[|/]", b.value, maxsplit=1)[0]
        for entry in entries
        for b in entry.reply.message.buttons
        if entry.topic != re.split(r"[|/]", b.value, maxsplit=1)[0]
    }
    reached |= {label.partition("/")[0] for label, said in kb.phrases.items() if said}
    for stem, topic in kb.topics.items():
        if stem not in reached and not topic.command:
            message = "no phrase, no button and no command lead here"
            yield Problem(f"knowledge/topics/{stem}.yaml", 1, message)
