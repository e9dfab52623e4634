"""Updates as Telegram sends them."""

from __future__ import annotations

import itertools
import time
from typing import Any

Json = dict[str, Any]

ME = {
    "id": 7,
    "is_bot": True,
    "first_name": "Takeback",
    "username": "takeback_bot",
    "supports_inline_queries": True,
}
_numbers = itertools.count(1)


def person(number: int = 100) -> Json:
    return {"id": number, "is_bot": False, "first_name": "Ada", "language_code": "en"}


def private(number: int = 100) -> Json:
    return {"id": number, "type": "private", "first_name": "Ada"}


def group(number: int = -1001) -> Json:
    return {"id": number, "type": "supergroup", "title": "Friends"}


def message(text: str | None = None, who: int = 100, **more: Any) -> Json:
    """A message as such; in the private chat with `who`, if no chat is given."""
    found: Json = {
        "message_id": next(_numbers),
        "date": int(time.time()),
        "from": person(who),
        "chat": private(who),
        **more,
    }
    return found if text is None else {**found, "text": text}


def said(text: str | None = None, who: int = 100, **more: Any) -> Json:
    return {"update_id": next(_numbers), "message": message(text, who, **more)}


def pressed(value: str, under: Json | None = None, who: int = 100) -> Json:
    """A press on a button of the message `under`."""
    under = under or message("...", who) | {"from": ME}
    return {
        "update_id": next(_numbers),
        "callback_query": {
            "id": str(next(_numbers)),
            "from": person(who),
            "chat_instance": "1",
            "data": value,
            "message": under,
        },
    }


def reacted(*emoji: str, before: tuple[str, ...] = (), who: int = 100) -> Json:
    def listed(them: tuple[str, ...]) -> list[Json]:
        return [{"type": "emoji", "emoji": one} for one in them]

    return {
        "update_id": next(_numbers),
        "message_reaction": {
            "chat": private(who),
            "message_id": 5,
            "user": person(who),
            "date": int(time.time()),
            "old_reaction": listed(before),
            "new_reaction": listed(emoji),
        },
    }


def queried(text: str, who: int = 100) -> Json:
    return {
        "update_id": next(_numbers),
        "inline_query": {
            "id": str(next(_numbers)),
            "from": person(who),
            "query": text,
            "offset": "",
        },
    }
