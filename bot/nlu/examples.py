"""Phrases → what the classifier and the spelling learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from bot.nlu import entities
from bot.nlu.extraction import EntityPatterns
from bot.nlu.spelling import SpellingCorrector


class Example(NamedTuple):
    """A phrase as the classifier sees it."""

    words: tuple[str, ...]
    label: str
    action: str = ""


Examples = Sequence[Example]


class TrainingData(NamedTuple):
    """What an engine is trained on."""

    patterns: EntityPatterns
    phrases: tuple[tuple[str, str, str], ...]
    """Text, label and action of each."""
    words: tuple[str, ...] = ()
    """Texts whose words count as known, whatever the phrases say."""
    foreign: str = ""
    """The label of what is in another language."""
    read: Mapping[str, tuple[str, ...]] = {}
    """Phrases whose words are known already, as the classifier sees them."""


def examples(data: TrainingData, spelling: SpellingCorrector) -> Examples:
    """The phrases as the classifier sees them: corrected, names masked."""
    return [
        Example(data.read.get(phrase) or _masked(phrase, data, spelling), label, action)
        for phrase, label, action in data.phrases
    ]


def _masked(
    phrase: str, data: TrainingData, spelling: SpellingCorrector
) -> tuple[str, ...]:
    read = spelling.correct(_said(phrase, data)).words
    return entities.extract(data.patterns, read).masked


def vocabulary(
    data: TrainingData, ordinary: AbstractSet[str] = frozenset()
) -> Counter[str]:
    """How often the phrases use a word; those of names and of the talk count once more.

    A slip in a phrase is no word: a rare word that is no ordinary one and that frequent
    words would correct.
    """
    language = data.patterns.language
    found = Counter(
        word for phrase, _, _ in data.phrases for word in _said(phrase, data)
    )
    frequent = language.corrector(
        {w: n for w, n in found.items() if n >= _FREQUENT}, ordinary
    )
    rare = [w for w, n in found.items() if n <= _RARE and w not in ordinary]
    for word in rare:
        if frequent.correct([word]).corrections:
            del found[word]
    found.update(data.patterns.vocabulary)
    found.update({word for text in data.words for word in language.tokenize(text)})
    return found


_RARE, _FREQUENT = 2, 20


def _said(phrase: str, data: TrainingData) -> tuple[str, ...]:
    language = data.patterns.language
    return language.tokenize(language.without_quotes(phrase))
