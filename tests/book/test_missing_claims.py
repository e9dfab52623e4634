"""A claim that a service does not make is no fault of a template."""

from __future__ import annotations

import re

import pytest

from bot.folders import root

TEMPLATES = sorted((root() / "templates").rglob("*.j2"))
LOOP = re.compile(r"for \w+ in claims\.(\w+)\.\w+ if claims\.\1 ")
"""jinja2 looks into what it walks through before it looks at the loop's own `if`."""


@pytest.mark.parametrize("text", ["for step in claims.undo.steps if claims.undo %}"])
def test_the_pattern_finds_such_a_loop(text: str) -> None:
    assert LOOP.search(text)


def test_no_loop_walks_through_a_claim_before_it_asks_whether_there_is_one() -> None:
    found = [p.name for p in TEMPLATES if LOOP.search(p.read_text(encoding="utf-8"))]
    assert len(TEMPLATES) > 100
    assert found == []
