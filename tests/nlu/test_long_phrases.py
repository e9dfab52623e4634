"""Phrases among what people tell beside their question."""

from bot.nlu.long_phrases import told_at_length

ASIDES = ("It was late.", "She has it.", "I am at work.", "He is away.", "It rains.")
PHRASES = [
    (f"how do I call parcel {number} back", "call_back", "") for number in range(80)
]


def test_some_phrases_are_told_within_a_story_and_keep_their_label() -> None:
    told = list(told_at_length(PHRASES, ASIDES))
    assert len(told) == 10
    for text, label, _ in told:
        assert label == "call_back"
        assert any(f"{phrase}?" in text for phrase, _, _ in PHRASES)
        assert any(aside in text for aside in ASIDES)


def test_the_question_stands_last_or_before_the_last_aside() -> None:
    ends = [text.endswith("?") for text, _, _ in told_at_length(PHRASES, ASIDES)]
    assert {True, False} == {*ends}


def test_the_same_phrases_give_the_same_stories() -> None:
    assert [*told_at_length(PHRASES, ASIDES)] == [*told_at_length(PHRASES, ASIDES)]


def test_without_asides_and_of_short_phrases_there_are_none() -> None:
    assert not [*told_at_length(PHRASES, ())]
    assert not [*told_at_length([("thank you", "bows", "")] * 20, ASIDES)]
