"""Sentences that are still to be found out: `check` lists them, nobody is told them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.knowledge import nodes
from bot.knowledge.model import Claim, KnowledgeBase

TODO = "TODO"
"""In a sentence: somebody has still to find out."""


def hidden(kb: KnowledgeBase) -> KnowledgeBase:
    """The book for people: in place of each such sentence, that nobody knows yet."""
    topics_begun = any(TODO in topic.about for topic in kb.topics.values())
    claims_begun = any(open_in(claim) for _, _, _, claim in nodes.all_claims(kb))
    if not topics_begun and not claims_begun:
        return kb
    instead = kb.labels.unknown_yet

    def told(claims: Mapping[str, Claim]) -> dict[str, Claim]:
        return {name: _told(claim, instead) for name, claim in claims.items()}

    def part(entry: Any, **more: object) -> Any:
        return replace(entry, claims=told(entry.claims), **more)

    return replace(
        kb,
        general=told(kb.general),
        actions={stem: part(action) for stem, action in kb.actions.items()},
        topics={
            stem: part(topic, about=instead if TODO in topic.about else topic.about)
            for stem, topic in kb.topics.items()
        },
        platforms={
            stem: part(
                platform,
                kinds={key: part(kind) for key, kind in platform.kinds.items()},
            )
            for stem, platform in kb.platforms.items()
        },
    )


def open_in(claim: Claim) -> str:
    """What a claim says, where some of it is still to be found out; else nothing."""
    sides = (claim.checked, claim.guide)
    said = " ".join(part for side in sides if side for part in (side.says, *side.steps))
    return said if TODO in said else ""


def _told(claim: Claim, instead: str) -> Claim:
    sides = {"checked": claim.checked, "guide": claim.guide}
    changed: dict[str, Any] = {
        key: replace(side, says=instead, steps=())
        for key, side in sides.items()
        if side and any(TODO in part for part in (side.says, *side.steps))
    }
    return replace(claim, **changed) if changed else claim
