"""What else than taking back does to a message, held against the second fact check.

The values were copied by hand from its sections 2.3 and 4.
"""

from __future__ import annotations

from typing import get_args

import pytest

from bot.knowledge.model import Action, Claim
from tests.support.books import real_book

SENT_ALREADY = [
    "delete",
    "clear_chat",
    "leave",
    "close_account",
    "remove_app",
    "block",
    "quotes",
    "forwards",
]
FOUND = {
    ("telegram", "clear_chat"): ("depends", "high"),
    ("linkedin", "clear_chat"): ("stays", "high"),
    ("google_chat", "clear_chat"): ("stays", "high"),
    ("google_chat", "block"): ("depends", "high"),
    ("google_chat", "remove_others"): ("office", "high"),
    ("slack", "remove_others"): ("office", "high"),
    ("teams", "remove_others"): ("office", "high"),
    ("teams", "bring_back"): ("yes", "high"),
    ("signal", "remove_others"): ("admins", "high"),
    ("wechat", "remove_others"): ("unknown", "low"),
    ("wechat", "media"): ("PT3H", "medium"),
    ("discord", "remove_others"): ("admins", "high"),
    ("discord", "close_account"): ("stays", "medium"),
    ("discord", "their_account"): ("depends", "medium"),
    ("whatsapp", "channels"): ("depends", "low"),
    ("whatsapp", "view_once"): ("yes", "medium"),
    ("whatsapp", "linked_devices"): ("yes", "medium"),
    ("whatsapp", "fails"): ("yes", "high"),
    ("whatsapp", "disappearing"): ("yes", "high"),
    ("instagram", "requests"): ("yes", "medium"),
    ("facebook", "disappearing"): ("yes", "high"),
    ("telegram", "disappearing"): ("yes", "high"),
}


def claim(platform: str, name: str) -> Claim:
    """What an answer on a service states under a name."""
    return real_book().claims("retract", {"platform": platform})[name]


@pytest.mark.parametrize("cell", FOUND, ids="-".join)
def test_a_claim_about_an_action_is_that_of_the_fact_check(
    cell: tuple[str, str],
) -> None:
    side = claim(*cell).checked
    assert side
    assert (side.value, side.sureness) == FOUND[cell]


def test_every_action_has_claims_of_its_own() -> None:
    kb = real_book()
    assert {fact.action for fact in kb.facts.values()} >= set(get_args(Action))


@pytest.mark.parametrize("name", SENT_ALREADY)
@pytest.mark.parametrize("platform", ["viber", "other", ""])
def test_what_no_service_says_is_said_for_all(name: str, platform: str) -> None:
    side = claim(platform, name).checked
    assert side
    assert side.value == "stays"


def test_a_service_has_its_own_word_before_the_general_one() -> None:
    kb = real_book()
    own, general = claim("whatsapp", "leave"), claim("viber", "leave")
    assert own is kb.platforms["whatsapp"].claims["leave"]
    assert general is kb.general["leave"]
    assert kb.place("leave", {"platform": "whatsapp"}) == "whatsapp.leave"
    assert kb.place("leave", {"platform": "viber"}) == "leave"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("aid_key", "end other sessions"),
        ("aid_card", "call your bank"),
        ("aid_picture", "StopNCII.org"),
        ("aid_minor", "Take It Down"),
        ("aid_data", "72 hours"),
        ("aid_threat", "An apology is not enough"),
        ("aid_press", "a court or the police"),
    ],
)
def test_first_aid_comes_from_a_source(name: str, words: str) -> None:
    side = real_book().general[name].checked
    assert side
    assert words in side.says
    assert side.source
