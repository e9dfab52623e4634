"""Which source stands behind which sentence of an answer."""

from __future__ import annotations

from datetime import date

from bot.knowledge.model import Checked, Claim
from bot.responses.citations import CitedClaim, StatedClaim, Uses, origins, unread
from tests.support.books import toy_book

DAY = date(2026, 5, 1)
LONG = "Heron Air turns a parcel round, if somebody asks for it in time."


def uses(*checks: Checked) -> Uses:
    claims = (Claim(checked=check) for check in checks)
    return {
        str(i): CitedClaim(claim, claim.lead("checked"))
        for i, claim in enumerate(claims)
    }


def test_claims_of_other_sources_stand_apart_with_their_first_words() -> None:
    asked, read = sorted(toy_book().sources)[:2]
    sure = Checked(says=LONG, sureness="high", source=(asked,), checked=DAY)
    also = Checked(
        says="A feather is left.", sureness="high", source=(asked,), checked=DAY
    )
    less = Checked(says="It may rain.", sureness="medium", source=(read,), checked=DAY)
    found = origins(toy_book(), uses(sure, less, also))
    assert [(one.sureness, one.says) for one in found] == [
        ("medium", ("It may rain",)),
        ("high", ("Heron Air turns a parcel round…", "A feather is left")),
    ]


def test_what_cannot_be_otherwise_needs_no_page() -> None:
    plain = Checked(
        says="Gone is gone.", sureness="high", cannot_change=True, checked=DAY
    )
    heard = Checked(says="They say so.", sureness="medium", checked=DAY)
    assert [one.by_nature for one in origins(toy_book(), uses(plain, heard))] == [
        False,
        True,
    ]


def test_a_list_of_many_keeps_one_line_a_sureness() -> None:
    asked, read = sorted(toy_book().sources)[:2]
    both = (
        Checked(says="A.", sureness="high", source=(asked,), checked=DAY),
        Checked(says="B.", sureness="high", source=(read,), checked=DAY),
    )
    (one,) = origins(toy_book(), uses(*both), listed=True)
    assert len(one.titles) == 2


def test_what_no_page_backs_is_told_of_a_service_alone() -> None:
    book = toy_book()
    read = min(book.sources)
    own = next(stem for stem in book.platforms if stem != book.roles.values.uncovered)
    checks = {
        f"{own}.heard": Checked(says="A.", sureness="medium", checked=DAY),
        f"{own}.read": Checked(
            says="B.", sureness="medium", source=(read,), checked=DAY
        ),
        f"{own}.plain": Checked(
            says="C.", sureness="high", cannot_change=True, checked=DAY
        ),
        "heard": Checked(says="D.", sureness="medium", checked=DAY),
    }
    claims = {place: Claim(checked=check) for place, check in checks.items()}
    used = {p: CitedClaim(c, c.lead("checked")) for p, c in claims.items()}
    assert unread(book, used) == ["A."]


def test_a_limit_in_other_words_and_steps_are_no_sentence_to_look_for() -> None:
    book = toy_book()
    read = min(book.sources)

    def check(says: str, *steps: str) -> Checked:
        return Checked(
            says=says, steps=steps, sureness="high", source=(read,), checked=DAY
        )

    claims = [Claim(checked=check("A.")), Claim(checked=check("B.", "Tap it."))]
    limit, steps = (
        CitedClaim(claim, claim.lead("checked"), in_words=False) for claim in claims
    )
    (reworded,) = origins(book, {"limit": limit})
    assert (reworded.says, reworded.steps, reworded.reworded) == ((), False, True)
    (stepwise,) = origins(book, {"steps": steps})
    assert (stepwise.says, stepwise.steps, stepwise.reworded) == ((), True, False)


def test_a_claim_that_was_printed_too_is_quoted() -> None:
    book, used = toy_book(), Uses()
    read = min(book.sources)
    check = Checked(says="A.", sureness="high", source=(read,), checked=DAY)
    stated = StatedClaim("a", Claim(checked=check), book, used)
    assert stated.meant == ""
    assert [one.says for one in origins(book, used)] == [()]
    assert str(stated) == "A."
    assert [one.says for one in origins(book, used)] == [("A",)]
