"""Leaves out of an update what is never used: others' words, and half of the cost.

The message under a pressed button is only a place, and so is the one replied to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_PLACE = (
    "message_id",
    "date",
    "chat",
    "from",
    "message_thread_id",
    "is_topic_message",
)
_NEVER = ("external_reply", "quote", "reply_to_story", "pinned_message", "reply_markup")


def trimmed(update: Json) -> dict[str, Any]:
    """A copy with less in it."""
    found = dict(update)
    if "message" in found:
        message = found["message"] = dict(found["message"])
        for name in _NEVER:
            message.pop(name, None)
        if "reply_to_message" in message:
            message["reply_to_message"] = _place(message["reply_to_message"])
    if "message" in found.get("callback_query", ()):
        query = found["callback_query"] = dict(found["callback_query"])
        pressed = query["message"] = _place(under := query["message"])
        pressed.pop("from", None)  # ourselves
        if "reply_to_message" in under:
            pressed["reply_to_message"] = _place(under["reply_to_message"])
    return found


def _place(message: Json) -> dict[str, Any]:
    return {name: message[name] for name in _PLACE if name in message}
