"""Whether a verb in the past tells what the asker did: "lo borré", "ya lo he eliminado".

Its ending says who did it, and words in small letters without accents leave "borre" open:
"borré" or "que lo borre". The words before it settle that.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OBJECTS = _set("lo la los las le les")
_REFLEXIVE = _set("se me te nos os")
"""Right before the verb: "que se borre", "me borré de la app"."""
_ADVERBS = _set("ya tambien luego despues enseguida rapido recien casi")
_PERFECT = _set("he hemos habia habiamos")
"""What a verb begins with that cannot be in the subjunctive."""
_DENIED = _set("no nunca tampoco casi sin")
_SUPPOSED = _set("si cuando mientras aunque ojala quiza quizas donde como")
_WISHED = _set(
    "quiero quieres quiere quieren queria pido pide pidio pedi dice dicen dijo diga espero"
    " espera para antes hasta sin haga hace hacer conviene puede necesito mejor"
)
"""Before "que": what follows is to be done yet."""
_DESCRIBING = _set("el la los las mi mis un una unos unas su sus este esta todo toda")
_NEAR = 3


def told(said: Sequence[str], start: int, end: int, things: AbstractSet[str]) -> bool:
    """Whether the verb from `start` to `end` of a sentence is what the asker did to it.

    `things` are objects that are no message: "borré la app".
    """
    before, behind = said[:start], said[end:]
    if before and before[-1] in _REFLEXIVE:
        return False
    at = start
    while at and said[at - 1] in _OBJECTS | _REFLEXIVE | _ADVERBS - _DENIED:
        at -= 1
    lead = said[at - 1] if at else ""
    if {*said[at:start], lead} & _DENIED or _is_another_thing(behind, things):
        return False
    if said[start] in _PERFECT:
        return lead != "si"
    if lead == "que" and at > 1:
        return said[at - 2] not in things and not _WISHED & {*said[: at - 1][-_NEAR:]}
    return lead not in _SUPPOSED and "usted" not in behind[:1]


def _is_another_thing(behind: Sequence[str], things: AbstractSet[str]) -> bool:
    """Whether the object is no message: "mi cuenta", "la app"."""
    named = (word for word in behind[:_NEAR] if word not in _DESCRIBING)
    return next(named, "") in things
