"""Text → Parse: what it states and what it is about.

Words are tokenized and corrected, facts extracted, topic and action classified. The
engine knows no knowledge base, no session and no topic by name.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple, Self

from bot.nlu import classifier, entities, put_right, tokenizer, training
from bot.nlu import confidence as levels
from bot.nlu.classifier import LinearClassifier
from bot.nlu.confidence import ConfidenceModel
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.extraction import EntityPatterns, Extraction
from bot.nlu.language import Language
from bot.nlu.put_right import PutRight
from bot.nlu.spelling import SpellingCorrector

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


class Clause(NamedTuple):
    """A clause of a text that is clearly about something by itself."""

    label: str
    confidence: float
    actions: tuple[tuple[str, float], ...]
    """The most probable first."""
    asks: bool
    views: Mapping[str, str] = MappingProxyType({})
    """Wishes on how to answer it."""


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
    clauses: tuple[Clause, ...] = ()
    """Those that are clear, in their order, where there are several."""
    corrected: bool = False
    """Whether the correction of words decided the topic."""
    put_right: PutRight | None = None
    """A slip of the message that the words put right, as they were typed."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The topics of its clauses, each once."""
        return tuple(dict.fromkeys(classifier.topic(c.label) for c in self.clauses))


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
        ordinary: AbstractSet[str] = frozenset(),
        vectors: WordEmbeddings | None = None,
    ) -> Self:
        """An engine; `ordinary` words are no slips, though no phrase may have them."""
        language = data.patterns.language
        spelling = SpellingCorrector(
            vocabulary(data, ordinary), ordinary, language.keyboard
        )
        model = training.fit(examples(data, spelling), language, vectors)
        return cls(
            data.patterns,
            spelling,
            model,
            ConfidenceModel(),
            data.foreign,
        )

    @property
    def language(self) -> Language:
        return self.patterns.language

    def parse(self, text: str, open_slots: frozenset[str] = frozenset()) -> Parse:
        """The meaning of a text, perhaps a bare answer about one of some slots."""
        return self._remembered(text, open_slots)

    @cached_property
    def _remembered(self) -> Callable[[str, frozenset[str]], Parse]:
        """The last text is asked about several times before it is answered."""
        return lru_cache(maxsize=1)(self._parsed)

    def _parsed(self, text: str, open_slots: frozenset[str]) -> Parse:
        language = self.language
        own = language.without_quotes(text[:LONGEST])
        pieces = _pieces(own, language)
        said = tuple(word for piece in pieces for word in piece.words)
        if not said:
            return Parse(())
        if _foreign(text, language.script):
            return Parse(said, verdict=levels.Confident(self.foreign, 1.0))
        mended = self.spelling.correct_each([piece.words for piece in pieces])
        corrections = tuple(pair for piece in mended for pair in piece.corrections)
        words = tuple(word for piece in mended for word in piece.words)
        proper = tokenizer.proper_names(own, language.capitals)
        starts = tuple(accumulate(len(piece.words) for piece in mended[:-1]))
        extraction = entities.extract(self.patterns, words, open_slots, proper, starts)
        predicted = self.model.predict(extraction.masked, _RANKED)
        verdict = levels.judge(predicted.topics, self.confidence)
        sizes = [(len(m.words), p.asks) for m, p in zip(mended, pieces, strict=True)]
        return Parse(
            words,
            corrections,
            extraction,
            predicted.topics,
            verdict,
            predicted.actions,
            tuple(self._clauses(words, extraction, sizes)) if len(sizes) > 1 else (),
            bool(corrections) and self._decided(said, verdict, open_slots),
            self._put_right(own),
        )

    def _put_right(self, text: str) -> PutRight | None:
        """A slip put right, if it is none of ours: "on Teams, not on Slack"."""
        language, forms = self.language, self.language.put_right
        found = put_right.read(text, forms) if forms else None
        if found is None:
            return None
        sides = language.tokenize(f"{found.wrong} {found.right}")
        named = entities.extract(self.patterns, sides, frozenset()).platforms
        return None if named else found

    def _clauses(
        self,
        said: tuple[str, ...],
        extraction: Extraction,
        sizes: list[tuple[int, bool]],
    ) -> Iterator[Clause]:
        """The clear clauses: "how do I unsend it and will she know".

        Of many, in a long story, the first few that ask.
        """
        masked = [*zip(extraction.masked, extraction.positions, strict=True)]
        many = len(sizes) > _MOST_CLAUSES
        left, end = _MOST_CLAUSES, 0
        for size, asks in sizes:
            start, end = end, end + size
            if not left or (many and not asks):
                continue
            left -= 1
            words = [word for word, at in masked if start <= at < end]
            predicted = self.model.predict(words, levels.OFFERED)
            verdict = levels.judge(predicted.topics, self.confidence)
            if isinstance(verdict, levels.Confident):
                views: Mapping[str, str] = {}
                if extraction.views:
                    views = entities.extract(self.patterns, said[start:end]).views
                label, sure = verdict.label, verdict.confidence
                yield Clause(label, sure, predicted.actions, asks, views)

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
        return levels.judge(self.model.rank(words, levels.OFFERED), self.confidence)


class _Piece(NamedTuple):
    """A clause of a text as it was typed."""

    words: tuple[str, ...]
    asks: bool


def _pieces(text: str, language: Language) -> list[_Piece]:
    """The first words of a text, clause by clause; what is too short for one joins the next."""
    pieces: list[_Piece] = []
    rest: tuple[str, ...] = ()
    asks, start, left = False, 0, MOST_WORDS
    for end, next_start, mark in _cuts(text, language):
        piece, start = text[start:end], next_start
        words = language.tokenize(piece)[:left]
        left -= len(words)
        rest += words
        asks |= "?" in mark or bool(language.clauses.asks.match(piece))
        if len(rest) >= _SHORTEST_CLAUSE:
            pieces.append(_Piece(rest, asks))
            rest, asks = (), False
    if rest and pieces:
        last = pieces.pop()
        pieces.append(_Piece((*last.words, *rest), last.asks or asks))
    elif rest:
        pieces.append(_Piece(rest, asks))
    return pieces


def _cuts(text: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Where a clause ends, where the next one begins, and what stands between."""
    clauses, start = language.clauses, 0
    for cut in clauses.cut.finditer(text):
        if clauses.leads_up and cut[0] == ", ":
            # "If I block him, does it go" is one clause.
            few = text.count(" ", start, cut.start()) < _SHORTEST_CLAUSE
            if few or clauses.leads_up.match(text, start):
                continue
        yield *cut.span(), cut[0]
        start = cut.end()
    yield len(text), len(text), ""


_SHORTEST_CLAUSE = 3
"""Words."""
_MOST_CLAUSES = 4
_FEW_WORDS = 60


def _label(verdict: levels.Verdict) -> str | None:
    return verdict.label if isinstance(verdict, levels.Confident) else None


def _foreign(text: str, script: str) -> bool:
    """Whether most letters are of another script than ours."""
    if text.isascii() and script == _LATIN:
        return False
    letters = Counter(filter(str.isalpha, text[:LONGEST]))
    strange = sum(
        number
        for c, number in letters.items()
        if (c > _LAST_LATIN or script != _LATIN)
        and script not in unicodedata.name(c, "")
    )
    return strange * 2 > letters.total()


_LATIN, _LAST_LATIN = "LATIN", "\u024f"


def examples(data: TrainingData, spelling: SpellingCorrector) -> training.Examples:
    """The phrases as the classifier sees them: corrected, names masked."""
    return [
        training.Example(
            entities.extract(
                data.patterns, spelling.correct(_said(phrase, data)).words
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
    language = data.patterns.language
    found = Counter(
        word for phrase, _, _ in data.phrases for word in _said(phrase, data)
    )
    frequent = SpellingCorrector(
        {w: n for w, n in found.items() if n >= _FREQUENT},
        ordinary,
        language.keyboard,
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
