"""What services allow, as tables: the five questions, and the verdict by age.

From the typed values of the claims alone. The checked side counts wherever there is one,
also where its sureness is too low to lead an answer; with the edition `guide` the guide's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.knowledge import time_limits
from bot.knowledge.model import Checked, Claim, Guide, KnowledgeBase
from bot.knowledge.roles import ClaimRoles
from bot.nlu.language import TimeWords

QUESTIONS = (
    "Can I take it back?",
    "Until when?",
    "Once it was read?",
    "Will they know?",
    "Can I edit it?",
)
AGES = {
    "1 min": timedelta(minutes=1),
    "10 min": timedelta(minutes=10),
    "50 min": timedelta(minutes=50),
    "3 h": timedelta(hours=3),
    "1 day": timedelta(days=1),
    "3 days": timedelta(days=3),
}
NOTHING = "–"
"""Where a question does not arise."""

_MARKS = {"high": "", "medium": " ~", "low": " ?"}
LEGEND = "~ sureness medium, ? sureness low, – does not arise"

_REMOVAL = {
    "everyone": "Yes",
    "organisation": "Inside the organisation",
    "before_delivery": "Before it leaves",
    "own_side": "Own side only",
    "no": "No",
}
_TRACE = {"note": "A note stays", "none": "No trace"}
_EDIT = {"yes": "Yes", "paid": "With a subscription", "no": "No"}
_READ = {"yes": "Yes", "no": "No"}
_UNCLEAR = "Unclear"


@dataclass(frozen=True)
class Service:
    """A platform, or one of its kinds where it has several."""

    stem: str
    kind: str
    label: str
    claims: Mapping[str, Claim]
    kb: KnowledgeBase

    @property
    def roles(self) -> ClaimRoles:
        return self.kb.roles.claims

    @property
    def words(self) -> TimeWords:
        return self.kb.language.time_words

    def known(self, kb: KnowledgeBase) -> dict[str, str]:
        """The facts that lead to its claims."""
        names = kb.roles.slots
        return {
            names.service: self.stem,
            **({names.kind: self.kind} if names.kind else {}),
        }

    def side(self, name: str) -> Checked | Guide | None:
        claim = self.claims.get(name)
        return claim.judged(self.kb.edition) if claim else None

    def value(self, name: str) -> str | None:
        side = self.side(name)
        return side.value if side else None

    def mark(self, name: str) -> str:
        """How sure a cell is."""
        side = self.side(name)
        return _MARKS[side.sureness] if isinstance(side, Checked) else ""


def services(kb: KnowledgeBase, platform: str | None = None) -> Iterator[Service]:
    """All that somebody has written down, or those of one platform."""
    for stem, entry in kb.platforms.items():
        if stem == kb.roles.values.uncovered or (platform and stem != platform):
            continue
        for kind in entry.kinds or ("",):
            label = entry.label
            if kind:
                label += f": {entry.kinds[kind].label}"
            claims = kb.claims_of(stem, {kb.roles.slots.kind: kind})
            yield Service(stem, kind, label, claims, kb)


def cells(kb: KnowledgeBase) -> tuple[str, ...]:
    """The claims behind the table."""
    roles = kb.roles.claims
    named = (
        *(roles.removal, roles.limit, roles.after_read),
        *(roles.trace, roles.edit, roles.edit_limit),
    )
    return tuple(filter(None, named))  # a part may be played by nobody


def answers(service: Service) -> tuple[str, ...]:
    """The cells of the five questions, each with its mark of sureness."""
    roles = service.roles
    told = (
        (roles.removal, _REMOVAL.get(service.value(roles.removal) or "", _UNCLEAR)),
        (roles.limit, _window(service.value(roles.limit), service.words)),
        (roles.after_read, _word(_READ, service.value(roles.after_read))),
        (roles.trace, _trace(service)),
        (roles.edit, _edit(service)),
    )
    return tuple(
        cell if cell == NOTHING else cell + service.mark(name) for name, cell in told
    )


def _word(words: Mapping[str, str], value: str | None) -> str:
    return NOTHING if value is None else words.get(value, _UNCLEAR)


def _trace(service: Service) -> str:
    """Of a removal that cannot be made there is nothing to see."""
    if service.value(service.roles.removal) in ("no", "own_side"):
        return NOTHING
    return _word(_TRACE, service.value(service.roles.trace))


def _window(value: str | None, words: TimeWords) -> str:
    limit = time_limits.limit_in_words(value, words)
    if limit:
        return limit
    return {None: NOTHING, time_limits.NO_LIMIT: "No limit"}.get(value, _UNCLEAR)


def _edit(service: Service) -> str:
    value = service.value(service.roles.edit)
    said = _word(_EDIT, value)
    if value not in ("yes", "paid"):
        return said
    limit = _window(service.value(service.roles.edit_limit), service.words).lower()
    return f"{said}, {limit}".replace(_UNCLEAR.lower(), "limit unclear")


def verdict(service: Service, age: timedelta) -> str:
    """Whether a message of this age can still be taken back."""
    roles = service.roles
    removal, window = service.value(roles.removal), service.value(roles.limit)
    if removal in ("no", "own_side"):
        return "no"
    if removal not in _REMOVAL:
        return "unclear"
    ends = time_limits.limits(window)
    if ends is None:
        return "yes" if window == time_limits.NO_LIMIT else "yes, limit unclear"
    low, high = ends
    if age >= low:
        return "over" if age >= high else "perhaps"
    if removal == "organisation":
        return "inside the organisation"
    return f"{time_limits.rest(low - age, service.words)} left"


def five(kb: KnowledgeBase, platform: str | None = None) -> str:
    """The five questions as a Markdown table."""
    rows = [(s.label, *answers(s)) for s in services(kb, platform)]
    return table(("Service", *QUESTIONS), rows) + f"\n{LEGEND}\n"


def by_age(kb: KnowledgeBase, platform: str | None = None) -> str:
    """The verdicts by age as a Markdown table."""
    rows = [
        (s.label, *(verdict(s, age) for age in AGES.values()))
        for s in services(kb, platform)
    ]
    return table(("Sent before", *AGES), rows)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table that reads well as plain text too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: tuple[str, ...]) -> str:
        padded = (c.ljust(w) for c, w in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |\n"

    rule = f"|{'|'.join('-' * (w + 2) for w in widths)}|\n"
    return line(head) + rule + "".join(map(line, rows))
