"""The labels of buttons of which a store kept the values alone, for typed labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue import callback_data
from bot.dialogue.events import Button
from bot.dialogue.session import Session
from bot.knowledge.model import UNSURE, KnowledgeBase


def labelled(kb: KnowledgeBase, session: Session) -> Session:
    """Labels where they are missing.

    One that cannot be told stays empty: its number still chooses it, and its words are
    understood like any other text.
    """
    if all(b.label for b in session.offered):
        return session
    passed: dict[str, int] = {}
    buttons = tuple(
        b if b.label else Button(_label(kb, session, b.value, passed), b.value)
        for b in session.offered
    )
    return replace(session, offered=buttons)


def _label(
    kb: KnowledgeBase, session: Session, value: str, passed: dict[str, int]
) -> str:
    read = callback_data.decode(kb, value)
    if read is None:
        return ""
    topic, known = read
    place = session.trail[-1] if session.trail else None
    if session.asked and place and (place.topic, dict(place.known)) == (topic, known):
        return ""
    if topic == session.topic:
        slot = _added(session.known, known)
        return _choice(kb, session, slot, known, passed) if slot else ""
    found = kb.topics[topic]
    if "aspect" in known:
        return found.labels.get(known["aspect"], "")
    return found.label


def _added(before: Mapping[str, str], after: Mapping[str, str]) -> str | None:
    """The one slot that a choice fills."""
    new = [slot for slot in after if after[slot] != before.get(slot)]
    return new[0] if len(new) == 1 and new[0] != "aspect" else None


def _choice(
    kb: KnowledgeBase,
    session: Session,
    slot: str,
    known: Mapping[str, str],
    passed: dict[str, int],
) -> str:
    if known[slot] == UNSURE:
        return kb.slots[slot].unsure
    choices = kb.choices(slot, session.known)
    if slot != "sent":
        return choices.get(known[slot], "")
    # Moments are computed, so it is the order that tells them.
    shown = kb.slots[slot].shown or tuple(choices)
    place = passed[slot] = passed.get(slot, 0) + 1
    return choices[shown[place - 1]] if place <= len(shown) else ""
