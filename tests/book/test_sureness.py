"""What no page backs is not said as surely as what a page confirms."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from bot.knowledge import loader
from tests.support.books import real_book, real_bot

TEMPLATES = Path(loader.root(), "templates", "en")


LIKELY = Environment(  # noqa: S701: plain text
    loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True
).from_string('{% from "_likely.md.j2" import likely %}{{ likely(says) }}')


def likely(says: str) -> str:
    return LIKELY.render(says=says)


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("It leaves no mark.", "It leaves no mark (most likely)."),
        ("It goes. Ask first.", "It goes (most likely). Ask first."),
        ("It mostly goes.", "It mostly goes."),
        ("Whether it goes was not checked.", "Whether it goes was not checked."),
    ],
)
def test_a_claim_that_no_page_backs_says_so(says: str, told: str) -> None:
    assert likely(says) == told


def test_beside_a_confirmed_verdict_the_unread_is_most_likely() -> None:
    """A mark that Discord leaves stood under "Confirmed by Discord." as if it were."""
    bot, book = real_bot(), real_book()
    flat = []
    for stem, platform in book.platforms.items():
        if stem == book.roles.values.uncovered:
            continue
        said = bot.ask(f"can i delete a message on {platform.names[0]}").text
        _, confirmed, rest = said.partition("Confirmed by")
        if not confirmed:
            continue
        shown = rest.partition("Why we say this")[0]
        checks = (claim.checked for claim in platform.claims.values())
        unread = [
            check.says
            for check in checks
            if check and check.says and not (check.source or check.cannot_change)
        ]
        flat += [s for s in unread if s in shown and likely(s) != s]
    assert flat == []
