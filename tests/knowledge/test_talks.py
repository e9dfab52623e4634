"""The conversations in talks/, replayed through the core and through Telegram alike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot import load
from bot.app import Bot
from bot.commands.coverage import cover, guide, unstated
from bot.core.book import OTHER, Edition
from bot.core.message import Event
from bot.desk import talk
from bot.desk.talk import Core, Face, Seen, Talk
from bot.reply import Reply
from tests.books import real_book, real_bot
from tests.channels import updates
from tests.channels.recorder import Desk, Searching, desk
from tests.channels.wire import Call
from tests.markup import text_of

TALKS = sorted((Path(__file__).parent / "talks").glob("*.txt"))
UNSPOKEN = {"out_of_scope/else"}
"""Answers that no words lead to: what is out of scope has always an aspect."""


@cache
def speaker(edition: Edition) -> Bot:
    return talk.edited(real_bot(), load.root(), edition)


@dataclass
class Clocked(Searching):
    """A bot that goes by the talk's clock; a press knows only that of the machine."""

    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    async def handle(self, event: Event, number: int | None = None) -> Reply:
        return await super().handle(replace(event, at=self.at), number)


@dataclass
class Telegram:
    """One person's private chat on a recorded wire; what is seen is what was sent."""

    runner: asyncio.Runner
    bot: Clocked
    desk: Desk
    buttons: dict[str, str] = field(default_factory=dict)
    shown: updates.Json = field(default_factory=dict)

    def say(self, text: str, at: datetime) -> Seen:
        said = updates.said(text)
        said["message"]["date"] = int(at.timestamp())
        return self._send(said, at)

    def press(self, label: str, at: datetime) -> Seen | None:
        if label not in self.buttons:
            return None
        under = updates.message("...") | {"from": updates.ME}
        return self._send(updates.pressed(self.buttons[label], under), at)

    def _send(self, update: updates.Json, at: datetime) -> Seen:
        self.bot.at = at
        calls = self.runner.run(self.desk.send(update))
        (call,) = [c for c in calls if c.method in ("sendMessage", "editMessageText")]
        self.buttons = call.buttons
        return Seen(_text(call), tuple(call.buttons))


def _text(call: Call) -> str:
    return text_of(str(call.parameters["text"]))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture(params=["core", "telegram"])
def faces(
    request: pytest.FixtureRequest, runner: asyncio.Runner
) -> Iterator[dict[Edition, Face]]:
    """A new chat in each edition."""
    if request.param == "core":
        yield {e: Core(speaker(e)) for e in ("checked", "guide")}
        return
    raise NotImplementedError
