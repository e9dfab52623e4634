"""The ways through the real book."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.knowledge.model import Edition
from tests.support.books import real_book
from tests.support.walks import Walk, walk

# Edition by edition, so that a test of one edition counts its walks as the others do.
WALKS = [
    pytest.param(
        (topic, edition),
        id=f"{topic}-{edition}",
        marks=[] if edition == "checked" else [pytest.mark.slow],
    )
    for edition in sorted(get_args(Edition))
    for topic in sorted(real_book().topics)
]

CHECKED = WALKS[: len(real_book().topics)]
"""Those of the edition that people get."""


@pytest.fixture(scope="session", params=WALKS)
def walked(request: pytest.FixtureRequest) -> Walk:
    """A topic in an edition, with all of its ways.

    Of the session, so that pytest runs the tests of one walk in a row and then drops
    it: together the walks take minutes and gigabytes.
    """
    topic, edition = request.param
    return walk(topic, edition)
