"""What one part that is played needs of others: `step` a value for the step after the last."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge import nodes
from bot.knowledge.model import KnowledgeBase
from bot.knowledge.yaml_file import Where

_NEEDS: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("topics", "feedback"): (("values", "good"), ("values", "bad")),
    ("topics", "steps_worked"): (("topics", "steps_failed"), ("slots", "step")),
    ("topics", "steps_failed"): (("topics", "steps_worked"), ("slots", "step")),
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
_WORDED = {
    "steps_worked": ("labels", "worked"),
    "steps_failed": ("labels", "failed"),
}


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
        for kind, key in (*needs, *filter(None, [_WORDED.get(role)])):
            owner = kb.labels if kind == "labels" else getattr(kb.roles, kind)
            if not getattr(owner, key):
                where = (kind,) if kind == "labels" else ("roles", kind)
                yield where, f"`{key}` is missing, which `{role}` in {part} needs"
    for role, played, user in _used(kb):
        if not played:
            yield ("roles", "slots"), f"`{role}` is missing, which {user} needs"
