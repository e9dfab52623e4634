"""The inbox on a copy of the toy book."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bot.analytics.redact import GAP
from bot.errors import BotError
from bot.knowledge import loader
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.settings import settings
from bot.store import MemoryStore
from bot.store.records import Phrase, PhraseGroup
from bot.tools import inbox as command
from bot.tools.inbox import InboxRequest, phrase_files, what_if, workbench
from bot.tools.inbox.clusters import bunched
from bot.tools.inbox.workbench import Workbench
from tests.support.books import TOY

DAY = "2026-05-10"


def said(text: str, number: int = 1, topic: str = "") -> PhraseGroup:
    return PhraseGroup(Phrase(text, topic, DAY), number)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    shutil.copytree(TOY, tmp_path / "toy")
    return tmp_path / "toy"


@pytest.fixture
async def desk(top: Path) -> Workbench:
    store = MemoryStore()
    phrases = {
        Phrase("make the parcel fly home", "", DAY): 3,
        Phrase("make the parcels fly home", "", DAY): 2,
        Phrase(f"is {GAP} a whale", "", DAY): 1,
        Phrase("the card is it there", "gossip", DAY): 1,
    }
    await store.counters.add({}, phrases)
    console = Console(file=io.StringIO(), width=100)
    return Workbench(top, store.counters, console)


def shown(desk: Workbench) -> str:
    assert isinstance(desk.console.file, io.StringIO)
    return desk.console.file.getvalue()


def test_phrases_are_bunched_by_likeness_with_counts() -> None:
    bunches = bunched(
        [
            said("undo a bank transfer", 2),
            said("undo the bank transfer", 1),
            said(f"undo a bank transfer {GAP}", 4),
            said("is my phone bugged", 3),
            said("undo a bank transfer please", 1, "call_back"),
        ]
    )
    assert [(b.head, b.number, b.topic) for b in bunches] == [
        (f"undo a bank transfer {GAP}", 7, ""),
        ("is my phone bugged", 3, ""),
        ("undo a bank transfer please", 1, "call_back"),
    ]
    assert sum(len(b.groups) for b in bunches) == 5


def test_an_accepted_phrase_is_the_last_line_and_leaves_the_others(top: Path) -> None:
    folder = top / "knowledge" / "phrases"
    target, other = folder / "call_back.txt", folder / "gossip.txt"
    lines = other.read_text().splitlines()
    first = next(line for line in lines if line and not line.startswith("#"))
    before, there = target.read_text(), other.read_text()
    target.write_text(f"# a remark\n{before.rstrip()}")
    changed = phrase_files.put(top, "call_back", first, ENGLISH)
    assert target.read_text() == f"# a remark\n{before.rstrip()}\n{first}\n"
    assert other.read_text() == there.replace(f"{first}\n", "", 1)
    assert sorted(changed) == sorted([target, other])
    assert phrase_files.put(top, "call_back", first, ENGLISH) == []


def test_a_phrase_goes_before_the_first_section(top: Path) -> None:
    target = top / "knowledge" / "phrases" / "call_back.txt"
    target.write_text("call it back\n[edit]\nchange the label\n")
    phrase_files.put(top, "call_back", "fetch it home", ENGLISH)
    assert target.read_text() == (
        "call it back\nfetch it home\n[edit]\nchange the label\n"
    )


@pytest.mark.parametrize("phrase", ["", "  ", "?!", "a\nb", "x" * 400])
def test_what_is_no_phrase_is_not_written(top: Path, phrase: str) -> None:
    with pytest.raises(BotError):
        phrase_files.put(top, "call_back", phrase, ENGLISH)


def test_no_file_is_made_for_a_label_without_one(top: Path) -> None:
    with pytest.raises(BotError, match="takeback new topic"):
        phrase_files.put(top, "../../../etc/nowhere", "a phrase", ENGLISH)


def test_known_questions_that_change_sides_are_named(desk: Workbench) -> None:
    """A phrase of one topic, put under another, takes questions along."""
    known = what_if.phrases(desk.kb)
    phrase = desk.kb.phrases["gossip"][0]
    kb = what_if.with_phrase(desk.kb, phrase, "closing_time")
    changes = what_if.tried(desk.nlu, kb, known, None)
    assert any(c.known.text == phrase and c.worse for c in changes)
    assert all(c.before != c.after for c in changes)


async def test_accepting_shows_first_and_writes_then(desk: Workbench) -> None:
    (first, *_) = await command.all_bunches(desk.counters)
    answers = iter(["a", "call_back", "", "y", "q"])
    await command.walk_through(desk, lambda _: next(answers))
    assert "known questions change sides" in shown(desk)
    lines = (desk.top / "knowledge/phrases/call_back.txt").read_text().splitlines()
    assert lines[-1] == "make the parcel fly home"
    assert first.head not in [b.head for b in await command.all_bunches(desk.counters)]


async def test_nothing_is_written_without_a_yes(desk: Workbench) -> None:
    before = (desk.top / "knowledge/phrases/call_back.txt").read_text()
    answers = iter(["a", "call_back", "fly it home", "", "q"])
    await command.walk_through(desk, lambda _: next(answers))
    assert (desk.top / "knowledge/phrases/call_back.txt").read_text() == before
    assert len(await command.all_bunches(desk.counters)) == 3


async def test_a_topic_that_is_not_there_is_said(desk: Workbench) -> None:
    answers = iter(["a", "wrong", "q"])
    await command.walk_through(desk, lambda _: next(answers))
    assert "there is no phrase file for wrong" in shown(desk)


async def test_ignored_and_new_ones_are_asked_no_more(desk: Workbench) -> None:
    answers = iter(["i", "n", "whales", "s"])
    await command.walk_through(desk, lambda _: next(answers))
    groups = {g.phrase.text: g.mark for g in await desk.counters.inbox()}
    assert "make the parcel fly home" not in groups
    assert sorted(groups.values()) == ["", "new:whales"]
    bunches = await command.all_bunches(desk.counters)
    command.listed("elsewhere", bunches, desk.console, lambda _: "nearest")
    assert "new:whales" in shown(desk)


@pytest.fixture
def _environment(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_FILES", str(top))
    monkeypatch.setenv("TAKEBACK_STORE", f"sqlite:///{tmp_path}/store.sqlite")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.usefixtures("_environment")
async def test_flags_do_the_same_without_questions(top: Path) -> None:
    from bot import storage

    opened = storage.database(settings())
    await opened.open(alive=False)
    said = ("fly home parcel", "whale")
    await opened.counters.add({}, {Phrase(text, "", DAY): 1 for text in said})
    await opened.close()

    async def inbox(**wish: object) -> str:
        out = Console(file=io.StringIO(), width=100)
        await command.inbox(InboxRequest(**wish), out, input)  # type: ignore[arg-type]
        assert isinstance(out.file, io.StringIO)
        return out.file.getvalue()

    assert "fly home parcel" in await inbox(show=True)
    assert '"said": "whale"' in await inbox(json=True)
    dry = await inbox(accept="fly home parcel", topic="call_back", phrase="fly it home")
    assert "Nothing was written" in dry
    wet = await inbox(accept="1", topic="call_back", phrase="fly it home", write=True)
    assert "written:" in wet
    assert "fly it home\n" in (top / "knowledge/phrases/call_back.txt").read_text()
    await inbox(ignore="whale")
    assert "The inbox is empty" in await inbox(show=True)
    with pytest.raises(BotError, match="the inbox has no"):
        await inbox(ignore="whale")


def test_the_labelled_questions_of_a_checkout_are_known() -> None:
    assert (loader.root() / workbench.QUESTIONS).is_file()
