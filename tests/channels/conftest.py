"""The toy bot behind a recorded wire."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app import Assistant
from tests.support.recorder import Desk, desk


@pytest.fixture
async def toys(toy_bot: Assistant) -> AsyncIterator[Desk]:
    async with desk(toy_bot) as opened:
        yield opened
