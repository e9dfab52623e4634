"""Text → what it states and is about: words, repair, slots, topic, verdict."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from bot.knowledge.model import KnowledgeBase
from bot.nlu import entities, ranking, tokenizer
from bot.nlu.classifier import SETTINGS
from bot.nlu.spelling import SpellingCorrector

FOREIGN = "out_of_scope/language"
"""The label of what is in another language."""

_QUOTE = re.compile(
    r"(?P<said>\b(?:wrote|write|said|say|saying|says|sent|texted|typed|message|called)"
    r"\W{1,3})?(?:\"(?P<a>[^\"]{2,400})\"|“(?P<b>[^”]{2,400})”"
    r"|(?<!\w)'(?P<c>[^']{2,400})'(?!\w))",
    re.IGNORECASE,
)
_MARKS = frozenset("\"'“")
_QUOTE_WORDS = 3
"""A quotation up to this long may be the name of a menu item and is kept."""

_RANKED = 10
"""Topics that are of interest; a search looks at most of them."""

LONGEST = 1_000
"""Characters that are looked at; a question worth an answer is shorter."""


class Parse(NamedTuple):
    """What one text was understood to say."""

    words: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...] = ()
    """Words repaired: as typed, as read."""
    reading: entities.Extraction = entities.Extraction(())
    ranked: tuple[ranking.Ranked, ...] = ()
    """The best topics, in their order."""
    verdict: ranking.Confident | ranking.Ambiguous | ranking.NoMatch = ranking.NoMatch(
        (), 0.0
    )
    parts: tuple[str, ...] = ()
    """The topics of its clauses, in their order, where they are several."""
    repaired: bool = False
    """Whether the repair of words decided the topic."""


@dataclass(frozen=True)
class NluEngine:
    """A book made ready to understand text with."""

    kb: KnowledgeBase
    lexicon: entities.EntityPatterns
    spelling: SpellingCorrector
    model: ranking.LinearClassifier
    doubt: ranking.ConfidenceModel

    def parse(self, text: str, asked: str | None = None) -> Parse:
        """The meaning of a text, after a question about the slot `asked`."""
        clauses = _clauses(without_quotes(text[:LONGEST]))
        said = tuple(word for clause in clauses for word in clause)
        if not said:
            return Parse(())
        if _foreign(text):
            return Parse(said, verdict=ranking.Confident(FOREIGN, 1.0))
        mended = [self.spelling.correct(clause) for clause in clauses]
        corrections = tuple(
            change for clause in mended for change in clause.corrections
        )
        read = tuple(word for clause in mended for word in clause.words)
        reading = entities.extract(self.lexicon, read, asked)
        ranked = self.model.rank(reading.masked, _RANKED)
        verdict = ranking.judge(ranked, self.doubt)
        return Parse(
            read,
            corrections,
            reading,
            ranked,
            verdict,
            self._parts(reading, [len(clause.words) for clause in mended]),
            bool(corrections) and self._decided(said, verdict, asked),
        )

    def _parts(
        self, reading: entities.Extraction, lengths: list[int]
    ) -> tuple[str, ...]:
        """The clear topics of clauses: "how do I unsend it and will she know"."""
        if not 1 < len(lengths) <= _MOST_CLAUSES:
            return ()
        found: dict[str, None] = {}
        end = 0
        for length in lengths:
            start, end = end, end + length
            part = [
                word
                for word, spot in zip(reading.masked, reading.positions, strict=True)
                if start <= spot < end
            ]
            verdict = ranking.judge(self.model.rank(part, _RANKED), self.doubt)
            if isinstance(verdict, ranking.Confident):
                found.setdefault(ranking.topic(verdict.label))
        return tuple(found)

    def _decided(
        self, said: tuple[str, ...], verdict: object, asked: str | None
    ) -> bool:
        """Whether the words as they were typed would have led elsewhere."""
        masked = entities.extract(self.lexicon, said, asked).masked
        typed = ranking.judge(self.model.rank(masked, _RANKED), self.doubt)
        return _label(typed) != _label(verdict)


def _clauses(text: str) -> list[tuple[str, ...]]:
    """The words of a text, clause by clause; what is too short for one joins the next."""
    clauses: list[tuple[str, ...]] = []
    rest: tuple[str, ...] = ()
    for clause in _CLAUSE.split(text):
        rest += tokenizer.tokenize(clause)
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


def _label(verdict: object) -> str | None:
    return verdict.label if isinstance(verdict, ranking.Confident) else None


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


def examples(
    kb: KnowledgeBase, lex: entities.EntityPatterns, spelling: SpellingCorrector
) -> list[tuple[tuple[str, ...], str]]:
    """The book's phrases as the model sees them: mended, names masked, their labels."""
    return [
        (entities.extract(lex, spelling.correct(_said(phrase)).words).masked, label)
        for label, phrases in sorted(kb.phrases.items())
        for phrase in phrases
    ]


def vocabulary(
    kb: KnowledgeBase,
    lex: entities.EntityPatterns,
    ordinary: AbstractSet[str] = frozenset(),
) -> Counter[str]:
    """How often the book uses a word; those of names and of the talk count once more.

    A slip in a phrase is no word of the book: a rare word that is no ordinary one and
    that the book's frequent words would mend.
    """
    found = Counter(
        word
        for phrases in kb.phrases.values()
        for phrase in phrases
        for word in _said(phrase)
    )
    frequent = SpellingCorrector(
        {w: n for w, n in found.items() if n >= _FREQUENT}, ordinary
    )
    rare = [w for w, n in found.items() if n <= _RARE and w not in ordinary]
    for word in rare:
        if frequent.correct([word]).corrections:
            del found[word]
    found.update(lex.vocabulary)
    found.update({word for text in kb.words.every for word in tokenizer.tokenize(text)})
    return found


_RARE, _FREQUENT = 2, 20


def _said(phrase: str) -> tuple[str, ...]:
    return tokenizer.tokenize(without_quotes(phrase))


def digest(kb: KnowledgeBase) -> str:
    """A name for the phrases and the way of fitting that a doubt belongs to."""
    sha = hashlib.sha256(SETTINGS.encode())
    for label, phrases in sorted(kb.phrases.items()):
        sha.update("\n".join((label, *phrases, "")).encode())
    return sha.hexdigest()[:16]
