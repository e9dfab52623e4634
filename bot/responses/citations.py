"""The claims that an answer states: printed by its template, cited by its note.

A claim prints as its sentence and is remembered as used, so that no author can forget a
source, and so that the trust line rests on the very claims of the first sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, get_args

from bot.dialogue.branching import Slots
from bot.dialogue.tree import Answer
from bot.knowledge import time_limits
from bot.knowledge.model import (
    Checked,
    Claim,
    Depends,
    Guide,
    KnowledgeBase,
    Sureness,
)
from bot.nlu.language import TimeWords
from bot.responses.reply import Citation

UNREAD = "no page read"
"""In place of a source, for those who read replies by program."""


class CitedClaim(NamedTuple):
    """A claim that an answer states."""

    claim: Claim
    side: Checked | Guide
    """The one that is shown."""
    of: str = ""
    """The service, where an answer speaks of several."""
    in_words: bool = True
    """Whether its own sentence was printed, not its steps or its limit alone."""


Uses = dict[str, CitedClaim]
"""The claims that a template printed by their place, in their order."""


class StatedClaim:
    """A claim as templates see it: printed, it is its sentence."""

    def __init__(self, place: str, claim: Claim, kb: KnowledgeBase, uses: Uses) -> None:
        self._place, self._claim, self._uses = place, claim, uses
        self._book, self._side = kb, claim.lead(kb.edition)

    def _cite(self, *, in_words: bool = False) -> None:
        before = self._uses.get(self._place)
        if not before or (in_words and not before.in_words):
            cited = CitedClaim(self._claim, self._side, in_words=in_words)
            self._uses[self._place] = cited

    def __str__(self) -> str:
        self._cite(in_words=True)
        return self._side.says

    @property
    def cell(self) -> StatedClaim:
        """The same for a table, where the check counts however sure it is."""
        cell = StatedClaim(self._place, self._claim, self._book, self._uses)
        cell._side = self._claim.judged(self._book.edition)
        return cell

    @property
    def meant(self) -> str:
        """Nothing to read: cites a claim that the template words itself."""
        self._cite()
        return ""

    @property
    def value(self) -> str | None:
        """What to compare with; reading it is no citation."""
        return self._side.value

    @property
    def sureness(self) -> str | None:
        """Of the check; none where nobody checked."""
        return self._claim.sureness

    @property
    def steps(self) -> tuple[str, ...]:
        self._cite()
        return self._side.steps

    @property
    def limit(self) -> str | None:
        """A duration, or the range of one, in words."""
        self._cite()
        words = self._book.language.time_words
        return time_limits.limit_in_words(self._side.value, words)

    @property
    def depends(self) -> str | None:
        """On what it depends where in that range the limit lies."""
        return self._side.depends


class ClaimsOf(Mapping[str, StatedClaim | None]):
    """The claims that a leaf declared: none where the platform has no such claim.

    One that the leaf did not declare is an undefined name.
    """

    def __init__(
        self, kb: KnowledgeBase, answer: Answer, known: Slots, uses: Uses
    ) -> None:
        there = kb.claims(answer.topic, known)
        self._stated = {
            name: StatedClaim(kb.place(name, known), there[name], kb, uses)
            if name in there
            else None
            for name in answer.claims
        }

    def __getitem__(self, name: str) -> StatedClaim | None:
        return self._stated[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stated)

    def __len__(self) -> int:
        return len(self._stated)


class Trust(NamedTuple):
    """How sure the first sentence of an answer is: the least sure of its claims wins."""

    sureness: Sureness
    official: tuple[str, str | None] | None
    """Whose page confirms it, with its address where one may be linked."""
    as_of: str | None
    """The month of the newest evidence, or its year."""
    doubt: str | None
    """The ends of a limit that lies somewhere between them, in words."""
    depends: Depends | None
    """On what it depends where."""
    menu: bool
    """Whether the app's own menu shows if it is so, as none does for mail."""
    general: bool
    """Of services at large, none of their own files says it."""
    unread: bool
    """Whether no page stands behind a claim that is no surer than this."""


class Other(NamedTuple):
    """The side of a claim that did not lead, for the folded note."""

    says: str
    of: str
    """The service, where an answer speaks of several."""
    by_guide: bool
    verdict: str | None
    numbers: tuple[int, ...]
    section: str
    sureness: str | None


class Origin(NamedTuple):
    """The sources of claims that share them; of several services, of one sureness."""

    titles: tuple[tuple[str, str | None], ...]
    of: tuple[str, ...]
    """In place of their sources, the services of a list of many."""
    sureness: Sureness
    checked: str
    """When: the day, or the first and the last of several."""
    says: tuple[str, ...]
    """The first words of each of these claims that was printed."""
    steps: bool
    """Whether steps come from there."""
    reworded: bool
    """Whether something does that the template says in its own words, as a limit."""
    by_nature: bool
    """Whether they cannot change, so that no page is needed."""


_LEAST_SURE_FIRST: tuple[Sureness, ...] = tuple(reversed(get_args(Sureness)))


def trust(kb: KnowledgeBase, uses: Uses) -> Trust | None:
    """How sure the claims are that were printed so far; none where none was checked.

    Where the service has a word of its own, general claims do not count.
    """
    told = {
        place: check
        for place, use in uses.items()
        if (check := use.claim.checked) and use.side is check
    }
    own = {place: check for place, check in told.items() if _of_service(kb, place)}
    stated = own or told
    if not stated:
        return None
    lowest = min((c.sureness for c in stated.values()), key=_LEAST_SURE_FIRST.index)
    decisive = [check for check in stated.values() if check.sureness == lowest]
    confirmed = [_official(kb, check) for check in stated.values()]
    days = sorted(day for check in decisive if (day := kb.as_of(check)))
    doubtful = next((check for check in stated.values() if _is_doubtful(check)), None)
    roles = kb.roles.claims
    names = {place.rpartition(".")[2] for place in stated}
    # What tells of mail is its Undo, and no menu.
    services = {place.partition(".")[0] for place in own}
    mail = any(kb.removal(stem) in kb.roles.values.mail for stem in services)
    words = kb.language.time_words
    return Trust(
        sureness=lowest,
        official=confirmed[0] if lowest == "high" and all(confirmed) else None,
        as_of=_month(days[0], words) if days else None,
        doubt=time_limits.limit_in_words(doubtful.value, words) if doubtful else None,
        depends=doubtful.depends if doubtful else None,
        menu=bool(names & {roles.removal, *roles.limits}) and not mail,
        general=not own,
        unread=any(not c.source and not c.cannot_change for c in decisive),
    )


def unread(kb: KnowledgeBase, uses: Uses) -> list[str]:
    """What was said so far of a service that no page backs, though it could change."""
    return [
        check.says
        for place, use in uses.items()
        if (check := use.claim.checked)
        and use.side is check
        and not (check.source or check.cannot_change)
        and _of_service(kb, place)
    ]


def _of_service(kb: KnowledgeBase, place: str) -> bool:
    stem, dot, _ = place.partition(".")
    covered = stem in kb.platforms and stem != kb.roles.values.uncovered
    return bool(dot) and covered


def _official(kb: KnowledgeBase, check: Checked) -> tuple[str, str | None] | None:
    """Who stands behind the official page that was read, itself or as a copy."""
    for source in (kb.sources[name] for name in check.source):
        if source.trust in ("official", "mirror"):
            publisher = source.title.partition(",")[0]
            return publisher, source.address if source.trust == "official" else None
    return None


def _is_doubtful(check: Checked) -> bool:
    """Whether the person cannot tell where in a range the limit lies."""
    return time_limits.is_range(check.value) and check.depends != "setting"


def _month(day: str, words: TimeWords) -> str:
    """A date as a person says it who need not know the day: "August 2026"."""
    year, _, rest = day.partition("-")
    if not rest:
        return year
    return words.month.format(month=words.months[int(rest[:2]) - 1], year=year)


def origins(kb: KnowledgeBase, uses: Uses, *, listed: bool = False) -> list[Origin]:
    """Where the claims come from, the least sure first: that is what matters."""
    found: dict[tuple[object, ...], list[CitedClaim]] = {}
    for use in uses.values():
        check = use.claim.checked
        if check:
            lone = check.cannot_change and not check.source
            # Beside others a service's claims would fill a message with their sources.
            finer = () if listed or use.of else (check.source, lone)
            found.setdefault((check.sureness, *finer), []).append(use)
    made = [_origin(kb, together, listed=listed) for together in found.values()]
    return sorted(made, key=lambda one: _LEAST_SURE_FIRST.index(one.sureness))


def _origin(kb: KnowledgeBase, uses: list[CitedClaim], *, listed: bool) -> Origin:
    """Of claims that stand together; there is one at least."""
    of = sorted({use.of for use in uses if use.of and listed}, key=str.casefold)
    checks = [(use.of, use.claim.checked) for use in uses if use.claim.checked]
    told = [check for whose, check in checks if whose not in of]
    names = dict.fromkeys(name for check in told for name in check.source)
    sources = (kb.sources[name] for name in names)
    days = sorted({check.checked.isoformat() for _, check in checks})
    printed = [use for use in uses if use.in_words and use.side.says]
    span = kb.language.time_words.between.format(days[0], days[-1])
    return Origin(
        titles=tuple((source.title, source.address) for source in sources),
        of=tuple(of),
        sureness=checks[0][1].sureness,
        checked=days[0] if len(days) == 1 else span,
        says=tuple(dict.fromkeys(_opening(use.side.says) for use in printed)),
        steps=any(use.side.steps for use in uses),
        reworded=any(not (use.in_words or use.side.steps) for use in uses),
        by_nature=all(check.cannot_change for _, check in checks),
    )


_OPENING = 6
"""Words by which a sentence of an answer is found again."""


def _opening(says: str) -> str:
    """How a claim begins."""
    words = says.split()
    cut = len(words) > _OPENING
    return " ".join(words[:_OPENING]).rstrip(",.;:") + ("…" if cut else "")


def others(uses: Uses) -> list[Other]:
    """The sides that do not lead, each once."""
    found = (_other(use) for use in uses.values())
    return list(dict.fromkeys(other for other in found if other))


def _other(use: CitedClaim) -> Other | None:
    check, guide = use.claim.checked, use.claim.guide
    if not (check and guide):
        return None
    by_guide = use.side is check
    if by_guide and check.verdict == "holds":
        return None
    side = guide if by_guide else check
    says = side.says or "; ".join(s.replace("**", "").rstrip(".") for s in side.steps)
    if not says:
        return None
    return Other(
        says=says,
        of=use.of,
        by_guide=by_guide,
        verdict=check.verdict,
        numbers=guide.numbers,
        section=guide.section,
        sureness=None if by_guide else check.sureness,
    )


def cited(kb: KnowledgeBase, place: str, claim: Claim) -> Citation:
    """A claim as programs read it."""
    if claim.checked:
        named = (kb.sources[name].title for name in claim.checked.source)
        titles = "; ".join(named) or UNREAD
        day = claim.checked.checked.isoformat()
        return Citation(
            place, titles, day, claim.checked.sureness, claim.checked.verdict
        )
    assert claim.guide
    return Citation(place, f"the guide: {claim.guide.section}", None, None, None)
