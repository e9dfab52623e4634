from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import mounted
from bot.errors import BotError
from bot.nlu import confidence
from bot.nlu.confidence import ConfidenceModel
from tests.support.copies import Copy

ROWS = (
    {"text": "how do I call back my parcel", "topic": "call_back"},
    {
        "text": "get a heron parcel back",
        "topic": "call_back",
        "slots": {"carrier": "heron"},
    },
    {"text": "will they know", "topic": "gossip"},
    {"text": "hello there", "topic": "hails"},
    {"text": "what is the capital of Spain", "topic": "elsewhere"},
    {"text": "good morning", "topic": "closing_time"},
)
WRONG = "good morning"


class Desk:
    """The command line on a copy of the toy book."""

    def __init__(self, folder: Path) -> None:
        self.copy = Copy(folder)
        self.questions = folder / "questions.jsonl"
        lines = (json.dumps(row) for row in ROWS)
        self.questions.write_text("\n".join(lines), encoding="utf-8")
        self.known = folder / "misses.txt"

    def run(self, *args: str) -> Result:
        return CliRunner().invoke(mounted(args), list(args), catch_exceptions=False)

    def eval(self, *args: str) -> Result:
        return self.run("eval", str(self.questions), *args)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    found = Desk(tmp_path)
    monkeypatch.setenv("TAKEBACK_FILES", str(found.copy.top))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "120")
    return found


def test_figures_are_tables_for_a_person(desk: Desk) -> None:
    done = desk.eval()
    assert done.exit_code == 0
    for title in ("Topics, the worst first", "Slots", "Reliability", "Worst misses"):
        assert title in done.output
    assert WRONG in done.output


def test_figures_are_one_object_for_a_tool(desk: Desk) -> None:
    found = json.loads(desk.eval("--json").output)
    assert found["domain"]["asked"] == 4
    assert found["topics"]["hails"] == {
        "asked": 1,
        "right": 1,
        "top3": 1,
        "asked_back": 0,
        "part_right": 1.0,
        "part_top3": 1.0,
    }
    assert found["slots"]["carrier"]["f1"] == 1.0
    assert found["wrong"][0]["text"] == WRONG
    assert {"topic": "closing_time", "taken_for": "hails"}.items() <= found[
        "confusions"
    ][0].items()
    assert found["time"]["to understand it"]["median_ms"] > 0


def test_the_list_of_misses_holds_until_something_fares_otherwise(desk: Desk) -> None:
    known = ("--known", str(desk.known))
    assert desk.eval(*known, "--write-known").exit_code == 0
    assert WRONG in desk.known.read_text(encoding="utf-8")
    assert desk.eval(*known).exit_code == 0
    lines = [line for line in desk.known.read_text().splitlines() if WRONG not in line]
    desk.known.write_text("\n".join([*lines, "hello there"]), encoding="utf-8")
    done = desk.eval(*known)
    assert done.exit_code == 1
    assert "right now, take it off the list: hello there\n" in done.output
    assert f"wrong, and not on the list: {WRONG} (closing_time → hails)" in done.output


def test_the_fit_is_shown_and_writes_nothing(desk: Desk) -> None:
    before = {p: p.stat().st_mtime_ns for p in desk.copy.top.rglob("*")}
    done = desk.run("eval", "--fit")
    assert done.exit_code == 0, done.output
    assert "fitted to held-out phrases" in done.output
    for constant in ("likelihood", "bias"):
        assert hasattr(ConfidenceModel(), constant)
        assert f"`{constant}`" in done.output
    told = " ".join(done.output.split())
    assert "ConfidenceModel in bot/nlu/confidence.py" in told
    assert Path(confidence.__file__).as_posix().endswith("bot/nlu/confidence.py")
    assert {p: p.stat().st_mtime_ns for p in desk.copy.top.rglob("*")} == before


def test_why_is_shown_for_a_person_and_as_an_object(desk: Desk) -> None:
    done = desk.run("ask", "--why", "get a mole post parcel back")
    assert done.exit_code == 0
    assert "Way (rule: clear_topic)" in done.output
    found = json.loads(desk.run("ask", "--why", "--json", "hello there").output)
    assert found["topics"][0]["topic"] == "hails"
    assert found["end"] == "answers hails: hello"


@pytest.mark.parametrize(
    "args",
    [
        ("eval",),
        ("eval", "--fit", "some.jsonl"),
        ("eval", "some.jsonl", "--write-known"),
        ("eval", "--fit", "--known", "x"),
        ("ask", "--why"),
        ("ask", "--why", "--jsonl"),
        ("ask", "--json", "--jsonl"),
        ("ask", "--jsonl", "hello"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(
    desk: Desk, args: tuple[str, ...]
) -> None:
    assert desk.run(*args).exit_code == 2


def test_a_question_without_quotes_is_told_to_have_them(desk: Desk) -> None:
    done = desk.run("ask", "hello", "there")
    assert done.exit_code == 2
    assert "put the question in quotes" in done.output


@pytest.mark.parametrize("flag", [(), ("--known", "missing")])
def test_a_file_that_is_not_there_is_named_once(
    desk: Desk, flag: tuple[str, ...]
) -> None:
    if not flag:
        desk.questions.unlink()
    name = flag[-1] if flag else str(desk.questions)
    with pytest.raises(BotError) as caught:
        desk.eval(*flag)
    assert str(caught.value) == f"{name}: cannot be read: No such file or directory"
