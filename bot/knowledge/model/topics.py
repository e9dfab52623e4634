"""Topics and actions, with the trees that lead to their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from bot.knowledge.model.claim import Claim
from bot.knowledge.model.part import Part

Verdict = Literal["yes", "no", "over", "depends", "perhaps"]


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


class Ask(Part):
    """Branch on a slot; asked when it is not known and the answer matters."""

    ask: str
    cases: dict[str, Node] = {}
    known: Node | None = None
    """For a known value without a case of its own."""
    otherwise: Node

    @property
    def looks_at(self) -> str:
        """The slot whose value it branches on."""
        return self.ask


class Branch(Part):
    """Branch on what is known or on a claim's value; never asked."""

    by: str
    of: str = ""
    """For `by: clock` the claim that holds the limit, else the usual one; for
    `by: sureness` any claim."""
    cases: dict[str, Node] = {}
    known: Node | None = None
    otherwise: Node

    @property
    def looks_at(self) -> str:
        """The slot or claim whose value it branches on, or the clock."""
        return self.by


def _kind_of_node(value: object) -> str | None:
    if isinstance(value, Part):
        keys: Iterable[str] = type(value).model_fields
    else:
        keys = value if isinstance(value, Mapping) else ()
    for key, tag in (("say", "Say"), ("ask", "Ask"), ("by", "By")):
        if key in keys:
            return tag
    return None


Node = Annotated[
    Annotated[Leaf, Tag("Say")]
    | Annotated[Ask, Tag("Ask")]
    | Annotated[Branch, Tag("By")],
    Discriminator(
        _kind_of_node,
        custom_error_type="node",
        custom_error_message="needs one of the keys `say`, `ask`, `by`",
    ),
]


class Action(Part):
    """Something done to a sent message, and what that means for any topic."""

    about: str
    label: str = Field(max_length=40)
    """As a button."""
    tree: Node | None = None
    """For topics whose own tree does not answer for this action."""
    claims: dict[str, Claim] = {}
    """What holds whatever the platform."""
    next: tuple[str, ...] = ()
    gives_way: dict[str, tuple[str, ...]] = {}
    """The same as a topic's, where this tree would answer."""
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


class Topic(Part):
    about: str
    label: str = Field(max_length=40)
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
    commands: dict[str, str] = {}
    """Further slash commands: command → aspect."""
    labels: dict[str, str] = {}
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
    claims: dict[str, Claim] = {}
    """What holds whatever the platform."""
    next: tuple[str, ...] = ()
    """The topics offered under an answer."""
    listens: tuple[str, ...] = ()
    """Slots that a bare answer may be about once this topic was answered: "not yet"."""
    lasts: tuple[str, ...] = ()
    """Aspects that are how things stand, and hold until another one is meant: it was
    deleted for me only."""
    akin: tuple[str, ...] = ()
    """Topics whose answers say much the same: between two of them nobody is asked."""
    instead: dict[str, dict[str, str | tuple[str, ...]]] = {}
    """Another topic, where slots, or the action, have these values, or one of them:
    what was read already and is wanted back is a question of its own. Empty is what is
    not known."""
    gives_way: dict[str, tuple[str, ...]] = {}
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


def subtree(node: Node) -> Iterator[Node]:
    """A node and every one below; for their places in the file see nodes.below."""
    yield node
    if not isinstance(node, Leaf):
        for child in (*node.cases.values(), node.known, node.otherwise):
            if child:
                yield from subtree(child)


def guides(tree: Node) -> bool:
    """Whether a leaf of a tree has steps to go through."""
    return any(isinstance(node, Leaf) and node.guide for node in subtree(tree))


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
