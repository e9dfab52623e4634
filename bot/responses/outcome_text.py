"""Outcome → text: the template of an outcome, and what it is filled with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from bot.dialogue import tree
from bot.dialogue.branching import Slots
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Finished, NoButton, Outcome, Step, Suggestions
from bot.knowledge.model import KnowledgeBase
from bot.responses import citations
from bot.responses.citations import CitedClaim, ClaimsOf, StatedClaim, Uses
from bot.responses.comparison import ServiceTable
from bot.responses.template_clock import TemplateClock
from bot.responses.template_files import Templates

Besides = tuple[Answer, tuple[tuple[str, str], ...]]
"""A further answer with the facts that it is about."""


class FillContext(NamedTuple):
    """What an answer is filled from."""

    known: Slots
    now: datetime
    uses: Uses
    """The claims printed so far."""
    slots: set[str]
    """The slots looked up so far."""


class OutcomeText(NamedTuple):
    """Fills the template of any outcome from one book."""

    kb: KnowledgeBase
    templates: Templates

    def of(
        self, outcome: Outcome, context: FillContext, besides: tuple[Besides, ...] = ()
    ) -> str:
        """The Markdown of an outcome; of answers besides, the verdict alone.

        Raises TemplateFault naming the template, if it cannot be filled.
        """
        known, now, uses, _ = context
        match outcome:
            case Question(topic, slot):
                return self.templates.fill(
                    "_ask.md.j2",
                    topic=self.kb.topics[topic],
                    ask=self.kb.slots[slot].ask,
                    by_name=self._is_by_name(slot, known),
                    platform=self.platform(known),
                )
            case Suggestions() | Fallback() | NoButton():
                return self._between(outcome)
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
                    platform=self.platform(known),
                    clock=TemplateClock(self.kb, topic, known, now),
                )
            case Finished(topic):
                return self.templates.fill(
                    "_finished.md.j2", topic=self.kb.topics[topic]
                )
            case Answer():
                return self._answer(outcome, context, besides)
        raise AssertionError(outcome)

    def _between(self, outcome: Suggestions | Fallback | NoButton) -> str:
        """What is said where a message is at no topic."""
        topics = self.kb.topics
        match outcome:
            case Suggestions(near):
                return self.templates.fill(
                    "_torn.md.j2", topics=[topics[name] for name in near]
                )
            case Fallback(times, reason):
                menu = topics[self.kb.roles.topics.help].next
                return self.templates.fill(
                    "_lost.md.j2",
                    times=times,
                    empty=bool(reason),
                    reason=reason,
                    topics=[topics[name] for name in menu],
                )
            case NoButton(number, last):
                return self.templates.fill("_no_button.md.j2", number=number, last=last)

    def _device(self, claim: str) -> str | None:
        """Whose steps a claim has, in words; none where they serve any device."""
        roles = self.kb.roles
        devices = {
            roles.claims.phone_steps: roles.values.phone,
            roles.claims.computer_steps: roles.values.computer,
        }
        slot, device = self.kb.slots.get(roles.slots.device), devices.get(claim)
        values = slot.values if slot else None
        return values[device].label if device and isinstance(values, dict) else None

    def _is_by_name(self, slot: str, known: Slots) -> bool:
        """Whether a service is asked for whose name is typed."""
        roles = self.kb.roles
        by_name = known.get(roles.slots.page) == roles.values.by_name
        return by_name and slot == roles.slots.service

    def _answer(
        self, answer: Answer, context: FillContext, besides: tuple[Besides, ...]
    ) -> str:
        """An answer in full; of those `besides` it, the verdict alone."""
        further = [
            (
                self._heading(answer, other, facts, context.known),
                self._verdict(other, facts, context),
            )
            for other, facts in besides
        ]
        return self._filled(answer, context, further=further, verdict_alone=False)

    def _heading(
        self,
        answer: Answer,
        other: Answer,
        facts: tuple[tuple[str, str], ...],
        known: Slots,
    ) -> str:
        """What a further answer is to: another question, or another service."""
        service = self.platform(dict(facts))
        elsewhere = other.topic == answer.topic and service != self.platform(known)
        topic, aspect = self.kb.topics[other.topic], ""
        if other.topic == self.kb.roles.topics.too_late:
            aspect = dict(facts).get("aspect", "")  # it says more than words to send
        return (elsewhere and service) or topic.labels.get(aspect, topic.label)

    def _verdict(
        self, answer: Answer, facts: tuple[tuple[str, str], ...], context: FillContext
    ) -> Callable[[], str]:
        """The first sentences of an answer, filled where they are printed.

        What they cite counts from there on. Of what was said already nothing is left.
        """
        there = context._replace(known=dict(facts))

        def told() -> str:
            text = self._filled(answer, there, further=[], verdict_alone=True)
            return "" if answer.again else text.strip().split("\n\n")[0]

        return told

    def _filled(self, answer: Answer, context: FillContext, **shown: Any) -> str:
        kb, (known, now, uses, slots) = self.kb, context
        finer = " ".join(filter(None, (kb.slots[s].ask for s in answer.refine)))
        return self.templates.fill(
            f"{answer.folder or answer.topic}/{answer.say}.md.j2",
            topic=kb.topics[answer.topic],
            known=_LookedUp(self._known(known), slots),
            platform=self.platform(known),
            claims=ClaimsOf(kb, answer, known, uses),
            clock=TemplateClock(kb, answer.topic, known, now),
            every=ServiceTable(
                kb, lambda place, *use: uses.setdefault(place, CitedClaim(*use))
            ),
            finer=finer,
            shown_steps=tree.shown_steps(kb, answer.topic, known),
            first_aid=self._first_aid(answer.topic, known, uses),
            trust=lambda: citations.trust(kb, uses),
            unread=lambda: citations.unread(kb, uses),
            origins=lambda listed=False: citations.origins(kb, uses, listed=listed),
            others=lambda: citations.others(uses),
            edition=kb.edition,
            again=answer.again,
            stands=answer.stands,
            summed=answer.summed,
            verdict=answer.verdict,
            action=answer.action,
            unchecked=self._unchecked(known),
            **shown,
        )

    def _unchecked(self, known: Slots) -> list[str]:
        """The names of the services that are compared and that nobody has written down."""
        kb = self.kb
        compared = (name for name in kb.service_slots if kb.slots[name].view)
        stems = [stem for name in compared for stem in known.get(name, "").split("+")]
        return [kb.uncovered[stem].label for stem in stems if stem in kb.uncovered]

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

    @property
    def always(self) -> tuple[str, ...]:
        """The slots that any answer's words may depend on, besides by its claims."""
        kb, slots = self.kb, self.kb.roles.slots
        first_aid = (slot for slot, _ in kb.first_aid)
        return (*kb.service_slots, slots.kind, *first_aid, slots.time, slots.device)

    def platform(self, known: Slots) -> str | None:
        """The name of the service that is known of; of several, all of them."""
        return self.kb.label(known.get(self.kb.roles.slots.service, ""))


class _LookedUp(dict[str, str | None]):
    """What is known, which notes the slots whose values a template looks up."""

    def __init__(self, known: dict[str, str | None], slots: set[str]) -> None:
        super().__init__(known)
        self._slots = slots

    def __getitem__(self, slot: str) -> str | None:
        self._slots.add(slot)
        return super().__getitem__(slot)
