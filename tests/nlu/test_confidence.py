"""A toy book about parcels: what is learned from it, and how sure one may be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.calibrate import calibrate
from bot.nlu.classifier import features, restore
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.ranking import Ambiguous, Confident, NoMatch, Ranked, judge, signals, topic
from bot.nlu.tokenizer import tokenize
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
    (tokenize(phrase), label)
    for label, text in PHRASES.items()
    for phrase in text.replace("\n", "|").split("|")
]
MODEL = fit(EXAMPLES)


def ranking(**shares: float) -> tuple[Ranked, ...]:
    """Labels with these probabilities; a double underscore stands for the stroke."""
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return tuple(
        Ranked(name.replace("__", "/"), float(np.log(share)) + 5, share)
        for name, share in ordered
    )


def test_every_phrase_finds_its_own_label() -> None:
    for words, label in EXAMPLES:
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
    assert MODEL.rank(tokenize(question))[0].label == label


def test_all_topics_are_ranked_and_their_probabilities_add_up() -> None:
    ranked = MODEL.rank(tokenize("where is my box"))
    assert {topic(one.label) for one in ranked} == set(map(topic, PHRASES))
    assert len(ranked) == len(set(map(topic, PHRASES)))
    shares = [one.probability for one in ranked]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_labels_of_one_topic_do_not_compete() -> None:
    words = tokenize("what do i pay for the return")
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
    model = fit([(("{shop}", "open"), "a"), (("shop", "open"), "b")])
    assert model.rank(("{shop}",))[0].label == "a"
    assert not features(("{shop}",))[1]


def test_vectors_bring_words_together_that_never_met() -> None:
    near, far = [1.0, 0.0], [0.0, 1.0]
    words = ("where", "parcel", "packet", "open", "hours")
    vectors = WordEmbeddings(words, np.array([[0.1, 0.1], near, near, far, far]))
    model = fit([(("parcel",), "track"), (("hours",), "hours")], vectors)
    assert model.rank(("packet",))[0].label == "track"
    assert MODEL.rank(("packet",))[0].logit < model.rank(("packet",))[0].logit
    assert vectors.words == set(words)


def test_a_vector_is_needed_for_every_word() -> None:
    with pytest.raises(ValueError, match="rows"):
        WordEmbeddings(("one", "two"), np.zeros((1, 2)))


def test_the_same_examples_give_the_same_model() -> None:
    again = fit(list(reversed(EXAMPLES)))
    question = tokenize("when does my parcel come back")
    assert [one.label for one in again.rank(question)] == [
        one.label for one in MODEL.rank(question)
    ]


def test_a_model_survives_its_arrays() -> None:
    question = tokenize("is returning the vase free")
    assert restore(MODEL.arrays(), None).rank(question) == MODEL.rank(question)
    with pytest.raises(ValueError, match="together"):
        restore({**MODEL.arrays(), "rarity": np.zeros(2)}, None)


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


def test_calibration_tells_the_known_from_the_strange() -> None:
    strange = ["sing me a song", "what is the capital of peru", "my knee hurts"]
    doubt = calibrate(EXAMPLES, negatives=map(tokenize, strange * 10))

    def sure(question: str) -> float:
        return doubt.confidence(signals(MODEL.rank(tokenize(question))))

    assert sure("where is my parcel") > doubt.threshold
    assert sure("who sang that song in peru") < doubt.threshold
    assert 0 <= doubt.margin < 1


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50)
def test_any_words_get_a_verdict(text: str, threshold: float, margin: float) -> None:
    doubt = ConfidenceModel(threshold=threshold, margin=margin)
    found = judge(MODEL.rank(tokenize(text)), doubt)
    assert 0 <= found.confidence <= 1
