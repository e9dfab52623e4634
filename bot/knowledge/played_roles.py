"""Who plays the parts of `assistant.yaml`, and what one part needs of others.

`step` needs a value for the step after the last, and words for its buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import NamedTuple

from bot.knowledge import nodes
from bot.knowledge.model import KnowledgeBase, Part
from bot.knowledge.yaml_file import Where

CLAIM = "claim in claims.yaml"


class Player(NamedTuple):
    """A name that plays a part, and the names of what it has to be one of."""

    where: Where
    """Below `roles:`."""
    name: str
    among: Iterable[str]
    what: str


def players(kb: KnowledgeBase) -> Iterator[Player]:
    """Every name under `roles:` that some file has to hold."""
    roles = kb.roles
    parts: tuple[tuple[str, Part, Iterable[str], str], ...] = (
        ("topics", roles.topics, kb.topics, "topic"),
        ("slots", roles.slots, kb.slots, "slot"),
        ("claims", roles.claims, kb.facts, CLAIM),
    )
    for part, played, among, what in parts:
        for role in (field.name for field in fields(played)):
            stated = getattr(played, role)
            names = (stated,) if isinstance(stated, str) else stated
            for name in filter(None, names):  # a part may be played by nobody
                yield Player((part, role), name, among, what)
    yield from _values(kb)


def _values(kb: KnowledgeBase) -> Iterator[Player]:
    """Values that are treated in a way of their own: the slots have to have them."""
    values, slots, topics = kb.roles.values, kb.roles.slots, kb.roles.topics
    played = {
        "uncovered": (slots.service, values.uncovered),
        "different": (slots.hurdle, values.different),
        "done": (slots.step, values.done),
        "phone": (slots.device, values.phone),
        "computer": (slots.device, values.computer),
    }
    for role, (slot, value) in played.items():
        if value and slot in kb.slots:
            yield Player(("values", role), value, kb.values_of(slot), "value")
    if kb.actions:
        yield Player(("values", "action"), values.action, kb.actions, "action")
    for role, topic, aspect in (
        ("foreign", topics.fallback, values.foreign),
        ("good", topics.feedback, values.good),
        ("bad", topics.feedback, values.bad),
    ):
        if topic and aspect:
            label = f"{topic}/{aspect}"
            yield Player(("values", role), label, kb.phrases, "aspect with phrases")


# --- what they need

_NEEDS: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("topics", "feedback"): (("values", "good"), ("values", "bad")),
    ("topics", "steps_worked"): (
        ("topics", "steps_failed"), ("slots", "step"), ("labels", "worked"),
    ),
    ("topics", "steps_failed"): (
        ("topics", "steps_worked"), ("slots", "step"), ("labels", "failed"),
    ),
    ("slots", "step"): (
        ("values", "done"),
        *(("labels", key) for key in ("step_by_step", "next", "done", "all_steps")),
    ),
    ("slots", "hurdle"): (("values", "different"), ("topics", "steps_failed")),
    ("slots", "device"): (("values", "phone"), ("values", "computer")),
    ("slots", "page"): (
        ("values", "by_name"), ("labels", "by_name"), ("labels", "more_services"),
    ),
    ("values", "different"): (("slots", "hurdle"), ("labels", "looks_different")),
    ("claims", "computer_steps"): (("slots", "device"), ("claims", "phone_steps")),
    ("claims", "edit_limit"): (("claims", "edit"),),
}  # fmt: skip
"""A part, and those that have to be played or worded beside it."""


def _used(kb: KnowledgeBase) -> Iterator[tuple[str, str, str]]:
    """Slots that files use by their parts: the part, who plays it, and what uses it."""
    slots = kb.roles.slots
    if any(platform.kinds for platform in kb.platforms.values()):
        yield "kind", slots.kind, "`kinds:` of a service"
    if any(leaf.guide for _, _, leaf in nodes.leaves(kb)):
        yield "step", slots.step, "`guide:` of an answer"


def unmet(kb: KnowledgeBase) -> Iterator[tuple[Where, str]]:
    """Each place in `assistant.yaml` where something is missing, and what."""
    for (part, role), needs in _NEEDS.items():
        if not getattr(getattr(kb.roles, part), role):
            continue
        for kind, key in needs:
            owner = kb.labels if kind == "labels" else getattr(kb.roles, kind)
            if not getattr(owner, key):
                where = (kind,) if kind == "labels" else ("roles", kind)
                yield where, f"`{key}` is missing, which `{role}` in {part} needs"
    for role, played, user in _used(kb):
        if not played:
            yield ("roles", "slots"), f"`{role}` is missing, which {user} needs"
