"""Every reply as it was last looked at: the diff of these pages is what a reviewer reads."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from bot.knowledge import loader
from bot.responses.renderer import Renderer
from bot.tools.print_replies import pages
from tests.support.books import real_book

PAGES = Path(__file__).parent / "every_answer"
HINT = "if that is meant: takeback print --into tests/book/every_answer"


@pytest.mark.slow
def test_the_pages_show_what_people_will_see() -> None:
    """One test, since the whole book is printed for it."""
    now = pages(Renderer(real_book(), loader.root()), top=loader.root())
    before = {
        path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")
    }
    assert set(before) == set(now), HINT
    changed = [name for name in sorted(now) if now[name] != before[name]]
    assert not changed, "\n".join(
        [HINT, *(line for name in changed for line in _diff(name, before, now))]
    )


def _diff(name: str, before: dict[str, str], now: dict[str, str]) -> list[str]:
    """The first lines of a page that are other ones."""
    old, new = before[name].splitlines(), now[name].splitlines()
    pairs = enumerate(zip(old, new, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
    there = slice(at, at + 40)
    return [
        *difflib.unified_diff(old[there], new[there], name, "now", lineterm="", n=1)
    ]
