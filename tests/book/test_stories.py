"""The conversations in stories/, replayed through the core and through Telegram alike."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from bot.book import Book
from bot.dialogue.events import Event
from bot.knowledge import loader
from bot.knowledge.model import Edition
from bot.responses.reply import Reply
from bot.tools import replay, story
from bot.tools.coverage import Coverage, cover, guide, unstated
from bot.tools.replay import Core, Face, Seen
from bot.tools.story import Story
from tests.support import updates
from tests.support.books import real_book, real_bot
from tests.support.markup import text_of
from tests.support.recorder import Desk, Searching, desk
from tests.support.wire import Call

STORIES = sorted((Path(__file__).parent / "stories").glob("*.txt"))
EDITIONS: tuple[Edition, ...] = get_args(Edition)
UNTOLD = Path(__file__).parent / "untold.txt"
"""Answers that no conversation reaches yet; a line goes when a story tells it."""


@cache
def speaker(edition: Edition) -> Book:
    return replay.edited(real_bot(), loader.root(), edition)


@dataclass
class Clocked(Searching):
    """A bot that goes by the story's clock; a press knows only that of the machine."""

    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    async def handle(self, event: Event, number: int | None = None) -> Reply:
        return await super().handle(
            replace(event, at=self.at, answered_at=None), number
        )


@dataclass
class Telegram:
    """One person's private chat on a recorded wire; what is seen is what was sent."""

    line: Line
    who: int
    buttons: dict[str, str] = field(default_factory=dict)

    def say(self, text: str, at: datetime) -> Seen:
        said = updates.said(text, self.who)
        said["message"]["date"] = int(at.timestamp())
        return self._send(said, at)

    def press(self, label: str, at: datetime) -> Seen | None:
        if label not in self.buttons:
            return None
        return self._send(updates.pressed(self.buttons[label], who=self.who), at)

    def _send(self, update: updates.Json, at: datetime) -> Seen:
        self.line.bot.at = at
        calls = self.line.runner.run(self.line.desk.send(update))
        (call,) = [c for c in calls if c.method in ("sendMessage", "editMessageText")]
        self.buttons = call.buttons | self._more(call)
        return Seen(text_of(str(call.parameters["text"])), tuple(self.buttons))

    def _more(self, call: Call) -> dict[str, str]:
        """The buttons behind the one for more, which changes nothing."""
        if "More" not in call.buttons:
            return {}
        under = updates.message("...", self.who) | {"from": updates.ME}
        under["reply_markup"] = call.parameters["reply_markup"]
        press = updates.pressed(call.buttons["More"], under, self.who)
        calls = self.line.runner.run(self.line.desk.send(press))
        (shown,) = [c for c in calls if c.method == "editMessageText"]
        return shown.buttons


@dataclass(frozen=True)
class Line:
    """A bot on Telegram, for as long as the tests run."""

    runner: asyncio.Runner
    bot: Clocked
    desk: Desk


@pytest.fixture(scope="module")
def lines() -> Iterator[dict[Edition, Line]]:
    with asyncio.Runner() as runner, ExitStack() as stack:
        found: dict[Edition, Line] = {}
        for edition in EDITIONS:
            one = speaker(edition)
            bot = Clocked(one.kb, one.nlu, one.renderer)
            opened = desk(bot)
            found[edition] = Line(runner, bot, runner.run(opened.__aenter__()))
            stack.callback(lambda o: runner.run(o.__aexit__(None, None, None)), opened)
        yield found


@pytest.fixture(params=["core", "telegram"])
def face(
    request: pytest.FixtureRequest, lines: dict[Edition, Line]
) -> Callable[[Story], Face]:
    """A new chat for a story."""
    if request.param == "core":
        return lambda read: Core(speaker(read.edition))
    return lambda read: Telegram(lines[read.edition], next(_people))


_people = itertools.count(1_000)


def test_there_are_conversations_enough() -> None:
    assert len(STORIES) >= 60


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(
    path: Path, face: Callable[[Story], Face]
) -> None:
    read = story.read(path)
    assert [str(p) for p in replay.failures(read, face(read))] == []
    assert read.about, "the first line says what the conversation is about"


@pytest.fixture(scope="module")
def covered() -> Coverage:
    """What answers state and conversations reach, which takes a minute to find."""
    return cover(real_bot(), loader.root(), STORIES[0].parent)


@pytest.mark.slow
def test_the_conversations_reach_every_answer_topic_and_service(
    covered: Coverage,
) -> None:
    assert set(covered.untold) == set(UNTOLD.read_text(encoding="utf-8").split())
    kb = real_book()
    rooms = {answer.partition("/")[0] for answer in covered.told}
    assert rooms == {*kb.topics, "actions"}
    reads = [story.read(path) for path in STORIES]
    spoken = {
        kb.stem(seen.reply.slots.get("platform", ""))
        for read in reads
        for _, seen in replay.replay(read, Core(speaker(read.edition)))
        if seen and seen.reply
    }
    assert set(kb.platforms) <= spoken


@pytest.mark.slow
def test_every_guide_claim_and_every_cell_of_the_table_reaches_an_answer(
    covered: Coverage,
) -> None:
    claims = guide(real_book())
    assert [number for number, places in claims.items() if not covered.of(places)] == []
    assert unstated(real_book(), covered) == []
