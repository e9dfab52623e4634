"""What a phrase would change: the model is fitted with it, and known questions asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.model import KnowledgeBase
from bot.nlu import engine, entities, tokenizer, training
from bot.nlu.classifier import LinearClassifier
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine

Words = tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A question of which the right label is known."""

    text: str
    label: str


@dataclass(frozen=True)
class Change:
    """A known question that would change sides."""

    known: Known
    before: str
    after: str

    @property
    def better(self) -> bool:
        return self.after == self.known.label

    @property
    def worse(self) -> bool:
        return self.before == self.known.label

    def __str__(self) -> str:
        mark = "+" if self.better else "-" if self.worse else "~"
        return f"{mark} {self.known.text}: {self.before} → {self.after}"


def with_phrase(kb: KnowledgeBase, phrase: str, label: str) -> KnowledgeBase:
    """The book with a phrase under a label, and under no other."""
    said = tokenizer.tokenize(phrase)
    phrases = {
        name: tuple(p for p in there if tokenizer.tokenize(p) != said)
        for name, there in kb.phrases.items()
    }
    phrases[label] = (*phrases.get(label, ()), phrase)
    return kb.model_copy(update={"phrases": phrases})


def phrases(kb: KnowledgeBase) -> list[Known]:
    """The book's own, as known questions."""
    return [Known(p, label) for label, there in kb.phrases.items() for p in there]


def tried(
    before: NluEngine,
    phrase: str,
    label: str,
    known: Sequence[Known],
    vectors: WordEmbeddings | None,
) -> list[Change]:
    """The known questions that would change sides, the worst first."""
    kb = with_phrase(before.kb, phrase, label)
    lexicon = entities.entity_patterns(kb)
    model = training.fit(engine.examples(kb, lexicon, before.spelling), vectors)
    asked = list(_masked(before, known))
    corrections = [
        Change(one, was, becomes)
        for one, was, becomes in zip(
            known, _labels(before.model, asked), _labels(model, asked), strict=True
        )
        if was != becomes
    ]
    return sorted(corrections, key=lambda c: (c.better, not c.worse, c.known.text))


def _masked(parse: NluEngine, known: Iterable[Known]) -> Iterator[Words]:
    for one in known:
        said = parse.spelling.correct(
            tokenizer.tokenize(engine.without_quotes(one.text))
        ).words
        yield entities.extract(parse.lexicon, said).masked


def _labels(model: LinearClassifier, asked: Iterable[Words]) -> Iterator[str]:
    """What each is taken for; a topic, where only that is known of any."""
    for masked in asked:
        ranked = model.rank(masked)
        yield ranked[0].label if ranked else ""
