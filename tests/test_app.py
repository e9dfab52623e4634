"""The bot as channels see it, and anything at all that a person may send to it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.app import Assistant, open_assistant
from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.responses.reply import Reply
from bot.store import MemoryStore, StoredSession
from bot.store.memory import MemorySessions
from tests.support.books import TOY, real_bot, toy_bot
from tests.support.chat import NOW
from tests.support.markup import text_of, units


@pytest.fixture
def bot(toy_bot: Assistant) -> Assistant:
    """With a memory of its own."""
    return Assistant(toy_bot.kb, toy_bot.nlu, toy_bot.renderer)


# --- handle


async def test_a_chat_is_remembered_between_events(bot: Assistant) -> None:
    await bot.handle(Said("7", "get a heron parcel back", NOW))
    reply = await bot.handle(Said("7", "still sealed", NOW))
    assert reply.slots == {"carrier": "heron", "seal": "whole"}


async def test_chats_do_not_hear_each_other(bot: Assistant) -> None:
    await bot.handle(Said("7", "get a heron parcel back", NOW))
    reply = await bot.handle(Said("8", "still sealed", NOW))
    assert "carrier" not in reply.slots


async def test_what_is_said_of_an_answer_outlives_a_renaming(bot: Assistant) -> None:
    """The session is of a book whose topic and service have other names today."""
    old = Session("gone", {"carrier": "gone", "seal": "whole"}, guided=True)
    for number, said in enumerate(("that did not help", "it worked", "thanks")):
        chat = str(number)
        await bot.store.sessions.put(chat, old, 0, NOW)
        assert (await bot.handle(Said(chat, said, NOW))).text


async def test_a_turn_that_cannot_be_counted_is_answered(
    bot: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bot.recorder, "note", Mock(side_effect=KeyError("x")))
    assert (await bot.handle(Said("7", "get a heron parcel back", NOW))).text
    assert "could not be counted" in caplog.text


class Slow(MemorySessions):
    """In it later events would get ahead of earlier ones."""

    pause = 0.04

    async def get(
        self, chat: str, now: datetime, update_id: int | None = None
    ) -> StoredSession:
        stored = await super().get(chat, now, update_id)
        self.pause /= 2
        await asyncio.sleep(self.pause)
        return stored


async def test_events_of_a_chat_are_taken_in_the_order_of_their_coming(
    bot: Assistant,
) -> None:
    store = MemoryStore()
    store.sessions = Slow(store.updates)
    bot = replace(bot, store=store)
    said = ["how do I call back my parcel", "ferry", "a crate", "20 minutes ago"]
    replies = await asyncio.gather(*(bot.handle(Said("7", t, NOW)) for t in said))
    assert [reply.decision for reply in replies] == ["ask", "ask", "answer", "answer"]
    assert replies[-1].slots == {
        "carrier": "ferry",
        "goods": "crate",
        "left_at": "PT20M",
    }


async def test_many_chats_at_once_stay_apart(bot: Assistant) -> None:
    async def talk(number: int) -> Reply:
        carrier = ("heron", "mole post")[number % 2]
        await bot.handle(Said(str(number), "how long do I have", NOW))
        return await bot.handle(Said(str(number), carrier, NOW))

    replies = await asyncio.gather(*(talk(number) for number in range(40)))
    for number, reply in enumerate(replies):
        assert reply.slots == {"carrier": ("heron", "mole")[number % 2]}


async def test_after_a_day_without_a_word_a_chat_is_a_new_one(bot: Assistant) -> None:
    await bot.handle(Said("7", "get a heron parcel back", NOW))
    later = NOW + timedelta(days=1, minutes=1)
    reply = await bot.handle(Said("7", "how long do I have", later))
    assert reply.decision == "ask"
    assert reply.slots == {}


async def test_starting_over_erases_what_was_kept(bot: Assistant) -> None:
    await bot.handle(Said("7", "get a heron parcel back", NOW))
    await bot.handle(Said("7", "/restart", NOW))
    reply = await bot.handle(Said("7", "how long do I have", NOW))
    assert (reply.decision, reply.slots) == ("ask", {})


# --- ask, and opening


def test_a_question_that_stands_alone_leaves_nothing_behind(bot: Assistant) -> None:
    first = bot.ask("get a heron parcel back", NOW)
    assert first.slots == {"carrier": "heron"}
    assert bot.ask("how long do I have", NOW).slots == {}
    assert bot.ask("get a heron parcel back", NOW) == first


def test_the_edition_turns_what_leads() -> None:
    text = "the address sticker is gone, sent with heron"
    checked = open_assistant("checked", TOY).ask(text, NOW)
    guide = open_assistant("guide", TOY).ask(text, NOW)
    assert "Heron Air turns a parcel round on request." in checked.text
    assert guide.text.index("Heron Air never turns round.") < guide.text.index("Check,")


def test_a_cache_does_not_keep_the_edition(tmp_path: Path) -> None:
    for edition in ("checked", "guide", "checked"):
        bot = open_assistant(edition, TOY, tmp_path)
        assert bot.kb.edition == edition


# --- anything at all

anything = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(
        st.sampled_from(
            [
                "heron",
                "how long do I have",
                "<b>",
                "</b>",
                "&amp;",
                "&",
                "**",
                "`",
                "[x](",
            ]
            + [
                "http://a.example/?a&b)",
                "> ",
                "\n",
                "1. ",
                "- ",
                "“",
                '"',
                "'",
                "/start",
            ]
            + [
                "\u202e",
                "\u200d",
                "🙂",
                "\x00",
                "ß",
                "ﬁ",
                "İ",
                "a" * 300,
                "|",
                "?",
                "2",
            ]
            + ["{{ 7 * 7 }}", "{% include '_ask.md.j2' %}", "dedline", "parcle", "ago"]
        ),
        max_size=12,
    ).map(" ".join),
)


def is_sound(reply: Reply) -> None:
    """What holds of every reply, whatever was said."""
    assert reply.text.strip()
    assert text_of(reply.html).strip()
    assert units(reply.text) <= 4096
    assert units(text_of(reply.html)) <= 4096
    for button in reply.message.buttons:
        assert button.label.strip()
        assert 1 <= len(button.value.encode()) <= 64


JUNK = [
    "",
    " ",
    "a" * 10_000,
    "word " * 2_000,
    "🙂",
    "👩‍👩‍👧‍👦",
    "\x00\x07\x1b[31m",
    "كيف أستعيد رسالة",
    "\u202eesrever",
    "<b>&",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% for %}",
    "Как вернуть посылку?",
    "如何取回包裹",
    "/ ",
    "/" * 50,
    "?" * 500,
    "9999 years ago",
    "-1 minutes ago",
    "0 seconds ago",
    "1" * 5_000,
    "\ud83d",
    "''''''",
    '"' * 99,
]


@pytest.mark.parametrize("text", JUNK, ids=lambda text: repr(text[:12]))
def test_junk_gets_a_kind_reply(text: str) -> None:
    reply, after = toy_bot().reply(Session(), Said("7", text, NOW))
    is_sound(reply)
    again, _ = toy_bot().reply(after, Said("7", text, NOW))
    is_sound(again)


@pytest.mark.parametrize("text", JUNK, ids=lambda text: repr(text[:12]))
def test_junk_gets_a_kind_reply_from_the_real_book_too(text: str) -> None:
    reply, after = real_bot().reply(Session(), Said("7", text, NOW))
    is_sound(reply)
    again, _ = real_bot().reply(after, Said("7", text, NOW))
    is_sound(again)


@given(st.lists(anything, min_size=1, max_size=4))
@example(["a dedline", "dedline <b>&</b>"])
@example(["get a heron parcel back", "3", "4"])
def test_arbitrary_text_never_raises_and_gets_valid_html(said: list[str]) -> None:
    session = Session()
    for text in said:
        reply, session = toy_bot().reply(session, Said("7", text, NOW))
        is_sound(reply)


@given(st.lists(anything, min_size=1, max_size=3))
def test_arbitrary_text_never_raises_with_the_real_book(said: list[str]) -> None:
    session = Session()
    for text in said:
        reply, session = real_bot().reply(session, Said("7", text, NOW))
        is_sound(reply)


@given(st.lists(st.tuples(st.booleans(), st.text(max_size=40)), max_size=4))
def test_arbitrary_presses_never_raise(events: list[tuple[bool, str]]) -> None:
    session = Session()
    for pressed, text in events:
        event: Event = Pressed("7", text, NOW) if pressed else Said("7", text, NOW)
        reply, session = toy_bot().reply(session, event)
        is_sound(reply)
