"""Who cannot type, or will not, reaches every service by tapping."""

from __future__ import annotations

import pytest

from bot.app import Assistant
from tests.benchmarks.lengths import taps
from tests.support import updates
from tests.support.recorder import desk


async def test_every_service_is_at_most_two_taps_from_the_start(
    real_bot: Assistant,
) -> None:
    services = real_bot.kb.choices(real_bot.kb.roles.slots.service, {})
    assert (await taps(real_bot)).keys() == services.keys()


@pytest.mark.parametrize(
    "text", ["omg", "how do I unsend a message", "how long do I have"]
)
async def test_where_the_service_is_open_the_others_are_one_tap_away(
    real_bot: Assistant, text: str
) -> None:
    more = real_bot.kb.labels.more_services
    async with desk(real_bot) as opened:
        call = await opened.one(updates.said(text))
        calls = await opened.send(updates.pressed(call.buttons[more]))
    (page,) = [call for call in calls if call.method == "editMessageText"]
    shown = page.parameters["text"]
    assert shown.startswith("Which service? Choose or type it.")
    services = real_bot.kb.choices(real_bot.kb.roles.slots.service, {})
    assert set(services.values()) <= call.buttons.keys() | page.buttons.keys()
