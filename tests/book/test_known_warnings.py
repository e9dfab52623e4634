"""A clean checkout has nothing to warn of, but for a list that may only shrink."""

from __future__ import annotations

import pytest

from bot.folders import cache, root
from bot.knowledge import nodes, phrase_files
from bot.tools.check import known, look
from tests.support.books import real_book

MOST = 44
"""So many were known when the list began: put the new number here when it shrinks."""


def test_the_list_of_known_warnings_does_not_grow() -> None:
    assert len(known.read(root()) or ()) <= MOST


def test_a_phrase_that_is_known_to_lead_elsewhere_is_still_there() -> None:
    folder = root() / "knowledge" / "phrases"
    there = {
        (path.relative_to(root()).as_posix(), line.text)
        for path in folder.rglob("*.txt")
        for line in phrase_files.phrase_lines(path)
    }
    listed = known.read(root()) or frozenset()
    gone = [
        (path, about)
        for path, about in listed
        if path.startswith("knowledge/phrases/")
        and " = " not in about
        and (path, about) not in there
    ]
    assert gone == []


@pytest.mark.slow
def test_check_has_nothing_new_to_warn_of() -> None:
    days = [c.checked.checked for *_, c in nodes.all_claims(real_book()) if c.checked]
    report = look(root(), max(days), cache())
    assert (report.errors, report.warnings) == ((), ())
