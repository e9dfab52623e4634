"""What is particular to a language: how it is typed, read, and says spans of time.

Each is a file or a folder of `languages/`. A book names its own, and whatever reads or
writes its words asks the language of the book.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import Stemmer

from bot.nlu.clock_times import ClockGrammar
from bot.nlu.dates import DateGrammar
from bot.nlu.durations import DurationGrammar
from bot.nlu.expressions import Expression
from bot.nlu.put_right import PutRightPatterns
from bot.nlu.spelling import Inflection, SpellingCorrector
from bot.nlu.tokenizer import LONGEST_WORD, PLAIN, Contractions, Tokenizer

QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""The rows of a keyboard, each a little to the right of the one above."""
DeedReader = Callable[[Sequence[str], int, int, AbstractSet[str]], bool]
"""Whether the verb from start to end of a sentence is what the asker did to a message;
the last are objects that are none."""


class ClausePatterns(NamedTuple):
    """How a text falls into clauses, and what of it is a quotation."""

    cut: Expression
    """What stands between two clauses."""
    asks: Expression
    """How a clause begins that is a question."""
    quotation: Expression
    """A message that is quoted: groups `a`, `b` or `c`, `said` where words announce it."""
    leads_up: Expression | None = None
    """How a clause begins that a comma does not part from the next; None where a comma
    alone parts none."""
    begins: Expression | None = None
    """Where a question begins in a stretch without marks."""
    inverts: Expression | None = None
    """Where a question stands behind what is told: "if I delete it will they know"."""


class NamingWords(NamedTuple):
    """Words that tell what the name of a service beside them is to the message."""

    denial: str
    """Before a name: it was not sent there."""
    denied: frozenset[str]
    """Before a state: it is no question whether it is so, "not read"."""
    between: frozenset[str]
    """Between the denial and the name."""
    owned: frozenset[str]
    """Between a word for a direction and the name."""
    at: frozenset[str]
    """What a name itself may begin with: "on x"."""
    carried: frozenset[str]
    """Before the name of the service that it was sent on."""
    carries: frozenset[str]
    """The same, where several are named: "a link to X over Y"."""
    towards: frozenset[str]
    """Before the name of the service to which it went."""
    joins: frozenset[str]
    """Between the names of a list."""
    moved: frozenset[str] = frozenset()
    """Before `towards` and the name of the service that a talk went on with."""
    left: frozenset[str] = frozenset()
    """Words of a line that may speak of what stayed behind in such a move."""
    asked_too: frozenset[str] = frozenset()
    """Right before a name of which the same is asked: "what about x"."""
    same: frozenset[str] = frozenset()
    """One of the two words before such a name: "same question for x"."""
    holding: frozenset[str] = frozenset()
    """Up to three words before a name: somebody has it, "they use x"."""
    holders: frozenset[str] = frozenset()
    """Right before one of these: it is not who asks."""


class TimeWords(NamedTuple):
    """How spans and months are written."""

    seconds: tuple[str, ...]
    """The forms of the unit, chosen by `plural`."""
    minutes: tuple[str, ...]
    hours: tuple[str, ...]
    days: tuple[str, ...]
    months: tuple[str, ...]
    between: str
    """Two ends of a range: "{} to {}"."""
    almost: str
    about: str
    at_least: str
    vague: str
    """A span of which next to nothing is known."""
    moments: str
    """One of less than a minute."""
    ahead: str
    """How far ahead a moment is: "in {}"."""
    day: str
    """The `{day}` of a `{month}`, with the `{time}`."""
    month: str
    """A `{month}` of a `{year}`."""
    plural: Callable[[int], int] = lambda n: int(n != 1)
    """Which of a unit's forms goes with a number."""


class StatementPatterns(NamedTuple):
    """What `takeback check` holds a claim's sentence against its value by."""

    refuses: Expression
    grants: Expression
    denies: Expression
    leaves: Expression
    unlimited: Expression
    sentence: Expression
    """Where the first statement of a claim ends."""


@dataclass(frozen=True, repr=False, eq=False)
class Language:
    """How one language is cut into words and clauses, and how it tells times."""

    code: str
    """By ISO 639-1; the folder of its templates and vectors."""
    stemmer: str
    """Its algorithm in the Snowball library."""
    clauses: ClausePatterns
    naming: NamingWords
    durations: DurationGrammar
    clock: ClockGrammar
    dates: DateGrammar
    time_words: TimeWords
    contractions: Contractions = PLAIN
    capitals: frozenset[str] = frozenset()
    """Words that have a capital and are no names: "I"."""
    told: DeedReader | None = None
    """None where a verb in the past is never taken for what the asker did."""
    put_right: PutRightPatterns | None = None
    """None where it is not read what a text says was wrong and is right."""
    inflected: bool = False
    """Whether a word has so many forms that most are in no list: one is no slip."""
    keyboard: tuple[str, ...] = QWERTY
    script: str = "LATIN"
    """What the Unicode names of its letters begin with."""
    statements: StatementPatterns | None = None
    """None where sentences are left unchecked."""

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer(self.contractions)

    @cached_property
    def tokenize(self) -> Callable[[str], tuple[str, ...]]:
        """The words of a text."""
        return self._tokenizer.tokenize

    def groups(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Groups of words that a book names, each as a line."""
        return self._tokenizer.groups(texts)

    def holds(self, said: Collection[str], texts: tuple[str, ...]) -> bool:
        """Whether one of these groups of words stands anywhere among words."""
        return self._tokenizer.holds(said, texts)

    @cached_property
    def times(self) -> frozenset[str]:
        """The words by which it says when."""
        spans, clock = self.durations, self.clock
        said = (*spans.units, *spans.numbers, *spans.cues, *self.dates.cues)
        told = (*clock.hours, *clock.named, *clock.steps, *clock.day_words)
        return frozenset(word for name in (*said, *told) for word in name.split())

    def stem(self, word: str) -> str:
        """The part of a word that its forms share; what is too long for one is its own."""
        return str(self._stemmer.stemWord(word)) if len(word) <= LONGEST_WORD else word

    def corrector(
        self, vocabulary: Mapping[str, int], ordinary: AbstractSet[str] = frozenset()
    ) -> SpellingCorrector:
        """What puts its words right, given how often a book uses each that it has."""
        forms = Inflection(self.stem, self.times) if self.inflected else None
        return SpellingCorrector(vocabulary, ordinary, self.keyboard, forms)

    @cached_property
    def _stemmer(self) -> Stemmer.Stemmer:
        # Its own cache is not bounded by us.
        return Stemmer.Stemmer(self.stemmer, 0)

    def without_quotes(self, text: str) -> str:
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

        return self.clauses.quotation.sub(replaced, text)


_MARKS = frozenset("\"'“«")
_QUOTE_WORDS = 5
"""A quotation up to this long may be the name of a menu item and is kept."""
