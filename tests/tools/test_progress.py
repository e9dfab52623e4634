"""Long work shows a bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from bot.responses.renderer import Renderer
from bot.tools import every_answer
from bot.tools.progress import progress
from tests.support.books import TOY, toy_book

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_with_what_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress("Counting sheep", [1, 2, 3]) as items:
        assert list(items) == [1, 2, 3]
    assert "Counting sheep" in screen.getvalue()


def test_a_log_sees_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Counting sheep", [1, 2, 3]) as items:
        assert list(items) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_every_answer_is_filled_under_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that `print` and `preview` show how far they are."""
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert list(every_answer.entries(Renderer(toy_book(), TOY), ["hails"]))
    assert "Filling every answer" in screen.getvalue()
