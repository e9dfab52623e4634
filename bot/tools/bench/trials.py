"""The bot's own matcher, and rapidfuzz's scorers, put to a set of questions.

Nothing is special-cased: words, repair, model and confidence are those that the bot answers
with, trained on the set's phrases.
"""

import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median, quantiles

from rapidfuzz import fuzz, process, utils

from bot.nlu.classifier import LinearClassifier, Ranked, restore
from bot.nlu.confidence import ConfidenceModel, signals
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.examples import Example, Examples
from bot.nlu.languages.en import LANGUAGE
from bot.nlu.spelling import SpellingCorrector
from bot.nlu.training import fit
from bot.tools.bench.bench_rows import Row
from bot.tools.bench.public_sets import Labelled, Sets, dice, swollen
from bot.tools.bench.typos import mistyped

SCORERS: dict[str, Callable[..., float]] = {
    "ratio": fuzz.ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
}
_SAMPLE = 300
"""Questions a scorer is tried on: with all phrases WRatio takes 40 ms each."""


@dataclass(frozen=True)
class _Matcher:
    """What the bot answers with, without a book."""

    spelling: SpellingCorrector
    model: LinearClassifier

    def rank(self, question: str) -> tuple[Ranked, ...]:
        return self.model.rank(self.spelling.correct(LANGUAGE.tokenize(question)).words)


def trial(sets: Sets, vectors: WordEmbeddings | None) -> Row:
    examples = _examples(sets.train)
    start = time.perf_counter()
    model = fit(examples, LANGUAGE, vectors)
    took = time.perf_counter() - start
    matcher = _Matcher(_speller(examples, vectors), model)
    ranked = [matcher.rank(question) for question, _ in sets.test]
    middle, late = _paces(matcher.rank, sets.test)
    row = Row(
        "takeback",
        len(sets.train),
        _right(ranked, sets.test),
        _right(ranked, sets.test, top=3),
        _right(map(matcher.rank, _typed(sets.test, 1)), sets.test),
        _right(map(matcher.rank, _typed(sets.test, 2)), sets.test),
        median_ms=middle,
        p99_ms=late,
        fit_s=took,
        memory_mb=_weight(examples, vectors, model),
    )
    if not sets.strange_test:
        return row
    model_of_confidence = ConfidenceModel()

    def sure(rankings: Iterable[tuple[Ranked, ...]]) -> list[float]:
        return [
            model_of_confidence.confidence(signals(ranking)) for ranking in rankings
        ]

    tuned = [matcher.rank(question) for question, _ in sets.tuning]
    strange = sure(map(matcher.rank, sets.strange_tuning))
    known = list(zip(sure(tuned), _hits(tuned, sets.tuning), strict=True))
    limits = _thresholds(known, strange)
    known = list(zip(sure(ranked), _hits(ranked, sets.test), strict=True))
    unknown = sure(map(matcher.rank, sets.strange_test))
    larson, balanced = (
        (
            100 * fmean(hit and level > limit for level, hit in known),
            100 * fmean(level <= limit for level in unknown),
        )
        for limit in limits
    )
    return replace(row, larson=larson, balanced=balanced)


def grown(sets: Sets, vectors: WordEmbeddings | None, size: int) -> Row:
    examples = _examples(swollen(sets.train, size))
    start = time.perf_counter()
    model = fit(examples, LANGUAGE, vectors)
    took = time.perf_counter() - start
    matcher = _Matcher(_speller(examples, vectors), model)
    ranked = map(matcher.rank, (question for question, _ in sets.test))
    right = _right(ranked, sets.test)
    middle, late = _paces(matcher.rank, sets.test)
    return Row(
        f"takeback, {size:,} phrases",
        size,
        right,
        median_ms=middle,
        p99_ms=late,
        fit_s=took,
        memory_mb=_weight(examples, vectors, model),
    )


def scored(sets: Sets, name: str, which: str) -> Row:
    """The nearest whole phrase by one of rapidfuzz's scorers, on a sample."""
    scorer = SCORERS[name]
    phrases = [utils.default_process(question) for question, _ in sets.train]

    def nearest(question: str) -> str:
        asked = utils.default_process(question)
        _, _, at = process.extractOne(asked, phrases, scorer=scorer, processor=None)
        return sets.train[at][1]

    rng = dice(6)
    sample = rng.sample(sets.test, min(_SAMPLE, len(sets.test)))
    typed = [(mistyped(question, 1, rng), intent) for question, intent in sample]
    right = 100 * fmean(nearest(question) == intent for question, intent in sample)
    middle, late = _paces(nearest, tuple(sample))
    return Row(
        f"rapidfuzz {name}, {which}",
        len(phrases),
        right,
        one_typo=100 * fmean(nearest(asked) == intent for asked, intent in typed),
        median_ms=middle,
        p99_ms=late,
        source=f"here, {len(sample)} questions",
    )


def _thresholds(
    known: Sequence[tuple[float, bool]], strange: Sequence[float]
) -> tuple[float, float]:
    """The confidence to be passed: best over all questions, and best over both kinds.

    Walks up the confidences: passing one more known question by loses it where it was
    right, refusing one more strange question gains it.
    """
    steps = [(level, 0, int(hit)) for level, hit in known]
    steps += [(level, 1, 0) for level in strange]
    refused, lost, best = 0, 0, [(0.0, 0.0), (0.0, 0.0)]
    for level, is_strange, hit in sorted(steps):
        refused, lost = refused + is_strange, lost + hit
        gains = refused - lost, refused / len(strange) - lost / len(known)
        best = [max(old, (gain, level)) for old, gain in zip(best, gains, strict=True)]
    return best[0][1], best[1][1]


def _examples(train: Labelled) -> Examples:
    return [Example(LANGUAGE.tokenize(question), intent) for question, intent in train]


def _speller(examples: Examples, vectors: WordEmbeddings | None) -> SpellingCorrector:
    vocabulary = Counter(word for one in examples for word in one.words)
    return LANGUAGE.corrector(vocabulary, vectors.words if vectors else frozenset())


def _typed(test: Labelled, slips: int) -> Iterable[str]:
    rng = dice(20_240 + slips)
    return (mistyped(question, slips, rng) for question, _ in test)


def _hits(
    ranked: Iterable[tuple[Ranked, ...]], test: Labelled, top: int = 1
) -> list[bool]:
    return [
        intent in {one.label for one in ranking[:top]}
        for ranking, (_, intent) in zip(ranked, test, strict=True)
    ]


def _right(ranked: Iterable[tuple[Ranked, ...]], test: Labelled, top: int = 1) -> float:
    return 100 * fmean(_hits(ranked, test, top))


def _paces(answer: Callable[[str], object], test: Labelled) -> tuple[float, float]:
    """Median and p99 in milliseconds of this thread; every second one has a typo.

    The thread's own time, since a busy machine is not the matcher's fault.
    """
    rng = dice(5)
    asked = [question for question, _ in rng.sample(test, min(1000, len(test)))]
    asked[::2] = [mistyped(question, 1, rng) for question in asked[::2]]
    paces = []
    for question in asked:
        start = time.thread_time()
        answer(question)
        paces.append(1000 * (time.thread_time() - start))
    return median(paces), quantiles(paces, n=100)[-1]


def _weight(
    examples: Examples, vectors: WordEmbeddings | None, model: LinearClassifier
) -> float:
    """Megabytes that answering holds on to, the vectors left out: they do not grow."""
    arrays = model.arrays()
    tracemalloc.start()
    kept = _Matcher(_speller(examples, vectors), restore(arrays, LANGUAGE, vectors))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    arrays = kept.model.arrays()
    sizes = (arrays[name].nbytes for name in ("weights", "scale", "idf"))
    return (held + sum(sizes)) / 2**20
