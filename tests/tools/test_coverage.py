"""From the guide to the answers and back, and what the stories reach."""

from __future__ import annotations

from bot.app import Assistant
from bot.knowledge.references import LAST_CLAIM
from bot.tools import coverage
from tests.support.books import TOY
from tests.support.copies import Copy
from tests.tools.conftest import Takeback

TALK = """\
# A parcel with the heron.
> call back a parcel with heron air
= Still sealed
says: call_back/steps
"""


def test_every_claim_of_the_guide_reaches_an_answer(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    assert f"{LAST_CLAIM} of {LAST_CLAIM} guide claims" in coverage.summary(
        toy_bot.kb, found
    )


def test_a_claim_leads_to_the_answers_that_state_it(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    place = "platforms/heron.yaml", "deadline", ("claims",)
    assert found.of([place]) == [
        "call_back/over",
        "call_back/steps",
        "closing_time/limit",
        "closing_time/open",
        "closing_time/over",
    ]


def test_the_tables_have_a_line_for_each(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    text = coverage.printed(toy_bot.kb, found)
    assert "\n| 1     | heron.turning" in text
    assert "\n| call_back/steps " in text
    assert "\n| Ferry: A crate | " in text


def test_the_answers_that_no_talk_reaches_are_named(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("stories/heron.txt", TALK)
    done = takeback("coverage", "--gaps", "--stories", str(copy.top / "stories"))
    assert "1 stories reach 1 of " in done.out
    assert "call_back/steps" not in done.out.partition("no story reaches")[2]
    assert "call_back/over" in done.out
    assert done.code == 0


def test_a_talk_that_goes_otherwise_is_told_with_its_line(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("stories/heron.txt", TALK.replace("call_back/steps", "call_back/never"))
    done = takeback("coverage", "--gaps", "--stories", str(copy.top / "stories"))
    assert done.code == 1
    assert "heron.txt:4: what was reached is call_back/steps" in done.out


def test_a_folder_without_talks_is_one_clear_line(
    takeback: Takeback, copy: Copy
) -> None:
    done = takeback("coverage", "--stories", str(copy.top))
    assert (done.code, "there is no story in" in done.out) == (2, True)


def test_without_talks_in_the_checkout_nothing_is_said_of_them(
    takeback: Takeback,
) -> None:
    done = takeback("coverage")
    assert done.code == 0
    assert "no story reaches" not in done.out


def test_the_command_speaks_of_phrases_too(takeback: Takeback) -> None:
    last = takeback("coverage", "--gaps").out.splitlines()[-1]
    assert " phrases under " in last
    assert "the fewest: " in last
