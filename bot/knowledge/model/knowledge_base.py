"""All of the knowledge, and what follows from it for a topic and what is known."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, cast

from bot.knowledge.model.claim import (
    Checked,
    Claim,
    Claims,
    ClaimType,
    Edition,
    Source,
)
from bot.knowledge.model.part import UNSURE, Part
from bot.knowledge.model.services import Platform, Uncovered
from bot.knowledge.model.slots import Slot, SlotValue
from bot.knowledge.model.topics import Action, Node, Topic
from bot.knowledge.model.words import Labels, Words
from bot.knowledge.plain_json import LATER
from bot.knowledge.roles import Roles
from bot.nlu import languages
from bot.nlu.language import Language


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class KnowledgeBase(Part):
    """All of the knowledge. Keys are the stems of the files.

    Books are equal by identity: each is a key for what was worked out of it.
    """

    platforms: dict[str, Platform]
    topics: dict[str, Topic]
    slots: dict[str, Slot]
    sources: Annotated[Mapping[str, Source], LATER]
    facts: Annotated[Mapping[str, ClaimType], LATER]
    general: Claims = field(default_factory=dict)
    """Claims of the same names as a service's, for all that make none of their own."""
    words: Words
    phrases: dict[str, tuple[str, ...]]
    """By label: a topic, or `topic/aspect`."""
    phrase_actions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By label the action of each phrase, where its file has sections."""
    actions: dict[str, Action] = field(default_factory=dict)
    roles: Roles
    labels: Labels
    edition: Edition = "checked"
    language_code: str = languages.HOME

    @cached_property
    def language(self) -> Language:
        """What its words are read and written by."""
        return languages.of(self.language_code)

    def uses(self, topic: str) -> frozenset[str]:
        """The slots that a topic listens to, or that its tree asks for or looks at."""
        return self.topics[topic].uses

    def wish(self, topic: str) -> str | None:
        """The slot that says how an answer of a topic is to sound; mostly none."""
        listens = self.topics[topic].listens
        return listens[-1] if listens and self.slots[listens[-1]].view else None

    def tells_how(self, topic: str) -> bool:
        """Whether a topic tells how something is done, and not of one state of it alone."""
        akin = self.topics[self.roles.topics.default].akin
        return topic not in akin and self.topics[topic].guides

    @cached_property
    def service_slots(self) -> tuple[str, ...]:
        """The slots whose values are services."""
        return tuple(k for k, slot in self.slots.items() if slot.values == "platforms")

    @property
    def asides(self) -> tuple[str, ...]:
        """The slots that are noted in passing."""
        return tuple(name for name, slot in self.slots.items() if slot.aside)

    @cached_property
    def first_aid(self) -> dict[tuple[str, str], str]:
        """Slot and value → the claim that is told before anything else."""
        return {
            (name, value): choice.first
            for name, slot in self.slots.items()
            if isinstance(slot.values, dict)
            for value, choice in slot.values.items()
            if choice.first
        }

    @cached_property
    def commands(self) -> frozenset[str]:
        """The slash commands of all topics."""
        named = ((t.command, *t.commands) for t in self.topics.values())
        return frozenset(name for names in named for name in names if name)

    @cached_property
    def put_right(self) -> dict[str, tuple[str, str]]:
        """What was put right → the slot and value that this means."""
        return {
            choice.puts_right: (name, value)
            for name, slot in self.slots.items()
            if isinstance(slot.values, dict)
            for value, choice in slot.values.items()
            if choice.puts_right
        }

    @cached_property
    def report(self) -> dict[str, str]:
        """The fact that words are meant which report a slip; empty in a book without it."""
        return {
            name: value
            for name, slot in self.slots.items()
            if isinstance(slot.values, dict)
            for value, choice in slot.values.items()
            if choice.reports
        }

    @cached_property
    def above(self) -> frozenset[tuple[str, str]]:
        """Slot and value of each reader who is told of a slip to somebody else."""
        return frozenset(
            (name, value)
            for name, slot in self.slots.items()
            if isinstance(slot.values, dict)
            for value, choice in slot.values.items()
            if choice.above
        )

    @cached_property
    def uncovered(self) -> Mapping[str, Uncovered]:
        """The services that are named and not written down, by their own names.

        One that has a file by now is none of them, though it may still be listed.
        """
        return {k: v for k, v in self.listed.items() if k not in self.platforms}

    @cached_property
    def listed(self) -> Mapping[str, Uncovered]:
        """All that the list of services without a file holds."""
        other = self.platforms.get(self.roles.values.uncovered)
        return other.services if other else {}

    @cached_property
    def former_services(self) -> Mapping[str, str]:
        """The old name of a service → that of today."""
        return _former(self.platforms)

    @cached_property
    def former_topics(self) -> Mapping[str, str]:
        """The old name of a topic → that of today."""
        return _former(self.topics)

    def stem(self, platform: str) -> str:
        """The file that speaks for a service: its own, or that of all others."""
        return self.roles.values.uncovered if platform in self.uncovered else platform

    def label(self, platform: str) -> str | None:
        """What a service is called; none for what is no service."""
        entry = self.uncovered.get(platform) or self.platforms.get(platform)
        return entry.label if entry else None

    def lasting(self, known: Mapping[str, str]) -> dict[str, str]:
        """What is known of the message: no aspect of a topic, no way of showing."""
        return {
            k: v
            for k, v in known.items()
            if k in self.slots and (self.slots[k].aside or not self.slots[k].view)
        }

    def unanswered(self, topic: str, known: Mapping[str, str]) -> dict[str, str]:
        """What is known, without the values that this topic is there to answer."""

        def is_answered(slot: str, value: str) -> bool:
            choice = self.choice(slot, value)
            return bool(topic and choice and choice.topic == topic)

        return {k: v for k, v in known.items() if not is_answered(k, v)}

    def spoken_aspects(self, topic: str) -> AbstractSet[str]:
        """The aspects of a topic that phrases lead to."""
        return self._spoken_aspects.get(topic, frozenset())

    @cached_property
    def _spoken_aspects(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for label in self.phrases:
            topic, _, aspect = label.partition("/")
            if aspect:
                found.setdefault(topic, set()).add(aspect)
        return found

    def actions_of(self, label: str) -> tuple[str, ...]:
        """The action of each phrase of a label; empty outside the domain."""
        topic = self.topics.get(label.partition("/")[0])
        inside = topic is not None and topic.scope == "domain"
        usual = self.usual_action(label.partition("/")[0]) if inside else ""
        stated = self.phrase_actions.get(label) or ("",) * len(self.phrases[label])
        return tuple(action or usual for action in stated)

    def usual_action(self, topic: str) -> str:
        """What is done to the message, as far as a topic says."""
        return self.topics[topic].action or self.roles.values.action

    def action(self, topic: str, known: Mapping[str, str]) -> str:
        """What is done to the message: as known, else what the topic is mostly about."""
        return known.get("action") or self.usual_action(topic)

    def answered_actions(self, topic: str) -> frozenset[str]:
        """The actions that a question about a topic may speak of."""
        entry = self.topics[topic]
        if entry.narrow:
            return frozenset({self.usual_action(topic)})
        own = {name for name, action in self.actions.items() if action.tree}
        return frozenset({self.usual_action(topic), *entry.handles, *own})

    def tree(self, topic: str, known: Mapping[str, str]) -> Node:
        """The tree that answers about a topic, given the action."""
        entry, action = self.topics[topic], known.get("action", "")
        answered = ("", self.usual_action(topic), *entry.handles)
        if entry.scope != "domain" or action in answered:
            return entry.tree
        own = self.actions.get(action)
        if own is None or own.tree is None:
            return entry.tree
        aspect = known.get("aspect")
        left = own.leaves_aspects and aspect in entry.aspects - own.aspects
        return entry.tree if left else own.tree

    def choice(self, slot: str, value: str) -> SlotValue | None:
        """What is written down of a slot's value."""
        values = self.slots[slot].values if slot in self.slots else "kinds"
        return values.get(value) if isinstance(values, dict) else None

    def deed_topic(self, known: Mapping[str, str]) -> str:
        """The topic that answers once the message was taken away; else empty."""
        slot = self.roles.slots.deed
        deed = self.choice(slot, known.get(slot, ""))
        return deed.topic if deed else ""

    def is_gone(self, known: Mapping[str, str]) -> bool:
        """Whether what is known says that messages were taken away, at least for some."""
        choices = (self.choice(slot, value) for slot, value in known.items())
        return bool(self.deed_topic(known)) or any(c.gone for c in choices if c)

    def settles(self, slot: str, value: str) -> bool:
        """Whether a fact says for certain what was done to the message."""
        choice = self.choice(slot, value)
        return choice is not None and choice.settles

    def gives_way(self, topic: str, known: Mapping[str, str]) -> str | None:
        """The topic that a value names as the one to answer, if this one leaves it that."""
        answering: Topic | Action = self.topics[topic]
        if self.tree(topic, known) is not answering.tree:
            answering = self.actions[known["action"]]
        for slot, needed in answering.gives_way.items():
            values, value = self.slots[slot].values, known.get(slot)
            choice = values.get(value or "") if isinstance(values, dict) else None
            if choice and choice.topic and all(name in known for name in needed):
                return choice.topic
        return None

    def turning(self, topic: str) -> frozenset[tuple[str, str]]:
        """The facts that can make another topic answer in a topic's place."""
        entry = self.topics[topic]
        ways = (
            entry.gives_way,
            *(action.gives_way for action in self.actions.values()),
        )
        found: set[tuple[str, str]] = set()
        for slot, beside in (pair for way in ways for pair in way.items()):
            for value in self.choices(slot, {}):
                choice = self.choice(slot, value)
                found |= {(slot, value)} if choice and choice.topic else set()
            for other in beside:
                found |= {(other, v) for v in (*self.choices(other, {}), UNSURE)}
        for needed in entry.instead.values():
            for slot, values in needed.items():
                told = (values,) if isinstance(values, str) else values
                found |= {(slot, value) for value in told}
        return frozenset(found)

    @property
    def claim_slots(self) -> tuple[str, ...]:
        """The slots by whose values `claims` differs."""
        return self.roles.slots.service, self.roles.slots.kind, "action"

    def claims(self, topic: str, known: Mapping[str, str]) -> Mapping[str, Claim]:
        """What may be stated: the kind's claims, the platform's, the topic's, all's."""
        own = self._claims_of(known.get(self.roles.slots.service, ""), known)
        # The topic's own action counts as well, for its tree may answer for others.
        names = dict.fromkeys((self.action(topic, known), self.usual_action(topic)))
        of_actions = (self.actions[n].claims for n in names if n in self.actions)
        return _first_of(*own, self.topics[topic].claims, *of_actions, self.general)

    def claims_of(self, platform: str, known: Mapping[str, str]) -> Mapping[str, Claim]:
        """A platform's claims; those of the known kind go before its own."""
        return _first_of(*self._claims_of(platform, known))

    def _claims_of(self, platform: str, known: Mapping[str, str]) -> tuple[Claims, ...]:
        entry = self.platforms.get(self.stem(platform))
        if entry is None:
            return ()
        kind = entry.kinds.get(entry.kind_of(known.get(self.roles.slots.kind)))
        return (kind.claims, entry.claims) if kind else (entry.claims,)

    def removal(self, platform: str) -> str | None:
        """Whether and how a platform removes a message: the value of that claim."""
        claim = self.claims_of(platform, {}).get(self.roles.claims.removal)
        return claim.lead(self.edition).value if claim else None

    def as_of(self, check: Checked) -> str | None:
        """The date of a check's newest evidence, as exactly as it is known."""
        dates = (self.sources[name].as_of for name in check.source)
        return check.as_of or max(filter(None, dates), default=None)

    def place(self, claim: str, known: Mapping[str, str]) -> str:
        """Where a claim stands, as a name: `platform.kind.claim`, or less of it."""
        stem = self.stem(known.get(self.roles.slots.service, ""))
        platform = self.platforms.get(stem)
        kind_known = known.get(self.roles.slots.kind)
        name = platform.kind_of(kind_known) if platform else ""
        kind = platform.kinds.get(name) if platform else None
        if kind and claim in kind.claims:
            return f"{stem}.{name}.{claim}"
        return f"{stem}.{claim}" if platform and claim in platform.claims else claim

    def values_of(self, slot: str) -> frozenset[str]:
        """Every value that a slot can have, whatever is known."""
        values = self.slots[slot].values
        if values == "platforms":
            return frozenset(self.platforms)
        if values == "kinds":
            return frozenset(k for p in self.platforms.values() for k in p.kinds)
        return frozenset(values)

    def choices(self, slot: str, known: Mapping[str, str]) -> dict[str, str]:
        """Value to label of what can be chosen for a slot, given what is known."""
        values = self.slots[slot].values
        if values == "platforms":
            return {
                k: p.label
                for k, p in self.platforms.items()
                if k != self.roles.values.uncovered
            }
        if values == "kinds":
            platform = self.platforms.get(known.get(self.roles.slots.service, ""))
            return {k: v.label for k, v in platform.kinds.items()} if platform else {}
        return {k: c.label for k, c in values.items()}


def _former(entries: Mapping[str, Platform] | Mapping[str, Topic]) -> dict[str, str]:
    """Old names that nothing bears today → what bore them."""
    return {
        old: stem
        for stem, entry in entries.items()
        for old in entry.formerly
        if old not in entries
    }


def _first_of(*claims: Claims) -> Mapping[str, Claim]:
    """Mappings as one, in which the first that has a name counts; none is copied."""
    return ChainMap(*cast("tuple[dict[str, Claim], ...]", claims))
