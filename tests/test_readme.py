"""What the READMEs show is what it does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import mounted

TOP = Path(__file__).parent.parent
PAGES = sorted(p for p in TOP.rglob("*.md") if "node_modules" not in p.parts)
_BLOCK = re.compile(r"```console\n(?P<text>.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)(?P<path>[^)#\s]+)")


def _examples() -> Iterator[tuple[str, str, str]]:
    """Page, command and output of every console example."""
    for page in PAGES:
        if ".venv" in page.parts:
            continue
        for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            for example in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                command, _, output = example.partition("\n")
                yield page.relative_to(TOP).as_posix(), command, output


@pytest.mark.parametrize(("page", "command", "output"), list(_examples()))
def test_an_example_shows_what_the_command_prints(
    page: str, command: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    name, *arguments = shlex.split(command)
    assert name == "takeback", f"{page} shows a command that is not ours"
    result = CliRunner().invoke(mounted(arguments), arguments)
    assert result.exit_code == 0, result.output
    head, dots, _ = output.partition("...\n")
    if dots:
        assert result.stdout.startswith(head)
    else:
        assert result.stdout.strip() == output.strip()


def test_there_is_an_example_on_the_first_page() -> None:
    assert any(page == "README.md" for page, _, _ in _examples())


def test_every_link_to_a_file_leads_to_one() -> None:
    broken = [
        f"{page.relative_to(TOP)}: {link['path']}"
        for page in PAGES
        if ".venv" not in page.parts
        for link in _LINK.finditer(page.read_text(encoding="utf-8"))
        if not (page.parent / link["path"]).exists()
    ]
    assert broken == []


def test_the_two_commands_of_the_first_page_install_and_start() -> None:
    """They are run for real in a fresh clone by people; here they keep their parts."""
    text = (TOP / "README.md").read_text(encoding="utf-8")
    chat, tests = re.findall(r"^python3 -m venv .*$", text, flags=re.MULTILINE)
    assert "pip install" in chat
    assert chat.endswith("takeback")
    assert "[test]" in tests
    assert tests.endswith("pytest -n auto")
