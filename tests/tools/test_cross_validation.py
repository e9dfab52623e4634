"""The confidence that held-out phrases make, and what they are confused with."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from bot.nlu.classifier import Ranked, topic
from bot.nlu.confidence import ConfidenceModel, platt
from bot.tools.eval import cross_validation, score_tables
from bot.tools.eval.cross_validation import Fit, HeldOutPhrase
from tests.support.books import TOY, toy_book

FALLBACK = "elsewhere"


@cache
def toy_fit() -> Fit:
    return cross_validation.fit(toy_book(), TOY)


def held(label: str, *ranked: tuple[str, float], unseen: bool = False) -> HeldOutPhrase:
    best = tuple(Ranked(name, 2.0, share) for name, share in ranked)
    return HeldOutPhrase(f"of {label}", label, unseen, best)


def test_every_phrase_is_held_out_once_and_those_out_of_scope_once_more() -> None:
    times = Counter((p.label, p.text, p.unseen) for p in toy_fit().phrases)
    for label, phrases in toy_book().phrases.items():
        outside = topic(label) == FALLBACK
        for phrase in phrases:
            whole, beside = times[label, phrase, True], times[label, phrase, False]
            assert whole == outside, phrase
            assert beside <= 1


def test_what_is_held_out_is_ranked_by_topics_of_the_book() -> None:
    for one in toy_fit().phrases:
        topics = [topic(r.label) for r in one.ranked]
        assert set(topics) <= toy_book().topics.keys()
        assert len(set(topics)) == len(topics)


def test_the_fit_finds_the_curve_that_made_the_trials() -> None:
    model = ConfidenceModel(logit=0.0, likelihood=0.8, bias=-0.5)
    odds = [n / 10 for n in range(-40, 41)]
    shares = [model.confidence((0.0, x)) for x in odds]
    pairs = [
        (x, n < round(100 * share))
        for x, share in zip(odds, shares, strict=True)
        for n in range(100)
    ]
    right = [hit for _, hit in pairs]
    slope, bias = platt([x for x, _ in pairs], right, sum(right) / len(right))
    assert (slope, bias) == pytest.approx((0.8, -0.5), abs=0.02)


def test_more_hope_makes_surer_and_no_slope_is_negative() -> None:
    odds, right = [0.0, 1.0, 2.0, 3.0], [False, True, False, True]
    biases = [platt(odds, right, hope)[1] for hope in (0.3, 0.6, 0.9)]
    assert biases == sorted(biases)
    assert platt(odds, [True, True, False, False], 0.5)[0] == 0.0


def test_the_most_frequent_confusion_is_first_with_its_surest_phrase() -> None:
    found = Fit(
        1.0,
        0.0,
        [
            held("call_back", ("counter_help", 0.5)),
            held("call_back", ("counter_help", 0.9)),
            held("counter_help", ("call_back", 0.9)),
            held("call_back", ("call_back", 0.9)),
            held("call_back", ("thanks", 0.9), unseen=True),
        ],
    )
    (first, phrases), second = found.confusions
    assert first == ("call_back", "counter_help")
    assert [p.ranked[0].probability for p in phrases] == [0.9, 0.5]
    assert second[0] == ("counter_help", "call_back")
    assert found.as_json()["right"] == 1


def test_the_tables_name_what_is_fitted_beside_what_is_used() -> None:
    first, *_ = score_tables.fitted(toy_fit(), ConfidenceModel())
    assert first.row_count == 2
