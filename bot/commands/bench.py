"""takeback bench FILE: the bot's own matcher on a public set of questions.

Nothing is special-cased: the same words, repair, model and doubt that the bot answers
with, trained on the set's phrases. rapidfuzz's scorers run beside it, on the same
machine; what others published stands below, with its source.
"""

import csv
import gzip
import io
import json
import random
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from bot.core.match import Examples, Ranked, calibrate, fit, signals
from bot.core.model import Model, restore
from bot.core.speller import Speller
from bot.core.vectors import Vectors
from bot.core.words import split
from bot.errors import BotError

if TYPE_CHECKING:
    from rich.table import Table

Labelled = tuple[tuple[str, str], ...]
"""Questions, each with its intent."""


@dataclass(frozen=True)
class Sets:
    """A public set in its parts; out of scope only where the set has such questions."""

    name: str
    train: Labelled
    test: Labelled
    tuning: Labelled = ()
    strange_tuning: tuple[str, ...] = ()
    strange_test: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """Percentages, milliseconds, seconds and megabytes; None where not measured."""

    what: str
    phrases: int | None = None
    accuracy: float | None = None
    top3: float | None = None
    one_typo: float | None = None
    two_typos: float | None = None
    larson: tuple[float, float] | None = None
    """In scope right / out of scope refused, best accuracy over both in tuning."""
    balanced: tuple[float, float] | None = None
    """The same where both weigh alike in tuning."""
    median_ms: float | None = None
    p99_ms: float | None = None
    fit_s: float | None = None
    memory_mb: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Report:
    """What was measured here, and what others say they measured."""

    name: str
    rows: tuple[Row, ...]
    published: tuple[Row, ...] = field(default=())


_LARSON = "Larson et al. 2019, table 2, threshold only"
_FEW = "github.com/jianguoz/Few-Shot-Intent-Detection"
_PUBLISHED = {
    "CLINC150": (
        Row("Rasa, 100 an intent", 15_000, 90.9, larson=(90.9, 31.2), source=_LARSON),
        Row("Dialogflow, 100", 15_000, 90.8, larson=(90.8, 26.7), source=_LARSON),
        Row("SVM on words, 100", 15_000, 88.2, larson=(88.2, 18.0), source=_LARSON),
        Row("BERT, 100", 15_000, 96.2, larson=(96.2, 52.3), source=_LARSON),
        Row("RoBERTa, 10 an intent", 1_500, 91.6, source=_FEW),
        Row("USE, 10 an intent", 1_500, 90.9, source=_FEW),
    ),
    "BANKING77": (
        Row("RoBERTa, 10 an intent", 770, 84.3, source=_FEW),
        Row("USE, 10 an intent", 770, 84.2, source=_FEW),
        Row("BERT, all", 10_003, 93.7, source="Casanueva et al. 2020, as cited"),
    ),
    "HWU64": (
        Row("RoBERTa, 10 an intent", 640, 82.9, source=_FEW),
        Row("USE, 10 an intent", 640, 83.8, source=_FEW),
    ),
}

# The intents of one domain share a line, as clinc/oos-eval groups them; the last is the
# small talk that every assistant meets.
_DOMAINS = tuple(
    frozenset(line.split())
    for line in """\
freeze_account routing pin_change bill_due pay_bill account_blocked interest_rate \
min_payment bill_balance transfer order_checks balance spending_history transactions \
report_fraud
replacement_card_duration expiration_date damaged_card improve_credit_score \
report_lost_card card_declined credit_limit_change apr redeem_rewards credit_limit \
rewards_balance application_status credit_score new_card international_fees
food_last confirm_reservation how_busy ingredients_list calories nutrition_info recipe \
restaurant_reviews restaurant_reservation meal_suggestion restaurant_suggestion \
cancel_reservation ingredient_substitution cook_time accept_reservations
what_song play_music todo_list_update reminder reminder_update calendar_update \
order_status update_playlist shopping_list calendar next_song order todo_list \
shopping_list_update smart_home
current_location oil_change_when oil_change_how uber traffic tire_pressure \
schedule_maintenance gas mpg distance directions last_maintenance gas_type tire_change \
jump_start
plug_type travel_notification translate flight_status international_visa timezone \
exchange_rate travel_suggestion travel_alert vaccines lost_luggage book_flight \
book_hotel carry_on car_rental
weather alarm date find_phone share_location timer make_call calculator definition \
measurement_conversion flip_coin spelling time roll_dice text
pto_request_status next_holiday insurance_change insurance meeting_schedule payday \
taxes income rollover_401k pto_balance pto_request w2 schedule_meeting direct_deposit \
pto_used
who_made_you meaning_of_life who_do_you_work_for do_you_have_pets \
what_are_your_hobbies fun_fact what_is_your_name where_are_you_from goodbye thank_you \
greeting tell_joke are_you_a_bot how_old_are_you what_can_i_ask_you
""".splitlines()
)

_HEADS = (
    *("", "phrases", "right", "top 3", "1 typo", "2 typos", "larson", "balanced"),
    *("median ms", "p99 ms", "fit s", "MB", "source"),
)

_SCORERS: dict[str, Callable[..., float]] = {
    "ratio": fuzz.ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
}
_SAMPLE = 300
"""Questions a scorer is tried on: with all phrases WRatio takes 40 ms each."""

_GROWTH = (1_000, 10_000, 100_000)
_FEWEST = 10
_SMALL = 20


def bench(
    file: Path,
    vectors: Vectors | None = None,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    growth: bool = False,
    small: bool = False,
) -> Report:
    """The numbers of one set; with `growth` or `small` those of other trials on it.

    Raises BotError where the file is none of the sets.
    """
    sets = read(file)
    published = _PUBLISHED.get(sets.name, ())
    if growth:
        rows = [_grown(sets, vectors, size) for size in _GROWTH]
        return Report(f"{sets.name}, as the number of phrases grows", tuple(rows))
    if small:
        trials = [_trial(_part(sets, seed), vectors) for seed in seeds]
        return Report(
            f"{sets.name}, 30 intents at a time, {_SMALL} phrases each",
            (_mean("takeback", trials),),
        )
    few = [replace(sets, train=_few(sets.train, _FEWEST, seed)) for seed in seeds]
    rows = [_mean(f"takeback, {_FEWEST} an intent", [_trial(s, vectors) for s in few])]
    rows.append(replace(_trial(sets, vectors), what="takeback, all"))
    rows += [_scored(few[0], name, f"{_FEWEST} an intent") for name in _SCORERS]
    rows += [_scored(sets, name, "all") for name in _SCORERS]
    return Report(sets.name, tuple(rows), published)


def table(report: Report) -> "Table":
    """One line a row, to be printed."""
    from rich.table import Table

    shown = Table(*_HEADS, title=report.name)
    for row in (*report.rows, *report.published):
        shown.add_row(*map(_shown, asdict(row).values()))
    return shown


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.2f}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004
        case float(first), float(second):
            return f"{first:.1f} / {second:.1f}"
        case int():
            return f"{value:,}"
    return str(value)


# --- reading


def read(file: Path) -> Sets:
    """A set, known by what is in it; its test questions may lie in a file beside it."""
    text = _text(file)
    if not text.lstrip().startswith("{"):
        test = _beside(file)
        return Sets("BANKING77", _rows(text), _rows(_text(test)))
    content = json.loads(text)
    if "rasa_nlu_data" in content:
        test = _beside(file)
        return Sets("HWU64", _rasa(content), _rasa(json.loads(_text(test))))
    if "oos_test" not in content:
        raise BotError(f"{file} is none of CLINC150, BANKING77 and HWU64")
    parts = {name: tuple((q, y) for q, y in part) for name, part in content.items()}
    return Sets(
        "CLINC150",
        parts["train"],
        parts["test"],
        parts["val"],
        tuple(question for question, _ in parts["oos_val"]),
        tuple(question for question, _ in parts["oos_test"]),
    )


def _text(file: Path) -> str:
    raw = file.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()


def _beside(file: Path) -> Path:
    test = file.with_name(file.name.replace("train", "test"))
    if test == file or not test.exists():
        raise BotError(f"{file} wants its test questions beside it, train and test")
    return test


def _rows(text: str) -> Labelled:
    rows = csv.DictReader(io.StringIO(text))
    if not {"text", "category"} <= set(rows.fieldnames or ()):
        raise BotError("a table of questions has the columns text and category")
    return tuple((row["text"].strip(), row["category"]) for row in rows)


def _rasa(content: dict[str, dict[str, list[dict[str, str]]]]) -> Labelled:
    found = content["rasa_nlu_data"]["common_examples"]
    return tuple((example["text"], example["intent"]) for example in found)


# --- choosing


def _dice(seed: int) -> random.Random:
    """The same fall every time: nothing here is a secret."""
    return random.Random(seed)  # noqa: S311


def _few(train: Labelled, count: int, seed: int) -> Labelled:
    rng = _dice(seed)
    by_intent: dict[str, list[str]] = defaultdict(list)
    for question, intent in train:
        by_intent[intent].append(question)
    return tuple(
        (question, intent)
        for intent, questions in sorted(by_intent.items())
        for question in rng.sample(questions, min(count, len(questions)))
    )


def _part(sets: Sets, seed: int) -> Sets:
    """One domain and the small talk; half of the strange are other domains' own."""
    if sets.name != "CLINC150":
        raise BotError("only CLINC150 has domains to take some of")
    rng = _dice(1000 + seed)
    intents = rng.choice(_DOMAINS[:-1]) | _DOMAINS[-1]

    def mine(part: Labelled) -> Labelled:
        return tuple(pair for pair in part if pair[1] in intents)

    def strange(own: tuple[str, ...], part: Labelled) -> tuple[str, ...]:
        others = [question for question, intent in part if intent not in intents]
        return (*own, *rng.sample(others, len(own)))

    return Sets(
        sets.name,
        _few(mine(sets.train), _SMALL, seed),
        mine(sets.test),
        mine(sets.tuning),
        strange(sets.strange_tuning, sets.tuning),
        strange(sets.strange_test, sets.test),
    )


def _swollen(train: Labelled, size: int) -> Labelled:
    """As many phrases as wanted: past the set's own, with one word exchanged."""
    rng = _dice(4)
    phrases = list(train)
    rng.shuffle(phrases)
    vocabulary = sorted({word for question, _ in train for word in question.split()})
    while len(phrases) < size:
        question, intent = rng.choice(train)
        words = question.split()
        words[rng.randrange(len(words))] = rng.choice(vocabulary)
        phrases.append((" ".join(words), intent))
    return tuple(phrases[:size])


# --- typing


_WRONG_START = 0.1
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@lru_cache
def _beside_key(key: str) -> str:
    """The keys that a finger meets instead, on the same row or the next."""
    spots = {
        k: (x + 0.5 * y, y) for y, row in enumerate(_KEYS) for x, k in enumerate(row)
    }
    if key not in spots:
        return ""
    x, y = spots[key]
    return "".join(
        k for k, (a, b) in spots.items() if k != key and abs(a - x) <= 1 >= abs(b - y)
    )


def mistyped(question: str, slips: int, rng: random.Random) -> str:
    """The question with so many words mistyped; longer words are likelier."""
    words = question.split(" ")
    for _ in range(slips):
        sizes = [len(word) if word.isalpha() else 0 for word in words]
        weights = [size if size >= 4 else size / 100 for size in sizes]  # noqa: PLR2004
        if not any(weights):
            break
        at = rng.choices(range(len(words)), weights)[0]
        words[at] = _slipped(words[at].lower(), rng)
    return " ".join(words)


def _slipped(word: str, rng: random.Random) -> str:
    """A wrong key, two letters swapped, one dropped or one doubled."""
    first = 0 if rng.random() < _WRONG_START else min(1, len(word) - 1)
    at = rng.randrange(first, len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    kind = rng.choices(("key", "swap", "drop", "double"), (35, 25, 25, 15))[0]
    if kind == "key" and _beside_key(letter):
        return before + rng.choice(_beside_key(letter)) + after
    if kind == "swap" and after and after[0] != letter:
        return before + after[0] + letter + after[1:]
    if kind == "drop" and before + after:
        return before + after
    return before + letter + letter + after


# --- measuring


@dataclass(frozen=True)
class _Matcher:
    """What the bot answers with, without a book."""

    speller: Speller
    model: Model

    def rank(self, question: str) -> tuple[Ranked, ...]:
        return self.model.rank(self.speller.repair(split(question)).words)


def _examples(train: Labelled) -> Examples:
    return [(split(question), intent) for question, intent in train]


def _speller(examples: Examples, vectors: Vectors | None) -> Speller:
    vocabulary = Counter(word for words, _ in examples for word in words)
    return Speller(vocabulary, vectors.words if vectors else frozenset())


def _trial(sets: Sets, vectors: Vectors | None) -> Row:
    examples = _examples(sets.train)
    start = time.perf_counter()
    model = fit(examples, vectors)
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
    doubt = calibrate(examples, vectors)

    def sure(rankings: Iterable[tuple[Ranked, ...]]) -> list[float]:
        return [doubt.confidence(signals(ranking)) for ranking in rankings]

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


def _typed(test: Labelled, slips: int) -> Iterable[str]:
    rng = _dice(20_240 + slips)
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
    rng = _dice(5)
    asked = [question for question, _ in rng.sample(test, min(1000, len(test)))]
    asked[::2] = [mistyped(question, 1, rng) for question in asked[::2]]
    paces = []
    for question in asked:
        start = time.thread_time()
        answer(question)
        paces.append(1000 * (time.thread_time() - start))
    return median(paces), quantiles(paces, n=100)[-1]


def _weight(examples: Examples, vectors: Vectors | None, model: Model) -> float:
    """Megabytes that answering holds on to, the vectors left out: they do not grow."""
    arrays = model.arrays()
    tracemalloc.start()
    kept = _Matcher(_speller(examples, vectors), restore(arrays, vectors))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    arrays = kept.model.arrays()
    return (held + arrays["weights"].nbytes + arrays["rarity"].nbytes) / 2**20


def _grown(sets: Sets, vectors: Vectors | None, size: int) -> Row:
    examples = _examples(_swollen(sets.train, size))
    start = time.perf_counter()
    model = fit(examples, vectors)
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


def _scored(sets: Sets, name: str, which: str) -> Row:
    """The nearest whole phrase by one of rapidfuzz's scorers, on a sample."""
    scorer = _SCORERS[name]
    phrases = [utils.default_process(question) for question, _ in sets.train]

    def nearest(question: str) -> str:
        asked = utils.default_process(question)
        _, _, at = process.extractOne(asked, phrases, scorer=scorer, processor=None)
        return sets.train[at][1]

    rng = _dice(6)
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


def _mean(what: str, rows: Sequence[Row]) -> Row:
    """The rows' numbers averaged."""

    def mean(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return fmean(known) if known else None

    def pair(
        values: Iterable[tuple[float, float] | None],
    ) -> tuple[float, float] | None:
        known = [value for value in values if value is not None]
        firsts, seconds = zip(*known, strict=True) if known else ((), ())
        return (fmean(firsts), fmean(seconds)) if known else None

    return replace(
        rows[0],
        what=what,
        accuracy=mean(row.accuracy for row in rows),
        top3=mean(row.top3 for row in rows),
        one_typo=mean(row.one_typo for row in rows),
        two_typos=mean(row.two_typos for row in rows),
        larson=pair(row.larson for row in rows),
        balanced=pair(row.balanced for row in rows),
        median_ms=mean(row.median_ms for row in rows),
        p99_ms=mean(row.p99_ms for row in rows),
        fit_s=mean(row.fit_s for row in rows),
        memory_mb=mean(row.memory_mb for row in rows),
    )
