"""What a phrase would change: the model is fitted with it, and known questions asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.knowledge.model import KnowledgeBase
from bot.knowledge.training_data import training_data
from bot.nlu import entities, examples, training
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
class LabelChange:
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
    """The knowledge with a phrase under a label, and under no other."""
    tokenize = kb.language.tokenize
    said = tokenize(phrase)
    kept = {
        name: [
            (text, action)
            for text, action in zip(there, kb.actions_of(name), strict=True)
            if tokenize(text) != said
        ]
        for name, there in kb.phrases.items()
    }
    kept.setdefault(label, []).append((phrase, ""))
    return replace(
        kb,
        phrases={n: tuple(p for p, _ in pairs) for n, pairs in kept.items()},
        phrase_actions={n: tuple(a for _, a in ps) for n, ps in kept.items()},
    )


def phrases(kb: KnowledgeBase) -> list[Known]:
    """The book's own, as known questions."""
    return [Known(p, label) for label, there in kb.phrases.items() for p in there]


def tried(
    before: NluEngine,
    kb: KnowledgeBase,
    known: Sequence[Known],
    vectors: WordEmbeddings | None,
) -> list[LabelChange]:
    """The known questions that would change sides with `kb`, the worst first."""
    told = examples.examples(training_data(kb), before.spelling)
    model = training.fit(told, kb.language, vectors)
    asked = list(_masked(before, known))
    changes = [
        LabelChange(one, was, becomes)
        for one, was, becomes in zip(
            known, _labels(before.model, asked), _labels(model, asked), strict=True
        )
        if was != becomes
    ]
    return sorted(changes, key=lambda c: (c.better, not c.worse, c.known.text))


def _masked(before: NluEngine, known: Iterable[Known]) -> Iterator[Words]:
    language = before.language
    for one in known:
        typed = language.tokenize(language.without_quotes(one.text))
        read = before.spelling.correct(typed).words
        yield entities.extract(before.patterns, read).masked


def _labels(model: LinearClassifier, asked: Iterable[Words]) -> Iterator[str]:
    """What each is taken for; a topic, where only that is known of any."""
    for masked in asked:
        ranked = model.rank(masked)
        yield ranked[0].label if ranked else ""
