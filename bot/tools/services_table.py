"""What services allow, as tables: the five questions, and the verdict by age.

From the typed values of the claims alone, in the words of `templates/LANGUAGE/_table/`.
The checked side counts wherever there is one, also where its sureness is too low to lead
an answer; with the edition `guide` the guide's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from bot.knowledge import time_limits
from bot.knowledge.model import Checked, Claim, Guide, KnowledgeBase
from bot.knowledge.roles import ClaimRoles
from bot.nlu.language import TimeWords
from bot.responses.renderer import Renderer

AGES = (
    *(timedelta(minutes=minutes) for minutes in (1, 10, 50)),
    *(timedelta(hours=3), timedelta(days=1), timedelta(days=3)),
)
NOTHING = "–"
"""Where a question does not arise."""


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

    def cell(self, name: str) -> Cell:
        """What a table says of a claim."""
        side = self.side(name)
        value = side.value if side else None
        sureness = side.sureness if isinstance(side, Checked) else None
        return Cell(value, time_limits.limit_in_words(value, self.words), sureness)


class Cell(NamedTuple):
    """A claim, as the templates of the tables see it."""

    value: str | None
    limit: str | None
    """The value as a span in words, where it is one."""
    sureness: str | None


class Verdict(NamedTuple):
    """Whether a message of an age can still be taken back."""

    state: str
    """no, unclear, free, open (with no limit that is known), over, perhaps, inside (an
    organisation), left."""
    left: str = ""
    """How long, in words."""


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
    named = _named(kb.roles.claims).values()
    return tuple(filter(None, named))  # a part may be played by nobody


def _named(roles: ClaimRoles) -> dict[str, str]:
    """Part → the claim that plays it."""
    return {
        "removal": roles.removal,
        "limit": roles.limit,
        "after_read": roles.after_read,
        "trace": roles.trace,
        "edit": roles.edit,
        "edit_limit": roles.edit_limit,
    }


def row(service: Service) -> dict[str, Any]:
    """What the templates see of a service: a `Cell` by the part that its claim plays."""
    named = _named(service.roles).items()
    told: dict[str, Any] = {part: service.cell(name) for part, name in named}
    told["ages"] = [verdict(service, age) for age in AGES]
    return {"label": service.label, **told}


def verdict(service: Service, age: timedelta) -> Verdict:
    """Whether a message of this age can still be taken back."""
    kb, roles = service.kb, service.roles
    removal, window = service.value(roles.removal), service.value(roles.limit)
    if removal in kb.facts[roles.removal].no:
        return Verdict("no")
    # Whatever can be taken back has a limit, if only none.
    if removal not in kb.facts[roles.limit].owed_if:
        return Verdict("unclear")
    ends = time_limits.limits(window)
    if ends is None:
        return Verdict("free" if window == time_limits.NO_LIMIT else "open")
    low, high = ends
    if age >= low:
        return Verdict("over" if age >= high else "perhaps")
    if removal in kb.roles.values.set_by_others:
        return Verdict("inside")
    return Verdict("left", time_limits.rest(low - age, service.words))


def five(renderer: Renderer, platform: str | None = None) -> str:
    """The five questions as a Markdown table. Raises TemplateFault."""
    return _filled(renderer, "five", platform)


def by_age(renderer: Renderer, platform: str | None = None) -> str:
    """The verdicts by age as a Markdown table. Raises TemplateFault."""
    return _filled(renderer, "by_age", platform)


def _filled(renderer: Renderer, name: str, platform: str | None) -> str:
    kb = renderer.kb
    text = renderer.templates.fill(
        f"_table/{name}.md.j2",
        rows=[row(service) for service in services(kb, platform)],
        ages=[time_limits.in_words(age, kb.language.time_words) for age in AGES],
    )
    lines = [line for line in text.splitlines() if line.strip()]
    head, *rows = (
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in lines
        if line.startswith("|")
    )
    notes = [line for line in lines if not line.startswith("|")]
    return table(head, rows) + "".join(f"\n{note}\n" for note in notes)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table that reads well as plain text too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: tuple[str, ...]) -> str:
        padded = (c.ljust(w) for c, w in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |\n"

    rule = f"|{'|'.join('-' * (w + 2) for w in widths)}|\n"
    return line(head) + rule + "".join(map(line, rows))
