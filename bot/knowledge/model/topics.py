"""Topics and actions, with the trees that lead to their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

from bot.knowledge.model.claim import Claims
from bot.knowledge.model.part import MayBeEmpty, Must, Part, TextOrMore, at_most
from bot.knowledge.plain_json import LATER

Verdict = Literal["yes", "no", "over", "depends", "perhaps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Part):
    """A leaf: the template's name, and the claims that it may state."""

    say: str
    verdict: Verdict | None = None
    """What its first sentence says to a question of yes or no."""
    action: str | None = None
    """What its first sentence is about, where that is another action than asked for;
    outside the domain the near miss that it counts as."""
    claims: tuple[str, ...] = ()
    refine: tuple[str, ...] = ()
    """Slots offered under the answer, for an answer that fits better."""
    guide: tuple[str, ...] = ()
    """Claims whose steps can be gone through one by one: a phone's, a computer's."""
    next: tuple[str, ...] = ()
    """What is offered under this answer, in place of the topic's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Part):
    """Branch on a slot; asked when it is not known and the answer matters."""

    ask: str
    cases: Cases = field(default_factory=dict)
    known: Node | None = None
    """For a known value without a case of its own."""
    otherwise: Node

    @property
    def looks_at(self) -> str:
        """The slot whose value it branches on."""
        return self.ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Part):
    """Branch on what is known or on a claim's value; never asked."""

    by: str
    of: str = ""
    """For `by: clock` the claim that holds the limit, else the usual one; for
    `by: sureness` any claim."""
    cases: Cases = field(default_factory=dict)
    known: Node | None = None
    otherwise: Node

    @property
    def looks_at(self) -> str:
        """The slot or claim whose value it branches on, or the clock."""
        return self.by


class _ToldByItsKey:
    """Has whoever validates a node judge it as the one kind that its key says it is."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def name(value: object) -> str | None:
            keys = value if isinstance(value, dict) else ()
            return next(
                (kind.__name__ for k, kind in _NODES.items() if k in keys), None
            )

        return core_schema.tagged_union_schema(
            {kind.__name__: handler.generate_schema(kind) for kind in _NODES.values()},
            name,
            custom_error_type="node",
            custom_error_message="needs one of the keys `say`, `ask`, `by`",
        )


Cases = Annotated[Mapping[str, "Node"], LATER]
"""Value → what follows. A question goes down one way of a tree, so the others wait."""
_NODES = {"say": Leaf, "ask": Ask, "by": Branch}
"""The key that each kind of node has, and no other kind."""
Node = Annotated[Leaf | Ask | Branch, _ToldByItsKey()]


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Action(Part):
    """Something done to a sent message, and what that means for any topic."""

    about: str
    label: Annotated[str, Must(at_most(40))]
    """As a button."""
    tree: Node | None = None
    """For topics whose own tree does not answer for this action."""
    claims: Claims = field(default_factory=dict)
    """What holds whatever the platform."""
    next: tuple[str, ...] = ()
    gives_way: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same as a topic's, where this tree would answer."""
    misses: tuple[str, ...] = ()
    """Aspects of the fallback that are of this action: "how do I leave a group"."""
    given_up: bool = False
    """Whether what is asked after a no is about taking the message back."""
    leaves_aspects: bool = False
    """Whether an aspect that only the topic's tree knows is answered by that one."""

    @cached_property
    def uses(self) -> frozenset[str]:
        """The slots and claims that its tree looks at."""
        return _looked_at(self.tree) if self.tree else frozenset()

    @cached_property
    def aspects(self) -> frozenset[str]:
        """The aspects that its tree branches on."""
        return _aspects(self.tree) if self.tree else frozenset()


_Value = Annotated[str, MayBeEmpty()]
_Values = Annotated[_Value | tuple[_Value, ...], TextOrMore()]
"""One of a slot or several; empty is what is not known."""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Topic(Part):
    """What people ask about: the tree that answers, and how it stands among the others."""

    about: str
    label: Annotated[str, Must(at_most(40))]
    """As a button."""
    scope: Literal["domain", "talk", "out"] = "domain"
    known_as: str = ""
    """The topic that it counts as for others, where it is one of ours alone."""
    formerly: tuple[str, ...] = ()
    """Names that its file had before: old buttons and sessions hold them."""
    typed: bool = True
    """Whether people may type it, so that it has phrases."""
    command: str | None = None
    """The slash command that leads here."""
    commands: dict[str, str] = field(default_factory=dict)
    """Further slash commands: command → aspect."""
    labels: dict[str, str] = field(default_factory=dict)
    """Aspect → its label as a button, where it has one of its own."""
    clears: bool = False
    """Coming here ends the conversation: nothing of it is known any more."""
    action: str = ""
    """What is done to the message, where a question about this topic does not say; the
    usual action where this is empty."""
    narrow: bool = False
    """Whether a question about it is never about another action."""
    handles: tuple[str, ...] = ()
    """Further actions that its own tree answers for; all others have their own trees."""
    tree: Node
    claims: Claims = field(default_factory=dict)
    """What holds whatever the platform."""
    next: tuple[str, ...] = ()
    """The topics offered under an answer."""
    listens: tuple[str, ...] = ()
    """Slots that a bare answer may be about once this topic was answered: "not yet"."""
    lasts: tuple[str, ...] = ()
    """Aspects that are how things stand, and hold until another one is meant: it was
    deleted for me only. Of the fallback those that a short text goes on with."""
    akin: tuple[str, ...] = ()
    """Topics whose answers say much the same: between two of them nobody is asked."""
    instead: dict[str, dict[str, _Values]] = field(default_factory=dict)
    """Another topic, where slots, or the action, have these values, or one of them:
    what was read already and is wanted back is a question of its own. Empty is what is
    not known."""
    gives_way: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Slots whose values name the topic that answers in its place, each with those
    that have to be known beside it: where a copy is left, once it was deleted."""

    @cached_property
    def uses(self) -> frozenset[str]:
        """The slots that it listens to, or that its tree asks for or looks at."""
        way = {*self.gives_way, *(s for some in self.gives_way.values() for s in some)}
        return frozenset(self.listens) | _looked_at(self.tree) | way

    @cached_property
    def aspects(self) -> frozenset[str]:
        """The aspects that its tree branches on."""
        return _aspects(self.tree)

    @cached_property
    def guides(self) -> bool:
        """Whether a leaf of its tree has steps to go through."""
        leaves = (node for node in subtree(self.tree) if isinstance(node, Leaf))
        return any(leaf.guide for leaf in leaves)

    def below(self, aspect: str) -> Node | None:
        """Where its tree goes on for an aspect that it branches on."""
        for node in subtree(self.tree):
            if isinstance(node, Branch) and node.by == "aspect":
                return node.cases.get(aspect)
        return None


def has_case(tree: Node, known: Mapping[str, str]) -> bool:
    """Whether a tree has a case of its own for something known."""
    return any(
        known.get(node.looks_at, "") in node.cases
        for node in subtree(tree)
        if not isinstance(node, Leaf)
    )


def subtree(node: Node) -> Iterator[Node]:
    """A node and every one below, each once; for their places in the file see nodes.below."""
    seen: set[int] = set()
    ahead = [node]
    while ahead:
        one = ahead.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if not isinstance(one, Leaf):
            below = (*one.cases.values(), one.known, one.otherwise)
            ahead += [child for child in reversed(below) if child]


def _aspects(tree: Node) -> frozenset[str]:
    return frozenset(
        case
        for node in subtree(tree)
        if isinstance(node, Branch) and node.by == "aspect"
        for case in node.cases
    )


def _looked_at(tree: Node) -> frozenset[str]:
    return frozenset(
        node.looks_at for node in subtree(tree) if not isinstance(node, Leaf)
    )
