"""Services in rows, for templates that compare them.

What counts is what the check found, also where its sureness is too low to lead an
answer: a comparison has no room to say "perhaps" in a sentence, so it marks the row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bot.knowledge import time_limits
from bot.knowledge.memo import Memo
from bot.knowledge.model import Checked, Claim, Guide, KnowledgeBase


class ServiceRow(dict[str, Any]):
    """A service, or one of its kinds: the values of its claims by name.

    Printed, it is its label, and its claims are cited.
    """

    def __init__(
        self, label: str, values: dict[str, Any], cite: Callable[[], None]
    ) -> None:
        super().__init__(values, label=label)
        self._cite = cite

    def __str__(self) -> str:
        self._cite()
        return str(self["label"])


Cite = Callable[[str, Claim, Checked | Guide, str], object]
"""Remembers a claim by its place, with the side that is shown and whose it is."""


class ServiceTable:
    """A row for each service that somebody has written down."""

    def __init__(self, kb: KnowledgeBase, cite: Cite) -> None:
        self._book, self._cite = kb, cite

    def __call__(
        self, *names: str, most_asked: bool = False, besides: str | None = None
    ) -> list[ServiceRow]:
        """The rows with these claims; of those `most_asked` about alone, and one more."""
        shown = self._book.slots[self._book.roles.slots.service].shown
        return [
            self._row(stem, kind, names)
            for stem, platform in self._book.platforms.items()
            if stem != self._book.roles.values.uncovered
            and (not most_asked or stem in (*shown, besides))
            for kind in platform.kinds or ("",)
        ]

    def _row(self, stem: str, kind: str, names: tuple[str, ...]) -> ServiceRow:
        key = (stem, kind, names)
        told = _told.of(self._book, key, lambda: _tell(self._book, *key))

        def cite() -> None:
            for claim in told.claims:
                self._cite(*claim)

        return ServiceRow(told.label, told.values, cite)


class _Told(NamedTuple):
    """What is told of a service, or of one of its kinds."""

    label: str
    values: dict[str, Any]
    claims: tuple[tuple[str, Claim, Checked | Guide, str], ...]
    """As `Cite` takes them."""


_told: Memo[_Told] = Memo()


def _tell(kb: KnowledgeBase, stem: str, kind: str, names: tuple[str, ...]) -> _Told:
    slots, platform = kb.roles.slots, kb.platforms[stem]
    known = {slots.service: stem, slots.kind: kind}
    claims = kb.claims_of(stem, known)
    told = {name: claims[name] for name in names if name in claims}
    own = platform.kinds[kind].claims if kind else {}
    label = (
        f"{platform.label}: {platform.kinds[kind].label}" if kind else platform.label
    )
    sides = {name: claim.judged(kb.edition) for name, claim in told.items()}
    values = dict.fromkeys(names) | {n: s.value for n, s in sides.items()}
    words = kb.language.time_words
    limits = {
        n: said
        for n, v in values.items()
        if (said := time_limits.limit_in_words(v, words))
    }
    main = kb.roles.claims.limit
    cells = {
        "stem": stem,
        "service": platform.label,
        "ways": len(platform.kinds) or 1,
        "limit": limits.get(main),
        "ends": time_limits.limits(values.get(main)),
        "spans": {n: time_limits.limits(v) for n, v in values.items() if n in limits},
        "limits": limits,
        "low": [n for n, c in told.items() if c.sureness == "low"],
        **values,
    }
    cited = (
        (kb.place(n, known), c, sides[n], label if n in own else platform.label)
        for n, c in told.items()
    )
    return _Told(label, cells, tuple(cited))
