"""Names in one file of what another has to hold, and values of their type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.errors import Problem
from bot.knowledge import nodes, played_roles, time_limits
from bot.knowledge.model import (
    Action,
    Ask,
    Branch,
    Claim,
    KnowledgeBase,
    Leaf,
    Node,
    Platform,
    Topic,
)
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.yaml_file import Where, YamlFile

FACTS = ("clock", "aspect", "action", "topic", "sureness")
"""What a branch can be on besides slots and claims."""

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
            for where, node in nodes.below(topic.tree):
                self._node(file, stem, where, node)
        for stem, action in self.kb.actions.items():
            file = self._files[f"actions/{stem}.yaml"]
            for i, name in enumerate(action.next):
                topic_name = name.partition("/")[0]
                self._must(file, ("next", i), topic_name, self.kb.topics, "topic")
            for i, aspect in enumerate(action.misses):
                label = f"{self.kb.roles.topics.fallback}/{aspect}"
                where = ("misses", i)
                self._must(file, where, label, self.kb.phrases, "aspect with phrases")
            for where, node in nodes.below(action.tree) if action.tree else ():
                self._node(file, f"actions/{stem}", where, node)
        for path, name, where, claim in nodes.all_claims(self.kb):
            file = self._files[path]
            self._claim(file, (*where, name), claim)
            if path.startswith(("platforms/", "general.yaml")):
                self._value(file, (*where, name), name, claim)
        self._claim_types()
        self._shown()
        self._codes()
        self._told_first()
        self._unread()
        self._owners()
        self._roles()
        self._former()
        self._outdone()
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

    def _codes(self) -> None:
        """Slots are told apart in buttons by their codes."""
        bearers: dict[str, str] = {}
        for name, slot in self.kb.slots.items():
            if (other := bearers.setdefault(slot.code, name)) != name:
                message = f"`{other}` has this code too; buttons need one for each slot"
                self._fault(self._files["slots.yaml"], (name, "code"), message)

    def _unread(self) -> None:
        """What values say that the book's language does not read."""
        language, file = self.kb.language, self._files["slots.yaml"]
        readers = {"deeds": language.told, "puts_right": language.put_right}
        unread = [key for key, reader in readers.items() if reader is None]
        for name, slot in self.kb.slots.items():
            choices = slot.values if isinstance(slot.values, dict) else {}
            for value, choice in choices.items():
                for key in unread:
                    if getattr(choice, key):
                        where = (name, "values", value, key)
                        message = f"`{key}` is not read in `{language.code}`"
                        self._fault(file, where, message)

    def _outdone(self) -> None:
        """Services whose names count less than another one's words."""
        for stem, platform in self.kb.platforms.items():
            for other in platform.outdoes:
                file, where = self._files[f"platforms/{stem}.yaml"], ("outdoes", other)
                self._must(file, where, other, self.kb.platforms, "service")

    def _former(self) -> None:
        """Names that files had before: of nothing that is there, and of one thing only."""
        parts: tuple[tuple[str, Mapping[str, Topic | Platform]], ...] = (
            ("topics", self.kb.topics),
            ("platforms", self.kb.platforms),
        )
        for folder, entries in parts:
            taken = {stem: stem for stem in entries}
            if folder == "platforms":
                other = self.kb.roles.values.uncovered
                taken = {**dict.fromkeys(self.kb.listed, other), **taken}
            for stem, entry in entries.items():
                for i, old in enumerate(entry.formerly):
                    owner = taken.setdefault(old, stem)
                    if owner != stem or old == stem:
                        file = self._files[f"{folder}/{stem}.yaml"]
                        message = f"`{old}` is a name in {owner}.yaml too"
                        self._fault(file, ("formerly", i), message)

    def _claim_types(self) -> None:
        """A type of claims speaks of an action that there is."""
        file = self._files["claims.yaml"]
        for name, fact in self.kb.facts.items():
            if fact.action and self.kb.actions:
                self._must(
                    file, (name, "action"), fact.action, self.kb.actions, "action"
                )
            for value in fact.meanings:
                self._must(file, (name,), value, fact.values, "value")

    def _told_first(self) -> None:
        """Claims that values of slots bring along."""
        file = self._files["slots.yaml"]
        for (slot, value), claim in self.kb.first_aid.items():
            where = (slot, "values", value, "first")
            self._must(file, where, claim, self.kb.general, "claim")

    def _owners(self) -> None:
        """Topics that answer about a value, and the slots that others give way to."""
        for name, slot in self.kb.slots.items():
            values = slot.values if isinstance(slot.values, dict) else {}
            for value, choice in values.items():
                if choice.topic:
                    file = self._files["slots.yaml"]
                    place = (name, "values", value, "topic")
                    self._must(file, place, choice.topic, self.kb.topics, "topic")
        entries: dict[str, Topic | Action] = {}
        entries |= {f"topics/{k}.yaml": v for k, v in self.kb.topics.items()}
        entries |= {f"actions/{k}.yaml": v for k, v in self.kb.actions.items()}
        for path, entry in entries.items():
            for left, needed in entry.gives_way.items():
                for one in (left, *needed):
                    where = ("gives_way", left)
                    self._must(self._files[path], where, one, self.kb.slots, "slot")

    def _roles(self) -> None:
        """Parts that have to be played by something that is there."""
        file = self._files["assistant.yaml"]
        if file.data is None:
            return
        for where, name, among, what in played_roles.players(self.kb):
            self._must(file, ("roles", *where), name, among, what)
        for place, message in played_roles.unmet(self.kb):
            self._fault(file, place, message)

    def _topic(self, file: YamlFile, topic: Topic) -> None:
        for i, name in enumerate(topic.next):
            stem = name.partition("/")[0]
            self._must(file, ("next", i), stem, self.kb.topics, "topic")
        for i, name in enumerate(topic.akin):
            self._must(file, ("akin", i), name, self.kb.topics, "topic")
        for i, name in enumerate(topic.listens):
            self._must(file, ("listens", i), name, self.kb.slots, "slot")
        for i, name in enumerate(topic.lasts):
            among = topic.aspects | self.kb.actions.keys()
            self._must(file, ("lasts", i), name, among, "aspect")
        for other, slots in topic.instead.items():
            self._must(file, ("instead", other), other, self.kb.topics, "topic")
            for slot in slots:
                where = ("instead", other, slot)
                self._must(
                    file, where, slot, {"action", "aspect", *self.kb.slots}, "slot"
                )

    def _node(self, file: YamlFile, stem: str, where: Where, node: Node) -> None:
        owner = self.kb.topics.get(stem) or self.kb.actions[stem.partition("/")[2]]
        claims = nodes.claim_names(self.kb, owner)
        match node:
            case Leaf():
                self._leaf(file, where, node, claims)
            case Ask():
                self._must(file, (*where, "ask"), node.ask, self.kb.slots, "slot")
                if node.ask == self.kb.roles.slots.time and (node.cases or node.known):
                    message = "a moment has no cases: branch below with `by: clock`"
                    self._fault(file, (*where, "ask"), message)
            case Branch():
                facts = {*FACTS, *self.kb.slots, *claims}
                self._must(file, (*where, "by"), node.by, facts, "slot or claim")
                if node.of:
                    self._must(file, (*where, "of"), node.of, claims, "claim")
        if isinstance(node, Ask | Branch):
            values = nodes.cases(self.kb, stem, node)
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
            if played_roles.CLAIM in self._untold:
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
