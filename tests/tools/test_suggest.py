"""Where a phrase belongs, beside which others; and what lacks phrases."""

from __future__ import annotations

import json

from tests.support.copies import Copy
from tests.tools.conftest import Takeback


def test_a_phrase_gets_its_file_and_its_neighbours(takeback: Takeback) -> None:
    done = takeback("suggest", "how do I call back this box", "--json")
    found = json.loads(done.out)
    assert found["file"] == "knowledge/phrases/call_back.txt"
    assert found["topics"][0][0] == "call_back"
    first = found["neighbours"][0]
    assert first["place"].startswith("knowledge/phrases/")
    assert first["likeness"] >= found["neighbours"][-1]["likeness"]


def test_a_person_sees_the_same_as_tables(takeback: Takeback) -> None:
    out = takeback("suggest", "how do I call back this box").out
    for part in ("Where it belongs", "Topics", "Nearest phrases", "call_back.txt"):
        assert part in out


def test_what_has_few_phrases_is_needed_most(takeback: Takeback, copy: Copy) -> None:
    copy.write("knowledge/phrases/bows.txt", "tie me a bow\n")
    done = takeback("suggest", "--needs", "--json", files=copy.top)
    listed = [need["name"] for need in json.loads(done.out)["needs"]]
    assert "bows" in listed[:5]
    assert "Phrases are needed most" in takeback("suggest", "--needs").out


def test_either_a_phrase_or_needs_is_asked_for(takeback: Takeback) -> None:
    assert takeback("suggest").code == 2
    assert takeback("suggest", "hello", "--needs").code == 2
    assert takeback("suggest", "?!").out == "there is no word in it"
