from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.app import Assistant
from bot.channels.telegram import profile
from tests.channels.recorder import Desk, desk, refusal
from tests.channels.updates import Json

if TYPE_CHECKING:
    import pytest


async def told(toys: Desk) -> dict[str, Json]:
    """What was set, by method."""
    toys.recorder.calls.clear()
    opened = toys.channel
    await profile.tell(opened.api, opened.lines, opened.commands, plain=False)
    calls = toys.recorder.calls
    return {c.method: c.parameters for c in calls if c.method.startswith("set")}


async def test_a_new_bot_gets_its_commands_name_and_descriptions(toys: Desk) -> None:
    found = await told(toys)
    assert {c["command"] for c in found["setMyCommands"]["commands"]} == {
        "start",
        "help",
        "restart",
        "back",
        "link",
    }
    assert found["setMyName"] == {"name": "Takeback"}
    assert len(found["setMyShortDescription"]["short_description"]) <= 120
    assert len(found["setMyDescription"]["description"]) <= 512


async def test_what_is_there_already_is_not_set_again(toy_bot: Assistant) -> None:
    kept: dict[str, Json] = {}

    def remember(method: str, parameters: Json) -> tuple[int, Json] | None:
        if method.startswith("set"):
            kept[method[3:]] = parameters
        if method.startswith("getMy") and method[3:] in kept:
            there = kept[method[3:]]
            return 200, {"ok": True, "result": there.get("commands", there)}
        return None

    async with desk(toy_bot, answer=remember) as toys:
        assert len(await told(toys)) == 4
        assert await told(toys) == {}


async def test_a_refusal_is_noted_and_the_rest_goes_on(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(method: str, _: Json) -> tuple[int, Json] | None:
        return refusal(501, "no") if method == "getMyCommands" else None

    caplog.set_level(logging.WARNING)
    async with desk(toy_bot, answer=refused) as toys:
        found = await told(toys)
    assert "setMyCommands" not in found
    assert "setMyName" in found
    assert "profile was not updated" in caplog.text
