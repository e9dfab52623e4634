"""How sure is sure enough: confidence that says what it means, and its limits by cost.

What was held out and ranked wrong or right tells how far a ranking can be trusted. What
a reply costs the person who asked tells where to answer, to ask back, and to give up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
import numpy.typing as npt

from bot.desk.eval.folds import Trial
from bot.desk.eval.score import reliability
from bot.dialogue.policy import OUT
from bot.knowledge.model import Fitted, KnowledgeBase
from bot.nlu import engine, ranking
from bot.nlu.confidence import ConfidenceModel

Floats = npt.NDArray[np.float64]

# What a reply costs the person who asked, in units of a wrong answer: it sends somebody
# in a hurry the wrong way, and they may believe it. To be asked back takes a look and a
# press. To be told "I did not get that" takes typing it all again, but misleads nobody.
# An answer where none is due is as wrong as any other.
WRONG = 1.0
ASKED_BACK = 0.3
LOST = 0.6
STRANGE = 1.0

SHARES = {"domain": 0.62, "talk": 0.12, "out": 0.26}
"""What people are expected to ask: as in tests/knowledge/questions.jsonl, but more
of it out of scope."""

HOPE = 0.88
"""How many questions of people are expected to rank their topic first.

Phrases are harder than questions: they were written as minimal pairs, each unlike all
others, and with those out of scope that nobody foresaw three in four come out right. Of
920 blind questions, written in four rounds without sight of the phrases, 97 in 100 do;
the rest is left for what nobody thought of. Right and wrong trials are weighed accordingly.
"""

_THRESHOLDS = np.arange(0.3, 0.951, 0.025)
_MARGINS = np.arange(0.0, 0.401, 0.02)
_OFFERS = np.arange(0.3, 0.951, 0.05)
_AS_GOOD = 1.005
_EASE = 0.01
_NEWTON = 40
_STEEP = 30.0
_DIGITS = 4


def fitted(trials: Sequence[Trial], kb: KnowledgeBase, today: date) -> Fitted:
    """The doubt that these trials make best, with what justifies it."""
    weights = weighed(trials, kb)
    doubt = chosen(trials, weights, level(trials, weights))
    return Fitted(
        date=today,
        phrases=engine.digest(kb),
        doubt=doubt,
        scores=_scores(trials, weights, kb, doubt),
        reliability=tuple(_reliability(trials, weights, doubt)),
    )


def weighed(trials: Sequence[Trial], kb: KnowledgeBase) -> Floats:
    """As much of each kind as people ask, as much of it right as is hoped for."""
    kinds = [(kb.topics[t.topic].scope, t.first == t.topic) for t in trials]
    count = Counter(kinds)
    found = [
        SHARES[scope] * (HOPE if right else 1 - HOPE) / count[scope, right]
        for scope, right in kinds
    ]
    return np.array(found) * (len(trials) / sum(found))


def level(trials: Sequence[Trial], weights: Floats) -> ConfidenceModel:
    """Confidence as a logistic of the signals; no signal makes less sure as it grows.

    What people write is stranger than any phrase: a rule that trusts a ranking more
    where less is known of the words would be led astray by it.
    """
    evidence = np.array([ranking.signals(t.standings) for t in trials])
    right = np.array([t.first == t.topic for t in trials])
    slopes, bias = _logistic(evidence, right, weights)
    if slopes[0] < 0:
        [likelihood], bias = _logistic(evidence[:, 1:], right, weights)
        slopes = [0.0, likelihood]
    return ConfidenceModel(*(round(n, _DIGITS) for n in (*slopes, bias)))


def _logistic(
    evidence: Floats, right: npt.NDArray[np.bool_], weights: Floats
) -> tuple[list[float], float]:
    """Slopes and bias, by Newton's steps."""
    mean, spread = evidence.mean(0), evidence.std(0) + 1e-9
    inputs = np.column_stack([(evidence - mean) / spread, np.ones(len(right))])
    slope = np.zeros(inputs.shape[1])
    for _ in range(_NEWTON):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ slope, -_STEEP, _STEEP)))
        pull = inputs.T @ (weights * (chance - right)) + _EASE * slope
        bend = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs
        slope -= np.linalg.solve(bend + _EASE * np.eye(len(slope)), pull)
    slopes = slope[:-1] / spread
    return slopes.tolist(), float(slope[-1] - mean @ slopes)


# --- what it costs


@dataclass(frozen=True)
class Costs:
    """For each trial: how sure one is, and what each verdict would cost."""

    sure: Floats
    either: Floats
    lead: Floats
    clear: Floats
    torn: Floats
    """As much as lost where talk would have nothing to choose between."""
    lost: Floats

    def of(self, doubt: ConfidenceModel, weights: Floats) -> float:
        """The average cost of a question."""
        clear = (self.sure >= doubt.threshold) & (self.lead >= doubt.margin)
        rest = np.where(self.either >= doubt.offer, self.torn, self.lost)
        return float(np.average(np.where(clear, self.clear, rest), weights=weights))


def costs(trials: Sequence[Trial], doubt: ConfidenceModel) -> Costs:
    """The costs of every verdict on every trial."""
    sure, either, lead, clear, torn, lost = [], [], [], [], [], []
    for trial in trials:
        # Where nothing speaks for the best, nothing is answered or offered.
        hope = trial.standings[0].logit > 0
        sure.append(doubt.confidence(ranking.signals(trial.standings)) if hope else -1)
        three = ranking.signals(trial.standings, ranking.OFFERED)
        either.append(doubt.confidence(three) if hope else -1)
        lead.append(ranking.lead(trial.standings))
        clear.append(cost(trial, (trial.first,)))
        torn.append(cost(trial, _offered(trial)))
        lost.append(cost(trial, ()))
    return Costs(*map(np.array, (sure, either, lead, clear, torn, lost)))


def _offered(trial: Trial) -> tuple[str, ...]:
    """The topics that talk would let a person choose between; none where it is one."""
    best = [ranking.topic(one.label) for one in trial.standings[: ranking.OFFERED]]
    offered = tuple(topic for topic in best if topic != OUT)
    return offered if len(offered) > 1 else ()


def cost(trial: Trial, topics: tuple[str, ...]) -> float:
    """What it costs to answer on one topic, to offer several, or to give up."""
    outside = trial.topic == OUT
    match topics:
        case ():
            return 0.0 if outside else LOST
        case (topic,):
            if topic == trial.topic:
                return 0.0
            return STRANGE if outside else WRONG
        case _:
            return ASKED_BACK if outside or trial.topic in topics else LOST


def chosen(
    trials: Sequence[Trial], weights: Floats, doubt: ConfidenceModel
) -> ConfidenceModel:
    """The limits that cost least.

    Of those that cost about as little, those that answer most: people ask what is
    easier than phrases. Of those that answer as much, again those that cost least.
    """
    found = costs(trials, doubt)
    totals: list[tuple[float, float, tuple[float, float, float]]] = []
    for offer in _OFFERS.tolist():
        rest = np.where(found.either >= offer, found.torn, found.lost)
        for threshold, margin in product(_THRESHOLDS.tolist(), _MARGINS.tolist()):
            clear = (found.sure >= threshold) & (found.lead >= margin)
            total = float(np.where(clear, found.clear, rest) @ weights)
            answers = round(float(clear @ weights), _DIGITS)
            totals.append((answers, -total, (threshold, -margin, offer)))
    most = -max(total for _, total, _ in totals) * _AS_GOOD
    *_, limits = max(one for one in totals if -one[1] <= most)
    threshold, margin, offer = (round(abs(limit), 3) for limit in limits)
    return replace(doubt, threshold=threshold, margin=margin, offer=offer)


# --- what justifies it


def _scores(
    trials: Sequence[Trial], weights: Floats, kb: KnowledgeBase, doubt: ConfidenceModel
) -> dict[str, dict[str, float]]:
    """By kind of phrase; then what a question costs, and what it would otherwise."""
    kinds: dict[str, list[Trial]] = {"domain": [], "talk": [], "out": [], "strange": []}
    for trial in trials:
        scope = kb.topics[trial.topic].scope
        kinds["strange" if trial.strange else scope].append(trial)
    found = costs(trials, doubt)
    always = replace(doubt, threshold=0.0, margin=0.0)
    return {
        **{kind: _fared(some, doubt) for kind, some in kinds.items() if some},
        "cost": {
            "this": round(found.of(doubt, weights), _DIGITS),
            "always_answering": round(found.of(always, weights), _DIGITS),
            "unfitted": round(
                costs(trials, ConfidenceModel()).of(ConfidenceModel(), weights), _DIGITS
            ),
        },
    }


def _fared(trials: Sequence[Trial], doubt: ConfidenceModel) -> dict[str, float]:
    """Parts of the phrases of one kind: where they ranked, and what was decided."""
    first = sum(t.first == t.topic for t in trials)
    top3 = sum(
        t.topic in {ranking.topic(one.label) for one in t.standings[: ranking.OFFERED]}
        for t in trials
    )
    ends = Counter(ending(trial, doubt) for trial in trials)
    part = {"first": first, "top3": top3, **{end: ends[end] for end in ENDS}}
    return {"phrases": len(trials)} | {
        name: round(n / len(trials), 3) for name, n in part.items()
    }


ENDS = ("right", "asked_back", "lost", "wrong")


def ending(trial: Trial, doubt: ConfidenceModel) -> str:
    """What becomes of a trial. Out of scope, to be lost is right."""
    match ranking.judge(trial.standings, doubt):
        case ranking.Confident():
            return "right" if trial.first == trial.topic else "wrong"
        case ranking.Ambiguous() if _offered(trial):
            return "asked_back"
    return "right" if trial.topic == OUT else "lost"


def _reliability(
    trials: Sequence[Trial], weights: Floats, doubt: ConfidenceModel
) -> Iterator[dict[str, float]]:
    """Of the answers given: stated, right as weighed, and right of the bare phrases."""
    answers = []
    counted = []
    for trial, weight in zip(trials, weights.tolist(), strict=True):
        verdict = ranking.judge(trial.standings, doubt)
        if isinstance(verdict, ranking.Confident):
            answers.append((verdict.confidence, trial.first == trial.topic))
            counted.append(weight)
    bins = zip(reliability(answers, counted), reliability(answers), strict=True)
    for weighed_bin, bare in bins:
        if bare.answers:
            yield {
                "from": bare.low,
                "to": bare.high,
                "answers": bare.answers,
                "stated": round(weighed_bin.stated or 0, 3),
                "right": round(weighed_bin.right or 0, 3),
                "right_unweighed": round(bare.right or 0, 3),
            }
