"""Renaming: every file says the new name, and what people hold of the old one works."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from bot.app import Assistant, open_assistant
from bot.channels.telegram import deep_links
from bot.dialogue import callback_data, manager
from bot.dialogue.events import Pressed
from bot.dialogue.session import Session, Visit
from bot.folders import root
from bot.knowledge import loader
from bot.tools.check import errors, look
from tests.support.books import TOY
from tests.support.copies import Copy
from tests.tools.conftest import Takeback

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
STORY = """\
# A parcel on its way.
> how do I call back a heron parcel
topic: call_back
slots: carrier=heron -seal
says: call_back/steps
cites: heron.turning
not: heron
"""
QUESTION = (
    '{"text": "call back heron", "topic": "call_back", "also": ["call_back"], '
    '"slots": {"carrier": "heron"}}\n'
)


@pytest.fixture
def book(copy: Copy) -> Copy:
    copy.write("tests/book/stories/one.txt", STORY)
    copy.write("tests/book/questions.jsonl", QUESTION)
    copy.write("tests/book/misses.txt", "call back\tcall_back → bows\n")
    return copy


def read(copy: Copy, path: str) -> str:
    return (copy.top / path).read_text(encoding="utf-8")


def renamed(takeback: Takeback, copy: Copy, *arguments: str) -> Assistant:
    assert takeback("rename", *arguments, files=copy.top).code == 0
    assert errors(copy.top) == []
    return open_assistant(top=copy.top)


def test_a_service_has_its_new_name_in_every_file(
    takeback: Takeback, book: Copy
) -> None:
    renamed(takeback, book, "service", "heron", "grey_heron")
    assert not (book.top / "knowledge/platforms/heron.yaml").exists()
    assert "formerly: [heron]" in read(book, "knowledge/platforms/grey_heron.yaml")
    told = read(book, "tests/book/stories/one.txt")
    assert "slots: carrier=grey_heron -seal\n" in told
    assert "cites: grey_heron.turning\nnot: heron\n" in told
    asked = read(book, "tests/book/questions.jsonl")
    assert '"text": "call back heron"' in asked
    assert '"carrier": "grey_heron"' in asked


def test_a_topic_has_its_new_name_in_every_file(takeback: Takeback, book: Copy) -> None:
    renamed(takeback, book, "topic", "call_back", "turn_round")
    for gone in ("topics/call_back.yaml", "phrases/call_back.txt", "phrases/call_back"):
        assert not (book.top / "knowledge" / gone).exists()
    assert (book.top / "knowledge/phrases/turn_round/label.txt").is_file()
    assert (book.top / "templates/en/turn_round/steps.md.j2").is_file()
    told = read(book, "tests/book/stories/one.txt")
    assert "topic: turn_round\n" in told
    assert "says: turn_round/steps\n" in told
    asked = read(book, "tests/book/questions.jsonl")
    assert '"topic": "turn_round", "also": ["turn_round"]' in asked
    assert read(book, "tests/book/misses.txt") == "call back\tturn_round → bows\n"


@pytest.mark.slow
def test_topics_that_a_slot_leads_to_can_have_another_name(
    takeback: Takeback, tmp_path: Path
) -> None:
    """In the real book, where topics are named in many places."""
    top = tmp_path / "real"
    for part in ("knowledge", "templates"):
        copytree(root() / part, top / part, ignore=ignore_patterns("vectors"))
    for name in ("edit", "retract", "extortion"):
        done = takeback("rename", "topic", name, f"{name}_too", files=top)
        assert done.code == 0, done
    assert {"edit_too", "retract_too", "extortion_too"} <= loader.load(
        top
    ).topics.keys()


def test_comments_and_the_form_of_a_file_stay(takeback: Takeback, book: Copy) -> None:
    path = "knowledge/topics/wrap.yaml"
    book.swap(path, "next: [call_back]", 'next: [ "call_back" ]  # “first” of all')
    renamed(takeback, book, "topic", "call_back", "turn_round")
    assert 'next: [ "turn_round" ]  # “first” of all' in read(book, path)


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [("service", "heron", "grey_heron"), ("topic", "call_back", "turn_round")],
)
def test_a_button_a_link_and_a_session_of_the_old_name_work(
    takeback: Takeback, book: Copy, what: str, old: str, new: str
) -> None:
    before = loader.load(TOY)
    known = {"carrier": "heron", "seal": "whole"}
    button = callback_data.encode(before, "call_back", known)
    link = deep_links.answer_payload(before, "call_back", known)
    bot = renamed(takeback, book, what, old, new)
    names = {old: new}
    topic, carrier = names.get("call_back", "call_back"), names.get("heron", "heron")

    assert callback_data.decode(bot.kb, button) == (topic, known | {"carrier": carrier})
    assert link
    value = deep_links.decode(link)
    assert value
    assert callback_data.decode(bot.kb, value) == (topic, {"carrier": carrier})

    kept = Session("call_back", known, history=(Visit("call_back", known),))
    again = Pressed("", callback_data.encode(bot.kb, "closing_time", {}), NOW)
    after = manager.take_turn(bot.kb, bot.nlu, kept, again, NOW).session
    assert after.history[-1] == Visit(topic, known | {"carrier": carrier})


def test_a_session_at_a_topic_that_is_gone_begins_anew() -> None:
    bot = open_assistant(top=TOY)
    kept = Session("lost_topic", {"carrier": "nobody"})
    pressed = Pressed("", callback_data.encode(bot.kb, "closing_time", {}), NOW)
    after = manager.take_turn(bot.kb, bot.nlu, kept, pressed, NOW).session
    assert after.topic == "closing_time"
    assert after.history == ()


def test_renamed_twice_every_old_name_works(takeback: Takeback, book: Copy) -> None:
    renamed(takeback, book, "service", "heron", "grey_heron")
    bot = renamed(takeback, book, "service", "grey_heron", "crane")
    assert set(bot.kb.former_services.items()) == {
        ("heron", "crane"),
        ("grey_heron", "crane"),
    }


@pytest.mark.parametrize(
    ("what", "old", "new"), [("service", "heron", "crane"), ("topic", "wrap", "fold")]
)
def test_renamed_back_it_is_as_before_and_both_names_work(
    takeback: Takeback, book: Copy, what: str, old: str, new: str
) -> None:
    folder = {"service": "platforms", "topic": "topics"}[what]
    path = f"knowledge/{folder}/{old}.yaml"
    before = read(book, path)
    renamed(takeback, book, what, old, new)
    bot = renamed(takeback, book, what, new, old)
    former = bot.kb.former_services if what == "service" else bot.kb.former_topics
    assert {**former} == {new: old}
    note = "# Names before a renaming, which old buttons and links still hold.\n"
    assert read(book, path).replace(f"{note}formerly: [{new}]\n", "") == before
    renamed(takeback, book, what, old, new)
    assert f"formerly: [{old}]\n" in read(book, path.replace(old, new))


def test_an_old_name_of_another_is_no_name_to_take(
    takeback: Takeback, book: Copy
) -> None:
    renamed(takeback, book, "service", "heron", "grey_heron")
    done = takeback("rename", "service", "mole", "heron", files=book.top)
    assert (done.code, done.out) == (2, "the service `heron` is there already")


def test_a_service_may_be_called_a_platform(takeback: Takeback, book: Copy) -> None:
    renamed(takeback, book, "platform", "heron", "grey_heron")
    assert (book.top / "knowledge/platforms/grey_heron.yaml").is_file()


def test_an_old_name_that_is_given_to_another_is_told(
    takeback: Takeback, book: Copy
) -> None:
    renamed(takeback, book, "service", "heron", "grey_heron")
    line = book.swap(
        "knowledge/platforms/grey_heron.yaml", "formerly: [heron]", "formerly: [mole]"
    )
    said = [str(problem) for problem in look(book.top).errors]
    place = f"knowledge/platforms/grey_heron.yaml:{line}:"
    assert said == [f"{place} `mole` is a name in mole.yaml too"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("service", "hern", "crane"), "no service `hern`; did you mean `heron`?"),
        (("service", "heron", "Crane"), "`Crane` is no name for a service"),
        (("service", "heron", "mole"), "the service `mole` is there already"),
        (("service", "stranger", "other"), "stands for all other services"),
        (("topic", "wrap", "bows"), "the topic `bows` is there already"),
    ],
)
def test_what_cannot_be_renamed_is_one_clear_line(
    takeback: Takeback, book: Copy, arguments: tuple[str, ...], says: str
) -> None:
    done = takeback("rename", *arguments, files=book.top)
    assert done.code == 2
    assert says in done.out


def test_a_service_without_a_file_is_told_where_it_stands(
    takeback: Takeback, book: Copy
) -> None:
    file = "knowledge/platforms/stranger.yaml"
    listed = "services: {crow: {label: Crow, names: [crow], sort: chat}}\n"
    book.add(file, listed)
    done = takeback("rename", "service", "crow", "rook", files=book.top)
    assert done.code == 2
    assert f"`crow` has no file of its own: it stands in {file}" in done.out


def test_code_that_names_it_is_listed_and_left(takeback: Takeback, book: Copy) -> None:
    book.write("tests/book/test_one.py", 'FIRST = "heron"\n')
    done = takeback("rename", "service", "heron", "grey_heron", files=book.top)
    assert "tests/book/test_one.py:1: left as it was" in done.out
    assert Path(book.top / "tests/book/test_one.py").read_text() == 'FIRST = "heron"\n'
