"""A button's value as the payload of a deep link: t.me/BOT?start=PAYLOAD.

Telegram allows A-Z a-z 0-9 _ - and 64 characters. Values are lower-case names with `|`
between, so these cost one character each; whatever else there is costs three a byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from bot.dialogue import callback_data
from bot.knowledge.model import KnowledgeBase

LIMIT = 64
_SHORT = {"|": "-", "?": "Q", "/": "S"}
_LONG = {short: char for char, short in _SHORT.items()}
_ESCAPE = "Z"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_PARTS = re.compile(r"[a-z0-9_]|[-QS]|Z[0-9a-f]{2}")


def address(name: str, payload: str) -> str:
    """Opens the private chat with the bot of this name."""
    return f"https://t.me/{name}?start={payload}"


def shared(url: str) -> str:
    """Opens the list of chats, to pass an address on."""
    return f"https://t.me/share/url?url={quote(url, safe='')}"


def answer_payload(
    kb: KnowledgeBase, topic: str, slots: Mapping[str, str]
) -> str | None:
    """The link of an answer; none for what does not fit.

    It is for good and for anybody, so it tells neither when a message was sent nor
    whether it was read, nor what was said in passing and changes nothing in it.
    """
    personal = {kb.roles.slots.time, kb.roles.slots.state}
    passing = set(kb.asides)
    if passing.isdisjoint(kb.topics[topic].listens):  # no draft, which is made of it
        personal |= passing - kb.uses(topic)
    told = {name: value for name, value in slots.items() if name not in personal}
    return encode(callback_data.encode(kb, topic, told))


def encode(value: str) -> str | None:
    """The payload for a value; none for what does not fit into a link."""
    try:
        payload = "".join(map(_encoded, value))
    except UnicodeEncodeError:
        return None  # half of a surrogate pair is no text
    return payload if 0 < len(payload) <= LIMIT else None


def decode(payload: str) -> str | None:
    """The value of a payload; none for what `encode` does not make."""
    if not 0 < len(payload) <= LIMIT:
        return None
    parts = _PARTS.findall(payload)
    if "".join(parts) != payload:
        return None
    found = b"".join(
        bytes.fromhex(part[1:])
        if part[0] == _ESCAPE
        else _LONG.get(part, part).encode()
        for part in parts
    )
    try:
        value = found.decode()
    except UnicodeDecodeError:
        return None
    # One value, one link: an escape for what needs none was not made by us.
    return value if encode(value) == payload else None


def _encoded(char: str) -> str:
    if char in _PLAIN:
        return char
    if char in _SHORT:
        return _SHORT[char]
    return "".join(f"{_ESCAPE}{b:02x}" for b in char.encode())
