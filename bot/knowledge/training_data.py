"""Knowledge base → what the engine is trained on: names, phrases, words of the talk."""

from __future__ import annotations

from typing import NamedTuple

from bot.knowledge.model import KnowledgeBase, Platform, Uncovered
from bot.nlu.examples import TrainingData
from bot.nlu.extraction import EntityPatterns, SlotNames, TalkWords
from bot.nlu.patterns import Pattern, PatternIndex, by_rarest_word, pattern


def training_data(kb: KnowledgeBase, made: Indexes | None = None) -> TrainingData:
    """All that the engine needs of a knowledge base; see `entity_patterns`."""
    phrases = tuple(
        (phrase, label, action)
        for label, there in sorted(kb.phrases.items())
        for phrase, action in zip(there, kb.actions_of(label), strict=True)
    )
    return TrainingData(
        entity_patterns(kb, made),
        phrases,
        tuple(kb.words.every),
        f"{kb.roles.topics.fallback}/{kb.roles.values.foreign}",
    )


class Indexes(NamedTuple):
    """The names of all services and of the slots' values, each kind by itself."""

    services: PatternIndex
    others: PatternIndex
    hints: PatternIndex
    outdoing: PatternIndex
    implying: PatternIndex


def indexes(kb: KnowledgeBase) -> Indexes:
    """The patterns of a knowledge base: some thousand, which take a while to be read."""
    names, kinds = _services(kb)
    implied = _implied(kb)
    others = kinds + [
        pattern((name, ""), text, kb.language)
        for name, slot in kb.slots.items()
        for text in slot.no_value
    ]
    others += [
        pattern((name, value), text, kb.language, deed=deed)
        for name, slot in kb.slots.items()
        if isinstance(slot.values, dict)
        for value, choice in slot.values.items()
        for texts, deed in ((choice.names, False), (choice.deeds, True))
        for text in texts
    ]
    implying = [kind for kind in kinds if kind.value in implied]
    kept = (names, others, _hints(kb), _outdoing(kb), implying)
    return Indexes(*(by_rarest_word(some, kb.words.skip) for some in kept))


def entity_patterns(kb: KnowledgeBase, made: Indexes | None = None) -> EntityPatterns:
    """What tells the facts of a text, with indexes that were `made` before, if any."""
    slots = kb.roles.slots
    found = made or indexes(kb)
    views = frozenset(name for name, slot in kb.slots.items() if slot.view)
    ranked = frozenset(name for name, slot in kb.slots.items() if slot.ranked)
    versus = next((n for n in views if kb.slots[n].values == "platforms"), "")
    return EntityPatterns(
        language=kb.language,
        roles=SlotNames(
            slots.service,
            slots.kind,
            slots.state,
            slots.time,
            kb.roles.values.uncovered,
            versus,
        ),
        words=TalkWords(
            near=kb.words.near,
            rule=kb.words.rule,
            modal=kb.words.modal,
            own=kb.words.own,
            skip=kb.words.skip,
            meant=kb.words.meant,
            compared=kb.words.compared,
            known_there=kb.words.known_there,
            examples=kb.words.examples,
            moving=kb.words.moving,
            elsewhere=kb.words.elsewhere,
            devices=frozenset(kb.words.devices),
            ordinary=frozenset(map(kb.language.tokenize, kb.words.ordinary)),
            contrast=kb.words.contrast,
            attributed=kb.words.attributed,
            things=kb.words.things,
        ),
        services=found.services,
        others=found.others,
        hints=found.hints,
        outdoing=found.outdoing,
        implying=found.implying,
        order=_precedence(found.others, views - ranked),
        views=views,
        asides=frozenset(kb.asides),
        ranked=ranked,
        quoted=_quoted(kb),
        implied=_implied(kb),
        uncovered=frozenset({kb.roles.values.uncovered, *kb.uncovered}),
    )


def _quoted(kb: KnowledgeBase) -> frozenset[tuple[str, str]]:
    """Slot and value of names that count in a message that is quoted, too."""
    return frozenset(
        (name, value)
        for name, slot in kb.slots.items()
        if isinstance(slot.values, dict)
        for value, choice in slot.values.items()
        if choice.quoted
    )


def _services(kb: KnowledgeBase) -> tuple[list[Pattern], list[Pattern]]:
    """Names of services and of their kinds."""
    slots = kb.roles.slots
    names: list[Pattern] = []
    kinds: list[Pattern] = []
    # A service that got its file a moment ago keeps the names that it had in the list.
    named: list[tuple[str, Platform | Uncovered]] = [
        *kb.platforms.items(),
        *kb.listed.items(),
    ]
    for stem, service in named:
        names += (
            pattern((slots.service, stem), name, kb.language) for name in service.names
        )
        names += (
            pattern((slots.service, stem), name, kb.language, ambiguous=True)
            for name in service.weak
        )
    for service in kb.platforms.values():
        for kind, entry in service.kinds.items():
            kinds += (
                pattern((slots.kind, kind), name, kb.language) for name in entry.names
            )
    return names, kinds


def _implied(kb: KnowledgeBase) -> dict[str, str]:
    """The kinds that mean a service, and which one."""
    return {
        kind: stem
        for stem, service in kb.platforms.items()
        for kind, entry in service.kinds.items()
        if entry.implies
    }


def _hints(kb: KnowledgeBase) -> list[Pattern]:
    """The words that imply a service."""
    return [
        pattern((kb.roles.slots.service, stem), text, kb.language)
        for stem, service in kb.platforms.items()
        for text in service.implied_by
    ]


def _outdoing(kb: KnowledgeBase) -> list[Pattern]:
    """The words that say that a message went on one service and not on another."""
    return [
        pattern((stem, other), text, kb.language)
        for stem, service in kb.platforms.items()
        for other, texts in service.outdoes.items()
        for text in texts
    ]


def _precedence(
    named: PatternIndex, wishes: frozenset[str]
) -> dict[tuple[str, str], int]:
    """Slot and value → their place: the value that the files name first holds."""
    order: dict[tuple[str, str], int] = {}
    for slot, value in named.places:
        # Of wishes the longer one holds: "less formal", "less casual".
        ahead = order.get((slot, "")) if slot in wishes else None
        place = len(order) if ahead is None else ahead
        order.setdefault((slot, value), place)
        order.setdefault((slot, ""), place)
    return order
