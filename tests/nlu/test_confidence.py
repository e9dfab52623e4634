"""A toy book about parcels: what is learned from it, and how sure one may be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.classifier import Ranked, restore, topic
from bot.nlu.confidence import (
    Ambiguous,
    ConfidenceModel,
    Confident,
    NoMatch,
    judge,
)
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.examples import Example
from bot.nlu.features import features
from bot.nlu.languages.en import LANGUAGE as ENGLISH
from bot.nlu.training import fit

PHRASES = {
    "track": """where is my parcel|track my parcel|has the courier left yet
        when does the van come|show me the way of my shipment|is it on its way
        parcel location please|follow my delivery""",
    "return/how": """how do i send it back|return a parcel|i want to give it back
        how to return the shoes|post it back to the shop|take back my order
        where do i hand in what i return|send back the wrong size""",
    "return/cost": """what does a return cost|is sending it back free
        who pays for the return|return fee|price of posting it back
        do i pay when i send it back|how much is a return label|free returns""",
    "damage": """the box is broken|my parcel arrived damaged|it came in pieces
        the vase is smashed|water got into the box|the lid is torn
        damaged on the way|my order is crushed""",
    "hours": """when do you open|opening hours|are you open on sunday
        when does the shop close|is the counter open now|how late are you there
        closed on holidays|shop hours today""",
}
EXAMPLES = [
    Example(ENGLISH.tokenize(phrase), label)
    for label, text in PHRASES.items()
    for phrase in text.replace("\n", "|").split("|")
]
MODEL = fit(EXAMPLES, ENGLISH)


def ranking(**shares: float) -> tuple[Ranked, ...]:
    """Labels with these probabilities; a double underscore stands for the stroke."""
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return tuple(
        Ranked(name.replace("__", "/"), float(np.log(share)) + 5, share)
        for name, share in ordered
    )


def test_every_phrase_finds_its_own_label() -> None:
    for words, label, _ in EXAMPLES:
        assert MODEL.rank(words)[0].label == label


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("could you track the parcels", "track"),
        ("what would returning it cost me", "return/cost"),
        ("the vase arrived broken", "damage"),
        ("are you open on holidays", "hours"),
    ],
)
def test_a_question_in_other_words_finds_its_label(question: str, label: str) -> None:
    assert MODEL.rank(ENGLISH.tokenize(question))[0].label == label


def test_all_topics_are_ranked_and_their_probabilities_add_up() -> None:
    ranked = MODEL.rank(ENGLISH.tokenize("where is my box"))
    assert {topic(one.label) for one in ranked} == set(map(topic, PHRASES))
    assert len(ranked) == len(set(map(topic, PHRASES)))
    shares = [one.probability for one in ranked]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_labels_of_one_topic_do_not_compete() -> None:
    words = ENGLISH.tokenize("what do i pay for the return")
    logits = dict(zip(MODEL.labels, map(float, MODEL.logits(words)), strict=True))
    own = {label: np.exp(logit) for label, logit in logits.items()}
    best, *_ = MODEL.rank(words)
    assert best.label == max(own, key=own.__getitem__) == "return/cost"
    assert best.logit == pytest.approx(logits["return/cost"])
    both = own["return/cost"] + own["return/how"]
    assert best.probability == pytest.approx(both / sum(own.values()), rel=1e-5)
    assert topic("return/how") == topic("return") == "return"


def test_nothing_known_is_no_evidence_for_anything() -> None:
    for words in [(), ("qqqq",), ("👍",)]:
        assert max(one.logit for one in MODEL.rank(words)) < 1
        assert isinstance(judge(MODEL.rank(words), ConfidenceModel()), NoMatch)


def test_marked_words_are_kept_whole() -> None:
    model = fit(
        [Example(("{shop}", "open"), "a"), Example(("shop", "open"), "b")], ENGLISH
    )
    assert model.rank(("{shop}",))[0].label == "a"
    assert not features(("{shop}",), ENGLISH)[1]


def test_vectors_bring_words_together_that_never_met() -> None:
    near, far = [1.0, 0.0], [0.0, 1.0]
    words = ("where", "parcel", "packet", "open", "hours")
    vectors = WordEmbeddings(words, np.array([[0.1, 0.1], near, near, far, far]))
    model = fit(
        [Example(("parcel",), "track"), Example(("hours",), "hours")], ENGLISH, vectors
    )
    assert model.rank(("packet",))[0].label == "track"
    assert MODEL.rank(("packet",))[0].logit < model.rank(("packet",))[0].logit
    assert vectors.words == set(words)


def test_a_vector_is_needed_for_every_word() -> None:
    with pytest.raises(ValueError, match="rows"):
        WordEmbeddings(("one", "two"), np.zeros((1, 2)))


def test_the_same_examples_give_the_same_model() -> None:
    again = fit(list(reversed(EXAMPLES)), ENGLISH)
    question = ENGLISH.tokenize("when does my parcel come back")
    assert [one.label for one in again.rank(question)] == [
        one.label for one in MODEL.rank(question)
    ]


def test_a_model_survives_its_arrays() -> None:
    question = ENGLISH.tokenize("is returning the vase free")
    assert restore(MODEL.arrays(), ENGLISH, None).rank(question) == MODEL.rank(question)
    with pytest.raises(ValueError, match="together"):
        restore({**MODEL.arrays(), "idf": np.zeros(2)}, ENGLISH, None)


def test_one_topic_ahead_is_clear() -> None:
    found = judge(ranking(track=0.8, damage=0.1, hours=0.1), ConfidenceModel())
    assert isinstance(found, Confident)
    assert found.label == "track"


def test_two_topics_alike_are_torn() -> None:
    found = judge(ranking(track=0.46, return__how=0.44, hours=0.1), ConfidenceModel())
    assert isinstance(found, Ambiguous)
    assert found.labels == ("track", "return/how", "hours")


def test_too_little_confidence_is_lost() -> None:
    found = judge(
        ranking(track=0.46, damage=0.44, hours=0.1), ConfidenceModel(bias=-30)
    )
    assert isinstance(found, NoMatch)
    assert found.labels == ("track", "damage", "hours")
    assert judge((), ConfidenceModel()) == NoMatch((), 0.0)


def test_actions_are_told_apart_beside_the_topics() -> None:
    two = [
        Example(("lost", "parcel"), "track", "look"),
        Example(("lost", "letter"), "hours", "look"),
        Example(("send", "parcel"), "track", "post"),
        Example(("send", "letter"), "hours", "post"),
    ]
    found = fit(two, ENGLISH).predict(("send", "parcel"))
    assert found.topics[0].label == "track"
    assert found.actions[0][0] == "post"
    assert sum(share for _, share in found.actions) == pytest.approx(1)
    pair = fit(two[:3], ENGLISH).predict(("send", "letter"))
    assert (pair.topics[0].label, pair.actions[0][0]) == ("hours", "post")


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50)
def test_any_words_get_a_verdict(text: str, threshold: float, margin: float) -> None:
    doubt = ConfidenceModel(threshold=threshold, ambiguity_threshold=margin)
    found = judge(MODEL.rank(ENGLISH.tokenize(text)), doubt)
    assert 0 <= found.confidence <= 1
