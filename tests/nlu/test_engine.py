from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.training_data import training_data
from bot.nlu import clauses, confidence
from bot.nlu.classifier import restore, topic
from bot.nlu.engine import LONGEST, Parse
from bot.nlu.examples import examples
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from tests.support.books import real_book, real_bot, toy_book, toy_bot


def parse_text(text: str, asked: str | None = None) -> Parse:
    return toy_bot().nlu.parse(text, frozenset({asked} if asked else ()))


def label(text: str) -> str | None:
    verdict = parse_text(text).verdict
    return verdict.label if isinstance(verdict, confidence.Confident) else None


# --- quotations


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('I wrote "will they know about it" to the wrong house', "to the wrong house"),
        ("I wrote “how long do I have” to my aunt", "to my aunt"),
        ("she said 'tell a joke' and I want my parcel back", "I want my parcel back"),
        (
            'I want my parcel back, it says "will you come to the feast of the owls '
            'tonight" and it went to the wrong house and nobody should read that now',
            "I want my parcel back",
        ),
    ],
)
def test_what_is_quoted_is_not_what_is_asked(text: str, left: str) -> None:
    shown = ENGLISH.without_quotes(text)
    assert left in shown
    for mark in "\"“”'":
        assert mark not in shown


@pytest.mark.parametrize(
    "text",
    [
        'where is "Call back" in the menu',
        "the button “Stop the delivery” is gone",
        "the card says 'edited' under it",
        'the box says "this parcel was opened" on its side',
        "it isn't the neighbours' parcel, it's mine",
        '"how do I call back my parcel" is what he wants to know',
        'a 12" box and a 14" box',
    ],
)
def test_names_of_menus_apostrophes_and_questions_passed_on_are_kept(text: str) -> None:
    assert ENGLISH.without_quotes(text) == text


def test_a_message_that_is_quoted_does_not_decide_the_topic() -> None:
    quoted = 'I want my parcel back, the card in it says "what is the weather like"'
    assert label(quoted) == "call_back"


def test_nothing_but_a_quotation_of_a_message_leaves_no_words() -> None:
    assert parse_text('"').words == ()


# --- names by their writing


def test_a_capital_makes_an_ambiguous_name_a_service() -> None:
    assert parse_text("My Mole brings it").extraction.values == {"carrier": "mole"}
    assert parse_text("my mole brings it").extraction.values == {}


# --- other scripts


@pytest.mark.parametrize(
    "text",
    [
        "Как вернуть посылку",
        "如何取回包裹",
        "كيف أستعيد الطرد",
        "どうやって荷物を取り戻しますか",
        "πώς παίρνω πίσω το δέμα",
        "Как вернуть my посылку",
    ],
)
def test_another_script_is_another_language(text: str) -> None:
    assert label(text) == toy_bot().nlu.foreign


@pytest.mark.parametrize(
    "text",
    ["how do I call back my pàrcél", "I want my parcel back 🙏🙏🙏", "parcel Δ back"],
)
def test_accents_emoji_and_a_stray_letter_are_no_other_language(text: str) -> None:
    assert label(text) == "call_back"


# --- repair, slots, clauses


def test_slips_are_repaired_and_told() -> None:
    parse = parse_text("how do I cal bakc my parcle")
    assert ("parcle", "parcel") in parse.corrections
    assert label("how do I cal bakc my parcle") == "call_back"


def test_a_repair_is_marked_only_where_it_decided() -> None:
    assert parse_text("a dedline").corrected
    assert not parse_text("I want my parcle back").corrected
    assert not parse_text("is there a deadline").corrected


def test_facts_are_read_beside_the_topic() -> None:
    parse = parse_text("get the heron parcel back, 20 minutes ago")
    assert parse.extraction.values == {"carrier": "heron"}
    assert parse.extraction.age is not None
    assert label("get the heron parcel back") == "call_back"


def test_a_slip_in_a_name_is_repaired_before_facts_are_read() -> None:
    assert parse_text("get a herron parcel back").extraction.values == {
        "carrier": "heron"
    }


def test_several_questions_are_told_in_their_order() -> None:
    parse = parse_text("will they know about it? and how long do I have. thanks")
    assert parse.parts == ("gossip", "closing_time")
    assert parse_text("how do I call back my parcel").parts == ()


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("it went to my boss, any way to get it back", [False, True]),
        ("What I need to know is whether she sees it", [True, True]),
        ("the thing I want to know is how long I have", [True]),
        ("I sent it on Monday. Too late? Do they keep it?", [True, True]),
    ],
)
def test_a_question_is_told_by_its_words_also_without_a_mark(
    text: str, asks: list[bool]
) -> None:
    assert [piece.asks for piece in clauses.split(text, ENGLISH)] == asks


def test_only_clauses_with_a_topic_of_their_own_count() -> None:
    assert parse_text("xylophone zebra giraffe. how long do I have?").parts == (
        "closing_time",
    )


def test_the_phrases_of_the_book_find_their_own_label() -> None:
    nlu = toy_bot().nlu
    for example in examples(training_data(toy_book()), nlu.spelling):
        assert nlu.model.rank(example.words)[0].label == example.label, example


# --- junk


def test_what_is_beyond_the_longest_text_is_not_looked_at() -> None:
    start = "how do I call back my parcel "
    junk = start + "weather " * 5_000
    parse = parse_text(junk)
    assert len(parse.words) < LONGEST
    assert (
        parse_text(start + " " * LONGEST + "what is the weather like").words
        == parse_text(start).words
    )


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "\x00", "...", "()", "\u202e", "\ufeff", "-", "'", "''", '""'],
)
def test_what_has_no_words_says_nothing(text: str) -> None:
    assert parse_text(text).words == ()


@given(st.text(st.characters(exclude_categories=()), max_size=1_200))
def test_arbitrary_text_is_heard_without_a_fault(text: str) -> None:
    """Lone surrogates too: JSON can carry them."""
    parse = parse_text(text)
    assert isinstance(
        parse.verdict, confidence.Confident | confidence.Ambiguous | confidence.NoMatch
    )
    assert 0 <= parse.verdict.confidence <= 1


@given(st.text(max_size=80))
def test_quotations_are_only_ever_taken_away(text: str) -> None:
    kept = iter(text)
    assert all(char in kept or char == " " for char in ENGLISH.without_quotes(text))


@pytest.mark.slow
def test_the_words_of_the_talk_are_no_slips() -> None:
    nlu = real_bot().nlu
    said = {word for text in real_book().words.every for word in ENGLISH.tokenize(text)}
    assert said >= {"btw", "fyi", "oops"}
    for word in said:
        assert nlu.spelling.correct((word,)).words == (word,)


def test_words_that_say_when_are_no_slips() -> None:
    """Whether the phrases have them or not."""
    spelling = toy_bot().nlu.spelling
    for word in ("midday", "fortnight", "november", "wks"):
        assert spelling.correct([word]).words == (word,)


# --- topics


def test_a_topic_is_as_probable_as_its_labels_together_and_named_by_the_best() -> None:
    model = toy_bot().nlu.model
    words = ENGLISH.tokenize("will the heron know if I unsend my parcel")
    logits = model.logits(words)[: len(model.labels)].tolist()
    odds = [math.exp(logit) for logit in logits]
    for ranked in model.rank(words):
        name = topic(ranked.label)
        own = [at for at, label in enumerate(model.labels) if topic(label) == name]
        best = max(own, key=logits.__getitem__)
        together = sum(odds[at] for at in own)
        assert (ranked.label, ranked.logit) == (model.labels[best], logits[best])
        assert ranked.probability == pytest.approx(together / sum(odds), rel=1e-4)
        assert ranked.part == pytest.approx(odds[best] / together, rel=1e-4)


# --- the kept weights


def test_the_rows_of_the_features_that_phrases_use_most_lie_together() -> None:
    model = toy_bot().nlu.model
    frequent = [model.rows[at] for at in range(len(model.known))]
    assert sorted(frequent) == list(range(len(model.known)))
    # A rare feature weighs more, so rarity rises from row to row.
    assert list(model.idf) == sorted(model.idf)


def test_no_word_counts_otherwise_for_having_been_met_beside_others() -> None:
    words = ENGLISH.tokenize("unsend my parcel to the heron before she reads it")
    alone = restore(toy_bot().nlu.model.arrays(), ENGLISH, None)
    met = restore(toy_bot().nlu.model.arrays(), ENGLISH, None)
    for one in words[::2]:
        met.rank([one])
    assert met.rank(words) == alone.rank(words)
    assert met.rank(["{platform}", "qzkwj"]) == alone.rank(["{platform}", "qzkwj"])
