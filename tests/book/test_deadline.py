"""A deadline is told by the asker's own clock, where that is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.support.books import real_bot

NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=UTC), "10:50 UTC."),
        (datetime(2026, 11, 24, 10, tzinfo=NEW_YORK), "10:50."),
    ],
)
def test_a_deadline_is_told_by_the_clock_of_the_asker(at: datetime, told: str) -> None:
    reply = real_bot().ask("I sent a LinkedIn message 10 minutes ago", at)
    assert f"Deadline: in 50 minutes, {told}" in reply.text
