"""What a button carries: a topic and all that is known, so it outlives the session.

The form is `topic/aspect!action|pplatform|rread|...`: each part after the first is a
slot's letter and its value; aspect and action may be missing. Telegram gives a button 64
bytes, so a moment is written in seconds, in base 36.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.dialogue import renamed
from bot.knowledge import time_limits
from bot.knowledge.model import UNSURE, Branch, KnowledgeBase

LIMIT = 64
"""Bytes, by Telegram's Bot API (InlineKeyboardButton.callback_data)."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_UNSURE = "?"
_MOMENT = 7
"""Digits of a moment; more would leave the calendar."""
_SLACK = 4
"""Digits of how far it may be off, in minutes."""


def encode(
    kb: KnowledgeBase, topic: str, slots: Mapping[str, str], chosen: str = ""
) -> str:
    """The value of a button that leads to a topic with these facts.

    Where there is no room for all, the least telling ones stay behind, but never the
    one that is chosen by it.
    """
    value = _written(kb, topic, slots)
    spare = (name for name in _least_telling(kb) if name != chosen)
    while len(value.encode()) > LIMIT and (name := next(spare, None)):
        slots = {k: v for k, v in slots.items() if k != name}
        value = _written(kb, topic, slots)
    return value


def _least_telling(kb: KnowledgeBase) -> Iterator[str]:
    """All slots, in the order in which they are left behind."""
    names = kb.roles.slots
    # A step is the very thing that such a button says.
    last = (names.state, names.time, names.kind, names.service, names.step)
    yield from (slot for slot in reversed(kb.slots) if slot not in last)
    yield from filter(None, last)  # a part may be played by nobody


def _written(kb: KnowledgeBase, topic: str, slots: Mapping[str, str]) -> str:
    head = f"{topic}/{slots['aspect']}" if "aspect" in slots else topic
    parts = [f"{head}!{slots['action']}" if "action" in slots else head]
    for name, slot in kb.slots.items():
        if name in slots:
            parts.append(
                slot.code + _short(slots[name], moment=name == kb.roles.slots.time)
            )
    return "|".join(parts)


def decode(kb: KnowledgeBase, value: str) -> tuple[str, dict[str, str]] | None:
    """The topic and facts of a button; none for what no button of this book carries."""
    head, *parts = value.split("|")
    label, _, action = head.partition("!")
    stated, _, aspect = label.partition("/")
    topic = renamed.topic(kb, stated)
    if topic not in kb.topics:
        return None
    codes = {slot.code: key for key, slot in kb.slots.items()}
    slots = {"aspect": aspect} if aspect else {}
    slots |= {"action": action} if action else {}
    for part in parts:
        name = codes.get(part[:1])
        said = _long(part[1:], moment=name == kb.roles.slots.time) if name else None
        if name is None or said is None:
            return None
        slots[name] = renamed.value(kb, name, said)
    if not all(_possible(kb, topic, name, slots) for name in slots):
        return None
    return topic, slots


def _possible(
    kb: KnowledgeBase, topic: str, name: str, slots: Mapping[str, str]
) -> bool:
    if name == kb.roles.slots.time or slots[name] == UNSURE:
        return True
    if name == "action":
        return slots[name] in kb.actions
    if name == "aspect":
        return f"{topic}/{slots[name]}" in kb.phrases or slots[name] in _extra(
            kb, topic
        )
    values = kb.slots[name].values
    if values == "platforms":
        return all(kb.label(part) for part in slots[name].split("+"))
    if values == "kinds" and slots.get(kb.roles.slots.service, UNSURE) == UNSURE:
        return any(slots[name] in platform.kinds for platform in kb.platforms.values())
    return slots[name] in kb.choices(name, slots)


def _extra(kb: KnowledgeBase, topic: str) -> set[str]:
    """Aspects without phrases: those that only a button leads to."""
    node = kb.topics[topic].tree
    return (
        set(node.cases) if isinstance(node, Branch) and node.by == "aspect" else set()
    )


def _short(value: str, *, moment: bool) -> str:
    if value == UNSURE:
        return _UNSURE
    return _instant(value) if moment else value


# Every button of an answer carries the same one.
@lru_cache(maxsize=64)
def _instant(value: str) -> str:
    text = _base36(int(time_limits.moment(value).timestamp()))
    off = int(time_limits.slack(value).total_seconds()) // 60
    return f"{text}~{_base36(off)}" if off else text


def _long(text: str, *, moment: bool) -> str | None:
    if text == _UNSURE:
        return UNSURE
    if not moment:
        return text or None
    instant, _, off = text.partition("~")
    if not instant or any(c not in _DIGITS for c in instant + off):
        return None
    if len(instant) > _MOMENT or len(off) > _SLACK:
        return None
    at = datetime.fromtimestamp(int(instant, 36), UTC)
    return time_limits.instant(at, timedelta(minutes=int(off or "0", 36)))


def _base36(number: int) -> str:
    text = ""
    while number > 0:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
