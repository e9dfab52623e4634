"""The part of Telegram in the benchmarks: it sends updates as Telegram does."""

from __future__ import annotations

from collections import defaultdict

from tests.theatre import play, shuffled


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
