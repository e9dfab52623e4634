"""Judges outgoing calls by what nobody here wrote, and by a table of Telegram's limits.

aiogram's models are made from the published Bot API; TDLib's parser is the one that the
Bot API server itself runs on every text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import aiogram.methods
import tdjson
from pydantic import BaseModel, ValidationError

from tests.support.markup import units
from tests.support.updates import Json
from tests.support.wire import Call

LENGTHS = {
    # least and most characters
    ("answerCallbackQuery", "text"): (0, 200),
    ("answerInlineQuery", "cache_time"): (0, 10),
    ("setMyName", "name"): (0, 64),
    ("setMyShortDescription", "short_description"): (0, 120),
    ("setMyDescription", "description"): (0, 512),
    ("setWebhook", "secret_token"): (1, 256),
}
TEXT, ENTITIES, BYTES = 4096, 100, 1 << 15
ROW, KEYBOARD, DATA, COPY = 8, 100, 64, 256
RESULTS, COMMANDS = 50, 100
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LINKED = re.compile(r"<a\s")


def faults(call: Call) -> list[str]:
    """All that is wrong with a call."""
    found = list(_by_models(call))
    for text, mode in _texts(call.parameters):
        found += text_faults(text, mode)
    found += _by_limits(call)
    return found


def _by_models(call: Call) -> Iterator[str]:
    name = call.method[:1].upper() + call.method[1:]
    model = getattr(aiogram.methods, name, None)
    if model is None:
        yield f"no such method: {call.method}"
        return
    try:
        read = model.model_validate(call.parameters)
    except ValidationError as error:
        for fault in error.errors()[:5]:
            yield f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        return
    yield from _unknown(read, call.method)


def _unknown(value: Any, path: str) -> Iterator[str]:
    """aiogram's models keep what they do not know; here it is a fault."""
    if isinstance(value, BaseModel):
        yield from (f"unknown field {path}.{n}" for n in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            yield from _unknown(item, f"{path}[{at}]")


def _texts(value: Any) -> Iterator[tuple[str, str | None]]:
    """Every message text in a call, those of inline results too."""
    if isinstance(value, dict):
        for name in ("text", "message_text"):
            if isinstance(value.get(name), str) and (
                "chat_id" in value or name == "message_text"
            ):
                yield value[name], value.get("parse_mode")
        for name, inner in value.items():
            if name != "reply_markup":
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@cache
def text_faults(text: str, mode: str | None = "HTML") -> tuple[str, ...]:
    """What Telegram's own parser says to a text, and how long it is once parsed."""
    found = []
    shown, entities = text, list[Json]()
    if mode:
        answer = _td("parseTextEntities", text=text, parse_mode=_MODES[mode])
        if answer["@type"] == "error":
            return (answer["message"],)
        shown, entities = answer["text"], answer["entities"]
    if not shown.strip():
        found.append("empty once parsed")
    if units(shown) > TEXT:
        found.append(f"{units(shown)} UTF-16 units")
    if len(entities) > ENTITIES:
        found.append(f"{len(entities)} entities")
    if len(text.encode()) > BYTES:
        found.append(f"{len(text.encode())} bytes")
    kept = sum(e["type"]["@type"] == "textEntityTypeTextUrl" for e in entities)
    if len(_LINKED.findall(text)) != kept:
        found.append("a link is dropped")
    return tuple(found)


_MODES = {"HTML": {"@type": "textParseModeHTML"}}


def _td(method: str, **given: Any) -> Json:
    request = json.dumps({"@type": method, **given}).encode()
    answer: Json = json.loads(tdjson.td_execute(request) or b"{}")
    return answer


_td("setLogVerbosityLevel", new_verbosity_level=0)


def _by_limits(call: Call) -> Iterator[str]:
    given = call.parameters
    for (method, name), (least, most) in LENGTHS.items():
        if method == call.method and name in given:
            size = len(str(given[name]))
            if not least <= size <= most:
                yield f"{name} of {size} characters"
    for keyboard in _keyboards(given):
        yield from _by_keyboard(keyboard)
    yield from _by_results(given.get("results", []))
    start = given.get("button", {}).get("start_parameter")
    if start is not None and not _START.fullmatch(start):
        yield f"start parameter {start!r}"
    yield from _by_commands(given.get("commands", []))


def _by_results(results: list[Json]) -> Iterator[str]:
    if len(results) > RESULTS:
        yield f"{len(results)} results"
    if len({result["id"] for result in results}) != len(results):
        yield "two results of one id"
    yield from (
        f"result id of {len(result['id'].encode())} bytes"
        for result in results
        if not 1 <= len(result["id"].encode()) <= DATA
    )


def _by_commands(commands: list[Json]) -> Iterator[str]:
    if len(commands) > COMMANDS:
        yield f"{len(commands)} commands"
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            yield f"command {command['command']!r}"
        if not 1 <= len(command["description"]) <= 256:
            yield f"description of {command['command']!r}"


def _keyboards(value: Any) -> Iterator[list[list[Json]]]:
    if isinstance(value, dict):
        if "inline_keyboard" in value:
            yield value["inline_keyboard"]
        for inner in value.values():
            yield from _keyboards(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keyboards(inner)


def _by_keyboard(rows: list[list[Json]]) -> Iterator[str]:
    if sum(map(len, rows)) > KEYBOARD:
        yield f"{sum(map(len, rows))} buttons"
    for row in rows:
        if not 1 <= len(row) <= ROW:
            yield f"a row of {len(row)} buttons"
        for button in row:
            yield from _by_button(button)


def _by_button(button: Json) -> Iterator[str]:
    actions = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if len(actions) != 1:
        yield f"button {button['text']!r} does {len(actions)} things"
    if not button["text"].strip():
        yield "a button without a label"
    data = button.get("callback_data", "x")
    if not 1 <= len(data.encode()) <= DATA:
        yield f"callback data of {len(data.encode())} bytes"
    copied = button.get("copy_text", {"text": "x"})["text"]
    if not 1 <= len(copied) <= COPY:
        yield f"{len(copied)} characters to copy"
    payload = button.get("url", "").partition("?start=")[2]
    if payload and not _START.fullmatch(payload):
        yield f"link payload {payload!r}"
