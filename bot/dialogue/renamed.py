"""Old names of topics and services: buttons, links and sessions outlive a renaming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.session import Session, Visit
from bot.knowledge.model import UNSURE, KnowledgeBase

_SEVERAL = "+"
"""Between the services of one value."""


def topic(kb: KnowledgeBase, name: str) -> str:
    """A topic by its name of today."""
    return kb.former_topics.get(name, name)


def value(kb: KnowledgeBase, slot: str, stated: str) -> str:
    """What a slot holds, services by their names of today."""
    if slot not in kb.service_slots or not kb.former_services:
        return stated
    names = (kb.former_services.get(n, n) for n in stated.split(_SEVERAL))
    return _SEVERAL.join(names)


def session(kb: KnowledgeBase, kept: Session) -> Session:
    """What is remembered of a chat, by the names of today.

    What the book holds no more is forgotten: a topic, and a service.
    """
    visits = (*kept.history, Visit(kept.topic, kept.slots)) if kept.topic else ()
    if all(_is_of_today(kb, visit) for visit in visits):
        return kept
    now = topic(kb, kept.topic or "")
    history = (_of_today(kb, visit) for visit in kept.history)
    there = tuple(visit for visit in history if visit.topic in kb.topics)
    readings = (topic(kb, name) for name in kept.readings)
    if now not in kb.topics:
        return Session(history=there, offered=kept.offered)
    return replace(
        kept,
        topic=now,
        slots=_slots(kb, kept.slots),
        history=there,
        readings=tuple(name for name in readings if name in kb.topics),
    )


def _is_of_today(kb: KnowledgeBase, visit: Visit) -> bool:
    """Whether the book holds its topic and its services under these very names."""
    told = [visit.slots[slot] for slot in kb.service_slots if slot in visit.slots]
    services = (name for stated in told for name in stated.split(_SEVERAL))
    return visit.topic in kb.topics and all(_is_there(kb, n) for n in services)


def _of_today(kb: KnowledgeBase, visit: Visit) -> Visit:
    return Visit(topic(kb, visit.topic), _slots(kb, visit.slots))


def _slots(kb: KnowledgeBase, slots: Mapping[str, str]) -> dict[str, str]:
    """By today's names, without services that the book holds no more."""
    named = {name: value(kb, name, stated) for name, stated in slots.items()}
    return {
        slot: stated
        for slot, stated in named.items()
        if slot not in kb.service_slots
        or all(_is_there(kb, name) for name in stated.split(_SEVERAL))
    }


def _is_there(kb: KnowledgeBase, service: str) -> bool:
    known = service not in kb.former_services and bool(kb.label(service))
    return known or service == UNSURE
