"""The page for editors lists every file that a book of another language needs."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest

from bot.folders import root
from bot.knowledge import loader, templates_there
from tests.support.books import SPANISH

PAGE = (root() / "knowledge/README.md").read_text(encoding="utf-8")
LIST = PAGE.partition("The files, all of them")[2].partition("One topic may play")[0]
NEEDED, _, LEFT_OUT = LIST.partition("| may be left out |")


def test_each_template_that_every_book_needs_is_in_the_list() -> None:
    named = {
        *re.findall(r"`(?:templates/CODE/)?(_?\w+(?:/\w+)?)(?:\.md\.j2)?`", NEEDED)
    }
    bare = {name.removeprefix("_notices/") for name in templates_there.SHARED}
    assert bare <= {name.removeprefix("_notices/") for name in named}


@pytest.mark.parametrize("path", re.findall(r"`(knowledge/\w+\.yaml)`", NEEDED))
def test_a_book_without_one_of_the_files_is_told_so(path: str, tmp_path: Path) -> None:
    copytree(SPANISH, tmp_path / "book")
    (tmp_path / "book" / path).unlink()
    _, problems = loader.read(tmp_path / "book")
    assert path in {problem.path for problem in problems}


def test_what_may_be_left_out_is_not_missed(tmp_path: Path) -> None:
    copytree(SPANISH, tmp_path / "book")
    book = tmp_path / "book"
    folders = re.findall(r"`(_\w+)/`", LEFT_OUT)
    assert {"_terminal", "_telegram", "_site", "_table"} <= {*folders}
    for name in {*folders} - {"_put_right"}:
        for path in (book / "templates/es" / name).iterdir():
            path.unlink()
        (book / "templates/es" / name).rmdir()
    (book / "knowledge/ordinary.txt").unlink()
    kb, problems = loader.read(book)
    assert (bool(kb), problems) == (True, [])
