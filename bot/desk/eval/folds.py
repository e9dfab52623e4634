"""The book's own phrases as questions, put to a mind that has not seen them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from bot.knowledge.model import KnowledgeBase
from bot.nlu import engine, entities, ranking, training
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.ranking import Ranked
from bot.nlu.spelling import SpellingCorrector

FOLDS = 5

_RUN = 8
"""Phrases that stand together were thought of together, and are held out together."""


@dataclass(frozen=True)
class Trial:
    """A phrase, and how the topics stood for it."""

    phrase: str
    label: str
    strange: bool
    """The mind knew no phrase of this label: a question that nobody foresaw."""
    standings: tuple[Ranked, ...]
    """One label a topic, the best first."""

    @property
    def topic(self) -> str:
        return ranking.topic(self.label)

    @property
    def first(self) -> str:
        return ranking.topic(self.standings[0].label)


@dataclass(frozen=True)
class Fold:
    """The phrases that a mind learns from, and those that are put to it."""

    kept: dict[str, tuple[str, ...]]
    held: dict[str, tuple[str, ...]]
    strange: frozenset[str]
    """Labels that are held out whole."""


def folds(kb: KnowledgeBase) -> Iterator[Fold]:
    """Every phrase is held out once; each label out of scope a second time, whole.

    In a book that foresees much, it is what no label stands for that is mistaken for
    a question of the domain.
    """
    labels = sorted(kb.phrases)
    outside = [label for label in labels if _scope(kb, label) == "out"]
    for turn in range(FOLDS):
        strange = frozenset(outside[turn::FOLDS]) if len(outside) > 1 else frozenset()
        kept: dict[str, tuple[str, ...]] = {}
        held: dict[str, tuple[str, ...]] = {}
        for start, label in enumerate(labels):
            phrases = kb.phrases[label]
            run = min(_RUN, max(1, len(phrases) // (2 * FOLDS)))
            out = [
                label in strange or (start + at // run) % FOLDS == turn
                for at in range(len(phrases))
            ]
            pairs = list(zip(phrases, out, strict=True))
            held[label] = tuple(phrase for phrase, gone in pairs if gone)
            if left := tuple(phrase for phrase, gone in pairs if not gone):
                kept[label] = left
        yield Fold(kept, held, strange)


def trials(
    fold: Fold, kb: KnowledgeBase, vectors: WordEmbeddings | None
) -> Iterator[Trial]:
    """What became of the phrases that were held out.

    They go the way of every question: repaired by the words that are left, names
    masked, ranked by what was learned from the rest.
    """
    parse = _mind(kb.model_copy(update={"phrases": fold.kept}), vectors)
    for label, phrases in fold.held.items():
        for phrase in phrases:
            # What is no English takes another way, without doubt.
            if ranked := parse.parse(phrase).ranked:
                yield Trial(
                    phrase,
                    label,
                    label in fold.strange,
                    ranked,
                )


def every(kb: KnowledgeBase, vectors: WordEmbeddings | None) -> list[Trial]:
    """The trials of all folds."""
    return list(chain.from_iterable(trials(f, kb, vectors) for f in folds(kb)))


def _scope(kb: KnowledgeBase, label: str) -> str:
    return kb.topics[ranking.topic(label)].scope


def _mind(kb: KnowledgeBase, vectors: WordEmbeddings | None) -> NluEngine:
    lex = entities.entity_patterns(kb)
    ordinary = vectors.words if vectors else frozenset()
    spelling = SpellingCorrector(engine.vocabulary(kb, lex, ordinary), ordinary)
    model = training.fit(engine.examples(kb, lex, spelling), vectors)
    return NluEngine(kb, lex, spelling, model, ConfidenceModel())
