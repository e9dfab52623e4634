"""The part of Telegram in the benchmarks: it sends updates as Telegram does."""

from __future__ import annotations

import inspect
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot.channels.telegram import service
from tests.support.fake_bot_api import stubbed
from tests.support.fake_telegram import FIRST, deliver, judged, play, shuffled
from tests.support.wire import serving
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


_OFTEN = {"lost": 0, "once": 1, "twice": 2}


async def test_an_answer_by_call_belongs_to_the_update_that_was_delivered_last() -> (
    None
):
    """Of a bot that dies after some of its calls, and forgets to answer others."""
    made = play(30, 4)
    wanted = {u["update_id"]: "an answer" for u in made.updates}
    fates = {n: list(_OFTEN)[n % 3] for n in wanted}
    died = Counter[int]()
    async with stubbed() as api, aiohttp.ClientSession() as client:
        api.heard = made.heard

        async def answer(request: web.Request) -> web.Response:
            update = await request.json()
            number, chat = update["update_id"], update["message"]["chat"]["id"]
            call = {"chat_id": chat, "text": "an answer"}
            if fates[number] != "lost":
                await client.post(f"{api.address}/bot1:x/sendMessage", json=call)
            died[number] += 1
            dies = fates[number] == "twice" and died[number] == 1
            return web.Response(status=500 if dies else 200)

        site = web.Application()
        site.router.add_post("/hook", answer)
        async with serving(site) as address:
            await deliver(made, made.updates, [f"{address}/hook"], 3)
    assert {n: len(made.answers[n]) for n in wanted} == {
        n: _OFTEN[fate] for n, fate in fates.items()
    }
    verdict = judged(made, wanted)
    assert (verdict.answered, verdict.lost, verdict.twice) == (10, 10, 10)
    assert not verdict.wrong
    assert not verdict.disordered
    assert made.empty == len(wanted) - 20
    assert made.chat(FIRST) == made.updates[0]["message"]["chat"]["id"]


async def test_no_update_is_taken_for_one_that_was_handed_out_and_is_gone() -> None:
    async with stubbed() as api:
        for number in range(1, 200):
            api.add({"update_id": number})
            # The offset is beyond them all, after an update with a number that was odd.
            assert await api.hand_out({"offset": 1 << 31}) == [{"update_id": number}]
            api.updates.clear()
