"""What was wrong and what is right, where a text says both: "14 May, not 4 May".

Only what holds a digit or begins with a capital is read, so that "do this, not that" is
none. The words fill a draft of the same turn and are kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

from bot.nlu.expressions import Expression

Kind = Literal["figure", "name"]


class PutRightPatterns(NamedTuple):
    """How a language puts a slip right.

    Patterns look at the text as it was typed, with the groups `wrong` and `right`.
    """

    cues: tuple[str, ...]
    """Words of which every form has one."""
    forms: tuple[Expression, ...]
    """Behind a `lead` the two sides are the other way round: "I wrote A, not B"."""
    named: Expression
    """What makes a word with a capital a name: "called"."""
    addressed: tuple[Expression, ...] = ()
    """How a text names whom a draft is to greet, with the group `whom`."""
    signed: Expression | None = None
    """How it names who is to sign, with the group `who`."""
    wished: Expression | None = None
    """How it gives the words that a draft is to have, with the group `words`."""
    added: tuple[Expression, ...] = ()
    """How it gives what a draft is to say as well, with the group `words`."""
    asks: Expression | None = None
    """How it gives what the reader is to be asked, with the group `words`."""
    please: str = "{}"
    """How a draft asks it."""
    to_reader: Callable[[str], Iterable[str]] = lambda words: [words]
    """The clauses of such words, turned to whoever reads the draft."""


class PutRight(NamedTuple):
    kind: Kind
    wrong: str
    right: str


def read(text: str, patterns: PutRightPatterns) -> PutRight | None:
    """The first slip that a text puts right."""
    # Most texts put none right; they need no search for one.
    if not any(cue in text for cue in patterns.cues):
        return None
    for form in patterns.forms:
        if found := form.search(text):
            return _of(found, text, patterns)
    return None


def addressee(text: str, patterns: PutRightPatterns) -> str:
    """Whom a draft is to greet: "her name is Dr. Hill", "a note to Anna"; mostly none."""
    for form in patterns.addressed:
        if found := form.search(text):
            return found["whom"].replace(".", "")
    return ""


def signature(text: str, patterns: PutRightPatterns) -> str:
    """Who signs a draft: "sign it J. Hill"; mostly none."""
    found = patterns.signed and patterns.signed.search(text)
    return found["who"] if found else ""


def wording(text: str, patterns: PutRightPatterns) -> str:
    """The words that a draft is to have: "write something like 'sorry, all'"; mostly none."""
    found = patterns.wished and patterns.wished.search(text)
    return found["words"].strip() if found else ""


def addition(text: str, patterns: PutRightPatterns, capitals: AbstractSet[str]) -> str:
    """What a draft is to say as well: "add that i was tired"; mostly nothing.

    Written out in sentences, with what always has a capital.
    """
    searched = (form.search(text) for form in patterns.added)
    found = next(filter(None, searched), None)
    clauses = [*patterns.to_reader(found["words"].strip())] if found else []
    wish = patterns.asks and patterns.asks.search(text)
    if wish:
        asked = patterns.to_reader(wish["words"].strip())
        clauses += (patterns.please.format(clause) for clause in asked)
    return " ".join(_sentence(clause, capitals) for clause in clauses)


def _sentence(clause: str, capitals: AbstractSet[str]) -> str:
    def written(word: re.Match[str]) -> str:
        return word[0].upper() if word[0].upper() in capitals else word[0]

    words = re.sub(r"\w+", written, clause)
    return f"{words[:1].upper()}{words[1:]}."


def _of(found: re.Match[str], text: str, patterns: PutRightPatterns) -> PutRight | None:
    wrong, right = (found[side].rstrip(".,:'’ ") for side in ("wrong", "right"))
    if found.groupdict().get("lead"):
        wrong, right = right, wrong
    # "Quoted 90 instead of 900": what leads up to a figure is none of it.
    if right[:1].isdigit() and not wrong[:1].isdigit():
        wrong = " ".join(wrong.split()[-len(right.split()) :])
    if wrong == right:
        return None
    figure = any(c.isdigit() for c in wrong + right)
    named = not figure and patterns.named.search(text)
    return PutRight("name" if named else "figure", wrong, right)
