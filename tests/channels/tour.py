"""Everything the bot can be made to say on Telegram, once."""

from __future__ import annotations

import re
from collections import deque

from bot.channels.telegram import profile
from tests.channels.test_filters import KIND
from tests.support import updates
from tests.support.recorder import Desk
from tests.support.updates import Json
from tests.support.wire import Call

_MOMENT = re.compile(r"\|s[0-9a-z]+")
HOSTILE = (
    "<b>&\"'",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{ARABIC LETTER ALEF}",
    "\N{FIRE}" * 2048,
    "\x00\x01",
    "@#/?",
    "a" * 4096,
    "[x](javascript:1) `y` **z**",
)


async def every_button(desk: Desk) -> list[Call]:
    """Presses each button that can be reached; a moment counts as one and the same."""
    todo = deque(desk.channel.responder.kb.topics)
    seen, calls = set[str](), list[Call]()
    while todo:
        value = todo.popleft()
        if (place := _MOMENT.sub("|s", value)) in seen:
            continue
        seen.add(place)
        for call in await desk.send(updates.pressed(value)):
            calls.append(call)
            todo.extend(call.buttons.values())
    return calls


async def everything_else(desk: Desk) -> list[Call]:
    """Questions, kinds of message, groups, inline queries, refusals, the profile."""
    group: Json = {"chat": updates.group()}
    calls = list[Call]()
    commands = [f"/{name}" for name in desk.channel.commands["en"]]
    for text in (*commands, *HOSTILE, "hello", "unsend", "qwxz", "qwxz"):
        calls += await desk.send(updates.said(text))
        calls += await desk.send(updates.queried(text[:256]))
    for what, _ in KIND:
        calls += await desk.send(updates.said(**what))
    for command in commands:
        calls += await desk.send(updates.said(command, **group))
    calls += await reminded(desk)
    calls += await desk.send(updates.queried(""))
    stranger = updates.message("...", **group) | {"from": updates.ME}
    calls += await desk.send(updates.pressed("counter_help", stranger))
    desk.recorder.calls.clear()
    opened = desk.channel
    menus = profile.menus(opened.commands, opened.texts, [100])
    await profile.tell(opened.api, opened.texts, menus, plain=False, over=False)
    await opened.api.set_webhook("https://bot.example/hook", secret_token="x")
    await opened.api.delete_webhook()
    return calls + desk.recorder.calls


_WITHIN_ITS_LIMIT = "can I take back a signal message that I sent 10 minutes ago"
"""A whole question: bare facts would go on with what was asked before."""


async def reminded(desk: Desk) -> list[Call]:
    """A reminder is asked for, and cancelled."""
    calls = await desk.send(updates.said(_WITHIN_ITS_LIMIT))
    for mark in "+-":
        before = calls[-1]
        under = updates.message("...") | {"from": updates.ME}
        under |= {"reply_markup": before.parameters["reply_markup"]}
        (value,) = (v for v in before.buttons.values() if v.startswith(mark))
        calls += await desk.send(updates.pressed(value, under))
    return calls
