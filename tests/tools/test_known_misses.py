from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BotError
from bot.tools.eval import known_misses
from bot.tools.eval.figures import Wrong


def wrong(text: str) -> Wrong:
    return Wrong(text, "call_back", "closing_time", (), 0.9, stands=True)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "misses.txt"
    texts = ("where is it?", "#1 rule of parcels", "back")
    file.write_text(known_misses.written(map(wrong, texts)), encoding="utf-8")
    assert sorted(known_misses.read(file)) == sorted(texts)
    assert "back\tcall_back → closing_time\n" in file.read_text(encoding="utf-8")


def test_a_list_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="cannot be read"):
        known_misses.read(tmp_path / "misses.txt")


def test_a_list_that_says_how_things_are_makes_no_difference() -> None:
    assert not list(known_misses.differences(["a"], [wrong("a")], ["a", "b"]))


def test_every_question_that_fares_otherwise_is_a_line() -> None:
    found = known_misses.differences(["a", "gone"], [wrong("b")], ["a", "b", "c"])
    assert list(found) == [
        "right now, take it off the list: a",
        "wrong, and not on the list: b (call_back → closing_time)",
        "on the list, but not asked: gone",
    ]
