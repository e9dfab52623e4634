"""A phrase without what is a person's own: what remains are words that all people use.

Quotations, addresses, handles and numbers go, and names after "to", "from" or "with".
So does every word that neither the book nor a list of ordinary words knows, whatever it
may be: a name, a password, a slip.
"""

from __future__ import annotations

import re
from collections.abc import Callable

GAP = "…"
"""Where something was."""
LONGEST = 200
"""Characters of a phrase; who writes more tells a story."""

_OPEN, _CLOSE = '"“”„«»‹›`「『', '"“”»«›‹`」』'
_OWN = re.compile(
    "|".join(
        (
            rf"[{_OPEN}].*?(?:[{_CLOSE}]|$)",
            r"(?<!\w)['‘’].*?(?:['‘’](?!\w)|$)",
            r"\S*(?:://|www\.|\bt\.me/)\S*",
            r"\S*@\S*",
            r"\S+\.(?:\w{2,})(?:/\S*)?(?=[\s,;:!?)]|$)",
            r"#\w+",
            r"\S*\d\S*",
            r":.*",  # what follows a colon is often the message itself
        )
    ),
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAMED = (
    "to from with for by called named dear hi hello hey and or is am i'm that's "
    "tell told telling ask asked asking write wrote writing text texted texting "
    "message messaged messaging email emailed mail mailed send sent sending call "
    "contact boss manager friend ex girlfriend boyfriend wife husband partner "
    "colleague coworker client recruiter teacher brother sister mom mum dad cousin "
    "aunt uncle neighbour neighbor landlord crush mr mrs ms dr miss mister"
)
_NAME_AFTER = frozenset(_NAMED.split())
"""Words of which the next may be a name."""


def redact(
    text: str, common: Callable[[str], bool], ours: Callable[[str], bool]
) -> str:
    """The phrase in small letters, or nothing where too little of it is left.

    `common` knows ordinary words, `ours` those of the book.
    """
    text = _OWN.sub(f" {GAP} ", " ".join(text.split()))[:LONGEST]
    found: list[str] = []
    before = ""
    for match in re.finditer(rf"{_WORD.pattern}|{GAP}|[.!?]", text):
        word = match[0]
        if not word[0].isalpha():
            if word == GAP:
                found.append(GAP)
            before = word if word != GAP else before
            continue
        small = word.casefold().replace("’", "'")
        if _is_own(word, small, before, common, ours):
            found.append(GAP)
        else:
            found.append(small)
            before = small
    return _joined(found)


def _is_own(
    word: str,
    small: str,
    before: str,
    common: Callable[[str], bool],
    ours: Callable[[str], bool],
) -> bool:
    if ours(small):
        return False
    # Words all in capitals are but loud.
    named = word[0].isupper() and not word.isupper()
    return named or not common(small) or before in _NAME_AFTER


def _joined(found: list[str]) -> str:
    words = [w for i, w in enumerate(found) if w != GAP or found[i - 1 : i] != [GAP]]
    return " ".join(words) if any(w != GAP for w in words) else ""
