"""The vocabulary of the knowledge: what the files say, once they are known to be right.

Every value is frozen and refuses unknown keys. The names are those of the files' keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from bot.knowledge import time_limits
from bot.knowledge.roles import Roles

Edition = Literal["checked", "guide"]
Sureness = Literal["high", "medium", "low"]
Finding = Literal["holds", "partly", "differs", "unconfirmed"]
Verdict = Literal["yes", "no", "over", "depends", "perhaps"]
Trust = Literal["official", "mirror", "code", "press", "web"]
Depends = Literal["country", "setting", "unknown"]
Sort = Literal["mail", "work", "social", "game", "market", "chat"]

UNSURE = "unsure"
"""A slot's value when the person was asked and does not know."""


class Part(BaseModel):
    """Base of everything in the book."""

    # Schemas are built when the first file is read, not when this is imported.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _day(value: object) -> object:
    """YAML reads a whole date as one, and a year as a number."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else value


Day = Annotated[
    str,
    BeforeValidator(_day),
    Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
]
"""A day, a month or a year, as exactly as it is known: 2026-08-21, 2026-08, 2026."""


class Source(Part):
    title: str
    address: str | None = None
    trust: Trust
    as_of: Day | None = None
    """When it was written, where that is known."""


class Side(Part):
    """One side of a claim: a sentence, steps, a value to compute with, or several."""

    says: str = ""
    steps: tuple[str, ...] = ()
    value: str | None = None
    depends: Depends | None = None
    """On what it depends where between the ends of a range the limit lies."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.says and not self.steps and self.value is None:
            raise ValueError("needs `says`, `steps` or `value`")
        if self.depends and not time_limits.is_range(self.value):
            raise ValueError("`depends` needs a range as value, such as PT48H..PT60H")
        return self


class Checked(Side):
    """What better sources than the guide say."""

    verdict: Finding | None = None
    """Of the guide's claim; none where the guide is silent."""
    sureness: Sureness
    source: tuple[str, ...] = ()
    """None where no page and no code was read."""
    as_of: Day | None = None
    """Of the newest evidence; the newest date of its sources where it has none."""
    checked: date
    cannot_change: bool = False
    """So by its nature, whatever a service does: mail that has left, an SMS."""

    @model_validator(mode="after")
    def _is_no_surer_than_it_may(self) -> Self:
        if self.sureness == "high" and not self.source and not self.cannot_change:
            raise ValueError(
                "is `medium` at most without a source, unless `cannot_change: true`"
            )
        return self


class Guide(Side):
    """What the guide says, in our words."""

    numbers: tuple[int, ...] = Field(min_length=1)
    """The claims' numbers in the fact check, 1 to 65."""
    section: str


class Claim(Part):
    """One thing that is so, from two sides."""

    checked: Checked | None = None
    guide: Guide | None = None

    @model_validator(mode="after")
    def _has_a_side(self) -> Self:
        if self.checked is None and self.guide is None:
            raise ValueError("needs a side: `checked` or `guide`")
        return self

    def lead(self, edition: Edition) -> Checked | Guide:
        """The side that an answer states; the other goes into the folded note.

        The checked side leads unless it is of low sureness and the guide has a word
        on it (PRODUCT.md, "The guide and the check").
        """
        if self.checked is None or self.guide is None:
            side = self.checked or self.guide
            assert side is not None  # by the validator above
            return side
        if edition == "guide" or self.checked.sureness == "low":
            return self.guide
        return self.checked

    def judged(self, edition: Edition) -> Checked | Guide:
        """The side whose value a table counts: what the check found, however sure.

        A cell cannot say "perhaps" as a sentence does; it is marked instead.
        """
        guide = self.guide if edition == "guide" else None
        return guide or self.checked or self.lead(edition)

    @property
    def sureness(self) -> Sureness | None:
        """Of the check; none where nobody checked."""
        return self.checked.sureness if self.checked else None


Claims = Mapping[str, Claim]


class Kind(Part):
    """A way of sending that a platform has beside others: a message, an InMail."""

    label: str
    names: tuple[str, ...] = ()
    implies: bool = False
    """Naming it means this platform."""
    claims: dict[str, Claim] = {}


class Uncovered(Part):
    """A service that people name and nobody has written down yet."""

    label: str = Field(max_length=24)
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    sort: Sort


class Platform(Part):
    label: str = Field(max_length=24)
    formerly: tuple[str, ...] = ()
    """Names that its file had before: old buttons and sessions hold them."""
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Names that are ordinary words too: they count only beside a word of messaging."""
    implied_by: tuple[str, ...] = ()
    """Patterns of words that imply it where no service is named or known."""
    services: dict[str, Uncovered] = {}
    """Of the platform `other`: all that it stands for."""
    keeps: tuple[str, ...] = ()
    """Names of another service that mean this one once it is at hand."""
    kinds: dict[str, Kind] = {}
    usual: str = ""
    """The kind that is meant where none is named."""
    claims: dict[str, Claim] = {}

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.names or self.weak or self.services):
            raise ValueError("needs `names`")
        return self

    def kind_of(self, known: str | None) -> str:
        """The kind that is known, or else the usual one; empty where there is none."""
        return known if known in self.kinds else self.usual


class SlotValue(Part):
    """A value that a slot can take, and how people state it."""

    label: str
    names: tuple[str, ...] = ()
    """Patterns: `a/b` one of these words, `..` up to three words of any kind."""
    deeds: tuple[str, ...] = ()
    """The same for verbs in the past: they count where the asker tells to have done it."""
    ago: timedelta | None = None
    """For the slot `sent`: what the button stands for."""
    slack: timedelta = timedelta(0)
    """By how much that may be off, either way."""
    first: str = ""
    """The claim that is told before anything else where this was said."""
    action: str = ""
    """What it says was done, where no other action is clear."""
    outdoes: tuple[str, ...] = ()
    """Actions that say nothing beside it: what was taken back is gone, left or not."""
    settles: bool = False
    """Whether that action goes before others, unless their trees look at the slot."""
    topic: str = ""
    """The topic whose tree answers about it; others give way to that one."""


class Slot(Part):
    ask: str
    code: str = Field(min_length=1, max_length=1)
    """Its letter in a button's value, which has room for 64 bytes."""
    values: dict[str, SlotValue] | Literal["platforms", "kinds"]
    shown: tuple[str, ...] = ()
    """The values that get a button; all where empty. The others can be typed."""
    unsure: str = "Not sure"
    ranked: bool = False
    """Of several values that are stated the one that stands first here counts."""
    view: bool = False
    """How an answer is shown, not a fact: it ends with the answer."""
    aside: bool = False
    """Noted in passing, and kept; by itself it never says what a message is about."""


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


class Branch(Part):
    """Branch on what is known or on a claim's value; never asked."""

    by: str
    of: str = ""
    """For `by: clock` the claim that holds the limit, else the usual one; for
    `by: sureness` any claim."""
    cases: dict[str, Node] = {}
    known: Node | None = None
    otherwise: Node


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

    @cached_property
    def uses(self) -> frozenset[str]:
        """The slots and claims that its tree looks at."""
        return _looked_at(self.tree) if self.tree else frozenset()


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
    """Another topic, where these slots have these values, or one of them: what was read
    already and is wanted back is a question of its own. Empty is what is not known."""
    gives_way: dict[str, tuple[str, ...]] = {}
    """Slots whose values name the topic that answers in its place, each with those
    that have to be known beside it: where a copy is left, once it was deleted."""

    @cached_property
    def uses(self) -> frozenset[str]:
        """The slots that it listens to, or that its tree asks for or looks at."""
        way = {*self.gives_way, *(s for some in self.gives_way.values() for s in some)}
        return frozenset(self.listens) | _looked_at(self.tree) | way


def _guides(node: Node) -> bool:
    """Whether a leaf below has steps to go through."""
    if isinstance(node, Leaf):
        return bool(node.guide)
    below = (*node.cases.values(), node.known, node.otherwise)
    return any(_guides(one) for one in below if one)


def _looked_at(node: Node) -> frozenset[str]:
    if isinstance(node, Leaf):
        return frozenset()
    below = [*node.cases.values(), node.known, node.otherwise]
    own = node.ask if isinstance(node, Ask) else node.by
    return frozenset({own}).union(*(_looked_at(one) for one in below if one))


class ClaimType(Part):
    """A claim that services make, and the type of its value."""

    about: str
    values: tuple[str, ...] = ()
    action: str | None = None
    """What it speaks of; none where it is about no single one."""
    duration: bool = False
    """An ISO 8601 duration is a value too, or two of them as a range."""
    free: bool = False
    """Any value goes."""
    owed: bool = False
    """Every service has to make this claim."""
    owed_if: tuple[str, ...] = ()
    """A service has to make it where the claim of removal has one of these values."""


class Words(Part):
    """Words with a meaning for the talk itself."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    unsure: tuple[str, ...]
    back: tuple[str, ...]
    meant: tuple[str, ...]
    """What opens a correction: "sorry, I meant ..."."""
    near: frozenset[str]
    """Words of messaging that make a weak name count."""
    devices: dict[str, str] = {}
    """Words for a device → value of the slot `device`: where a service is known they are
    not the name of another one."""
    elsewhere: frozenset[str] = frozenset()
    """Beside one of these no service is implied: it went another way."""
    theirs: frozenset[str] = frozenset()
    """Beside one of these a device is the recipient's."""
    skip: frozenset[str]
    """Words that say nothing: what is left of an answer may be only these."""
    asking: frozenset[str] = frozenset()
    """What no note of facts has: it asks something."""
    stuck: tuple[str, ...] = ()
    """Said after steps: they did not work."""
    helpless: tuple[str, ...] = ()
    """Said after an answer: what is left to do?"""
    step_by_step: tuple[str, ...] = ()
    """As the whole message, after an answer with steps: these one by one."""
    next: tuple[str, ...] = ()
    """As the whole message, in the steps: the next one."""
    done: tuple[str, ...] = ()
    """As the whole message, in or after steps: they are done."""
    did: tuple[str, ...] = ()
    """In a short statement after steps: they are done."""
    half_done: tuple[str, ...] = ()
    """Beside one of these that is not all."""
    joining: frozenset[str] = frozenset()
    """What a sentence may begin with before its first word."""
    wishing: frozenset[str] = frozenset()
    """A statement with one of these wants something."""
    polite: frozenset[str] = frozenset()
    """Words of thanks, nods and greetings that a question may stand beside."""
    not_that: tuple[str, ...] = ()
    """Said after an answer: it is not what was asked."""
    sent: tuple[str, ...] = ()
    """The person sent something."""
    rule: tuple[str, ...] = ()
    """What makes a read state a question or a rule: "whether she opened it"."""
    modal: frozenset[str] = frozenset()
    """The same, right before it: "will they read it"."""
    own: frozenset[str] = frozenset()
    """Right before a read state: the asker read, or it is asked whether others did."""
    compared: tuple[str, ...] = ()
    """Right before a service's name: it was not sent there, "like on X"."""
    examples: tuple[str, ...] = ()
    """Ends like one of those and compares nothing: "apps like X"."""
    moving: frozenset[str] = frozenset()
    """With one of these "from X to Y" is no message's way."""
    ordinary: tuple[str, ...] = ()
    """Within one of these a service's name is a word like any other."""
    attributed: frozenset[str] = frozenset()
    """Right after a service's name: it was not sent there, "a link to X"."""
    things: frozenset[str] = frozenset()
    """What can be deleted or changed and is no message: "I deleted the app"."""

    @property
    def every(self) -> Iterable[str]:
        """All of them, whatever they mean."""
        return (text for _, texts in self for text in texts)


class Labels(Part):
    """The words of buttons that belong to no topic and no slot, and of what is unknown."""

    unknown_yet: str
    """Told in place of a sentence that is still to be found out."""

    back: str
    step_by_step: str
    next: str
    done: str
    all_steps: str
    worked: str
    failed: str
    looks_different: str
    none_of_these: str
    not_meant: str
    other_service: str
    more_services: str
    by_name: str


class AssistantFile(Part):
    """What `assistant.yaml` says: the parts that are played, and words of buttons."""

    roles: Roles
    labels: Labels


class KnowledgeBase(Part):
    """All of the knowledge. Keys are the stems of the files."""

    platforms: dict[str, Platform]
    topics: dict[str, Topic]
    slots: dict[str, Slot]
    sources: dict[str, Source]
    facts: dict[str, ClaimType]
    general: dict[str, Claim] = {}
    """Claims of the same names as a service's, for all that make none of their own."""
    words: Words
    phrases: dict[str, tuple[str, ...]]
    """By label: a topic, or `topic/aspect`."""
    phrase_actions: dict[str, tuple[str, ...]] = {}
    """By label the action of each phrase, where its file has sections."""
    actions: dict[str, Action] = {}
    roles: Roles
    labels: Labels
    edition: Edition = "checked"

    def __eq__(self, other: object) -> bool:
        """By identity: a key for what was worked out of this very book."""
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def uses(self, topic: str) -> frozenset[str]:
        """The slots that a topic listens to, or that its tree asks for or looks at."""
        return self.topics[topic].uses

    @cached_property
    def hows(self) -> frozenset[str]:
        """The topics that tell how and until when something is done."""
        akin = self.topics[self.roles.topics.default].akin
        return frozenset(akin) | {t for t, e in self.topics.items() if _guides(e.tree)}

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

    def spoken_aspects(self, topic: str) -> set[str]:
        """The aspects of a topic that phrases lead to."""
        heads = (label.partition("/") for label in self.phrases)
        return {aspect for name, _, aspect in heads if name == topic and aspect}

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
        return own.tree if own and own.tree else entry.tree

    def choice(self, slot: str, value: str) -> SlotValue | None:
        """What is written down of a slot's value."""
        values = self.slots[slot].values if slot in self.slots else "kinds"
        return values.get(value) if isinstance(values, dict) else None

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

    def claims(self, topic: str, known: Mapping[str, str]) -> dict[str, Claim]:
        """What may be stated: the kind's claims, the platform's, the topic's, all's."""
        own = self.claims_of(known.get(self.roles.slots.service, ""), known)
        general = dict(self.general)
        # The topic's own action counts as well, for its tree may answer for others.
        for name in (self.usual_action(topic), self.action(topic, known)):
            action = self.actions.get(name)
            general |= action.claims if action else {}
        return general | self.topics[topic].claims | own

    def claims_of(self, platform: str, known: Mapping[str, str]) -> dict[str, Claim]:
        """A platform's claims; those of the known kind go before its own."""
        entry = self.platforms.get(self.stem(platform))
        if entry is None:
            return {}
        kind = entry.kinds.get(entry.kind_of(known.get(self.roles.slots.kind)))
        return entry.claims | (kind.claims if kind else {})

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
