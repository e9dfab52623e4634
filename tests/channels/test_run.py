"""`takeback run` from the outside, where it cannot start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.copies import Copy
from tests.support.fake_bot_api import stubbed
from tests.support.process import free_port, takeback_run

_TOKEN = "424242:" + "n" * 35


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_STORE", f"sqlite:///{tmp_path}/store.sqlite")


_USUAL = "from bot.__main__ import main; main()"


def run(script: str = _USUAL, **settings: str) -> tuple[int, str]:
    names = {f"TAKEBACK_{name.upper()}": value for name, value in settings.items()}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TAKEBACK_TOKEN")}
    done = subprocess.run(
        [sys.executable, "-c", script, "run"],
        env={**kept, **names},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": "  "}])
def test_without_a_token_it_says_how_to_get_one(token: dict[str, str]) -> None:
    code, text = run(**token)
    assert code == 2
    assert "@BotFather" in text
    assert len(text.strip().splitlines()) == 1


@pytest.mark.parametrize("token", ["not a token", "12:3", "1:a b", "é:ü"])
def test_what_is_no_token_is_said_without_a_connection(token: str) -> None:
    code, text = run(token=token)
    assert code == 2
    assert "TAKEBACK_TOKEN does not look like a token" in text
    assert token not in text


@pytest.mark.slow
def test_no_connection_is_one_clear_line() -> None:
    secret = "424242:" + "n" * 35
    code, text = run(token=secret, api_url="http://127.0.0.1:1")
    assert code == 1  # so that it is tried again
    told = [line for line in text.strip().splitlines() if " INFO " not in line]
    assert told == ["No connection to http://127.0.0.1:1: Connection refused."]


@pytest.mark.slow
def test_a_name_that_does_not_resolve_says_so_and_is_tried_again() -> None:
    code, text = run(token=_TOKEN, api_url="http://nowhere.invalid")
    assert code == 1
    told = [line for line in text.strip().splitlines() if " INFO " not in line]
    line = "No connection to http://nowhere.invalid: the name does not resolve."
    assert told == [line]


def test_torn_templates_are_a_line_each(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.write("templates/en/a.md.j2", "fine\n{% if claims.marks %}\n")
    copy.write("templates/en/b.md.j2", "{{ 1 | nosuch }}")
    code, text = run(token=_TOKEN, files=str(copy.top), api_url="http://127.0.0.1:1")
    assert code == 2
    assert [line for line in text.splitlines() if " INFO " not in line] == [
        "templates/en/a.md.j2:2: `if` is opened here and never closed: {% endif %} is"
        " missing",
        "templates/en/b.md.j2:1: there is no filter `nosuch`",
    ]


_EARLY = """
import os, signal
from bot import __main__, startup
usual = startup.ahead
startup.ahead = lambda name: (os.kill(os.getpid(), signal.SIGHUP), usual(name))
__main__.main()
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signal")
def test_a_hangup_before_it_is_up_is_kept_until_it_is() -> None:
    code, text = run(
        _EARLY,
        token=_TOKEN,
        api_url="http://127.0.0.1:1",
    )
    assert code == 1
    assert "The files are checked" in text
    assert "No connection to http://127.0.0.1:1" in text


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "serve"])
async def test_a_stop_is_a_line_when_it_is_asked_for_and_one_at_its_end(
    command: str,
) -> None:
    listen = f"127.0.0.1:{free_port()}"
    async with (
        stubbed() as stub,
        takeback_run(stub.address, command, listen=listen) as running,
    ):
        assert await running.end(signal.SIGTERM) == 0
    asked, done = (line for line in running.lines if "topp" in line)
    assert "SIGTERM: stopping" in asked
    assert done.rstrip().endswith("Stopped")
