"""Outcome → reply: what a template is given, and what a reply holds besides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from bot.dialogue import tree
from bot.dialogue.branching import Slots
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import (
    Assumed,
    ClockUnknown,
    Corrected,
    Fallback,
    Finished,
    Further,
    Outcome,
    Step,
    Suggestions,
    Turn,
)
from bot.knowledge.model import KnowledgeBase
from bot.responses import citations, markup, reply_fields
from bot.responses.citations import CitedClaim, ClaimsOf, StatedClaim, Uses
from bot.responses.comparison import ServiceTable
from bot.responses.markup import Block, Message, Note, Paragraph, Span, parse
from bot.responses.reply import Citation, Reply
from bot.responses.template_clock import TemplateClock
from bot.responses.template_files import Templates


class FilledTemplate(NamedTuple):
    """A filled template, and the claims that it states."""

    blocks: tuple[Block, ...]
    sources: tuple[Citation, ...]


class _Scene(NamedTuple):
    """What an answer is filled from."""

    known: Slots
    now: datetime
    uses: Uses
    """The claims printed so far."""


_Besides = tuple[Answer, tuple[tuple[str, str], ...]]
"""A further answer with the facts that it is about."""

_REMEMBERED = 250
"""Filled templates kept at most, of up to 14 kB each; a whole book has 2,000, of which
few are asked for again and again."""
_PAIR = 2
"""Services compared in what is kept: of more there are too many choices, and long ones."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class Renderer:
    """Templates of one language, ready to be filled from one book."""

    def __init__(self, kb: KnowledgeBase, top: Path, cache: Path | None = None) -> None:
        self.kb = kb
        self._remembered = lru_cache(_REMEMBERED)(self._fresh)
        self.templates = Templates(top, kb.language_code, cache)

    def reply(self, turn: Turn, now: datetime) -> Reply:
        """What a turn says.

        Raises TemplateFault naming the template, if one cannot be filled.
        """
        said = self._said(turn.outcome, turn.slots, now, turn.further)
        blocks = said.blocks
        if turn.resume:
            # A side question comes back to the step.
            blocks += self._said(turn.resume, turn.session.slots, now).blocks
        blocks = self._put_right(turn, blocks)
        return Reply(
            decision=reply_fields.decision(self.kb, turn.outcome),
            topic=reply_fields.topic(turn.outcome),
            slots=reply_fields.public_slots(self.kb, turn.slots, now),
            confidence=round(turn.confidence, 3),
            suggestions=turn.outcome.topics
            if isinstance(turn.outcome, Suggestions)
            else (),
            message=Message(_with(self._notices(turn), blocks), turn.buttons),
            sources=said.sources,
            about=reply_fields.about(self.kb, turn),
            known_as=self._known_as(reply_fields.topic(turn.outcome)),
            place=reply_fields.place(self.kb, turn),
        )

    def _known_as(self, topic: str | None) -> str:
        return self.kb.topics[topic].known_as if topic else ""

    def _put_right(self, turn: Turn, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Drafts with their gap filled by a slip that the person put right just now.

        These are a person's words: they pass by what is remembered and by the parser.
        """
        slip = turn.why.parse.put_right if turn.why.parse else None
        if slip is None:
            return blocks
        name = f"_put_right/{slip.kind}.md.j2"
        filled = self.templates.fill(name, wrong=slip.wrong, right=slip.right)
        gap, words = filled.strip().split("\n")
        return markup.with_gap_filled(blocks, gap, words)

    def _notices(self, turn: Turn) -> tuple[str, ...]:
        """What is said beside the answer; it may hold a person's words."""
        platform = self._platform(turn.slots)
        names = [f"_notices/{_NOTICES[type(notice)]}.md.j2" for notice in turn.notices]
        return tuple(
            self.templates.fill(name, notice=notice, platform=platform).strip()
            for name, notice in zip(names, turn.notices, strict=True)
        )

    def _said(
        self,
        outcome: Outcome,
        known: Slots,
        now: datetime,
        further: tuple[Further, ...] = (),
    ) -> FilledTemplate:
        """What is said of an outcome; the same again is not filled in again.

        Only a known moment makes an answer depend on the clock.
        """
        besides = tuple((f.answer, tuple(sorted(f.slots.items()))) for f in further)
        facts = tuple(sorted(known.items()))
        if self._comes_again(known):
            return self._remembered(outcome, facts, _ANY_TIME, besides)
        return self._fresh(outcome, facts, now, besides)

    def _comes_again(self, known: Slots) -> bool:
        """Whether others will ask about the same: a moment never comes twice."""
        compared = max((value.count("+") + 1 for value in known.values()), default=0)
        return self.kb.roles.slots.time not in known and compared <= _PAIR

    def _fresh(
        self,
        outcome: Outcome,
        known: tuple[tuple[str, str], ...],
        now: datetime,
        besides: tuple[_Besides, ...],
    ) -> FilledTemplate:
        uses: Uses = {}
        scene = _Scene(dict(known), now, uses)
        text = self._outcome(outcome, scene, besides)
        cited = (
            citations.cited(self.kb, place, use.claim) for place, use in uses.items()
        )
        return FilledTemplate(parse(text), tuple(cited))

    def _outcome(
        self, outcome: Outcome, scene: _Scene, besides: tuple[_Besides, ...]
    ) -> str:
        known, now, uses = scene
        match outcome:
            case Question(topic, slot):
                return self.templates.fill(
                    "_ask.md.j2",
                    topic=self.kb.topics[topic],
                    ask=self.kb.slots[slot].ask,
                    by_name=self._is_by_name(slot, known),
                    platform=self._platform(known),
                )
            case Suggestions(topics):
                return self.templates.fill(
                    "_torn.md.j2", topics=[self.kb.topics[t] for t in topics]
                )
            case Fallback(times, reason):
                menu = [
                    self.kb.topics[t]
                    for t in self.kb.topics[self.kb.roles.topics.help].next
                ]
                return self.templates.fill(
                    "_lost.md.j2",
                    times=times,
                    empty=bool(reason),
                    reason=reason,
                    topics=menu,
                )
            case Step(topic, number, of, text, claim):
                there = self.kb.claims(topic, known)[claim]
                side = there.lead(self.kb.edition)
                uses[self.kb.place(claim, known)] = CitedClaim(there, side)
                return self.templates.fill(
                    "_step.md.j2",
                    number=number,
                    of=of,
                    device=self._device(claim),
                    text=text,
                    platform=self._platform(known),
                    clock=TemplateClock(self.kb, topic, known, now),
                )
            case Finished(topic):
                return self.templates.fill(
                    "_finished.md.j2", topic=self.kb.topics[topic]
                )
            case Answer():
                return self._answer(outcome, scene, besides)
        raise AssertionError(outcome)

    def _device(self, claim: str) -> str | None:
        """Whose steps a claim has, in words; none where they serve any device."""
        roles = self.kb.roles
        devices = {
            roles.claims.phone_steps: roles.values.phone,
            roles.claims.computer_steps: roles.values.computer,
        }
        values = self.kb.slots[roles.slots.device].values
        device = devices.get(claim)
        return values[device].label if device and isinstance(values, dict) else None

    def _is_by_name(self, slot: str, known: Slots) -> bool:
        """Whether a service is asked for whose name is typed."""
        roles = self.kb.roles
        by_name = known.get(roles.slots.page) == roles.values.by_name
        return by_name and slot == roles.slots.service

    def _answer(
        self, answer: Answer, scene: _Scene, besides: tuple[_Besides, ...]
    ) -> str:
        """An answer in full; of those `besides` it, the verdict alone."""
        further = [
            (self._heading(answer, other, facts), self._verdict(other, facts, scene))
            for other, facts in besides
        ]
        return self._filled(answer, scene, further=further, verdict_alone=False)

    def _heading(
        self, answer: Answer, other: Answer, facts: tuple[tuple[str, str], ...]
    ) -> str:
        """What a further answer is to: another question, or another service."""
        same = other.topic == answer.topic
        service = self._platform(dict(facts)) if same else None
        return service or self.kb.topics[other.topic].label

    def _verdict(
        self, answer: Answer, facts: tuple[tuple[str, str], ...], scene: _Scene
    ) -> Callable[[], str]:
        """The first sentences of an answer, filled where they are printed.

        What they cite counts from there on. Of what was said already nothing is left.
        """
        there = scene._replace(known=dict(facts))

        def told() -> str:
            text = self._filled(answer, there, further=[], verdict_alone=True)
            return "" if answer.again else text.strip().split("\n\n")[0]

        return told

    def _filled(self, answer: Answer, scene: _Scene, **shown: Any) -> str:
        kb, (known, now, uses) = self.kb, scene
        finer = " ".join(filter(None, (kb.slots[s].ask for s in answer.refine)))
        return self.templates.fill(
            f"{answer.folder or answer.topic}/{answer.say}.md.j2",
            topic=kb.topics[answer.topic],
            known=self._known(known),
            platform=self._platform(known),
            claims=ClaimsOf(kb, answer, known, uses),
            clock=TemplateClock(kb, answer.topic, known, now),
            every=ServiceTable(
                kb, lambda place, *use: uses.setdefault(place, CitedClaim(*use))
            ),
            finer=finer,
            shown_steps=tree.shown_steps(kb, answer.topic, known),
            first_aid=self._first_aid(answer.topic, known, uses),
            trust=lambda: citations.trust(kb, uses),
            origins=lambda listed=False: citations.origins(kb, uses, listed=listed),
            others=lambda: citations.others(uses),
            edition=kb.edition,
            again=answer.again,
            stands=answer.stands,
            verdict=answer.verdict,
            action=answer.action,
            **shown,
        )

    def _first_aid(self, topic: str, known: Slots, uses: Uses) -> list[StatedClaim]:
        """What comes before any steps: a password is changed first."""
        kb, claims = self.kb, self.kb.claims(topic, known)
        if kb.topics[topic].scope != "domain":
            return []
        names = [kb.first_aid[fact] for fact in known.items() if fact in kb.first_aid]
        return [
            StatedClaim(kb.place(name, known), claims[name], kb, uses)
            for name in names
            if name in claims
        ]

    def _known(self, known: Slots) -> dict[str, str | None]:
        """Every slot; what has no file of its own is the one that stands for it."""
        kb = self.kb
        facts = {name: known.get(name) for name in (*kb.slots, "aspect", "action")}
        for name, slot in kb.slots.items():
            if slot.values == "platforms" and (value := facts[name]):
                stems = (kb.stem(part) for part in value.split("+"))
                facts[name] = "+".join(dict.fromkeys(stems))
        return facts

    def _platform(self, known: Slots) -> str | None:
        return self.kb.label(known.get(self.kb.roles.slots.service, ""))


def _with(notices: tuple[str, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Notices hold a person's words, so they pass by the templates and the parser."""
    if not notices:
        return blocks
    said = Paragraph(tuple((Span(notice),) for notice in notices))
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Note)), len(blocks))
    return (*blocks[:at], said, *blocks[at:])


_NOTICES = {Corrected: "corrected", Assumed: "assumed", ClockUnknown: "clock_unknown"}
