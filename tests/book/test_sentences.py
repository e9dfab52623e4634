"""Each value of the real book is changed in turn: does its sentence give it away?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.knowledge import loader, nodes
from bot.knowledge.model import Claim, KnowledgeBase
from bot.tools.check import sentences

WORDY = {
    "bring_back",
    "remove_others",
    "fails",
    "comes_back",
    "linked_devices",
    "requests",
    "channels",
    "disappearing",
    "edit_mark",
    "edit_alert",
    "newcomers",
    "screenshot_alert",
    "office_restore",
    "warns",
    "receipts",
    "scheduling",
    "barred",
}
"""Claims whose yes and no are said in words of their own: "it is marked as edited"."""

FLIPPED = {"yes": "no", "no": "yes", "everyone": "no", "note": "none"}


def sides(kb: KnowledgeBase) -> Iterator[tuple[str, str, str, Claim]]:
    for file, name, _, claim in nodes.all_claims(kb):
        checked = claim.checked
        if checked and checked.says and checked.value and name not in {"page", *WORDY}:
            yield file, name, checked.value, claim


def flip(kb: KnowledgeBase, name: str, value: str) -> str:
    """The contrary of a value; a yes is called as the claim's type calls it."""
    other = FLIPPED[value]
    return kb.facts[name].yes[0] if other == "yes" and name in kb.facts else other


def told(kb: KnowledgeBase, name: str, claim: Claim, value: str) -> bool:
    """Whether the claim is told, if it has this value."""
    assert claim.checked
    side = replace(claim.checked, value=value, depends=None)
    changed = replace(claim, checked=side, guide=None)
    platform = kb.platforms["whatsapp"]
    alone = replace(platform, claims={name: changed}, kinds={})
    only = replace(kb, platforms={"whatsapp": alone}, topics={})
    return bool(list(sentences.contrary(only, loader.root())))


def test_the_sentences_of_the_book_say_what_its_values_say(kb: KnowledgeBase) -> None:
    assert list(sentences.contrary(kb, loader.root())) == []


def test_every_limit_that_is_wrong_is_told(kb: KnowledgeBase) -> None:
    limits = [(f, n, c) for f, n, value, c in sides(kb) if value.startswith("P")]
    assert len(limits) > 20
    missed = [(f, name) for f, name, c in limits if not told(kb, name, c, "PT37M")]
    assert missed == []


def test_most_values_that_are_turned_round_are_told(kb: KnowledgeBase) -> None:
    """Not all: "it goes for you alone" is a no in no plain words."""
    turned = [one for one in sides(kb) if one[2] in FLIPPED]
    missed = [(f, n) for f, n, v, c in turned if not told(kb, n, c, flip(kb, n, v))]
    assert len(turned) > 70
    assert len(missed) < len(turned) / 10, missed


@pytest.mark.parametrize(
    ("value", "says", "fault"),
    [
        ("PT60M", "It works for 15 minutes.", "speaks of 15 minutes"),
        ("PT60M", "It works for a while.", "names no limit"),
        ("PT60M", "It works for an hour; it was 15 minutes.", ""),
        ("PT48H", "It works for two days.", ""),
        ("PT48H..PT60H", "It works for 2 days, at times for 60 hours.", ""),
        ("PT5S..PT30S", "It is 5 to 30 seconds, as set.", ""),
        ("PT48H..PT60H", "It works for 2 days.", "speaks of 2 days"),
        ("none", "It works for two days.", "speaks of 2 days"),
        ("none", "It was two days, and there is no limit now.", ""),
        ("yes", "A sent mail cannot be changed.", "begins with a no"),
        ("no", "A sent mail can be changed.", "begins with a yes"),
        ("no", "It can be deleted only on your own side.", ""),
        ("none", "A note says that it was deleted.", "something that stays"),
        ("unclear", "It works for 15 minutes.", ""),
    ],
)
def test_what_is_told(kb: KnowledgeBase, value: str, says: str, fault: str) -> None:
    platform = kb.platforms["whatsapp"]
    claim = platform.claims["window"]
    assert claim.checked
    side = replace(claim.checked, value=value, says=says, depends=None)
    alone = replace(platform, claims={"window": Claim(checked=side)}, kinds={})
    only = replace(kb, platforms={"whatsapp": alone}, topics={})
    found = list(sentences.contrary(only, Path("nowhere")))
    assert [fault in problem.message for problem in found] == ([True] if fault else [])
