"""How properties are tried; the books, and a chat with the toy bot."""

from __future__ import annotations

import os

import hypothesis
import pytest

from bot.app import Assistant
from bot.knowledge.model import KnowledgeBase
from tests.support import books
from tests.support.chat import Chat, Core, Lines

hypothesis.settings.register_profile("home", deadline=None, max_examples=60)
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=60, derandomize=True, database=None
)
# pytest --hypothesis-profile deep
hypothesis.settings.register_profile("deep", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(scope="session")
def toy_book() -> KnowledgeBase:
    return books.toy_book()


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The real one."""
    return books.real_book()


@pytest.fixture(scope="session")
def toy_bot() -> Assistant:
    return books.toy_bot()


@pytest.fixture(scope="session")
def real_bot() -> Assistant:
    return books.real_bot()


@pytest.fixture(params=["core", "jsonl"])
def chat(request: pytest.FixtureRequest, toy_bot: Assistant) -> Chat:
    """A new chat with the toy bot; the same over both ways in."""
    return Chat(Core(toy_bot) if request.param == "core" else Lines(toy_bot))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What wants a PostgreSQL of its own is slow, whichever test asks for it.

    The slow ones come first: the last minutes belong to quick ones, which all cores share.
    """
    for item in items:
        call = getattr(item, "callspec", None)
        wants = "postgresql" in call.params.values() if call else False
        if wants or "postgresql" in item.name or "replicas" in item.path.name:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
