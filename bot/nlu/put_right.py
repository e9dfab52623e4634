"""What was wrong and what is right, where a text says both: "14 May, not 4 May".

Only what holds a digit or begins with a capital is read, so that "do this, not that" is
none. The words fill a draft of the same turn and are kept nowhere.
"""

from __future__ import annotations

import re
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
