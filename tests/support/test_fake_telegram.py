"""The part of Telegram in the benchmarks: it sends updates as Telegram does."""

from __future__ import annotations

import inspect
from collections import defaultdict
from typing import TYPE_CHECKING

from bot.channels.telegram import service
from tests.support.fake_telegram import play, shuffled
from tests.support.without_limits import FAST, unpace

if TYPE_CHECKING:
    import pytest


def test_updates_are_shuffled_between_chats_never_within_one() -> None:
    made = play(400, 20).updates
    order = shuffled(made, 24, 0.1, seed=3)
    numbers = [u["update_id"] for u in order]
    firsts = list(dict.fromkeys(numbers))
    assert sorted(firsts) == [u["update_id"] for u in made]
    assert firsts != sorted(firsts)
    assert len(numbers) > len(firsts), "some come twice"
    seen = defaultdict(list)
    for number in firsts:
        chat = made[number - made[0]["update_id"]]["message"]["chat"]["id"]
        seen[chat].append(number)
    assert all(those == sorted(those) for those in seen.values())


def test_what_is_measured_is_not_held_by_the_limits_of_telegram(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "serve", service.serve)
    unpace()
    tuning = inspect.signature(service.serve).parameters["tuning"].default
    assert (*tuning.limits, tuning.person) == (FAST, FAST, FAST, FAST)
