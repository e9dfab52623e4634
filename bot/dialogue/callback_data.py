"""What a button carries: a topic and all that is known, so it outlives the session.

The form is `topic|pplatform|rread|...`: each part after the first is a slot's letter
and its value. Telegram gives a button 64 bytes, so a moment is written in seconds, in
base 36.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

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


def encode(kb: KnowledgeBase, topic: str, known: Mapping[str, str]) -> str:
    """The value of a button that leads to a topic with these facts.

    Where there is no room for all, the least telling ones stay behind.
    """
    value = _written(kb, topic, known)
    for spare in _SPARE:
        if len(value.encode()) <= LIMIT:
            break
        known = {k: v for k, v in known.items() if k != spare}
        value = _written(kb, topic, known)
    return value


_SPARE = ("device", "read", "sent", "kind", "platform")


def _written(kb: KnowledgeBase, topic: str, known: Mapping[str, str]) -> str:
    parts = [f"{topic}/{known['aspect']}" if "aspect" in known else topic]
    for name, slot in kb.slots.items():
        if name in known:
            parts.append(slot.code + _short(name, known[name]))
    return "|".join(parts)


def decode(kb: KnowledgeBase, value: str) -> tuple[str, dict[str, str]] | None:
    """The topic and facts of a button; none for what no button of this book carries."""
    head, *parts = value.split("|")
    topic, _, aspect = head.partition("/")
    if topic not in kb.topics:
        return None
    codes = {slot.code: name for name, slot in kb.slots.items()}
    known = {"aspect": aspect} if aspect else {}
    for part in parts:
        name = codes.get(part[:1])
        said = _long(name, part[1:]) if name else None
        if name is None or said is None:
            return None
        known[name] = said
    if not all(_possible(kb, topic, name, known) for name in known):
        return None
    return topic, known


def _possible(
    kb: KnowledgeBase, topic: str, name: str, known: Mapping[str, str]
) -> bool:
    if name == "sent" or known[name] == UNSURE:
        return True
    if name == "aspect":
        return f"{topic}/{known[name]}" in kb.phrases or known[name] in _extra(
            kb, topic
        )
    values = kb.slots[name].values
    if values == "platforms":
        return all(kb.label(part) for part in known[name].split("+"))
    if values == "kinds" and known.get("platform", UNSURE) == UNSURE:
        return any(known[name] in platform.kinds for platform in kb.platforms.values())
    return known[name] in kb.choices(name, known)


def _extra(kb: KnowledgeBase, topic: str) -> set[str]:
    """Aspects without phrases: those that only a button leads to."""
    node = kb.topics[topic].tree
    return (
        set(node.cases) if isinstance(node, Branch) and node.by == "aspect" else set()
    )


def _short(name: str, value: str) -> str:
    if value == UNSURE:
        return _UNSURE
    if name != "sent":
        return value
    text = _base36(int(time_limits.moment(value).timestamp()))
    off = int(time_limits.slack(value).total_seconds()) // 60
    return f"{text}~{_base36(off)}" if off else text


def _long(name: str, text: str) -> str | None:
    if text == _UNSURE:
        return UNSURE
    if name != "sent":
        return text or None
    moment, _, off = text.partition("~")
    if not moment or any(c not in _DIGITS for c in moment + off):
        return None
    if len(moment) > _MOMENT or len(off) > _SLACK:
        return None
    at = datetime.fromtimestamp(int(moment, 36), UTC)
    return time_limits.instant(at, timedelta(minutes=int(off or "0", 36)))


def _base36(number: int) -> str:
    text = ""
    while number > 0:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
