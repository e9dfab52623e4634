"""Phrases among what people tell beside their question, for the training alone.

Phrases are short, and people in trouble write stories: without these the words of the
story ("she has read it", "I am an admin") count as much as those of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_EVERY = 8
"""One phrase in so many is told at length; more of them help no further."""
_SHORTEST = 4
"""Words of the shortest one: "thanks" is no question within a story."""
_MOST = 3
"""Asides beside a phrase."""
_STRIDES = (7, 31, 43)
"""Steps through the asides, so that the same two seldom meet again."""


def told_at_length(
    phrases: Sequence[tuple[str, str, str]], asides: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Some of the phrases with asides before them, one in three with the last behind.

    Text, label and action; the same phrases give the same texts.
    """
    if not asides:
        return
    long = [phrase for phrase in phrases if len(phrase[0].split()) >= _SHORTEST]
    for number, (text, label, action) in enumerate(long[::_EVERY]):
        count = number % _MOST + 1
        story = [asides[(number * stride) % len(asides)] for stride in _STRIDES[:count]]
        question = text if text[-1] in ".?!" else f"{text}?"
        story.insert(count - (number % 3 == 1), question)
        yield " ".join(story), label, action
