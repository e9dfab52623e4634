"""Text → Parse: what it states and what it is about.

Words are tokenized and corrected, facts extracted, topic and action classified. The
engine knows no knowledge base, no session and no topic by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple, Self

from bot.nlu import classifier, entities, tokenizer, training
from bot.nlu import confidence as levels
from bot.nlu.classifier import LinearClassifier
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.extraction import EntityPatterns, Extraction
from bot.nlu.spelling import SpellingCorrector

_QUOTE = re.compile(
    r"(?P<said>\b(?:wrote|write|said|say|saying|says|sent|texted|typed|message|called)"
    r"\W{1,3})?(?:\"(?P<a>[^\"]{2,400})\"|“(?P<b>[^”]{2,400})”"
    r"|(?<!\w)'(?P<c>[^']{2,400})'(?!\w))",
    re.IGNORECASE,
)
_MARKS = frozenset("\"'“")
_QUOTE_WORDS = 5
"""A quotation up to this long may be the name of a menu item and is kept."""

_RANKED = 10
"""Topics that are of interest; a search looks at most of them."""

LONGEST = 1_000
"""Characters that are looked at; a question worth an answer is shorter."""
MOST_WORDS = 200
"""Of them, so many words: of letters and signs apart, a text can hold far more."""


class TrainingData(NamedTuple):
    """What an engine is trained on."""

    patterns: EntityPatterns
    phrases: tuple[tuple[str, str, str], ...]
    """Text, label and action of each."""
    words: tuple[str, ...] = ()
    """Texts whose words count as known, whatever the phrases say."""
    foreign: str = ""
    """The label of what is in another language."""


class Parse(NamedTuple):
    """What one text was understood to say."""

    words: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...] = ()
    """Words put right: as typed, as read."""
    extraction: Extraction = Extraction(())
    ranked: tuple[classifier.Ranked, ...] = ()
    """The best topics, in their order."""
    verdict: levels.Verdict = levels.NoMatch((), 0.0)
    actions: tuple[tuple[str, float], ...] = ()
    """What is or would be done to the message, the most probable first."""
    parts: tuple[str, ...] = ()
    """The topics of its clauses, in their order, where they are several."""
    corrected: bool = False
    """Whether the correction of words decided the topic."""


@dataclass(frozen=True)
class NluEngine:
    """Reads text; made of training data."""

    patterns: EntityPatterns
    spelling: SpellingCorrector
    model: LinearClassifier
    confidence: ConfidenceModel
    foreign: str = ""

    @classmethod
    def train(
        cls,
        data: TrainingData,
        vectors: WordEmbeddings | None = None,
        confidence: ConfidenceModel | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> Self:
        """An engine; `counts` are the words of the phrases, if they are known already."""
        ordinary = vectors.words if vectors else frozenset[str]()
        spelling = SpellingCorrector(counts or vocabulary(data, ordinary), ordinary)
        model = training.fit(examples(data, spelling), vectors)
        return cls(
            data.patterns,
            spelling,
            model,
            confidence or ConfidenceModel(),
            data.foreign,
        )

    def parse(self, text: str, open_slots: frozenset[str] = frozenset()) -> Parse:
        """The meaning of a text, perhaps a bare answer about one of some slots."""
        clauses = _clauses(without_quotes(text[:LONGEST]))
        said = tuple(word for clause in clauses for word in clause)
        if not said:
            return Parse(())
        if _foreign(text):
            return Parse(said, verdict=levels.Confident(self.foreign, 1.0))
        mended = self.spelling.correct_each(clauses)
        corrections = tuple(pair for clause in mended for pair in clause.corrections)
        words = tuple(word for clause in mended for word in clause.words)
        extraction = entities.extract(self.patterns, words, open_slots)
        predicted = self.model.predict(extraction.masked, _RANKED)
        verdict = levels.judge(predicted.topics, self.confidence)
        return Parse(
            words,
            corrections,
            extraction,
            predicted.topics,
            verdict,
            predicted.actions,
            self._parts(extraction, [len(clause.words) for clause in mended]),
            bool(corrections) and self._decided(said, verdict, open_slots),
        )

    def _parts(self, extraction: Extraction, lengths: list[int]) -> tuple[str, ...]:
        """The clear topics of clauses: "how do I unsend it and will she know"."""
        if not 1 < len(lengths) <= _MOST_CLAUSES:
            return ()
        found: dict[str, None] = {}
        end = 0
        masked = [*zip(extraction.masked, extraction.positions, strict=True)]
        for length in lengths:
            start, end = end, end + length
            part = [word for word, at in masked if start <= at < end]
            verdict = self._judge(part)
            if isinstance(verdict, levels.Confident):
                found.setdefault(classifier.topic(verdict.label))
        return tuple(found)

    def _decided(
        self,
        said: tuple[str, ...],
        verdict: levels.Verdict,
        open_slots: frozenset[str],
    ) -> bool:
        """Whether the words as they were typed would have led elsewhere.

        Of many words no few slips decide, and all of them would be read twice.
        """
        if len(said) > _FEW_WORDS:
            return False
        masked = entities.extract(self.patterns, said, open_slots).masked
        return _label(self._judge(masked)) != _label(verdict)

    def _judge(self, words: list[str] | tuple[str, ...]) -> levels.Verdict:
        return levels.judge(self.model.rank(words, _RANKED), self.confidence)


def _clauses(text: str) -> list[tuple[str, ...]]:
    """The first words of a text, clause by clause; a very short one joins the next."""
    clauses: list[tuple[str, ...]] = []
    rest: tuple[str, ...] = ()
    left = MOST_WORDS
    for clause in _CLAUSE.split(text):
        words = tokenizer.tokenize(clause)[:left]
        left -= len(words)
        rest += words
        if len(rest) >= _SHORTEST_CLAUSE:
            clauses.append(rest)
            rest = ()
    if rest:
        clauses[-1:] = [(*clauses[-1], *rest)] if clauses else [rest]
    return clauses


_CLAUSE = re.compile(
    r"[?!.;\n]+|,? \b(?=(?:and|also|plus|but)\b (?:also |then )?"
    r"(?:will|does|do|did|can|could|is|are|how|what|when|why|would|should|who|where)"
    r"\b)",
    re.IGNORECASE,
)
_SHORTEST_CLAUSE = 3
"""Words."""
_MOST_CLAUSES = 4
_FEW_WORDS = 60


def _label(verdict: levels.Verdict) -> str | None:
    return verdict.label if isinstance(verdict, levels.Confident) else None


def without_quotes(text: str) -> str:
    """The text without the messages that it quotes: they are not what is asked."""
    if _MARKS.isdisjoint(text):
        return text
    whole = len(text.split())

    def replaced(quote: re.Match[str]) -> str:
        size = len((quote["a"] or quote["b"] or quote["c"]).split())
        # What is mostly a quotation is a question passed on.
        if quote["said"] or _QUOTE_WORDS < size < whole / 2:
            return f"{quote['said'] or ''} "
        return quote[0]

    return _QUOTE.sub(replaced, text)


def _foreign(text: str) -> bool:
    """Whether most letters are of another script than ours."""
    if text.isascii():
        return False
    letters = [c for c in text[:LONGEST] if c.isalpha()]
    strange = sum(
        c > "\u024f" and "LATIN" not in unicodedata.name(c, "") for c in letters
    )
    return bool(letters) and strange * 2 > len(letters)


def examples(data: TrainingData, spelling: SpellingCorrector) -> training.Examples:
    """The phrases as the classifier sees them: corrected, names masked."""
    return [
        training.Example(
            entities.extract(
                data.patterns, spelling.correct(_said(phrase)).words
            ).masked,
            label,
            action,
        )
        for phrase, label, action in data.phrases
    ]


def vocabulary(
    data: TrainingData, ordinary: AbstractSet[str] = frozenset()
) -> Counter[str]:
    """How often the phrases use a word; those of names and of the talk count once more.

    A slip in a phrase is no word: a rare word that is no ordinary one and that frequent
    words would correct.
    """
    found = Counter(word for phrase, _, _ in data.phrases for word in _said(phrase))
    frequent = SpellingCorrector(
        {w: n for w, n in found.items() if n >= _FREQUENT}, ordinary
    )
    rare = [w for w, n in found.items() if n <= _RARE and w not in ordinary]
    for word in rare:
        if frequent.correct([word]).corrections:
            del found[word]
    found.update(data.patterns.vocabulary)
    found.update({word for text in data.words for word in tokenizer.tokenize(text)})
    return found


_RARE, _FREQUENT = 2, 20


def _said(phrase: str) -> tuple[str, ...]:
    return tokenizer.tokenize(without_quotes(phrase))
