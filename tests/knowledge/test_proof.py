"""Every reply as it was last looked at: the diff of proof.en.md is what a reviewer reads."""

from __future__ import annotations

import difflib
from pathlib import Path

from bot.commands.print import printed
from bot.knowledge import loader
from bot.responses.renderer import Renderer
from tests.books import real_book

PROOF = Path(__file__).parent / "proof.en.md"


def test_the_proof_shows_what_people_will_see() -> None:
    before = PROOF.read_text(encoding="utf-8").splitlines()
    now = printed(Renderer(real_book(), loader.root()), top=loader.root()).splitlines()
    found = list(difflib.unified_diff(before, now, "proof", "now", lineterm="", n=1))
    hint = "if that is meant: takeback print > tests/knowledge/proof.en.md"
    assert not found, "\n".join(
        [f"{len(found)} lines of difference; {hint}", *found[:40]]
    )
