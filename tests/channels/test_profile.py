from __future__ import annotations

import logging

import pytest

from bot.app import Assistant
from bot.channels.telegram import profile
from tests.support.recorder import Desk, desk, refusal
from tests.support.updates import Json
from tests.support.wire import Call


async def told(toys: Desk, *, over: bool = False) -> dict[str, Json]:
    """What was set, by method."""
    toys.recorder.calls.clear()
    opened = toys.channel
    menus = profile.menus(opened.commands, opened.texts, [100])
    await profile.tell(opened.api, opened.texts, menus, plain=False, over=over)
    calls = toys.recorder.calls
    return {_name(c): c.parameters for c in calls if c.method.startswith("set")}


def _name(call: Call) -> str:
    """With the chats and the language that it is for."""
    scope = call.parameters.get("scope", {}).get("type", "")
    language = call.parameters.get("language_code", "")
    return " ".join(filter(None, (call.method, scope, language)))


async def test_a_new_bot_gets_its_commands_name_and_descriptions(toys: Desk) -> None:
    found = await told(toys)
    assert {c["command"] for c in found["setMyCommands default"]["commands"]} == {
        "start",
        "help",
        "restart",
        "back",
        "link",
    }
    groups = found["setMyCommands all_group_chats"]["commands"]
    assert [c["command"] for c in groups if c.get("is_ephemeral")] == ["oops"]
    assert {c["command"] for c in groups} == {"oops", "start", "help", "restart"}
    admins = found["setMyCommands chat"]
    assert admins["scope"]["chat_id"] == 100
    assert "stats" in {c["command"] for c in admins["commands"]}
    assert found["setMyName"] == {"name": "Takeback"}
    assert len(found["setMyShortDescription"]["short_description"]) <= 120
    assert len(found["setMyDescription"]["description"]) <= 512


async def test_what_is_there_already_is_not_set_again(toy_bot: Assistant) -> None:
    kept: dict[str, Json] = {}

    def remember(method: str, parameters: Json) -> tuple[int, Json] | None:
        where = (parameters.get("scope"), parameters.get("language_code"))
        name = f"{method[3:]} {where}"
        if method.startswith("set"):
            kept[name] = parameters
        if method.startswith("getMy") and name in kept:
            there = kept[name]
            return 200, {"ok": True, "result": there.get("commands", there)}
        return None

    async with desk(toy_bot, answer=remember) as toys:
        languages = toys.channel.texts.translations.all
        assert len(await told(toys)) == 6 + 4 * len(languages)
        assert await told(toys) == {}


@pytest.mark.parametrize("falls_back", [True, False])
async def test_what_the_operator_wrote_stays_unless_it_is_to_be_written_over(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture, *, falls_back: bool
) -> None:
    """Whether or not Telegram shows the general words for a language without any."""
    caplog.set_level(logging.INFO)

    def written(method: str, given: Json) -> tuple[int, Json] | None:
        if method not in ("getMyName", "getMyDescription"):
            return None
        own = "Ask Acme" if falls_back or "language_code" not in given else ""
        field = {"getMyName": "name", "getMyDescription": "description"}[method]
        return 200, {"ok": True, "result": {field: own}}

    async with desk(toy_bot, answer=written) as toys:
        languages = toys.channel.texts.translations.all
        kept = await told(toys)
        over = await told(toys, over=True)
    names = [name.partition(" ")[0] for name in kept]
    assert {*names} == {"setMyCommands", "setMyShortDescription"}
    assert names.count("setMyShortDescription") == 1 + len(languages)
    assert "your own words stay as name and description;" in caplog.text
    assert over["setMyName"] == {"name": "Takeback"}
    assert over["setMyDescription de"]["description"]


async def test_of_our_own_words_only_a_language_without_any_gets_its_own(
    toy_bot: Assistant,
) -> None:
    """Where Telegram shows the general ones; words of the operator's own stay."""

    def written(method: str, given: Json) -> tuple[int, Json] | None:
        if method != "getMyName":
            return None
        name = "Acme" if given.get("language_code") == "de" else "Takeback"
        return 200, {"ok": True, "result": {"name": name}}

    async with desk(toy_bot, answer=written) as toys:
        found = await told(toys)
    assert "setMyName" not in found
    assert "setMyName de" not in found
    assert found["setMyName fr"]["name"].startswith("Takeback")


async def test_a_refusal_is_noted_and_the_rest_goes_on(
    toy_bot: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(method: str, _: Json) -> tuple[int, Json] | None:
        return refusal(501, "no") if method == "getMyCommands" else None

    caplog.set_level(logging.WARNING)
    async with desk(toy_bot, answer=refused) as toys:
        found = await told(toys)
    assert not any("setMyCommands" in name for name in found)
    assert "setMyName" in found
    assert "profile was not updated" in caplog.text


async def test_twenty_languages_have_names_descriptions_and_a_menu(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        found = await told(opened)
        languages = opened.channel.texts.translations.all
        wanted = opened.channel.commands["en"]
    assert len(languages) >= 20
    for code in languages:
        menu = found[f"setMyCommands default {code}"]["commands"]
        assert {c["command"] for c in menu} <= wanted.keys()
        assert len(menu) >= 5
        assert found[f"setMyName {code}"]["name"].startswith("Takeback")
        assert found[f"setMyDescription {code}"]["description"]


async def test_what_people_need_most_comes_first_among_the_commands(
    real_bot: Assistant,
) -> None:
    async with desk(real_bot) as opened:
        commands = opened.channel.commands["en"]
        names = [*commands]
    assert names[:3] == ["start", "draft", "platforms"]
    assert len(names) == len(set(names))
    assert {*profile.OWN} <= {*names}
    # What the book has more of comes after, in its own words.
    assert commands["privacy"] == "What is kept?"
