from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bot.commands import eval as command
from bot.desk.checks import doubt as checks
from bot.desk.eval import doubt, folds, tables
from bot.desk.eval.folds import Trial
from bot.knowledge import cache as knowledge_cache
from bot.knowledge import loader
from bot.nlu import engine, ranking
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.ranking import Ranked
from tests.books import TOY, toy_book
from tests.copies import Copy

OUT = "out_of_scope"
TODAY = date(2026, 5, 10)


@cache
def toy_trials() -> tuple[Trial, ...]:
    return tuple(folds.every(toy_book(), knowledge_cache.read_vectors(TOY)))


def trial(label: str, *best: tuple[str, float], logit: float = 2.0) -> Trial:
    ranked = (Ranked(name, logit, share) for name, share in best)
    return Trial("?", label, strange=False, standings=tuple(ranked))


# --- folds


def test_every_phrase_is_held_out_once_and_those_out_of_scope_once_more() -> None:
    kb = toy_book()
    held = Counter(
        (label, phrase, label in fold.strange)
        for fold in folds.folds(kb)
        for label, phrases in fold.held.items()
        for phrase in phrases
    )
    assert max(held.values()) <= folds.FOLDS
    for label, phrases in kb.phrases.items():
        times = {
            phrase: (held[label, phrase, False], held[label, phrase, True])
            for phrase in phrases
        }
        outside = label.partition("/")[0] == OUT
        wanted = {(0, 1), (1, 1)} if outside else {(1, 0)}
        assert set(times.values()) <= wanted, times


def test_what_is_held_out_is_not_learned_from() -> None:
    for fold in folds.folds(toy_book()):
        for label, phrases in fold.held.items():
            assert not set(phrases) & set(fold.kept.get(label, ()))
            assert label not in fold.strange or label not in fold.kept


def test_phrases_that_stand_together_are_held_out_together() -> None:
    many = tuple(f"phrase number {n}" for n in range(160))
    kb = toy_book().model_copy(update={"phrases": {"retract": many, "help": many}})
    first = next(folds.folds(kb)).held["retract"]
    numbers = [int(phrase.split()[-1]) for phrase in first]
    assert len(numbers) == 32
    assert sum(b - a == 1 for a, b in pairwise(numbers)) == 28


def test_a_trial_is_what_a_mind_without_the_phrase_hears() -> None:
    found = toy_trials()
    assert {t.topic for t in found} <= toy_book().topics.keys()
    for one in found:
        topics = [ranking.topic(r.label) for r in one.standings]
        assert len(set(topics)) == len(topics)
        assert one.first == topics[0]


# --- what it costs


@pytest.mark.parametrize(
    ("label", "topics", "cost"),
    [
        ("retract", ("retract",), 0.0),
        ("retract", ("help",), doubt.WRONG),
        ("retract", (OUT,), doubt.WRONG),
        ("retract", ("help", "retract"), doubt.ASKED_BACK),
        ("retract", ("help", "thanks"), doubt.LOST),
        ("retract", (), doubt.LOST),
        (OUT, (OUT,), 0.0),
        (OUT, (), 0.0),
        (OUT, ("retract",), doubt.STRANGE),
        (OUT, ("retract", "help"), doubt.ASKED_BACK),
    ],
)
def test_the_cost_of_a_reply(label: str, topics: tuple[str, ...], cost: float) -> None:
    assert doubt.cost(trial(label, ("retract", 1.0)), topics) == cost


@pytest.mark.parametrize("threshold", [0.0, 0.4, 0.6])
@pytest.mark.parametrize("margin", [0.0, 0.3])
@pytest.mark.parametrize("offer", [0.3, 0.7])
def test_costs_are_those_of_what_would_be_decided(
    threshold: float, margin: float, offer: float
) -> None:
    found = [*toy_trials(), trial("help", ("help", 0.9), ("retract", 0.1), logit=-1)]
    limits = ConfidenceModel(bias=-1.5, threshold=threshold, margin=margin, offer=offer)
    expected = []
    for one in found:
        match ranking.judge(one.standings, limits):
            case ranking.Confident(label):
                topics: tuple[str, ...] = (ranking.topic(label),)
            case ranking.Ambiguous(labels):
                offered = (ranking.topic(label) for label in labels)
                topics = tuple(topic for topic in offered if topic != OUT)
                topics = topics if len(topics) > 1 else ()
            case _:
                topics = ()
        expected.append(doubt.cost(one, topics))
    weights = np.linspace(1, 2, len(found))
    average = np.average(expected, weights=weights)
    assert doubt.costs(found, limits).of(limits, weights) == pytest.approx(average)


def test_right_and_wrong_are_weighed_as_people_are_hoped_to_ask() -> None:
    found = toy_trials()
    weights = doubt.weighed(found, toy_book())
    assert sum(weights) == pytest.approx(len(found))
    for scope, share in doubt.SHARES.items():
        some = [
            (weight, one.first == one.topic)
            for weight, one in zip(weights, found, strict=True)
            if toy_book().topics[one.topic].scope == scope
        ]
        total = sum(weight for weight, _ in some)
        assert total / len(found) == pytest.approx(share)
        hits = sum(weight for weight, hit in some if hit)
        assert hits / total == pytest.approx(doubt.HOPE)


# --- the fit


def simulated(count: int, seed: int = 7) -> list[Trial]:
    """Rankings whose first topic is right as often as their odds say, halved."""
    rng = np.random.default_rng(seed)
    found = []
    for share in rng.uniform(0.3, 0.99, count):
        odds = share / (1 - share) / 2
        right = rng.random() < odds / (1 + odds)
        other = ("time_limit", (1 - share) * 0.7), ("help", (1 - share) * 0.3)
        found.append(
            trial("retract" if right else "time_limit", ("retract", share), *other)
        )
    return found


def test_confidence_comes_out_as_often_right_as_it_says() -> None:
    found = simulated(4000)
    level = doubt.level(found, np.ones(len(found)))
    sure = np.array([level.confidence(ranking.signals(t.standings)) for t in found])
    right = np.array([t.first == t.topic for t in found])
    for low in (0.3, 0.5, 0.7, 0.85):
        some = (sure >= low) & (sure < low + 0.15)
        assert sure[some].mean() == pytest.approx(right[some].mean(), abs=0.05)


def test_more_evidence_never_makes_less_sure() -> None:
    # Here the higher logits are the wrong ones.
    found = [
        trial(t.label, *((r.label, r.probability) for r in t.standings), logit=logit)
        for t in simulated(400)
        for logit in [1.0 if t.first == t.topic else 3.0]
    ]
    level = doubt.level(found, np.ones(len(found)))
    assert level.logit == 0
    assert level.likelihood > 0


def test_the_limits_cost_no_more_than_others() -> None:
    found = simulated(600)
    weights = np.ones(len(found))
    level = doubt.level(found, weights)
    chosen = doubt.chosen(found, weights, level)
    costs = doubt.costs(found, chosen)
    least = costs.of(chosen, weights)
    for other in (
        replace(chosen, threshold=0.0, margin=0.0),
        replace(chosen, threshold=1.0),
        replace(chosen, offer=1.0),
        replace(chosen, offer=0.0),
        replace(chosen, margin=0.3),
    ):
        assert least <= costs.of(other, weights) * 1.005 + 1e-9
    assert 0.3 < chosen.threshold < 0.9


def test_the_same_trials_give_the_same_doubt() -> None:
    one, other = (doubt.fitted(toy_trials(), toy_book(), TODAY) for _ in range(2))
    assert one == other


# --- the file


def test_the_fit_is_written_and_the_bot_goes_by_it(tmp_path: Path) -> None:
    copy, told = Copy(tmp_path), list[str]()
    found = command.fit(copy.top, TODAY, told.append)
    text = (copy.top / "knowledge/doubt.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Written by `takeback eval --fit`")
    assert told[-1] == f"round {folds.FOLDS} of {folds.FOLDS}"
    kb = loader.load(copy.top)
    assert kb.fitted == found.fitted
    assert kb.fitted
    assert kb.fitted.date == TODAY
    assert (
        knowledge_cache.open_engine(copy.top, "checked", None).doubt == kb.fitted.doubt
    )
    assert found.as_json()["doubt"]["threshold"] == kb.fitted.doubt.threshold
    assert list(found.tables())


def test_the_bot_does_without_a_fit(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    (copy.top / "knowledge/doubt.yaml").unlink(missing_ok=True)
    assert loader.load(copy.top).fitted is None
    assert (
        knowledge_cache.open_engine(copy.top, "checked", None).doubt
        == ConfidenceModel()
    )
    assert (
        knowledge_cache.open_engine(copy.top, "checked", tmp_path).doubt
        == ConfidenceModel()
    )
    assert (
        knowledge_cache.open_engine(copy.top, "checked", tmp_path).doubt
        == ConfidenceModel()
    )


DOUBT = """\
date: 2026-05-10
phrases: {digest}
doubt: {{logit: 0, likelihood: 1.5, bias: 0.25, threshold: 0.7, margin: 0.1, offer: 0.8}}
"""


def stale(top: Path) -> list[str]:
    return [str(problem) for problem in checks.stale(loader.load(top), top)]


def test_a_fit_that_is_missing_or_out_of_date_is_reported(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    (copy.top / "knowledge/doubt.yaml").unlink(missing_ok=True)
    [missing] = stale(copy.top)
    assert missing.startswith("knowledge/doubt.yaml:1: there is no such file")
    digest = engine.digest(loader.load(copy.top))
    copy.write("knowledge/doubt.yaml", DOUBT.format(digest=digest))
    assert not stale(copy.top)
    assert knowledge_cache.open_engine(copy.top, "checked", tmp_path).doubt.bias == 0.25
    copy.add("knowledge/phrases/help.txt", "what is it that you know\n")
    [old] = stale(copy.top)
    assert old.startswith("knowledge/doubt.yaml:2: fitted to other phrases")
    assert knowledge_cache.open_engine(copy.top, "checked", tmp_path).doubt.bias == 0.25


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("margin: 0.1", "margin: much", "`margin`: Input should be a valid number"),
        ("margin: 0.1, ", "gap: 1, ", "unknown key `gap`"),
        ("date: 2026-05-10\n", "", "`date` is missing"),
    ],
)
def test_a_file_that_is_no_doubt_is_a_problem(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    copy = Copy(tmp_path)
    copy.write("knowledge/doubt.yaml", DOUBT.format(digest="x").replace(old, new))
    [found] = copy.problems()
    assert found.startswith("knowledge/doubt.yaml:")
    assert problem in found


def test_another_phrase_or_label_is_another_digest() -> None:
    kb = toy_book()
    digest = engine.digest(kb)
    phrases = dict(kb.phrases)
    phrases["help"], phrases["thanks"] = phrases["thanks"], phrases["help"]
    assert engine.digest(kb.model_copy(update={"phrases": phrases})) != digest
    phrases = {**kb.phrases, "help": kb.phrases["help"][1:]}
    assert engine.digest(kb.model_copy(update={"phrases": phrases})) != digest
    again = dict(reversed(kb.phrases.items()))
    assert engine.digest(kb.model_copy(update={"phrases": again})) == digest


def test_confused_phrases_stand_by_pair_the_surest_first() -> None:
    found = tables.confused(
        [
            trial("retract", ("help", 0.5), ("retract", 0.4)),
            replace(trial("retract", ("help", 0.9)), phrase="surest"),
            trial("help", ("retract", 0.6)),
            trial("help", ("help", 0.6)),
            replace(trial(OUT, ("help", 0.6)), strange=True),
        ]
    )
    assert [pair for pair, _ in found] == [("retract", "help"), ("help", "retract")]
    assert found[0][1][0].phrase == "surest"
