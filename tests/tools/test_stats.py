"""A week on the toy bot, summed and drawn."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.analytics import report
from bot.analytics.recorder import Recorder
from bot.analytics.report import brief
from bot.app import Assistant
from bot.dialogue.events import Pressed, Said
from bot.knowledge.model import KnowledgeBase
from bot.store import MemoryStore
from bot.store.database import Database
from bot.store.engine import address
from bot.store.records import Count, DayCount
from bot.tools import stats
from bot.tools.stats import collect as command
from tests.support.chat import NOW
from tests.support.simulated_week import END, week


async def counted(bot: Assistant, *events: str) -> list[Count]:
    """What a conversation counts as; a press begins with a `=`."""
    store = MemoryStore()
    bot = replace(bot, store=store, recorder=Recorder())
    for event in events:
        made = (
            Pressed("1", event[1:], NOW) if event[0] == "=" else Said("1", event, NOW)
        )
        await bot.handle(made)
    await bot.recorder.flush(store.counters)
    return [
        line.count
        for line in await store.counters.counted(NOW)
        for _ in range(line.number)
    ]


async def test_a_question_and_the_answer_it_led_to_are_told_apart(
    toy_bot: Assistant,
) -> None:
    first, later = await counted(toy_bot, "how do I call back a parcel", "mole")
    assert (first.what, first.topic, first.detail, first.way) == (
        "asked",
        "call_back",
        "ask",
        "first",
    )
    assert (later.detail, later.way, later.platform) == ("answer", "later", "mole")


async def test_what_was_said_at_once_is_a_question_answered_at_once(
    toy_bot: Assistant,
) -> None:
    (one,) = await counted(toy_bot, "how do I call back a parcel with mole")
    assert (one.detail, one.way, one.platform) == ("answer", "first", "mole")
    assert one.leaf


async def test_what_is_not_understood_is_a_question_declined(
    toy_bot: Assistant,
) -> None:
    (one,) = await counted(toy_bot, "zzz qqq")
    assert (one.topic, one.detail, one.way) == ("", "decline", "first")


async def test_thanks_are_no_question(toy_bot: Assistant) -> None:
    (one,) = await counted(toy_bot, "thanks")
    assert one.way == "talk"


async def test_a_week_fills_inbox_and_stats_and_a_picture(
    toy_bot: Assistant,
    toy_book: KnowledgeBase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    store = Database(address(url, Path()))
    await store.open()
    await week(toy_bot, toy_book.phrases, store, 300)
    found = report.summed(
        await store.counters.counted(END.replace(day=1)), END.date(), 7
    )
    assert await store.counters.inbox()
    await store.close()
    assert len(found.days) == 7
    assert all(found.days.values())
    assert found.questions == sum(found.days.values()) == sum(found.topics.values())
    assert 0.99 < sum(map(found.share, stats.MET)) < 1.01
    assert found.worked
    console = Console(width=90, record=True, file=io.StringIO())
    for table in stats.tables(toy_bot.kb, found):
        console.print(table)
    text = console.export_text()
    assert "answered at once" in text
    assert "Heron" in text
    monkeypatch.setenv("TAKEBACK_STORE", url)
    pytest.importorskip("matplotlib")
    png = tmp_path / "stats.png"
    told, _ = await command(7, png, END)
    assert told["questions"] == found.questions
    assert png.read_bytes().startswith(b"\x89PNG")


def test_groups_are_among_the_questions_and_look_ups_are_not(
    toy_bot: Assistant,
) -> None:
    day = END.date().isoformat()
    asked = Count("asked", "call_back", "heron", "answer", "x", "first", day)
    lines = [
        DayCount(asked, 5),
        DayCount(replace(asked, what="group"), 3),
        DayCount(replace(asked, what="group", way="later"), 9),
        DayCount(Count("inline", "call_back", day=day), 7),
    ]
    found = report.summed(lines, END.date(), 7)
    assert (found.questions, found.groups, found.inline) == (8, 3, 7)
    assert found.platforms == {"heron": 17}
    assert (found.as_json()["in_groups"], found.as_json()["inline"]) == (3, 7)
    text = brief(toy_bot.kb, found)
    assert "- Questions in groups: 3\n- Looked up inline: 7" in text
    console = Console(width=90, record=True, file=io.StringIO())
    for table in stats.tables(toy_bot.kb, found):
        console.print(table)
    assert "Questions in groups" in console.export_text()


def test_days_without_questions_are_shown_too() -> None:
    found = report.summed([], date(2026, 5, 10), 3)
    assert found.days == {"2026-05-08": 0, "2026-05-09": 0, "2026-05-10": 0}
    assert found.share("answer") == 0.0
