"""The command line: what it offers, and what it says where something is wrong."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import __version__, asking
from bot.__main__ import _EXTRAS
from bot.cli import TOOLS, mounted
from tests.support.shell import environment, run

TOP = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_costs_no_import_of_a_library(flag: str) -> None:
    program = (
        f"import sys; sys.argv = ['takeback', {flag!r}]\n"
        "from bot.__main__ import main; main()\n"
        "print(sorted(sys.modules.keys() & {'typer', 'numpy', 'pydantic', 'rich'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == f"takeback {__version__}\n[]\n"


def test_a_plain_question_imports_nothing_that_reads_flags_or_files_of_knowledge(
    tmp_path: Path,
) -> None:
    run("ask", "hello", home=tmp_path)  # the first one keeps the book
    program = (
        "import sys; sys.argv = ['takeback', 'ask', 'hello']\n"
        "from bot.__main__ import main; main()\n"
        "unneeded = {'typer', 'rich', 'asyncio', 'pydantic', 'yaml'}\n"
        "print(sorted(sys.modules.keys() & unneeded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answer, _, imported = done.stdout.rstrip("\n").rpartition("\n")
    assert imported == "[]"
    with_flags = run("ask", "--sources", "hello", home=tmp_path).stdout
    assert with_flags.rstrip("\n") == answer


def test_the_help_stands_in_panels_and_shows_no_type_for_a_flag(tmp_path: Path) -> None:
    shown = run("--help", home=tmp_path).stdout
    panels = [shown.index(f"─ {name} ") for name in ("Talk", "Operate", "Edit")]
    assert panels == sorted(panels)
    assert all(f"│ {name} " in shown for name in TOOLS)
    for command in ("ask", "check", "new"):
        shown = run(command, "-h", home=tmp_path).stdout
        assert "--help" in shown
        assert "<bool>" not in shown


def test_only_the_tool_that_is_asked_for_is_imported() -> None:
    program = (
        "import sys; from bot.cli import mounted; mounted(['print'])\n"
        "print(sorted(m for m in sys.modules if m.startswith('bot.tools.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "bot.tools.print_replies" in done.stdout
    assert "bot.tools.coverage" not in done.stdout


def test_every_tool_can_be_completed(tmp_path: Path) -> None:
    asked = {
        "_TAKEBACK_COMPLETE": "complete_bash",
        "COMP_WORDS": "takeback co",
        "COMP_CWORD": "1",
    }
    assert run(home=tmp_path, more=asked).stdout.split() == ["coverage"]


def test_a_question_comes_from_standard_input_too(tmp_path: Path) -> None:
    question = "get a mole post parcel back"
    piped = run("ask", home=tmp_path, given=f"{question}\n")
    assert piped.stdout == run("ask", question, home=tmp_path).stdout
    assert piped.stdout == run("ask", "-", home=tmp_path, given=question).stdout
    nothing = run("ask", home=tmp_path)
    assert (nothing.returncode, "give a question" in nothing.stderr) == (2, True)


def test_a_command_that_is_not_there_is_told_with_its_neighbour(tmp_path: Path) -> None:
    done = run("chekc", home=tmp_path)
    assert done.returncode == 2
    assert "check" in done.stderr


def test_all_tools_are_mounted_once() -> None:
    for arguments in (["check"], ["--help"], ["--help"]):
        mounted(arguments)
    app = mounted(["--help"])
    tools = [group.typer_instance for group in app.registered_groups]
    assert len(tools) == len(set(map(id, tools))) == len(TOOLS)


def _without(
    libraries: list[str], arguments: list[str], folder: Path, **env: str
) -> subprocess.CompletedProcess[str]:
    """A command in a folder, where some libraries are not installed."""
    program = f"import sys; sys.modules.update(dict.fromkeys({libraries!r})); "
    program += f"sys.argv = ['takeback', *{arguments!r}]; "
    program += "from bot.__main__ import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TOP), **env},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "library", "extra"),
    [
        ("serve", "aiohttp", "http"),
        ("stats", "sqlalchemy", "store"),
        ("preview page.html", "telegram", "telegram"),
    ],
)
def test_a_command_says_what_installs_the_library_that_it_lacks(
    command: str, library: str, extra: str, tmp_path: Path
) -> None:
    done = _without([library], command.split(), tmp_path, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 2
    install = [sys.executable, "-m", "pip", "install", "-e", f"{TOP}[{extra}]"]
    assert done.stderr == f"This needs more: {shlex.join(install)}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], "Talk"),
        (["chekc"], "Did you mean 'check'"),
        (["preview", "--help"], "as it will look in Telegram"),
    ],
)
def test_the_help_needs_nothing_more_than_the_talk(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = _without([*_EXTRAS], arguments, tmp_path, TERM="dumb", COLUMNS="200")
    assert said in done.stdout + done.stderr


MAIN = "from bot.__main__ import main; main()"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has it")
@pytest.mark.parametrize("arguments", ["ask 'how long on signal'", "--help", "-V"])
def test_a_full_disk_behind_the_output_is_one_line(arguments: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -c '{MAIN}' {arguments} >/dev/full"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "takeback: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_end_no_command(closed: str) -> None:
    command = f"{sys.executable} -c '{MAIN}' ask 'how long on signal' {closed}"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert ("Signal" in done.stdout) == (">&-" not in closed.replace("2>&-", ""))
    assert not done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [[], ["ask", "how long on signal"], ["check"]])
def test_ctrl_c_leaves_no_traceback_however_early_it_comes(command: list[str]) -> None:
    for tenths in (2, 3, 4, 6, 9):
        running = subprocess.Popen(
            [sys.executable, "-c", MAIN, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(tenths / 10)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
        assert b"Traceback" not in told, (tenths, told)


def test_who_waits_for_a_book_to_be_learned_is_told_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "_PATIENCE", 0.01)
    with asking._waiting("Learning …"):
        time.sleep(0.2)
    assert capsys.readouterr() == ("", "Learning …\n")
    monkeypatch.setattr(asking, "_PATIENCE", 60)
    with asking._waiting("Learning …"):
        pass
    assert capsys.readouterr() == ("", "")
