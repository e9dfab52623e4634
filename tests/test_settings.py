from __future__ import annotations

import os
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import settings
from tests.support.books import TOY
from tests.support.shell import run

SECRET = "123456:AAHxTokenThatNobodyMaySee"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine's own, and no `.env`."""
    for name in os.environ:
        if name.startswith("TAKEBACK_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_a_variable_the_defaults_hold() -> None:
    found = settings()
    assert found.token is None
    assert found.store is None
    assert found.webhook_url is None
    assert found.webhook_secret is None
    assert found.edition == "checked"
    assert found.admins == frozenset()
    assert found.keep_phrases is False
    assert found.api_url == "https://api.telegram.org"


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TOKEN": SECRET,
        "API_URL": "http://127.0.0.1:9000/",
        "STORE": "sqlite:///bot.db",
        "WEBHOOK_URL": "https://bot.example/hook",
        "WEBHOOK_SECRET": "hush",
        "LISTEN": "0.0.0.0:8443",
        "EDITION": "guide",
        "ADMINS": "7, 8,,9",
        "KEEP_PHRASES": "yes",
    }.items():
        monkeypatch.setenv(f"TAKEBACK_{name}", value)
    found = settings()
    assert found.token
    assert found.token.get_secret_value() == SECRET
    assert found.webhook_secret
    assert found.webhook_secret.get_secret_value() == "hush"
    assert found.api_url == "http://127.0.0.1:9000"
    assert found.store == "sqlite:///bot.db"
    assert found.webhook_url == "https://bot.example/hook"
    assert found.listen == "0.0.0.0:8443"
    assert found.edition == "guide"
    assert found.admins == {7, 8, 9}
    assert found.keep_phrases is True


def test_a_file_holds_variables_and_the_environment_goes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "TAKEBACK_EDITION=guide\nTAKEBACK_ADMINS=7\nOTHER=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("TAKEBACK_ADMINS", "8")
    assert settings(env_file=True).edition == "guide"
    assert settings(env_file=True).admins == {8}


def test_a_file_in_the_working_folder_is_for_who_runs_the_bot_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text(
        "TAKEBACK_FILES=/elsewhere\nTAKEBACK_EDITION=guide\n"
    )
    assert settings().files is None
    assert settings().edition == "checked"


FAULTS = {
    "TAKEBACK_API_URL": "ftp://api.example",
    "TAKEBACK_WEBHOOK_URL": "bot.example/hook",
    "TAKEBACK_LISTEN": "8080",
    "TAKEBACK_EDITION": "newest",
    "TAKEBACK_ADMINS": "me, 7",
    "TAKEBACK_KEEP_PHRASES": "perhaps",
    "TAKEBACK_PROXIES": "10",
    "TAKEBACK_IDLE_HOURS": "a day",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, FAULTS[name])
    with pytest.raises(SettingsError) as fault:
        settings()
    (line,) = str(fault.value).splitlines()
    assert line.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEBHOOK_URL", "http://bot.example/hook"), ("WEBHOOK_SECRET", "two words")],
)
def test_what_telegram_would_refuse_later_is_a_fault_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TAKEBACK_{name}", value)
    with pytest.raises(SettingsError, match=f"TAKEBACK_{name}: ") as fault:
        settings()
    assert value not in str(fault.value)


def test_a_server_of_ones_own_may_be_reached_without_tls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAKEBACK_API_URL", "http://10.0.0.1:8081")
    monkeypatch.setenv("TAKEBACK_WEBHOOK_URL", "http://10.0.0.2:8080/hook")
    assert settings().webhook_url == "http://10.0.0.2:8080/hook"


def test_all_faults_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FAULTS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as fault:
        settings()
    named = {line.partition(":")[0] for line in str(fault.value).splitlines()}
    assert named == set(FAULTS)


@pytest.mark.parametrize(
    "value", ["localhost:", ":8080", "host:port", "host:70000", "host:-1", ""]
)
def test_where_to_listen_is_a_host_and_a_port(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("TAKEBACK_LISTEN", value)
    with pytest.raises(SettingsError, match="TAKEBACK_LISTEN"):
        settings()


def test_a_secret_is_in_no_fault_and_in_no_print(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TAKEBACK_TOKEN", SECRET)
    hidden = SECRET.partition(":")[2]
    monkeypatch.setenv("TAKEBACK_WEBHOOK_SECRET", hidden)
    found = settings()
    for shown in (str(found), repr(found), str(asdict(found)), f"{found.token}"):
        assert hidden not in shown
    for name, value in FAULTS.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as fault:
        settings()
    chained = fault.value.__cause__ or fault.value.__context__
    assert hidden not in str(fault.value)
    assert fault.value.__suppress_context__
    assert hidden not in str(chained)


@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_characters="\x00", exclude_categories=["C"]
        ),
        max_size=20,
    ),
    st.sampled_from(sorted(FAULTS)),
)
def test_any_value_is_taken_or_named_in_one_line(value: str, name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name, value)
        try:
            settings()
        except SettingsError as fault:
            (line,) = str(fault).split("\n")
            assert line.startswith(f"{name}: ")


def test_the_command_line_prints_the_faults_and_no_traceback(tmp_path: Path) -> None:
    done = run("ask", "hello", home=tmp_path, more={**FAULTS, "TAKEBACK_TOKEN": SECRET})
    assert done.returncode == 2
    assert done.stdout == ""
    named = {line.partition(":")[0] for line in done.stderr.splitlines()}
    assert named == set(FAULTS)
    assert SECRET not in done.stderr


def test_a_folder_that_is_not_there_is_named_with_its_variable(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    done = run("ask", "hello", home=tmp_path, files=missing)
    assert (done.returncode, done.stdout) == (2, "")
    text = f"TAKEBACK_FILES: there is no folder {missing / 'knowledge'}\n"
    assert done.stderr == text
    more = {"TAKEBACK_MORE_BOOKS": f"{TOY}{os.pathsep}{missing}"}
    done = run("ask", "hello", home=tmp_path, more=more)
    assert done.stderr == text.replace("FILES", "MORE_BOOKS")


def test_the_command_line_tells_its_version(tmp_path: Path) -> None:
    done = run("--version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"takeback {version('takeback')}\n")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TAKEBACK_WEBHOKO_URL", "TAKEBACK_WEBHOOK_URL"),
        ("TAKEBACK_TOKEN_FIEL", "TAKEBACK_TOKEN_FILE"),
        ("takeback_admin", "TAKEBACK_ADMINS"),
    ],
)
def test_a_misspelt_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "a value")
    with pytest.raises(SettingsError) as caught:
        settings()
    said = f"{name.upper()}: there is no such setting; did you mean {meant}?"
    assert str(caught.value) == said


def test_a_misspelt_line_of_the_env_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("TAKEBACK_TOKN=1\nOTHER=2\n")
    with pytest.raises(SettingsError, match="did you mean TAKEBACK_TOKEN"):
        settings(env_file=True)


def test_a_secret_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("1:secret\n")
    monkeypatch.setenv("TAKEBACK_TOKEN_FILE", str(tmp_path / "token"))
    found = settings().token
    assert found
    assert found.get_secret_value() == "1:secret"
    monkeypatch.setenv("TAKEBACK_TOKEN", "2:x")
    with pytest.raises(SettingsError, match="one of them is enough"):
        settings()


def test_an_empty_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").touch()
    monkeypatch.setenv("TAKEBACK_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match=r"TAKEBACK_TOKEN_FILE: \S+token is empty"):
        settings()


def test_a_file_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(SettingsError) as caught:
        settings()
    (line,) = str(caught.value).splitlines()
    assert line.startswith("TAKEBACK_TOKEN_FILE: the user ")
    assert line.endswith(" cannot read /nowhere/token: No such file or directory")
    assert f"({os.geteuid()})" in line


def test_a_file_of_bytes_is_named_and_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_bytes(b"1:\xff")
    monkeypatch.setenv("TAKEBACK_TOKEN_FILE", str(tmp_path / "token"))
    with pytest.raises(SettingsError, match="token is no UTF-8 text") as caught:
        settings()
    assert "ff" not in str(caught.value).rpartition("/")[2]
