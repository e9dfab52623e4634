"""`takeback run` from the outside, where it cannot start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_STORE", f"sqlite:///{tmp_path}/store.sqlite")


def run(**settings: str) -> tuple[int, str]:
    names = {f"TAKEBACK_{name.upper()}": value for name, value in settings.items()}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TAKEBACK_TOKEN")}
    done = subprocess.run(
        [sys.executable, "-c", "from bot.__main__ import main; main()", "run"],
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
    code, text = run(token="424242:" + "n" * 35, api_url="http://nowhere.invalid")
    assert code == 1
    told = [line for line in text.strip().splitlines() if " INFO " not in line]
    line = "No connection to http://nowhere.invalid: the name does not resolve."
    assert told == [line]
