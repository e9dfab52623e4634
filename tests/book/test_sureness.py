"""What no page backs is not said as surely as what a page confirms."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from bot.knowledge import loader
from tests.support.books import real_book, real_bot

TEMPLATES = Path(loader.root(), "templates", "en")


def likely(says: str) -> str:
    jinja = Environment(  # noqa: S701: plain text
        loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True
    )
    template = jinja.from_string(
        '{% from "_likely.md.j2" import likely %}{{ likely(says) }}'
    )
    return template.render(says=says)


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
    marked, flat = [], []
    asked = (
        "can i delete a message on {}",
        "what happens when i delete a message on {}",
    )
    for (stem, platform), words in product(book.platforms.items(), asked):
        if stem == book.roles.values.uncovered:
            continue
        said = bot.ask(words.format(platform.names[0])).text
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
        marked += [says for says in unread if likely(says) in shown]
        flat += [s for s in unread if s in shown and likely(s) != s]
    assert flat == []
    assert marked
