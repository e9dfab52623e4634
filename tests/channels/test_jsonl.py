"""Lines in, lines out: what INTERFACE.md fixes, to the letter."""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import Assistant
from bot.channels import jsonl
from bot.knowledge import time_limits
from tests.support.books import toy_bot
from tests.support.markup import text_of
from tests.support.shell import run

KEYS = {
    "decision", "topic", "slots", "about", "confidence", "suggestions", "text",
    "html", "buttons", "sources",
}  # fmt: skip
SECOND_KEYS = {"claim", "source", "checked", "sureness", "verdict"}
AT = "2026-05-10T12:00:00+00:00"


def is_reply(found: Mapping[str, Any]) -> bool:
    """Whether an object has the shape of a reply; fails where it has not."""
    assert found.keys() >= KEYS
    assert found.keys() <= KEYS | {"chat"}
    assert found["decision"] in {"answer", "ask", "clarify", "decline"}
    topic, suggestions = found["topic"], found["suggestions"]
    match found["decision"]:
        case "answer" | "ask":
            assert isinstance(topic, str)
        case "clarify":
            assert topic is None
            assert 2 <= len(suggestions) <= 3
        case "decline":
            assert topic in {None, "elsewhere"}
    if found["decision"] != "clarify":
        assert suggestions == []
    assert all(isinstance(topic, str) for topic in suggestions)
    assert isinstance(found["confidence"], int | float)
    assert 0 <= found["confidence"] <= 1
    assert isinstance(found["text"], str)
    assert found["text"].strip()
    text_of(found["html"])
    for name, value in found["slots"].items():
        assert isinstance(value, str)
        if name == "left_at":
            assert time_limits.duration(value) is not None
    for button in found["buttons"]:
        assert button.keys() == {"label", "value"}
        assert button["label"]
        assert len(button["value"].encode()) <= 64
    for source in found["sources"]:
        assert source.keys() == SECOND_KEYS
        if source["checked"] is not None:
            datetime.fromisoformat(source["checked"])
            assert source["sureness"] in {"high", "medium", "low"}
    return True


def replies(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n")[:-1]]


def chat(*lines: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    jsonl.chat(toy_bot(), io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return replies(out.getvalue())


def event(**parts: object) -> str:
    return json.dumps({"at": AT, **parts})


# --- ask


def test_ask_answers_in_plain_text(tmp_path: Path) -> None:
    done = run("ask", "get a mole post parcel back", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Yes. Mole Post digs up any parcel.")
    assert "**" not in done.stdout
    assert "<b>" not in done.stdout


def test_ask_json_gives_one_reply_object(tmp_path: Path) -> None:
    done = run("ask", "--json", "get a heron parcel back", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = replies(done.stdout)
    assert is_reply(found)
    assert found.keys() == KEYS
    assert (found["decision"], found["topic"]) == ("ask", "call_back")
    assert found["slots"] == {"carrier": "heron"}
    assert [b["label"] for b in found["buttons"]] == [
        "Still sealed",
        "Unsealed",
        "Not sure",
    ]


@pytest.mark.parametrize(
    ("question", "topic"),
    [("how do I bake a cake", "elsewhere"), ("xylophone zebra", None), ("", None)],
)
def test_ask_exits_with_0_when_it_declines_too(
    tmp_path: Path, question: str, topic: str | None
) -> None:
    done = run("ask", "--json", question, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = replies(done.stdout)
    assert is_reply(found)
    if question != "xylophone zebra":  # in how far that is junk, the book decides
        assert (found["decision"], found["topic"]) == ("decline", topic)


def test_ask_without_a_question_says_what_it_wants(tmp_path: Path) -> None:
    done = run("ask", home=tmp_path)
    assert done.returncode == 2
    assert "question" in done.stderr
    assert "Traceback" not in done.stderr


def test_ask_jsonl_answers_each_line_by_itself_and_in_order(toy_bot: Assistant) -> None:
    questions = [
        "get a heron parcel back",
        "yes",
        "",
        "how long do I have",
        "with mole post",
        "how do I bake a cake",
        "\u2028 how long do I have \u2028",
    ]
    out = io.StringIO()
    jsonl.ask(toy_bot, io.StringIO("\n".join(questions) + "\n"), out)
    found = replies(out.getvalue())
    assert len(found) == len(questions)
    assert all(map(is_reply, found))
    alone = [toy_bot.ask(question).as_json() for question in questions]
    assert found == alone
    assert found[0]["slots"] == {"carrier": "heron"}
    assert found[1]["slots"] == {}
    assert found[3]["slots"] == {}


def test_ask_jsonl_takes_lines_of_windows_and_a_last_line_without_an_end(
    toy_bot: Assistant,
) -> None:
    out = io.StringIO()
    jsonl.ask(toy_bot, io.StringIO("hello\r\nthank you", newline=""), out)
    assert [found["topic"] for found in replies(out.getvalue())] == [
        "hails",
        "bows",
    ]


def test_a_thousand_questions_are_answered_by_one_process(tmp_path: Path) -> None:
    questions = ["get a heron parcel back", "how long do I have", "hello", "junk"] * 250
    began = time.monotonic()
    done = run("ask", "--jsonl", home=tmp_path, given="\n".join(questions) + "\n")
    took = time.monotonic() - began
    assert (done.returncode, done.stderr) == (0, "")
    found = replies(done.stdout)
    assert len(found) == 1_000
    assert [f["topic"] for f in found[:3]] == ["call_back", "closing_time", "hails"]
    assert found[:4] == found[-4:]
    # Start-up alone, a thousand times over, would take minutes.
    assert took < 20


# --- chat


def test_chat_holds_a_conversation(tmp_path: Path) -> None:
    lines = [
        event(chat="7", text="get a heron parcel back"),
        event(chat="7", text="20 minutes ago"),
        event(chat="7", text="still sealed"),
    ]
    done = run("chat", "--jsonl", home=tmp_path, given="\n".join(lines) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    found = replies(done.stdout)
    assert all(map(is_reply, found))
    assert [f["decision"] for f in found] == ["ask", "answer", "answer"]
    assert found[2]["slots"] == {
        "carrier": "heron",
        "seal": "whole",
        "left_at": "PT20M",
    }
    assert "10 minutes left" in found[2]["text"]


def test_a_press_is_the_value_of_a_button() -> None:
    first, *_ = chat(event(chat="7", text="get a heron parcel back"))
    values = {b["label"]: b["value"] for b in first["buttons"]}
    _, second = chat(
        event(chat="7", text="get a heron parcel back"),
        event(chat="7", press=values["Unsealed"]),
    )
    assert second["topic"] == "unsealed"
    assert second["slots"] == {"carrier": "heron", "seal": "broken"}


def test_different_chats_are_different_conversations() -> None:
    found = chat(
        event(chat="7", text="get a heron parcel back"),
        event(chat="8", text="how do I call back my parcel"),
        event(chat="7", text="yes"),
        event(chat="8", text="mole post"),
        event(chat="9", text="yes"),
    )
    assert found[2]["topic"] == "unsealed"
    assert found[3]["slots"] == {"carrier": "mole"}
    assert found[4]["slots"] == {}


def test_at_is_the_clock_as_of_the_event() -> None:
    begin = event(
        chat="7", text="how long do I have with heron, it left 10 minutes ago"
    )
    later = json.dumps(
        {"chat": "7", "text": "how long do I have", "at": "2026-05-10T14:15:00+02:00"}
    )
    found = chat(begin, later)
    assert [f["slots"]["left_at"] for f in found] == ["PT10M", "PT25M"]
    assert "5 minutes left" in found[1]["text"]


@pytest.mark.parametrize(
    "at",
    ["2026-05-10T12:00:00Z", "2026-05-10T12:00:00.5+00:00", "2026-05-10T12:00", None],
)
def test_every_form_of_a_time_is_taken(at: str | None) -> None:
    line = json.dumps({"chat": "7", "text": "heron, 5 minutes ago", "at": at})
    (found,) = chat(line)
    assert is_reply(found)
    assert found["slots"]["left_at"] == "PT5M"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_time_at_the_end_of_all_calendars_is_no_reason_to_stop(at: str) -> None:
    first, second = chat(
        json.dumps({"chat": "7", "text": "heron, 3 days ago", "at": at}),
        event(chat="7", text="hello"),
    )
    assert "error" in first or is_reply(first)
    assert is_reply(second)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "not JSON",
        "{",
        "null",
        "3",
        '"text"',
        "[]",
        "{}",
        '{"chat": "7"}',
        '{"text": "hello"}',
        '{"chat": "7", "text": 3}',
        '{"chat": "7", "press": null}',
        '{"chat": "7", "text": "hello", "press": "call_back"}',
        '{"chat": null, "text": "hello"}',
        '{"chat": ["7"], "text": "hello"}',
        '{"chat": "7", "text": "hello", "at": "yesterday"}',
        '{"chat": "7", "text": "hello", "at": 5}',
        '{"chat": "7", "txt": "hello"}',
        '{"chat": "7", "text": "hello", "mood": "fine"}',
        "[" * 100_000,
        '{"chat": ' + "9" * 5_000 + "}",
    ],
)
def test_a_line_that_is_no_event_gets_an_error_and_the_next_is_read(line: str) -> None:
    error, reply = chat(line, event(chat="7", text="hello"))
    assert error.keys() == {"error"}
    assert error["error"]
    assert is_reply(reply)


def test_an_error_does_not_disturb_the_conversation() -> None:
    found = chat(
        event(chat="7", text="get a heron parcel back"),
        "oops",
        event(chat="7", text="still sealed"),
    )
    assert found[2]["slots"] == {"carrier": "heron", "seal": "whole"}


def test_bytes_that_are_no_text_do_not_end_the_conversation(tmp_path: Path) -> None:
    given = (
        b'{"chat": "7", "text": "hell\xff\xfe"}\n'
        + event(chat="7", text="hello").encode()
    )
    done = run("chat", "--jsonl", home=tmp_path, given=given)
    assert done.returncode == 0
    first, second = replies(done.stdout)
    assert is_reply(first)
    assert second["topic"] == "hails"


def test_a_lone_half_of_a_character_does_not_end_the_conversation(
    tmp_path: Path,
) -> None:
    lines = '{"chat": "\\ud83d", "text": "\\ud83d hello \\udc00"}\n' * 2
    done = run("chat", "--jsonl", home=tmp_path, given=lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 2


def test_nothing_is_written_but_in_the_cache(tmp_path: Path) -> None:
    secret = "quxwobble"
    run("ask", f"I sent {secret} to my boss", home=tmp_path)
    run("chat", "--jsonl", home=tmp_path, given=event(chat="7", text=secret) + "\n")
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all((tmp_path / "cache") in path.parents for path in written)
    assert not [path for path in written if secret.encode() in path.read_bytes()]


# --- arbitrary lines

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.floats(allow_nan=False).filter(math.isfinite),
    lambda below: st.lists(below, max_size=3)
    | st.dictionaries(
        st.sampled_from(["chat", "text", "press", "at", "x"]), below, max_size=4
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.lists(st.one_of(anything.map(json.dumps), st.text(max_size=30)), max_size=5))
def test_every_line_gets_one_line(lines: list[str]) -> None:
    lines = ["".join(line.splitlines()) for line in lines]
    found = chat(*lines)
    assert len(found) == len(lines)
    assert all(f.keys() == {"error"} or is_reply(f) for f in found)
