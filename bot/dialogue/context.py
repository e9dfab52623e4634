"""What a rule decides by, and what it decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from bot.dialogue import hearsay, ongoing, questions, tree
from bot.dialogue.session import Session
from bot.knowledge.model import KnowledgeBase
from bot.nlu import clauses, confidence, tokenizer
from bot.nlu.classifier import topic as topic_of
from bot.nlu.engine import Clause, Parse

FEW, SEVERAL = 2, 4
"""Words beside the facts that a fragment, and a note of facts, may have."""
SHORT = 7
"""Words of a short text, which in a conversation mostly goes on with it."""


class Decision(NamedTuple):
    """Where a message leads. Of topics that are only suggested, `topic` is none."""

    topic: str | None
    slots: Mapping[str, str]
    """What is known there, before what this message states."""
    confidence: float = 1.0
    suggestions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """Further topics that the message may be about, for buttons."""
    returns: bool = False
    """Whether it leads to where the conversation was before."""
    summed: str = ""
    """Whether the answer at hand is wanted once more: `sum`, `why` or empty."""
    rule: Rule | None = None


Rule = Callable[["Context"], Decision | None]


@dataclass(frozen=True)
class Context:
    """A message under decision: read once, passed everywhere."""

    kb: KnowledgeBase
    session: Session
    text: str
    parse: Parse
    new_slots: Mapping[str, str]
    """What this message states."""
    now: datetime
    is_shortened: bool = False
    """Whether it was too long to be read as a whole."""

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The words as they were typed."""
        return self.kb.language.tokenize(self.text)

    @cached_property
    def line(self) -> str:
        """The same as a line, to be held against whole messages."""
        return tokenizer.line(self.said)

    @cached_property
    def pieces(self) -> list[clauses.Piece]:
        """Its clauses as they were typed."""
        return clauses.split(self.text, self.kb.language)

    @cached_property
    def lead(self) -> Clause | None:
        """The question that is answered first, where a message holds several clauses."""
        gone = bool(self.kb.deed_topic(self.new_slots))
        deeds = {*self._stated_actions()}
        return questions.leading(self.kb, self.parse, deeds, gone=gone)

    @cached_property
    def views(self) -> Mapping[str, str]:
        """How to answer; of several questions, the first and what is told beside them."""
        facts = {**self.session.slots, **self.new_slots}
        views = {k: v for k, v in self._views.items() if self._is_due(k, v)}
        return hearsay.judged(self.kb, facts, self.parse, views)

    def _is_due(self, slot: str, value: str) -> bool:
        """Whether a view counts here: a remark does not beside a question or a wish."""
        choice = self.kb.choice(slot, value)
        if not choice or not choice.remark:
            return True
        # "He read it and did not answer yet, it was 5 minutes ago" is about the message.
        if self.in_domain and self.kb.roles.slots.time in self.new_slots:
            return False
        # "He saw it and is ignoring me" only looks like one.
        beside = (c for c in self.parse.clauses if c.views.get(slot) != value)
        asks = "?" in self.text or self.opens_with_a_question
        wishes = not self.kb.words.wishing.isdisjoint(self.parse.words)
        return not (asks or wishes or any(clause.asks for clause in beside))

    @property
    def _views(self) -> Mapping[str, str]:
        whole, lead = self.parse.extraction.views, self.lead
        if not lead:
            return whole
        others = (c for c in self.parse.clauses if c.asks and c is not lead)
        theirs = {view for clause in others for view in clause.views.items()}
        told = {slot: v for slot, v in whole.items() if (slot, v) not in theirs}
        return {**told, **lead.views}

    @property
    def looks_elsewhere(self) -> bool:
        """Whether a view leads to a near miss: "he read it and ignores me"."""
        kb = self.kb
        choices = (kb.choice(slot, value) for slot, value in self.views.items())
        topics = (choice.topic for choice in choices if choice and choice.topic)
        return any(kb.topics[one].scope == "out" for one in topics)

    @cached_property
    def label(self) -> str:
        """The clear topic, with its aspect; empty where none is clear."""
        if self.lead:
            return self.lead.label
        verdict = self.parse.verdict
        return verdict.label if isinstance(verdict, confidence.Confident) else ""

    @cached_property
    def topic(self) -> str:
        return topic_of(self.label)

    @cached_property
    def scope(self) -> str:
        """Of the clear topic: domain, talk or out; empty without one."""
        return self.kb.topics[self.topic].scope if self.topic else ""

    @property
    def here(self) -> str:
        """The topic at hand."""
        return self.session.topic or ""

    @property
    def in_domain(self) -> bool:
        """Whether the topic at hand is one of the domain."""
        return bool(self.here) and self.kb.topics[self.here].scope == "domain"

    @property
    def is_fresh(self) -> bool:
        """Whether the clear topic is one of the domain and not the one at hand."""
        return self.scope == "domain" and self.topic != self.here

    @property
    def asks(self) -> bool:
        """Whether its words ask something."""
        return not self.kb.words.asking.isdisjoint(self.parse.words)

    @property
    def opens_with_a_question(self) -> bool:
        """Whether it begins by asking, as "it is for you" and "who blocked me" do not.

        "I mean, is that seen or played" does behind its opening.
        """
        words, said = self.kb.words, tokenizer.line(self.parse.words)
        groups = self.kb.language.groups(words.meant)
        opening = max((g for g in groups if said.startswith(g)), key=len, default="")
        begins = self.parse.words[len(opening.split()) :]
        first = (word for word in begins if word not in words.joining)
        return next(first, "") in words.asking

    @property
    def puts_a_question(self) -> bool:
        """Whether it is built as one: to name a question word is not enough."""
        asks = any(clause.asks for clause in self.parse.clauses)
        return "?" in self.text or self.opens_with_a_question or asks

    @cached_property
    def asks_within(self) -> bool:
        """Whether it asks behind what it tells: "if I delete it early do they know"."""
        inverts = self.kb.language.clauses.inverts
        return inverts is not None and inverts.search(self.text) is not None

    @cached_property
    def supposes(self) -> bool:
        """Whether a time is only thought of beside one that is known: "if 2 hours passed"."""
        roles = self.kb.roles
        told = self.parse.extraction.views.get(roles.slots.figure)
        time = roles.slots.time
        known = time in self.session.slots and time in self.new_slots
        return known and bool(told) and told == roles.values.supposed

    @cached_property
    def asks_if_that_changes(self) -> bool:
        """Whether all that it asks is what a fact changes: "does that matter?"."""
        kb = self.kb
        if not kb.language.holds(self.said, kb.words.changing):
            return False
        # "He is away does that matter" has no mark.
        groups = kb.language.groups(kb.words.changing)
        ends = tokenizer.line(self.said).endswith(groups)
        asked = [p.words for p in self.pieces if p.asks]
        only = bool(asked) and all(self._asks_only_that(words) for words in asked)
        # "He has Premium, if that makes a difference. He was online."
        remark = not asked and any(
            tokenizer.line(p.words).endswith(groups) for p in self.pieces
        )
        return only or remark or (ends and len(asked) <= 1)

    def _asks_only_that(self, words: tuple[str, ...]) -> bool:
        """Whether a question holds such words and, of a subject of its own, nothing."""
        kb, said = self.kb, tokenizer.line(words)
        groups = [g for g in kb.language.groups(kb.words.changing) if g in said]
        own = {word for group in groups for word in group.split()}
        beside = kb.words.skip | kb.words.asking | kb.words.joining | own
        return bool(groups) and sum(word not in beside for word in words) <= 1

    @cached_property
    def spare(self) -> int:
        """The words that state no fact and name neither a device nor a person."""
        words = self.kb.words
        rest = self.parse.extraction.rest
        return sum(w not in words.devices and w not in words.theirs for w in rest)

    @cached_property
    def confidence(self) -> float:
        return self.parse.verdict.confidence

    @cached_property
    def own(self) -> dict[str, str]:
        """Aspect and action that the words state for the clear topic."""
        return self.own_in(self.lead) if self.lead else self.own_of(self.label)

    def own_of(self, label: str) -> dict[str, str]:
        """The same for a topic that the message may be about, with or without aspect."""
        topic, _, aspect = label.partition("/")
        own = {"aspect": aspect} if aspect else {}
        return own | self.action_for(topic)

    def own_in(self, clause: Clause) -> dict[str, str]:
        """The same for a clause, whose words may name another action than the text."""
        own, topic = self.own_of(clause.label), topic_of(clause.label)
        action, share = clause.actions[0] if clause.actions else ("", 0.0)
        if share < _CLEAR_LATER or action not in self.kb.answered_actions(topic):
            return own
        usual = action == self.kb.usual_action(topic)
        # "He blocked me, can I unsend it" asks what a block leaves of that.
        if usual and (self.stated_action(topic) or self._still_about(topic)):
            return own
        if usual and self._speaks_of_another(topic):
            return own
        named = {} if usual else {"action": action}
        return {k: v for k, v in own.items() if k != "action"} | named

    def _speaks_of_another(self, topic: str) -> bool:
        """Whether the whole text is of one action, and that is not a topic's usual one.

        "Can I edit it, and will she know": the second question names none, and alone it
        would be about the usual one.
        """
        if topic == self.kb.roles.topics.default or not self.parse.actions:
            return False
        usual, shares = self.kb.usual_action(topic), dict(self.parse.actions)
        best, share = self.parse.actions[0]
        return best != usual and share >= _ALL_ALONG * shares.get(usual, 0.0)

    @property
    def states_an_action(self) -> bool:
        """Whether a stated fact says that something was done: "he blocked me"."""
        return any(self._stated_actions())

    @cached_property
    def _outdone(self) -> frozenset[str]:
        """The actions that say nothing beside what was noted in passing."""
        kb, noted = self.kb, self.parse.extraction.asides.items()
        choices = [kb.choice(slot, value) for slot, value in noted]
        settled = {
            choice.action
            for slot, value in self.new_slots.items()
            if (choice := kb.choice(slot, value)) and choice.settles
        }
        return frozenset(a for one in choices if one for a in one.outdoes) - settled

    def _stated_actions(self) -> Iterator[str]:
        for slot, value in self.new_slots.items():
            choice = self.kb.choice(slot, value)
            if choice and choice.action:
                yield choice.action

    def stated_action(self, topic: str) -> dict[str, str]:
        """The action that a stated fact says was done: "they removed me from it"."""
        answered = self.kb.answered_actions(topic) - self._outdone
        found = next((a for a in self._stated_actions() if a in answered), None)
        return {"action": found} if found else {}

    def _is_settled(self, action: str) -> bool:
        """Whether a fact says what was done, and the action is none that looks at it."""
        entry = self.kb.actions.get(action)
        looked_at = entry.uses if entry else frozenset()
        return any(
            slot not in looked_at and self.kb.settles(slot, value)
            for slot, value in self.new_slots.items()
        )

    def action_for(self, topic: str) -> dict[str, str]:
        """The action, where the words speak of another one than the topic mostly does."""
        if not topic or self.kb.topics[topic].scope != "domain":
            return {}
        usual = self.kb.usual_action(topic)
        answered = self.kb.answered_actions(topic) - self._outdone
        if self._wants_it_back and self.kb.roles.values.restoring in answered:
            return {"action": self.kb.roles.values.restoring}
        shares = {a: share for a, share in self.parse.actions if a in answered}
        best = max(shares, key=shares.__getitem__, default=usual)
        least = _CLEAR if not self.here else _CLEAR_LATER
        if best == self.kb.roles.values.restoring and self._has_deleted_nothing:
            best = usual
        clear = shares.get(best, 0.0) >= max(least, _AHEAD * shares.get(usual, 0.0))
        stated = self.stated_action(topic)
        # "Delete" says little beside the fact that an account is gone.
        little = (usual, *self.kb.topics[topic].handles) if stated else (usual,)
        if clear and best not in little and not self._is_settled(best):
            return {"action": best}
        return stated or self._still_about(topic)

    def _still_about(self, topic: str) -> dict[str, str]:
        """The action of the last answer, with which a short question goes on.

        "Can I edit it", "will he know": that is asked of the edit.
        """
        kb = self.kb
        # Where an action was stated and given up, none is left.
        said = self.parse.words
        if self._outdone:
            return {}
        if len(said) > SHORT and not kb.language.holds(said, kb.words.likewise):
            return {}
        if not kb.words.acts.isdisjoint((*self.parse.words, *self.said)):
            return {}
        return ongoing.gone_on(kb, topic, self._last_action)

    @property
    def _last_action(self) -> str:
        """What the last answer speaks of; empty where it is what is usually done."""
        kb, session = self.kb, self.session
        if missed := ongoing.missed_action(kb, session.missed):
            return missed
        answer = self.answer_at_hand
        return ongoing.action_of(kb, answer, session.slots) if answer else ""

    @cached_property
    def answer_at_hand(self) -> tree.Answer | None:
        """Where the topic of the domain at hand leads with what was known so far."""
        if not self.in_domain:
            return None
        reached = tree.walk(self.kb, self.here, self.session.slots, self.now)
        return reached if isinstance(reached, tree.Answer) else None

    @property
    def _wants_it_back(self) -> bool:
        """Whether what was deleted before is to be there again: "no, I want it back"."""
        kb = self.kb
        said, told = self.parse.words, self.new_slots
        if kb.roles.slots.deed in told:
            return False
        if not kb.is_gone(self.session.slots):
            if not kb.is_gone(told):
                return False
            # Beside what was sent, "get it back" is about that.
            # A slip alone, "by mistake", tells of no sending.
            sent = tuple(t for t in kb.words.sent if t not in kb.words.half_done)
            if kb.language.holds(said, sent):
                return False
        wanted = kb.language.holds(said, kb.words.wanted_back)
        return wanted and not kb.language.holds(said, kb.words.not_wanted_back)

    @property
    def _has_deleted_nothing(self) -> bool:
        """Whether a short text goes on with a message that still stands: "it says undo"."""
        kb, slot = self.kb, self.kb.roles.slots.deed
        known = {**self.session.slots, **self.parse.extraction.asides}
        short = self.in_domain and len(self.parse.words) <= SEVERAL
        wants = kb.language.holds(self.parse.words, kb.words.wanted_back)
        return short and slot not in known and not wants

    def leaves_room_for(self, topic: str) -> bool:
        """Whether the message may be about this topic, as far as it is clear."""
        if not isinstance(self.parse.verdict, confidence.Ambiguous):
            return True
        near = self.parse.ranked[: confidence.OFFERED]
        return any(
            topic_of(one.label) == topic and one.probability >= _ROOM for one in near
        )

    def concerned(self) -> str:
        """The topic that facts without a question are about.

        That is the one at hand; but a fact that only an earlier one has a use for goes
        there.
        """
        here = self.session.topic or self.kb.roles.topics.default
        names = self.kb.roles.slots
        where = {names.device, names.service, names.kind}
        uncovered = {self.kb.roles.values.uncovered, *self.kb.uncovered}
        known = self.new_slots.get(names.service) not in uncovered
        # A service or a device is asked about as the one before was.
        if (
            known
            and where.issuperset(self.new_slots)
            and names.service in self.kb.uses(here)
        ):
            return here
        # Whom the words at hand are for: "and one for my boss?".
        if self.kb.wish(here) and self.new_slots.keys() == {names.audience}:
            return here
        visits = (visit.topic for visit in reversed(self.session.history))
        for topic in (here, *visits):
            entry = self.kb.topics[topic]
            used = {*entry.listens} if entry.narrow else self.kb.uses(topic)
            if self.new_slots.keys() & used:
                return topic
        # When it went out says nothing to a draft of words.
        drafted = self.kb.wish(here) and self.new_slots.keys() == {names.time}
        narrow = self.kb.topics[here].narrow
        return self.kb.roles.topics.default if narrow or drafted else here

    @property
    def tells_a_slip(self) -> bool:
        """Whether it says what was wrong with a message: "I removed my rant"."""
        drafts = self.kb.topics.get(self.kb.roles.topics.too_late)
        told = self.parse.extraction.asides
        return drafts is not None and not told.keys().isdisjoint(drafts.listens)

    @property
    def says_it_is_closed(self) -> bool:
        """Whether it says by what nothing can be taken back: "the option is gone"."""
        roles = self.kb.roles
        own = self.own.get("aspect") in roles.values.closed
        return own and self.topic == roles.topics.default


_CLEAR = 0.35
"""The share from which an action is taken to be meant."""
_CLEAR_LATER = 0.5
"""The same in a conversation, whose action a short text mostly leaves as it is."""
_ALL_ALONG = 8
"""How many times as probable as the usual action the one is that a text is all about."""
_ROOM = 0.05
"""The least probability of a topic that a message may be about."""
_AHEAD = 1.5
"""How many times as probable as the usual action it must be."""
