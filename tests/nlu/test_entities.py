from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.model import KnowledgeBase
from bot.knowledge.training_data import entity_patterns
from bot.nlu import entities
from bot.nlu.extraction import EntityPatterns, Extraction
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from tests.support.books import real_bot, toy_book


@cache
def lexicon() -> EntityPatterns:
    return entity_patterns(toy_book())


def read(text: str, asked: str | None = None) -> Extraction:
    return entities.extract(
        lexicon(), ENGLISH.tokenize(text), frozenset({asked} if asked else ())
    )


def values(text: str, asked: str | None = None) -> dict[str, str]:
    return read(text, asked).values


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("how do I get it back", {}),
        ("heron", {"carrier": "heron"}),
        ("Heron Air lost it", {"carrier": "heron"}),
        ("she unsealed it", {"seal": "broken"}),
        ("it is still sealed", {"seal": "whole"}),
        ("the pigeon took it", {"carrier": "stranger"}),
        ("a postcard by ferry", {"carrier": "ferry", "goods": "card"}),
    ],
)
def test_names_state_their_values(text: str, stated: dict[str, str]) -> None:
    assert values(text) == stated


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("it was not a normal message, it was an inmail", "inmail"),
        ("I write in sales navigator, not normal linkedin", None),
    ],
)
def test_a_kind_that_is_denied_is_not_stated(text: str, kind: str | None) -> None:
    found = real_bot().nlu.parse(text).extraction
    assert found.values.get("kind") == kind


def test_a_kind_that_implies_its_platform_states_both() -> None:
    assert values("my crate") == {"carrier": "ferry", "goods": "crate"}
    assert values("my postcard") == {"goods": "card"}


def test_a_platform_that_is_named_goes_before_an_implied_one() -> None:
    assert values("a crate with heron") == {"carrier": "heron", "goods": "crate"}


def test_a_weak_name_counts_only_beside_a_word_of_messaging() -> None:
    assert values("a mole lives in my garden now") == {}
    assert values("sent with mole") == {"carrier": "mole"}
    assert values("mole") == {"carrier": "mole"}


def test_a_weak_name_counts_as_an_answer_to_the_question_about_it() -> None:
    assert values("the old mole I think", "carrier") == {"carrier": "mole"}
    assert values("the old mole I think", "goods") == {}


def test_a_name_in_full_outdoes_a_weak_one() -> None:
    found = read("the mole parcel went with heron")
    assert found.values == {"carrier": "heron"}
    assert found.platforms == ("mole", "heron")
    assert found.masked == ("the", "mole", "parcel", "went", "with", "{carrier}")


def test_several_platforms_are_told_in_their_order() -> None:
    assert read("snail, ferry or heron, or snail").platforms == (
        "snail",
        "ferry",
        "heron",
    )


@pytest.mark.parametrize(
    "text",
    [
        "not heron, ferry",
        "not with the heron, ferry",
        "by heron, no wait by ferry",
        "heron, sorry, it was ferry",
    ],
)
def test_a_name_that_is_refused_or_put_right_is_not_meant(text: str) -> None:
    assert read(text).values["carrier"] == "ferry"
    assert read(text).platforms == ("ferry",)


def test_a_name_that_is_refused_once_is_refused_throughout() -> None:
    said = "it was not heron but the ferry, heron had another one"
    assert read(said).platforms == ("ferry",)
    assert read("not heron, and heron again").platforms == ("heron",)


def test_words_of_another_platform_outdo_the_name() -> None:
    found = read("heron lost it, it was dug into a hole")
    assert found.values == {"carrier": "mole"}
    assert found.found[0].implied
    assert values("heron lost it, not dug into a hole") == {"carrier": "heron"}
    assert values("it was dug into a hole") == {}


def test_what_others_have_is_not_what_it_was_sent_with() -> None:
    assert values("half of them use heron, mine went by ferry")["carrier"] == "ferry"
    assert values("they use heron") == {"carrier": "heron"}


def test_words_that_only_look_like_a_value_state_none() -> None:
    assert values("it was already unsealed") == {"seal": "broken"}
    assert values("it was in the already unsealed letterbox") == {}


def test_a_name_between_other_words_is_no_correction() -> None:
    assert read("heron lost it, sorry to say, ferry did not").platforms == (
        "heron",
        "ferry",
    )


def test_yes_and_no_answer_only_the_question_that_was_asked() -> None:
    assert values("yes") == {}
    assert values("yes", "carrier") == {}
    assert values("yes", "seal") == {"seal": "broken"}
    assert values("well, no", "seal") == {"seal": "whole"}
    assert values("no parcel came", "seal") == {}


def test_a_gap_holds_up_to_three_words() -> None:
    assert values("not as yet been unsealed") == {"seal": "whole"}
    assert values("not as yet been really unsealed") == {}


def test_the_value_that_comes_first_in_the_book_holds_the_place() -> None:
    assert values("it was not yet unsealed") == {"seal": "whole"}


def test_a_state_under_a_rule_or_in_a_question_is_no_fact() -> None:
    assert values("she unsealed it") == {"seal": "broken"}
    assert values("whether she unsealed it") == {}
    assert values("will she unsealed it") == {}


def test_names_are_masked_and_states_are_named_beside() -> None:
    assert read("did heron see that she unsealed my crate").masked == (
        "did", "{carrier}", "see", "that", "she", "unsealed", "my", "{crate}",
        "{broken}",
    )  # fmt: skip
    assert read("the owl has it").masked == ("the", "{stranger}", "has", "it")


def test_a_time_is_masked_and_read() -> None:
    found = read("heron 20 minutes ago")
    assert found.age == timedelta(minutes=20)
    assert found.masked == ("{carrier}", "{left_at}")


def test_the_rest_is_what_states_nothing_and_means_something() -> None:
    assert read("it was my heron parcel").rest == ("parcel",)
    assert read("sorry, I meant the ferry").rest == ()


def test_a_name_of_several_words_is_one_token() -> None:
    found = read("by snail mail")
    assert found.masked == ("by", "{carrier}")
    assert [(f.start, f.end) for f in found.found] == [(1, 3)]


said = st.lists(
    st.one_of(
        st.sampled_from(
            sorted(lexicon().vocabulary)
            + ["whether", "will", "with", "20", "minutes", "ago", "yesterday", "zebra"]
            + ["{carrier}", "{broken}"]
        ),
        st.text(min_size=1, max_size=5).map(lambda t: "".join(t.split()) or "x"),
    ),
    max_size=14,
)
slot_names = st.sampled_from([None, "carrier", "goods", "seal", "left_at"])


@given(said, slot_names)
def test_arbitrary_words_are_read_soundly(line: list[str], asked: str | None) -> None:
    kb = toy_book()
    found = entities.extract(lexicon(), line, frozenset({asked} if asked else ()))
    taken: dict[str, set[int]] = {}
    for f in found.found:
        assert 0 <= f.start <= f.end <= len(line)
        place = set(range(f.start, f.end))
        assert not place & taken.get(f.slot, set()), "one slot, two values, one place"
        taken[f.slot] = taken.get(f.slot, set()) | place
    for name, value in found.values.items():
        assert value in possible(kb, name)
    rest = iter(line)
    assert all(word in rest for word in found.rest)
    assert len(found.masked) <= len(line) + 2


@given(said, slot_names)
def test_the_same_words_read_the_same_again(line: list[str], asked: str | None) -> None:
    one, other = (
        entities.extract(
            entity_patterns(toy_book()), line, frozenset({asked} if asked else ())
        )
        for _ in "12"
    )
    assert one == other


@given(st.lists(st.sampled_from(["zebra", "parcel", "heron", "ferry"]), max_size=8))
def test_no_name_is_left_in_the_masked_words(line: list[str]) -> None:
    assert not {"heron", "ferry"} & set(entities.extract(lexicon(), line).masked)


def possible(kb: KnowledgeBase, name: str) -> set[str]:
    if name == "carrier":
        return set(kb.platforms)
    if name == "goods":
        return {kind for p in kb.platforms.values() for kind in p.kinds}
    return set(kb.choices(name, {}))
