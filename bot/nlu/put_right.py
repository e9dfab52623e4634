"""What was wrong and what is right, where a text says both: "14 May, not 4 May".

Only what holds a digit or begins with a capital is read, so that "do this, not that" is
none. The words fill a draft of the same turn and are kept nowhere.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["figure", "name"]


class PutRight(NamedTuple):
    kind: Kind
    wrong: str
    right: str


def read(text: str) -> PutRight | None:
    """The first slip that a text puts right."""
    for form in _FORMS:
        if found := form.search(text):
            return _of(found, text)
    return None


def _of(found: re.Match[str], text: str) -> PutRight | None:
    wrong, right = (found[side].rstrip(".,:'’ ") for side in ("wrong", "right"))
    if found.groupdict().get("lead"):
        # "It should be A instead of B", "I wrote A, not B": the other way round.
        wrong, right = right, wrong
    if wrong == right:
        return None
    figure = any(c.isdigit() for c in wrong + right)
    named = not figure and _NAMED.search(text)
    return PutRight("name" if named else "figure", wrong, right)


# Every repetition is bounded, so a search takes time in proportion to the text.
_UNIT = (
    r"(?:[A-Z][a-z]{1,11}|[ap]m|%|[$€£]|euros?|dollars?|pounds?|percent|hours?|minutes?"
    r"|days?|weeks?|months?|people|pieces|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b"
)
_FIGURE = rf"(?:[$€£] ?)?\d[\d.,:]{{0,14}}(?:(?:st|nd|rd|th|k)\b)?(?: ?{_UNIT})?"
_CAPITAL = r"\b[A-Z][\w’'-]{1,20}(?: \d{1,4}\b| [A-Z][\w’'-]{1,20})?"
_VALUE = rf"(?:{_FIGURE}|{_CAPITAL})"
_NAME = r"[A-Z][\w-]{1,20}"
_FILLER = r"(?:the |on |at |for |to |by )?"
_IS = r"(?:(?:s?he|they|it|name)(?:['’]s|['’]re| is| are| was)|is|was)"
_SHOULD = r"(?:it |that |this )?(?:should|must) (?:be|have been|have said|say|read) "

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<lead>\b(?:wrote|put|typed|sent|said) {_FILLER})?"
        rf"(?P<right>{_VALUE}),? (?:and )?not {_FILLER}(?P<wrong>{_VALUE})",
        rf"(?P<lead>\b(?:be|been|say|said to be|read|meant|is|it['’]?s) {_FILLER})?"
        rf"(?P<wrong>{_VALUE}),? instead of {_FILLER}(?P<right>{_VALUE})",
        rf"(?P<wrong>{_VALUE}),? (?:but |and |when )?{_SHOULD}{_FILLER}(?P<right>{_VALUE})",
        rf"\b(?:called|addressed|named|greeted) (?:\w{{1,12}} ){{0,3}}(?P<wrong>{_NAME})"
        rf"[,.;]? (?:but |and |when )?(?:\w{{1,5}} )?{_IS} (?:called |really |actually )?"
        rf"(?P<right>{_NAME})",
    )
)
_NAMED = re.compile(r"\b(?:call|called|name|named|addressed|greeted|[Dd]ear)\b")
