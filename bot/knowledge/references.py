"""Names in one file of what another has to hold, and values of their type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import get_args

from bot.errors import Problem
from bot.knowledge import time_limits
from bot.knowledge.model import Ask, Branch, Claim, KnowledgeBase, Leaf, Node, Topic
from bot.knowledge.yaml_file import Where, YamlFile, did_you_mean

LAST_CLAIM = 65
"""The guide's claims are numbered from 1 to this."""


class ReferenceCheck:
    """The names of a whole book, held against each other."""

    def __init__(
        self,
        kb: KnowledgeBase,
        files: dict[str, YamlFile],
        untold: Collection[str] = (),
    ) -> None:
        self.kb, self._files = kb, files
        self._untold = untold
        """Kinds of names that are not judged, since a torn file may hold them."""
        self.problems: list[Problem] = []

    def check(self) -> list[Problem]:
        """Every name in one file of something that no file holds."""
        for stem, topic in self.kb.topics.items():
            file = self._files[f"topics/{stem}.yaml"]
            self._topic(file, topic)
            for where, node in nodes(topic.tree):
                self._node(file, stem, where, node)
        for path, name, where, claim in all_claims(self.kb):
            file = self._files[path]
            self._claim(file, (*where, name), claim)
            if not path.startswith("topics/"):
                self._value(file, (*where, name), name, claim)
        self._shown()
        for label in self.kb.phrases:
            name = label.partition("/")[0]
            if name not in self.kb.topics and "topic" not in self._untold:
                message = f"no topic `{name}`{did_you_mean(name, self.kb.topics)}"
                place = f"knowledge/phrases/{label}.txt"
                self.problems.append(Problem(place, 1, message))
        return self.problems

    def _fault(self, file: YamlFile, where: Where, message: str) -> None:
        self.problems.append(Problem(file.name, file.line(where), message))

    def _must(
        self, file: YamlFile, where: Where, name: str, among: Iterable[str], what: str
    ) -> None:
        among = list(among)
        if name not in among and what not in self._untold:
            self._fault(file, where, f"no {what} `{name}`{did_you_mean(name, among)}")

    def _shown(self) -> None:
        """Values that get a button, which there have to be."""
        for name, slot in self.kb.slots.items():
            if slot.values == "platforms":
                values: Iterable[str] = self.kb.platforms
            else:
                values = slot.values if isinstance(slot.values, dict) else slot.shown
            for i, value in enumerate(slot.shown):
                file = self._files["slots.yaml"]
                self._must(file, (name, "shown", i), value, values, "value")

    def _topic(self, file: YamlFile, topic: Topic) -> None:
        for i, name in enumerate(topic.next):
            stem = name.partition("/")[0]
            self._must(file, ("next", i), stem, self.kb.topics, "topic")
        for i, name in enumerate(topic.akin):
            self._must(file, ("akin", i), name, self.kb.topics, "topic")
        for i, name in enumerate(topic.listens):
            self._must(file, ("listens", i), name, self.kb.slots, "slot")
        for i, name in enumerate(topic.lasts):
            self._must(file, ("lasts", i), name, aspects(topic), "aspect")
        for other, slots in topic.instead.items():
            self._must(file, ("instead", other), other, self.kb.topics, "topic")
            for slot in slots:
                where = ("instead", other, slot)
                self._must(file, where, slot, self.kb.slots, "slot")

    def _node(self, file: YamlFile, stem: str, where: Where, node: Node) -> None:
        claims = _claim_keys(self.kb, self.kb.topics[stem])
        match node:
            case Leaf():
                self._leaf(file, where, node, claims)
            case Ask():
                self._must(file, (*where, "ask"), node.ask, self.kb.slots, "slot")
                if node.ask == "sent" and (node.cases or node.known):
                    message = "a moment has no cases: branch below with `by: clock`"
                    self._fault(file, (*where, "ask"), message)
            case Branch():
                facts = {"clock", "aspect", *self.kb.slots, *claims}
                self._must(file, (*where, "by"), node.by, facts, "slot or claim")
                among = claims | {"window"}
                self._must(file, (*where, "of"), node.of, among, "claim")
        if isinstance(node, Ask | Branch):
            values = _values(self.kb, stem, node)
            for case in node.cases if values else ():
                self._must(file, (*where, "cases", case), case, values, "value")

    def _leaf(self, file: YamlFile, where: Where, leaf: Leaf, claims: set[str]) -> None:
        for i, name in enumerate(leaf.claims):
            self._must(file, (*where, "claims", i), name, claims, "claim")
        for i, name in enumerate(leaf.guide):
            self._must(file, (*where, "guide", i), name, claims, "claim")
        for i, name in enumerate(leaf.next):
            stem = name.partition("/")[0]
            self._must(file, (*where, "next", i), stem, self.kb.topics, "topic")
        for i, name in enumerate(leaf.refine):
            self._must(file, (*where, "refine", i), name, self.kb.slots, "slot")

    def _claim(self, file: YamlFile, where: Where, claim: Claim) -> None:
        for i, source in enumerate(claim.checked.source if claim.checked else ()):
            place = (*where, "checked", "source", i)
            self._must(file, place, source, self.kb.sources, "source")
        for i, number in enumerate(claim.guide.numbers if claim.guide else ()):
            if not 1 <= number <= LAST_CLAIM:
                message = f"the guide has no claim {number}, only 1 to {LAST_CLAIM}"
                self._fault(file, (*where, "guide", "numbers", i), message)

    def _value(self, file: YamlFile, where: Where, name: str, claim: Claim) -> None:
        """A claim of a service or of all: known, and its values are of its type."""
        fact = self.kb.facts.get(name)
        if fact is None:
            if "fact" in self._untold:
                return
            message = (
                f"no claim `{name}` in claims.yaml{did_you_mean(name, self.kb.facts)}"
            )
            self._fault(file, where, message)
            return
        for side in ("checked", "guide"):
            said = getattr(claim, side)
            value = said.value if said else None
            if value is None or fact.free or value in fact.values:
                continue
            if fact.duration and time_limits.limits(value):
                continue
            span = ["a duration such as PT15M or PT48H..PT60H"] if fact.duration else []
            among = ", ".join([*fact.values, *span]) or "its values: it has none"
            self._fault(file, (*where, side, "value"), f"`{value}` is none of {among}")


def _claim_keys(found: KnowledgeBase, topic: Topic) -> set[str]:
    keys = set(topic.claims) | set(found.general)
    for platform in found.platforms.values():
        keys |= platform.claims.keys()
        for kind in platform.kinds.values():
            keys |= kind.claims.keys()
    return keys


def _values(found: KnowledgeBase, stem: str, node: Ask | Branch) -> set[str]:
    """What a branch can be on; empty where it is free."""
    name = node.ask if isinstance(node, Ask) else node.by
    if name == "clock":
        return set(get_args(time_limits.State))
    if name == "aspect":
        heads = (label.partition("/") for label in found.phrases)
        return {aspect for topic, _, aspect in heads if topic == stem and aspect}
    if name in found.slots:
        values = found.slots[name].values
        if values == "platforms":
            return set(found.platforms)
        if values == "kinds":
            return {k for p in found.platforms.values() for k in p.kinds}
        return set(values)
    return set()


def nodes(tree: Node, where: Where = ("tree",)) -> Iterator[tuple[Where, Node]]:
    """Every node of a tree with its place in the file."""
    yield where, tree
    if isinstance(tree, Ask | Branch):
        for case, below in tree.cases.items():
            yield from nodes(below, (*where, "cases", case))
        if tree.known:
            yield from nodes(tree.known, (*where, "known"))
        yield from nodes(tree.otherwise, (*where, "otherwise"))


def aspects(topic: Topic) -> set[str]:
    """The aspects that a topic's tree branches on."""
    return {
        case
        for _, node in nodes(topic.tree)
        if isinstance(node, Branch) and node.by == "aspect"
        for case in node.cases
    }


def all_claims(found: KnowledgeBase) -> Iterator[tuple[str, str, Where, Claim]]:
    """File, key, place around it, and the claim itself, of every claim."""
    for name, claim in found.general.items():
        yield "general.yaml", name, (), claim
    for stem, topic in found.topics.items():
        for name, claim in topic.claims.items():
            yield f"topics/{stem}.yaml", name, ("claims",), claim
    for stem, platform in found.platforms.items():
        for name, claim in platform.claims.items():
            yield f"platforms/{stem}.yaml", name, ("claims",), claim
        for kind, entry in platform.kinds.items():
            for name, claim in entry.claims.items():
                yield f"platforms/{stem}.yaml", name, ("kinds", kind, "claims"), claim
