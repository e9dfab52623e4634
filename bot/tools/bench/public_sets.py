"""Public sets of questions with their intents: read, and taken in part.

CLINC150, BANKING77 and HWU64, as their authors published them.
"""

import csv
import gzip
import io
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError

Labelled = tuple[tuple[str, str], ...]
"""Questions, each with its intent."""

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


SMALL = 20
"""Phrases an intent in a part."""


@dataclass(frozen=True)
class Sets:
    """A public set in its parts; out of scope only where the set has such questions."""

    name: str
    train: Labelled
    test: Labelled
    tuning: Labelled = ()
    strange_tuning: tuple[str, ...] = ()
    strange_test: tuple[str, ...] = ()


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
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BotError(f"{file} cannot be read: {error.strerror}") from None
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


def dice(seed: int) -> random.Random:
    """The same fall every time: nothing here is a secret."""
    return random.Random(seed)  # noqa: S311


def few(train: Labelled, count: int, seed: int) -> Labelled:
    rng = dice(seed)
    by_intent: dict[str, list[str]] = defaultdict(list)
    for question, intent in train:
        by_intent[intent].append(question)
    return tuple(
        (question, intent)
        for intent, questions in sorted(by_intent.items())
        for question in rng.sample(questions, min(count, len(questions)))
    )


def part(sets: Sets, seed: int) -> Sets:
    """One domain and the small talk; half of the strange are other domains' own."""
    if sets.name != "CLINC150":
        raise BotError("only CLINC150 has domains to take some of")
    rng = dice(1000 + seed)
    intents = rng.choice(_DOMAINS[:-1]) | _DOMAINS[-1]

    def mine(part: Labelled) -> Labelled:
        return tuple(pair for pair in part if pair[1] in intents)

    def strange(own: tuple[str, ...], part: Labelled) -> tuple[str, ...]:
        others = [question for question, intent in part if intent not in intents]
        return (*own, *rng.sample(others, len(own)))

    return Sets(
        sets.name,
        few(mine(sets.train), SMALL, seed),
        mine(sets.test),
        mine(sets.tuning),
        strange(sets.strange_tuning, sets.tuning),
        strange(sets.strange_test, sets.test),
    )


def swollen(train: Labelled, size: int) -> Labelled:
    """As many phrases as wanted: past the set's own, with one word exchanged."""
    rng = dice(4)
    phrases = list(train)
    rng.shuffle(phrases)
    vocabulary = sorted({word for question, _ in train for word in question.split()})
    while len(phrases) < size:
        question, intent = rng.choice(train)
        words = question.split()
        words[rng.randrange(len(words))] = rng.choice(vocabulary)
        phrases.append((" ".join(words), intent))
    return tuple(phrases[:size])
