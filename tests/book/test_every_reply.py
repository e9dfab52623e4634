"""Every reply as it was last looked at: the diff of these pages is what a reviewer reads."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import pytest

from bot.knowledge import loader
from bot.responses.renderer import Renderer
from bot.tools.print_replies import pages
from tests.support.books import real_book

pytestmark = pytest.mark.slow
"""The whole book is printed."""

PAGES = Path(__file__).parent / "every_answer"
NAMES = sorted(path.stem for path in PAGES.glob("*.md"))
HINT = "if that is meant: takeback print --into tests/book/every_answer"


@cache
def now() -> dict[str, str]:
    return pages(Renderer(real_book(), loader.root()), top=loader.root())


def test_every_topic_has_a_page() -> None:
    assert set(NAMES) == set(now()), HINT


@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_what_people_will_see(name: str) -> None:
    before = (PAGES / f"{name}.md").read_text(encoding="utf-8").splitlines()
    after = now().get(name, "").splitlines()
    found = list(difflib.unified_diff(before, after, "page", "now", lineterm="", n=1))
    summary = [f"{len(found)} lines of difference; {HINT}", *found[:40]]
    assert not found, "\n".join(summary)
