"""Secrets in every field that a person controls; none of them is found afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.analytics.recorder import Recorder
from bot.app import Assistant
from bot.dialogue import callback_data
from bot.dialogue.session import Session
from bot.store.database import Database
from bot.store.engine import address
from bot.store.failover import Failover
from tests.support import updates
from tests.support.cluster import Cluster
from tests.support.recorder import Searching, desk

if TYPE_CHECKING:
    import pytest

SECRETS = [f"Zq{n}xSecretVy{n}" for n in range(40)] + ["péché-mignon", "密かな言葉"]


def planted() -> list[updates.Json]:
    """Updates of every kind, with a secret wherever a person can put one."""
    left = iter(SECRETS * 9)

    def s() -> str:
        return next(left)

    found: list[updates.Json] = []

    def told(text: str, **more: Any) -> updates.Json:
        update = updates.said(text, **more)
        message = update["message"]
        who = {
            "first_name": s(),
            "last_name": s(),
            "username": s(),
            "language_code": s(),
        }
        message["from"] |= who
        message["chat"] |= {"first_name": s(), "last_name": s(), "username": s()}
        found.append(update)
        return update

    told(f"how do I call back a parcel to {s()}")
    told(f"{s()}")
    told(f"unring the bell of {s()} “{s()}” {s()}@{s()}.com https://{s()}.org/{s()}")
    told(f"wibble wobble {s()} wabble")
    told(f"/start {s()}")
    told(f"/{s()} {s()}")
    told(f"/start@{s()}")
    told("heron")
    told(f"with heron, {s()} minutes ago")
    told(f"call bakc a {s()} parcle")
    told(f"did {s()} get a card?")
    told("none", entities=[{"type": "text_link", "offset": 0, "length": 4, "url": s()}])
    told(
        "reply",
        reply_to_message=updates.message(s()),
        quote={"text": s(), "position": 0},
    )
    told(
        "forwarded",
        forward_origin={"type": "hidden_user", "sender_user_name": s(), "date": 1},
    )
    for wordless in (
        {
            "photo": [{"file_id": s(), "file_unique_id": s(), "width": 1, "height": 1}],
            "caption": s(),
        },
        {"document": {"file_id": s(), "file_unique_id": s(), "file_name": s()}},
        {"contact": {"phone_number": s(), "first_name": s()}},
        {"location": {"longitude": 1.5, "latitude": 2.5}},
        {"voice": {"file_id": s(), "file_unique_id": s(), "duration": 3}},
        {"poll": {"id": s(), "question": s()}},
        {"web_app_data": {"data": s(), "button_text": s()}},
    ):
        update = told("x", **wordless)
        del update["message"]["text"]
    values = (
        s(),
        f"call_back|p{s()}",
        f"counter_help/{s()}",
        f"call_back|pheron|r{s()}",
    )
    under = updates.message(s()) | {"from": updates.ME}
    found += [updates.pressed(value, under) for value in values]
    found.append(updates.queried(f"call back {s()}"))
    in_group = {"chat": updates.group() | {"title": s()}}
    told(f"@takeback_bot how do I call back {s()}", **in_group)
    told(f"/help {s()}", **in_group)
    found.append({"update_id": 10**6, "message": {"text": s(), "chat": s()}})
    found.append({"update_id": 10**6 + 1, s(): {"text": s()}})
    found.append({"update_id": s(), "message": {"text": s()}})
    return found


def rejection(bot: Assistant) -> list[updates.Json]:
    """An understood question with a secret, and "none of these" after it."""
    return [
        updates.said(f"how do I call back a parcel to {SECRETS[0]}"),
        updates.pressed(
            callback_data.encode(bot.kb, "counter_help", {"aspect": "nobody"})
        ),
    ]


@asynccontextmanager
async def talking(
    bot: Assistant, url: str, *, keep_phrases: bool = True
) -> AsyncIterator[Assistant]:
    store = Failover(Database(address(url, Path())))
    await store.open()
    recorder = Recorder(keep_phrases=keep_phrases)
    yield Searching(bot.kb, bot.nlu, bot.renderer, store=store, recorder=recorder)
    await store.close()


async def all_of_it(bot: Assistant) -> bytes:
    """Sends what is planted; the metrics after it."""
    async with desk(bot) as toys:
        for update in planted() + rejection(bot):
            await toys.send(update)
        await bot.recorder.flush(bot.store.counters)
        return toys.channel.metrics.exposition(0)


async def test_no_secret_is_found_anywhere(
    toy_bot: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "store.sqlite"
    async with talking(toy_bot, f"sqlite:///{path}") as bot:
        exposed = await all_of_it(bot)
        assert await bot.store.counters.inbox(), (
            "some phrases were kept, or it proves little"
        )
        files = list(tmp_path.iterdir())  # noqa: ASYNC240  two files
        assert len(files) > 1, "the write-ahead log is read as well"
        kept = b"".join(file.read_bytes() for file in files)
    kept += path.read_bytes()
    log = caplog.text.encode()
    for secret in SECRETS:
        for place, content in (("log", log), ("store", kept), ("metrics", exposed)):
            for form in (secret, secret.casefold(), ascii(secret)[1:-1]):
                assert form.encode() not in content, (place, secret)


async def test_no_secret_is_found_in_postgresql(
    toy_bot: Assistant, postgres: Cluster
) -> None:
    async with talking(toy_bot, postgres.create("private")) as bot:
        await all_of_it(bot)
    await asyncio.to_thread(postgres.psql, "CHECKPOINT", "private")
    files = [file for file in Path(postgres.data).rglob("*") if file.is_file()]  # noqa: ASYNC240  once
    content = b"".join(file.read_bytes() for file in files)
    for secret in SECRETS:
        assert secret.encode() not in content
        assert secret.casefold().encode() not in content


async def test_by_default_no_phrase_is_kept(toy_bot: Assistant, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    async with talking(toy_bot, url, keep_phrases=False) as bot:
        await all_of_it(bot)
        assert await bot.store.counters.inbox() == []


async def test_a_rejected_phrase_is_kept_with_its_topic(
    toy_bot: Assistant, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    async with talking(toy_bot, url) as bot, desk(bot) as toys:
        for update in rejection(bot):
            await toys.send(update)
        await bot.recorder.flush(bot.store.counters)
        (group,) = await bot.store.counters.inbox()
    assert group.phrase.topic == "call_back"
    assert group.phrase.text == "how do i … back a parcel to …"


async def test_to_be_forgotten_is_to_leave_nothing(
    toy_bot: Assistant, url: str
) -> None:
    chat, now = "telegram:4711", datetime.now(UTC)
    async with talking(toy_bot, url) as bot, desk(bot) as toys:
        await toys.send(updates.said("how do I call back a parcel", who=4711))
        assert (await bot.store.sessions.get(chat, now)).session.topic == "call_back"
        await bot.forget(chat)
        kept = await bot.store.sessions.get(chat, now)
        assert (kept.turn, kept.session) == (0, Session())
