"""Many states of knowledge in few lines."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.tools import state_sets

_STATES = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")),
    unique_by=lambda state: frozenset(state.items()),
)


def combinations(line: str) -> list[frozenset[str]]:
    """The states that a line stands for, each as its `slot=value` texts."""
    if line in {"", "nothing known"}:
        return [frozenset()]
    parts = [part.partition("=") for part in line.split()]
    choices = [
        [f"{slot}={value}" if value != "-" else "" for value in values.split("|")]
        for slot, _, values in parts
    ]
    return [frozenset(filter(None, told)) for told in product(*choices)]


@given(_STATES)
def test_each_state_stands_in_exactly_one_line(states: list[dict[str, str]]) -> None:
    told = [way for line in state_sets.lines(states) for way in combinations(line)]
    expected = [frozenset(f"{k}={v}" for k, v in state.items()) for state in states]
    assert sorted(map(sorted, told)) == sorted(map(sorted, expected))


def test_states_that_differ_in_single_facts_are_one_line() -> None:
    states = [{}, {"seal": "whole"}, {"carrier": "mole"}]
    states.append({"carrier": "mole", "seal": "whole"})
    assert state_sets.lines(states) == ["seal=-|whole carrier=-|mole"]


def test_nothing_known_is_an_empty_line() -> None:
    assert state_sets.lines([{}]) == [""]
    assert state_sets.lines([]) == []
