"""The books, a bot on the toy book, and a chat with it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from bot import load
from bot.app import Bot, open_bot
from bot.core.book import Book
from bot.core.match import Doubt
from tests.chat import Chat, Core, Lines

TOY = Path(__file__).parent / "toy"

hypothesis.settings.register_profile("home", deadline=None, max_examples=60)
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=60, derandomize=True, database=None
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(scope="session")
def toy_book() -> Book:
    """A small book about taking back a parcel."""
    return load.book(TOY)


@pytest.fixture(scope="session")
def book() -> Book:
    """The real one."""
    return load.book()


@pytest.fixture(scope="session")
def toy_bot() -> Bot:
    """A bot on the toy book, in doubt where a test can tell that it is.

    Its own phrases reach a logit of three or more, nonsense stays around one.
    """
    bot = open_bot(top=TOY)
    doubt = Doubt(logit=2.0, likelihood=0.0, bias=-4.0, threshold=0.5, margin=0.2)
    return replace(bot, mind=replace(bot.mind, doubt=doubt))


@pytest.fixture(params=["core", "jsonl"])
def chat(request: pytest.FixtureRequest, toy_bot: Bot) -> Chat:
    """A new chat with the toy bot."""
    return Chat(Core(toy_bot) if request.param == "core" else Lines(toy_bot))
