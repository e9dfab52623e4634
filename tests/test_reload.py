"""The book is exchanged under a conversation."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import reloading
from bot.app import Assistant, open_assistant
from bot.dialogue.events import Said
from bot.polyglot import open_books
from bot.reloading import Reloading
from bot.settings import Settings
from tests.support.books import SPANISH, TOY

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy")
    return tmp_path / "toy"


async def test_an_edit_is_in_force_after_it_and_the_conversation_goes_on(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    bot = open_assistant(top=top)
    reloading = Reloading(bot, Settings(files=top))
    assert (await bot.handle(Said("1", "how do I call back a parcel", NOW))).topic
    template = next((top / "templates/en/call_back").glob("*.md.j2"))
    for file in (top / "templates/en/call_back").glob("*.md.j2"):
        file.write_text(
            file.read_text().replace(
                "{% block verdict %}", "{% block verdict %}Edited. "
            )
        )
    before = bot.nlu
    await reloading.reload()
    assert bot.nlu is not before
    assert "Edited." in template.read_text()
    reply = await bot.handle(Said("1", "mole", NOW))
    assert reply.topic == "call_back"
    assert "Edited." in reply.text


@pytest.mark.parametrize("broken", ["knowledge/topics/call_back.yaml", "templates/en"])
async def test_a_broken_edit_is_refused_and_the_old_book_stays(
    top: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    bot = open_assistant(top=top)
    bot.renderer.templates.prepare()
    before = bot.nlu, bot.renderer
    path = top / broken
    files = [path] if path.is_file() else list(path.glob("call_back/*.md.j2"))
    for file in files:
        file.write_text(file.read_text() + "\n{% nonsense: [\n")
    with caplog.at_level(logging.INFO):
        await Reloading(bot, Settings(files=top)).reload()
    assert "The edit is refused, and the old book stays." in caplog.text
    assert "call_back" in caplog.text
    assert (bot.nlu, bot.renderer) == before
    reply = await bot.handle(Said("1", "how do I call back a parcel with mole", NOW))
    assert reply.decision == "answer"


async def test_of_several_books_all_are_read_anew_or_none(
    top: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spanish = tmp_path / "spanish"
    shutil.copytree(SPANISH, spanish)
    bot = open_books("checked", [spanish], top)
    reloading = Reloading(bot, Settings(files=top, more_books=(spanish,)))
    before = bot.books[1]
    hello = spanish / "templates/es/inicio/hola.md.j2"
    good = hello.read_text(encoding="utf-8")
    hello.write_text(good + "{% nonsense", encoding="utf-8")
    await reloading.reload()
    assert bot.books[1] is before
    assert f"{spanish}/templates/es/inicio/hola.md.j2:" in caplog.text
    hello.write_text(good.replace("Hola", "Buenas"), encoding="utf-8")
    await reloading.reload()
    reply = await bot.handle(Said("1", "hola", NOW))
    assert reply.text.startswith("Buenas")


async def test_what_is_asked_for_during_a_reading_is_done_after_it(
    monkeypatch: pytest.MonkeyPatch, toy_bot: Assistant
) -> None:
    """Edit, HUP, edit, HUP: the second edit is in force too."""
    reloading, reads, going = Reloading(toy_bot, Settings()), 0, asyncio.Event()

    async def read(_: Reloading) -> None:
        nonlocal reads
        reads += 1
        await going.wait()

    monkeypatch.setattr(Reloading, "reload", read)
    reloading.begin()
    await asyncio.sleep(0)
    reloading.begin()
    reloading.begin()
    going.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert reads == 2


async def test_a_stop_does_not_wait_for_a_reading(
    monkeypatch: pytest.MonkeyPatch, toy_bot: Assistant, top: Path
) -> None:
    begun, start = (
        asyncio.Queue[asyncio.subprocess.Process](),
        (asyncio.create_subprocess_exec),
    )

    async def noted(*command: str, **how: Any) -> asyncio.subprocess.Process:
        process = await start(*command, **how)
        begun.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    reading = asyncio.create_task(Reloading(toy_bot, Settings(files=top)).reload())
    process = await begun.get()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert process.returncode == -signal.SIGKILL


async def test_a_reading_that_comes_to_grief_leaves_the_old_book(
    monkeypatch: pytest.MonkeyPatch,
    toy_bot: Assistant,
    top: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    before = toy_bot.nlu
    await Reloading(toy_bot, Settings(files=top)).reload()
    assert "What checks the files ended with code 1." in caplog.text
    assert "could not be read, and the old book stays" in caplog.text
    assert toy_bot.nlu is before


def test_a_process_that_was_killed_points_to_memory() -> None:
    assert "memory is short" in reloading.how_it_ended(-signal.SIGKILL)
    assert reloading.how_it_ended(2) == "code 2"
