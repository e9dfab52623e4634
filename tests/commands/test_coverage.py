"""From the guide to the answers and back, and what the talks reach."""

from __future__ import annotations

from bot.app import Assistant
from bot.commands import coverage
from bot.knowledge.references import LAST_CLAIM
from tests.books import TOY
from tests.commands.conftest import Takeback
from tests.copies import Copy

TALK = """\
# A parcel with the heron.
> call back a parcel with heron air
= Still sealed
says: retract/steps
"""


def test_every_claim_of_the_guide_reaches_an_answer(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    assert f"{LAST_CLAIM} of {LAST_CLAIM} guide claims" in coverage.summary(
        toy_bot.kb, found
    )


def test_a_claim_leads_to_the_answers_that_state_it(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    place = "platforms/heron.yaml", "window", ("claims",)
    assert found.of([place]) == [
        "retract/over",
        "retract/steps",
        "time_limit/limit",
        "time_limit/open",
        "time_limit/over",
    ]


def test_the_tables_have_a_line_for_each(toy_bot: Assistant) -> None:
    found = coverage.cover(toy_bot, TOY, None)
    text = coverage.printed(toy_bot.kb, found)
    assert "\n| 1     | heron.removal" in text
    assert "\n| retract/steps " in text
    assert "\n| Ferry: A crate | " in text


def test_the_answers_that_no_talk_reaches_are_named(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("talks/heron.txt", TALK)
    done = takeback("coverage", "--gaps", "--talks", str(copy.top / "talks"))
    assert "1 talks reach 1 of " in done.out
    assert "retract/steps" not in done.out.partition("no talk reaches")[2]
    assert "retract/over" in done.out
    assert done.code == 0


def test_a_talk_that_goes_otherwise_is_told_with_its_line(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("talks/heron.txt", TALK.replace("retract/steps", "retract/never"))
    done = takeback("coverage", "--gaps", "--talks", str(copy.top / "talks"))
    assert done.code == 1
    assert "heron.txt:4: what was reached is retract/steps" in done.out


def test_a_folder_without_talks_is_one_clear_line(
    takeback: Takeback, copy: Copy
) -> None:
    done = takeback("coverage", "--talks", str(copy.top))
    assert (done.code, "there is no talk in" in done.out) == (2, True)


def test_without_talks_in_the_checkout_nothing_is_said_of_them(
    takeback: Takeback,
) -> None:
    done = takeback("coverage")
    assert done.code == 0
    assert "no talk reaches" not in done.out
