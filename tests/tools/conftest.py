"""The command line without a new process, on the toy book or a copy of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import mounted
from bot.errors import BotError
from tests.support.books import TOY
from tests.support.copies import Copy


class Done:
    """What a command printed, and the code it ended with."""

    def __init__(self, code: int, out: str) -> None:
        self.code, self.out = code, out


Takeback = Callable[..., Done]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture
def takeback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Takeback:
    """`takeback("check", files=...)`; an error that people see is the output."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, files: Path = TOY, given: str = "") -> Done:
        monkeypatch.setenv("TAKEBACK_FILES", str(files))
        result = CliRunner().invoke(mounted(arguments), arguments, input=given)
        if isinstance(result.exception, BotError):
            return Done(2, str(result.exception))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.output)

    return run
