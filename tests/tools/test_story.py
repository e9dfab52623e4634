"""Conversations as text: read, replayed, and written down by a chat."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Assistant
from bot.dialogue.events import Pressed, Said
from bot.errors import BotError, KnowledgeError
from bot.tools import replay, story
from bot.tools.replay import START, Core
from bot.tools.story_recorder import StoryRecorder
from tests.support.books import TOY
from tests.support.shell import run

TALK = """\
# A parcel with the heron.
# A second comment.

> call back a parcel with heron air
decision: ask
says: call_back?seal
has: is the SEAL
not: ferry
buttons: Still sealed | Unsealed
no buttons: Ferry

at: +10m
at: +1h 5m
= Still sealed
topic: call_back
slots: carrier=heron seal=broken -left_at
cites: heron.turning
"""


def test_a_talk_is_read_as_it_is_written() -> None:
    read = story.parse(TALK)
    assert read.about == "A parcel with the heron."
    said, pressed = read.turns
    assert (said.text, said.pressed, said.line) == (
        "call back a parcel with heron air",
        False,
        4,
    )
    assert [e.key for e in said.expects] == [
        *("decision", "says", "has", "not", "buttons", "no buttons")
    ]
    assert pressed.wait == timedelta(hours=1, minutes=15)
    assert pressed.pressed


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("topik: x", "`topik` is no expectation; did you mean `topic`?"),
        ("hello there", "`hello` is no expectation"),
        ("at: soon", "`at` has to be a span such as +15m, +3h or +2d"),
        ("edition: mine", "`edition` is checked or guide"),
    ],
)
def test_a_line_that_is_not_understood_is_told(line: str, says: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        story.parse(f"> hello\n{line}\n", "one.txt")
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"one.txt:2: {says}")


@pytest.mark.parametrize("text", ["", "# Nothing.\n", "topic: call_back\n> hello\n"])
def test_somebody_has_to_say_something_first(text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"nobody says|nothing was said"):
        story.parse(text)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        story.read(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("+15m", timedelta(minutes=15)),
        ("90s", timedelta(seconds=90)),
        ("+1d 2h", timedelta(days=1, hours=2)),
        ("15", None),
        ("+15 parsecs", None),
    ],
)
def test_a_span_is_a_number_and_a_letter(text: str, span: timedelta | None) -> None:
    assert story.duration(text) == span


def test_a_talk_that_goes_as_written_has_no_failures(toy_bot: Assistant) -> None:
    right = TALK.replace("seal=broken", "seal=whole")
    assert replay.failures(story.parse(right), Core(toy_bot)) == []


def test_what_goes_otherwise_is_told_with_its_line(toy_bot: Assistant) -> None:
    (problem,) = replay.failures(story.parse(TALK, "one.txt"), Core(toy_bot))
    assert str(problem) == "one.txt:16: seal is whole"


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ("topic: counter_help", "the topic is call_back"),
        ("decision: answer", "the decision is ask"),
        ("says: call_back/steps", "what was reached is call_back?seal"),
        ("slots: -carrier", "carrier is heron"),
        ("slots: goods=crate", "goods is None"),
        ("has: ferry", "“ferry” is not in “Is the seal broken?”"),
        ("not: the seal", "“the seal” is in"),
        ("buttons: Unsealed | Ferry", "no button “Ferry” among Still sealed"),
        ("no buttons: Unsealed", "there is a button “Unsealed”"),
        ("cites: heron.deadline", "cites only nothing"),
    ],
)
def test_every_expectation_can_fail(
    toy_bot: Assistant, expected: str, says: str
) -> None:
    text = f"> call back a parcel with heron air\n{expected}\n"
    (problem,) = replay.failures(story.parse(text), Core(toy_bot))
    assert says in problem.message


def test_a_button_that_is_not_there_ends_the_talk(toy_bot: Assistant) -> None:
    text = "> call back a parcel with heron air\n= Sing\ntopic: counter_help\n"
    (problem,) = replay.failures(story.parse(text), Core(toy_bot))
    assert problem.message == "the last message has no button “Sing”"


def test_the_clock_moves_on(toy_bot: Assistant) -> None:
    text = """> how long do I have with heron air, I sent it 5 minutes ago
slots: left_at=PT5M

at: +10m
= Call it back
slots: left_at=PT15M
"""
    assert replay.failures(story.parse(text), Core(toy_bot)) == []


def test_the_edition_is_the_one_that_is_asked_for(toy_bot: Assistant) -> None:
    text = (
        "edition: guide\n> call back a parcel with heron air\nsays: call_back/never\n"
    )
    read = story.parse(text)
    assert read.edition == "guide"
    guided = replay.edited(toy_bot, TOY, read.edition)
    assert replay.failures(read, Core(guided)) == []
    assert replay.edited(toy_bot, TOY, "checked") is toy_bot


# --- written down


def test_a_chat_that_is_saved_can_be_replayed(
    toy_bot: Assistant, tmp_path: Path
) -> None:
    path, session, at = tmp_path / "mine.txt", Core(toy_bot).session, START
    recorder = StoryRecorder(path)
    for text in ("call back a parcel\nwith heron air", "1", "Will they know?"):
        event = Said("1", text, at)
        reply, session = toy_bot.reply(session, event)
        recorder.record(event, reply)
        at += timedelta(minutes=7)
    event_ = Pressed("1", reply.message.buttons[0].value, at)
    reply, _ = toy_bot.reply(session, event_)
    recorder.record(event_, reply)
    read = story.read(path)
    assert [(t.text, t.pressed) for t in read.turns][:3] == [
        ("call back a parcel with heron air", False),
        ("Still sealed", True),
        ("Will they know?", True),
    ]
    assert [t.wait for t in read.turns[1:]] == [timedelta(minutes=7)] * 3
    assert replay.failures(read, Core(toy_bot)) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BotError, match="is there already"):
        StoryRecorder(path)
    with pytest.raises(BotError, match="cannot be written"):
        StoryRecorder(tmp_path / "no" / "mine.txt")
    assert path.read_text(encoding="utf-8") == "mine"


def test_the_command_saves_a_chat_only_where_that_is_wished(tmp_path: Path) -> None:
    done = run("chat", "--save", "mine.txt", given="help\n1\n", home=tmp_path)
    assert done.returncode == 0
    assert "is written into mine.txt" in done.stderr
    saved = tmp_path / "mine.txt"
    assert "> help\n" in saved.read_text(encoding="utf-8")
    second = story.read(saved).turns[1]
    assert (second.text, second.pressed) == ("Call it back", True)
    before = sorted(p.name for p in tmp_path.iterdir())
    run("chat", given="help\n", home=tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert run("chat", "--save", "mine.txt", home=tmp_path).returncode == 2
