"""Long work shows a bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from bot.tools.progress import progress

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
