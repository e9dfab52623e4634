"""One suite for every store."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.events import Button
from bot.dialogue.session import Session, Visit
from bot.errors import ConflictError
from bot.store import Reminder, Store
from bot.store.contract import REMINDERS
from bot.store.records import IGNORED, Count, DayCount, Phrase, PhraseGroup

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHAT = "telegram:7"
SESSION = Session(
    topic="call_back",
    slots={"carrier": "heron", "left_at": "2026-05-10T11:40:00Z"},
    requested_slot="seal",
    expected_slot=None,
    offered=(Button("", "call_back|pheron|rbroken"),),
    misses=2,
    history=(Visit("gossip", {"carrier": "mole"}),),
)


async def test_a_new_chat_begins_with_nothing(store: Store) -> None:
    kept = await store.sessions.get(CHAT, NOW)
    assert (kept.session, kept.turn, kept.replayed) == (Session(), 0, False)


async def test_put_then_get_is_identity(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    kept = await store.sessions.get(CHAT, NOW)
    assert (kept.session, kept.turn) == (SESSION, 1)


async def test_a_turn_after_an_old_one_is_stale(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    with pytest.raises(ConflictError):
        await store.sessions.put(CHAT, Session(), 0, NOW)
    await store.sessions.put(CHAT, Session(), 1, NOW)
    with pytest.raises(ConflictError):
        await store.sessions.put(CHAT, SESSION, 1, NOW)
    assert (await store.sessions.get(CHAT, NOW)).turn == 2


async def test_of_turns_taken_at_once_all_are_counted(store: Store) -> None:
    async def one() -> None:
        while True:
            kept = await store.sessions.get(CHAT, NOW)
            after = Session(misses=kept.session.misses + 1)
            await asyncio.sleep(0)
            try:
                await store.sessions.put(CHAT, after, kept.turn, NOW)
            except ConflictError:
                continue
            return

    await asyncio.gather(*(one() for _ in range(12)))
    kept = await store.sessions.get(CHAT, NOW)
    assert (kept.session.misses, kept.turn) == (12, 12)


async def test_chats_know_nothing_of_each_other(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    assert (await store.sessions.get("telegram:8", NOW)).session == Session()


async def test_after_a_day_a_chat_begins_anew(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    assert (
        await store.sessions.get(CHAT, NOW + DAY - timedelta(1e-5))
    ).session == SESSION
    late = await store.sessions.get(CHAT, NOW + DAY)
    assert late.session == Session()
    await store.sessions.put(CHAT, SESSION, late.turn, NOW + DAY)
    assert (await store.sessions.get(CHAT, NOW + DAY)).session == SESSION


async def test_a_clock_that_went_back_forgets_nothing(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    assert (await store.sessions.get(CHAT, NOW - 400 * DAY)).session == SESSION


async def test_what_is_forgotten_is_gone(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    await store.sessions.forget(CHAT)
    kept = await store.sessions.get(CHAT, NOW)
    assert (kept.session, kept.turn) == (Session(), 0)


async def test_a_turn_that_began_before_the_forgetting_is_stale(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    await store.sessions.forget(CHAT)
    with pytest.raises(ConflictError):
        await store.sessions.put(CHAT, SESSION, 1, NOW)


async def test_a_sweep_erases_idle_chats_only(store: Store) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW - DAY - timedelta(seconds=1))
    await store.sessions.put("telegram:8", SESSION, 0, NOW)
    await store.sweep(NOW)
    assert (await store.sessions.get(CHAT, NOW - DAY)).session == Session()
    assert (await store.sessions.get("telegram:8", NOW)).session == SESSION


async def test_an_update_is_taken_once(store: Store) -> None:
    assert await store.updates.claim(1, CHAT)
    await store.updates.acknowledge(1)
    assert not await store.updates.claim(1, CHAT)
    assert await store.updates.claim(2, CHAT)


async def test_an_answer_that_got_lost_is_given_again_from_the_same_place(
    store: Store,
) -> None:
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    assert await store.updates.claim(5, CHAT)
    await store.sessions.put(CHAT, Session(topic="edit"), 1, NOW, 5)
    await store.updates.release(5)
    assert await store.updates.claim(5, CHAT)
    kept = await store.sessions.get(CHAT, NOW, 5)
    assert (kept.session, kept.turn, kept.replayed) == (SESSION, 1, True)
    await store.updates.acknowledge(5)
    assert not await store.updates.claim(5, CHAT)
    assert (await store.sessions.get(CHAT, NOW)).session == Session(topic="edit")


@pytest.mark.parametrize("late", [DAY, DAY - timedelta(seconds=0.5), 30 * DAY])
async def test_after_an_idle_day_too_it_is_given_again_from_the_same_place(
    store: Store, late: timedelta
) -> None:
    now = NOW + late
    await store.sessions.put(CHAT, SESSION, 0, NOW)
    assert await store.updates.claim(5, CHAT)
    began = await store.sessions.get(CHAT, now, 5)
    await store.sessions.put(CHAT, Session(topic="edit"), began.turn, now, 5)
    await store.updates.release(5)
    assert await store.updates.claim(5, CHAT)
    kept = await store.sessions.get(CHAT, now, 5)
    assert (kept.session, kept.turn, kept.replayed) == (began.session, 1, True)


async def test_an_update_without_a_chat_is_taken_once_too(store: Store) -> None:
    assert await store.updates.claim(9, None)
    await store.updates.acknowledge(9)
    assert not await store.updates.claim(9, None)


DUE = int(NOW.timestamp())
REMINDER = Reminder(CHAT, "call_back|pheron", DUE, thread=3)


async def test_a_reminder_is_given_out_once_and_not_before_its_time(
    store: Store,
) -> None:
    assert await store.reminders.keep(REMINDER)
    assert await store.reminders.due(NOW - timedelta(seconds=1)) == []
    assert await store.reminders.due(NOW) == [REMINDER]
    assert await store.reminders.due(NOW) == []
    await store.reminders.done(REMINDER)
    assert await store.reminders.keep(REMINDER)
    assert await store.reminders.due(NOW + DAY) == [REMINDER]


async def test_a_reminder_that_is_asked_for_twice_stands_once(store: Store) -> None:
    assert await store.reminders.keep(REMINDER)
    assert await store.reminders.keep(REMINDER)
    assert await store.reminders.due(NOW) == [REMINDER]


async def test_a_reminder_that_was_cancelled_is_gone(store: Store) -> None:
    other = REMINDER._replace(place="gossip", thread=None)
    await store.reminders.keep(REMINDER)
    await store.reminders.keep(other)
    await store.reminders.cancel(CHAT, REMINDER.place)
    await store.reminders.cancel(CHAT, "nothing of the kind")
    assert await store.reminders.due(NOW) == [other]


async def test_a_chat_knows_its_reminders(store: Store) -> None:
    other = REMINDER._replace(place="gossip", thread=None)
    for kept in (REMINDER, other, REMINDER._replace(chat="telegram:8")):
        await store.reminders.keep(kept)
    assert sorted(await store.reminders.of(CHAT)) == sorted([REMINDER, other])
    assert await store.reminders.of("telegram:9") == []


async def test_a_chat_has_a_few_reminders_and_no_more(store: Store) -> None:
    for n in range(REMINDERS):
        assert await store.reminders.keep(REMINDER._replace(place=f"gossip|{n}"))
    assert not await store.reminders.keep(REMINDER)
    assert await store.reminders.keep(REMINDER._replace(place="gossip|0"))
    assert await store.reminders.keep(REMINDER._replace(chat="telegram:8"))
    assert len(await store.reminders.due(NOW)) == REMINDERS + 1


async def test_a_chat_that_is_forgotten_is_reminded_of_nothing(store: Store) -> None:
    other = REMINDER._replace(chat="telegram:8")
    await store.reminders.keep(REMINDER)
    await store.reminders.keep(other)
    await store.reminders.forget(CHAT)
    assert await store.reminders.due(NOW) == [other]


async def test_counts_add_up_by_day(store: Store) -> None:
    asked = Count(
        "asked", "call_back", "heron", "answer", "steps", "first", "2026-05-10"
    )
    other = Count("thumbs", "call_back", "", "up", "", "", "2026-05-11")
    old = Count("thumbs", "call_back", "", "up", "", "", "2026-04-11")
    await store.counters.add({asked: 2, other: 1, old: 1}, {})
    await store.counters.add({asked: 1}, {})
    found = await store.counters.counted(NOW)
    assert sorted(found, key=str) == [DayCount(asked, 3), DayCount(other, 1)]


async def test_phrases_wait_in_the_inbox_until_they_are_settled(store: Store) -> None:
    first = Phrase("how do i unring a bell", "", "2026-05-10")
    second = Phrase("can a ferry fly", "call_back", "2026-05-10")
    await store.counters.add({}, {first: 2, second: 1})
    assert await store.counters.inbox() == [
        PhraseGroup(first, 2),
        PhraseGroup(second, 1),
    ]
    await store.counters.settle([second.text])
    assert await store.counters.inbox() == [PhraseGroup(first, 2)]
    await store.counters.settle([first.text], "new:bells")
    assert await store.counters.inbox() == [PhraseGroup(first, 2, "new:bells")]
    await store.counters.settle([first.text], IGNORED)
    assert await store.counters.inbox() == []
    await store.counters.add({}, {first: 1})
    assert await store.counters.inbox() == []
