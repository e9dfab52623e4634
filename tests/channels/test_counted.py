"""What is counted of groups and of other chats: topics and services, of nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store.records import Count
from tests.channels.test_groups import GROUP, NAME, mention, under
from tests.support import updates
from tests.support.recorder import Desk

BEFORE = datetime.now(UTC) - timedelta(days=2)


async def counted(toys: Desk) -> list[tuple[str, str, str, str, str]]:
    lines = await toys.channel.responder.counted(BEFORE)
    for line in lines:
        assert _names_nobody(line.count)
    return [
        (c.what, c.topic, c.platform, c.detail, c.way)
        for c in (line.count for line in lines)
    ]


def _names_nobody(count: Count) -> bool:
    return not any(part.isdecimal() for part in vars(count).values())


async def test_a_question_in_a_group_is_counted_as_such(toys: Desk) -> None:
    await toys.send(mention(f"{NAME} how do I call back a parcel with mole"))
    assert await counted(toys) == [("group", "call_back", "mole", "answer", "first")]


async def test_a_press_in_a_group_is_no_further_question(toys: Desk) -> None:
    await toys.send(mention(f"{NAME} how do I call back a parcel"))
    await toys.send(updates.pressed("call_back|pmole", under(100), 100))
    assert await counted(toys) == [
        ("group", "call_back", "", "ask", "first"),
        ("group", "call_back", "mole", "answer", "later"),
    ]


async def test_what_a_group_talks_about_is_not_counted(toys: Desk) -> None:
    await toys.send(updates.said("how do I call back a parcel", **GROUP))
    await toys.send(updates.pressed("call_back|pmole", under(100), 101))
    assert await counted(toys) == []


async def test_a_look_up_is_counted_by_its_best_answer(toys: Desk) -> None:
    await toys.send(updates.queried("call back a parcel with heron"))
    await toys.send(updates.queried(" "))
    assert await counted(toys) == [("inline", "call_back", "heron", "", "")]


async def test_a_look_up_that_finds_nothing_is_counted_too(toys: Desk) -> None:
    await toys.send(updates.queried("zzz qqq 4711"))
    ((what, *_, detail, way),) = await counted(toys)
    assert (what, detail, way) == ("inline", "", "")
