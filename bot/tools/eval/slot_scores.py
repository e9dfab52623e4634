"""How well slots are read: hits, inventions and misses by slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.knowledge.model import KnowledgeBase
from bot.tools.eval.figures import Given, Pair, SlotScore
from bot.tools.eval.labelled import Labelled

_EMPTY = (None, "", "unknown")


def scores(pairs: Sequence[Pair], kb: KnowledgeBase) -> dict[str, SlotScore]:
    hits, invented, missed = Counter[str](), Counter[str](), Counter[str]()
    for question, got in pairs:
        stated, read = facts(question, got, kb)
        for slot in stated.keys() | read.keys():
            same = stated.get(slot) == read.get(slot)
            hits[slot] += same
            invented[slot] += not same and slot in read
            missed[slot] += not same and slot in stated
    return {
        slot: SlotScore(hits[slot], invented[slot], missed[slot])
        for slot in _scored(kb)
    }


def _scored(kb: KnowledgeBase) -> tuple[str, str, str]:
    """The slots that labels state."""
    names = kb.roles.slots
    return names.service, names.kind, names.state


def facts(
    question: Labelled, got: Given, kb: KnowledgeBase
) -> tuple[dict[str, str], dict[str, str]]:
    """What the label states and what was read, in the same terms.

    A service that the guide does not cover counts as another one. A kind that implies
    its service states none, and a comparison is about no single one.
    """
    stated, read = dict(question.slots), dict(got.slots or {})
    names = kb.roles.slots
    if names.service not in stated:
        service = kb.platforms.get(read.get(names.service, ""))
        kind = service.kinds.get(stated.get(names.kind, "")) if service else None
        compares = question.topic == kb.roles.topics.compare
        if compares or (kind and kind.implies):
            read.pop(names.service, None)
    named = _named(kb)
    return _folded(kb, stated, named), _folded(kb, read, named)


def _folded(
    kb: KnowledgeBase, slots: Mapping[str, str], named: frozenset[str]
) -> dict[str, str]:
    scored, service = _scored(kb), kb.roles.slots.service
    found = {
        slot: value
        for slot, value in slots.items()
        if slot in scored and value not in _EMPTY
    }
    if service in found and found[service] not in named:
        found[service] = kb.roles.values.uncovered
    return found


def _named(kb: KnowledgeBase) -> frozenset[str]:
    """The services that have a label of their own: those the guide speaks of."""
    return frozenset(
        stem
        for stem, platform in kb.platforms.items()
        if any(
            claim.guide
            for claims in (
                platform.claims,
                *(k.claims for k in platform.kinds.values()),
            )
            for claim in claims.values()
        )
    )


def total(scores: Iterable[SlotScore]) -> SlotScore:
    found = list(scores)
    return SlotScore(
        sum(s.hits for s in found),
        sum(s.invented for s in found),
        sum(s.missed for s in found),
    )
