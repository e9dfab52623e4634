"""Names as patterns: where they match, also after a file has kept them."""

from __future__ import annotations

import json
from collections import UserList

import pytest

from bot.knowledge.training_data import Indexes, indexes
from bot.nlu import languages
from bot.nlu.patterns import PatternIndex, by_rarest_word, pattern
from tests.support.books import real_book

ENGLISH = languages.of("en")
LINES = [
    "i unsent the message on whatsapp before he saw it",
    "can my boss still read an inmail that i deleted an hour ago",
    "she blocked me and the admin of the group says it is still there",
    "delete for everyone was not offered on my old ipad",
    "",
]


@pytest.fixture(scope="module")
def made() -> Indexes:
    return indexes(real_book())


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", Indexes._fields)
def test_what_a_file_has_kept_matches_as_before(
    made: Indexes, name: str, line: str
) -> None:
    index: PatternIndex = getattr(made, name)
    kept = PatternIndex(json.loads(json.dumps(index.kept)))
    words = ENGLISH.tokenize(line)
    assert [*kept.matches(words)] == [*index.matches(words)]
    assert kept.vocabulary == index.vocabulary
    assert [*kept.places] == [*index.places]


def test_a_pattern_is_found_by_any_of_its_words_and_over_a_gap() -> None:
    texts = ("took/taken .. back", "=not yet")
    index = by_rarest_word(
        pattern(("done", f"v{n}"), text, ENGLISH) for n, text in enumerate(texts)
    )
    words = ("we", "have", "taken", "all", "of", "it", "back")
    (match,) = index.matches(words)
    assert (match.pattern.value, match.start, match.end) == ("v0", 2, 7)
    assert [m.pattern.whole for m in index.matches(("not", "yet"))] == [True]
    assert not [*index.matches(("taken", "a", "b", "c", "d", "back"))]


def test_a_mark_and_the_value_of_nothing_are_kept() -> None:
    index = by_rarest_word([pattern(("done", ""), "was kicked", ENGLISH, deed=True)])
    kept = PatternIndex(json.loads(json.dumps(index.kept)))
    (match,) = kept.matches(("i", "was", "kicked"))
    assert match.pattern == pattern(("done", ""), "was kicked", ENGLISH, deed=True)


class Counted(UserList[str]):
    """Words that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        self.looks += 1
        return super().__getitem__(at)


def test_a_pattern_of_many_gaps_is_tried_in_steps_not_in_every_way() -> None:
    """Six gaps of up to three words can be filled in 4,096 ways."""
    gaps = pattern(("seen", "x"), "a .. b .. b .. b .. b .. b .. z", ENGLISH)
    index = by_rarest_word([gaps], {"a", "b"})
    (match,) = index.matches(["a", *["b"] * 12, "z"])
    assert (match.start, match.end) == (0, 14)
    miss = Counted(["a", *["b"] * 19, *["y"] * 4, "z"])  # no gap holds four
    assert not [*index.matches(miss)]
    assert 0 < miss.looks < 300
