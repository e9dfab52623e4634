"""Outcome → reply, through templates/; an undefined name is an error.

A claim prints as its sentence and is remembered as used, so that the frame can say
where an answer comes from and no author can forget a source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from bot.dialogue import tree
from bot.dialogue.buttons import HELP
from bot.dialogue.policy import OUT
from bot.dialogue.tree import Answer, Question
from bot.dialogue.turn import Fallback, Finished, Outcome, Step, Suggestions, Turn
from bot.errors import BotError
from bot.knowledge import time_limits
from bot.knowledge.model import (
    UNSURE,
    Checked,
    Claim,
    Edition,
    Guide,
    KnowledgeBase,
    Part,
    Sureness,
)
from bot.responses.comparison import ServiceTable
from bot.responses.markup import Block, Message, Note, Paragraph, Span, parse
from bot.responses.reply import Citation, Reply

LANGUAGE = "en"
UNREAD = "no page read"
"""In place of a source, for those who read replies by program."""


class TemplateFault(BotError):
    """A template that cannot be filled; knows the place and the reason."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        self.place, self.reason = (path, line), reason
        super().__init__(f"{path}:{line}: {reason}")


class CitedClaim(NamedTuple):
    """A claim that an answer states."""

    claim: Claim
    side: Checked | Guide
    """The one that is shown."""
    of: str = ""
    """The service, where an answer speaks of several."""


Uses = dict[str, CitedClaim]
"""The claims that a template printed by their place, in their order."""


class StatedClaim:
    """A claim as templates see it: printed, it is its sentence."""

    def __init__(self, place: str, claim: Claim, edition: Edition, uses: Uses) -> None:
        self._place, self._claim, self._uses = place, claim, uses
        self._edition, self._side = edition, claim.lead(edition)

    def _cite(self) -> None:
        self._uses.setdefault(self._place, CitedClaim(self._claim, self._side))

    def __str__(self) -> str:
        self._cite()
        return self._side.says

    @property
    def cell(self) -> StatedClaim:
        """The same for a table, where the check counts however sure it is."""
        cell = StatedClaim(self._place, self._claim, self._edition, self._uses)
        cell._side = self._claim.judged(self._edition)
        return cell

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
        return time_limits.limit_in_words(self._side.value)

    @property
    def depends(self) -> str | None:
        """On what it depends where in that range the limit lies."""
        return self._side.depends


class ClaimsOf(Mapping[str, StatedClaim | None]):
    """The claims that a leaf declared: none where the platform has no such claim.

    One that the leaf did not declare is an undefined name.
    """

    def __init__(
        self, kb: KnowledgeBase, answer: Answer, known: tree.Slots, uses: Uses
    ) -> None:
        there = kb.claims(answer.topic, known)
        self._stated = {
            name: StatedClaim(kb.place(name, known), there[name], kb.edition, uses)
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
    """The sources of an answer's claims of one sureness."""

    titles: tuple[tuple[str, str | None], ...]
    of: tuple[str, ...]
    """In place of their sources, the services of a list of many."""
    sureness: str
    checked: str
    """When: the day, or the first and the last of several."""


class FilledTemplate(NamedTuple):
    """A filled template, and the claims that it states."""

    blocks: tuple[Block, ...]
    sources: tuple[Citation, ...]


_REMEMBERED = 2_000
"""Filled templates kept at most; a whole book has about as many."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class Renderer:
    """Templates of one language, ready to be filled from one book."""

    def __init__(self, kb: KnowledgeBase, top: Path, cache: Path | None = None) -> None:
        self.kb = kb
        self._remembered = lru_cache(_REMEMBERED)(self._fresh)
        compiled = None
        if cache is not None:
            with suppress(OSError):
                cache.mkdir(parents=True, exist_ok=True)
                compiled = FileSystemBytecodeCache(str(cache))
        self._jinja = Environment(
            loader=FileSystemLoader(top / "templates" / LANGUAGE),
            undefined=StrictUndefined,
            # A channel escapes the parsed message, see responses/markup.py.
            autoescape=False,  # noqa: S701
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=_there,
            bytecode_cache=compiled,
        )

    def prepare(self) -> None:
        """Reads all templates, so that an edit changes nothing until a reload."""
        for name in self._jinja.list_templates(extensions=["j2"]):
            self._jinja.get_template(name)

    def reply(self, turn: Turn, now: datetime) -> Reply:
        """What a turn says.

        Raises TemplateFault naming the template, if one cannot be filled.
        """
        said = self._said(turn.outcome, turn.known, now)
        blocks = said.blocks
        if turn.resume:
            # A side question comes back to the step.
            blocks += self._said(turn.resume, turn.session.known, now).blocks
        return Reply(
            decision=_decision(turn.outcome),
            topic=_topic(turn.outcome),
            slots=public_slots(self.kb, turn.known, now),
            confidence=round(turn.confidence, 3),
            suggestions=turn.outcome.topics
            if isinstance(turn.outcome, Suggestions)
            else (),
            message=Message(_with(turn.notices, blocks), turn.buttons),
            sources=said.sources,
        )

    def _said(
        self, outcome: Outcome, known: tree.Slots, now: datetime
    ) -> FilledTemplate:
        """What is said of an outcome; the same again is not filled in again."""
        # Only a known moment makes an answer depend on the clock.
        moment = now if "sent" in known else _ANY_TIME
        return self._remembered(outcome, tuple(sorted(known.items())), moment)

    def _fresh(
        self, outcome: Outcome, known: tuple[tuple[str, str], ...], now: datetime
    ) -> FilledTemplate:
        uses: Uses = {}
        facts = dict(known)
        text = self._outcome(outcome, facts, now, uses)
        cited = (self._cited(place, use.claim) for place, use in uses.items())
        return FilledTemplate(parse(text), tuple(cited))

    def _outcome(
        self, outcome: Outcome, known: tree.Slots, now: datetime, uses: Uses
    ) -> str:
        match outcome:
            case Question(topic, slot):
                return self._fill(
                    "_ask.md.j2",
                    topic=self.kb.topics[topic],
                    ask=self.kb.slots[slot].ask,
                    platform=self._platform(known),
                )
            case Suggestions(topics):
                return self._fill(
                    "_torn.md.j2", topics=[self.kb.topics[t] for t in topics]
                )
            case Fallback(times, empty):
                menu = [self.kb.topics[t] for t in self.kb.topics[HELP].next]
                return self._fill("_lost.md.j2", times=times, empty=empty, topics=menu)
            case Step(topic, number, of, text, claim):
                there = self.kb.claims(topic, known)[claim]
                side = there.lead(self.kb.edition)
                uses[self.kb.place(claim, known)] = CitedClaim(there, side)
                return self._fill(
                    "_step.md.j2",
                    number=number,
                    of=of,
                    text=text,
                    platform=self._platform(known),
                    clock=_TemplateClock(self.kb, topic, known, now),
                )
            case Finished(topic):
                return self._fill("_finished.md.j2", topic=self.kb.topics[topic])
            case Answer():
                return self._answer(outcome, known, now, uses)
        raise AssertionError(outcome)

    def _answer(
        self, answer: Answer, known: tree.Slots, now: datetime, uses: Uses
    ) -> str:
        kb = self.kb
        finer = " ".join(filter(None, (kb.slots[s].ask for s in answer.refine)))
        return self._fill(
            f"{answer.topic}/{answer.say}.md.j2",
            topic=kb.topics[answer.topic],
            known={name: known.get(name) for name in (*kb.slots, "aspect")},
            platform=self._platform(known),
            claims=ClaimsOf(kb, answer, known, uses),
            clock=_TemplateClock(kb, answer.topic, known, now),
            every=ServiceTable(
                kb, lambda place, *use: uses.setdefault(place, CitedClaim(*use))
            ),
            finer=finer,
            shown_steps=tree.shown_steps(kb, answer.topic, known),
            origins=lambda listed=False: self._origins(uses, listed=listed),
            others=lambda: self._others(uses),
            edition=kb.edition,
            again=answer.again,
        )

    def _fill(self, name: str, **values: Any) -> str:
        try:
            return self._jinja.get_template(name).render(**values)
        except (TemplateError, KeyError, AttributeError, TypeError) as error:
            path, line = _place(error, name)
            raise TemplateFault(
                path, line, f"{type(error).__name__}: {error}"
            ) from error

    def _platform(self, known: tree.Slots) -> str | None:
        return self.kb.label(known.get("platform", ""))

    def _origins(self, uses: Uses, *, listed: bool) -> list[Origin]:
        found = []
        # The least sure first: that is what a reader has to know.
        for sureness in reversed(get_args(Sureness)):
            there = [use for use in uses.values() if use.claim.sureness == sureness]
            checks = [(use.of, use.claim.checked) for use in there if use.claim.checked]
            if not checks:
                continue
            of = sorted({of for of, _ in checks if of and listed}, key=str.casefold)
            told = [check for whose, check in checks if whose not in of]
            names = dict.fromkeys(name for check in told for name in check.source)
            sources = [self.kb.sources[name] for name in names]
            titles = tuple((s.title, s.address) for s in sources)
            days = sorted({check.checked.isoformat() for _, check in checks})
            span = " to ".join({days[0]: 0, days[-1]: 0})
            found.append(Origin(titles, tuple(of), sureness, span))
        return found

    def _others(self, uses: Uses) -> list[Other]:
        found: dict[Other, None] = {}
        for use in uses.values():
            claim = use.claim
            if not (claim.checked and claim.guide):
                continue
            by_guide = use.side is claim.checked
            if by_guide and claim.checked.verdict == "holds":
                continue
            other: Part = claim.guide if by_guide else claim.checked
            assert isinstance(other, Guide | Checked)
            says = other.says or "; ".join(
                s.replace("**", "").rstrip(".") for s in other.steps
            )
            if not says:
                continue
            told = Other(
                says=says,
                of=use.of,
                by_guide=by_guide,
                verdict=claim.checked.verdict,
                numbers=claim.guide.numbers,
                section=claim.guide.section,
                sureness=None if by_guide else claim.checked.sureness,
            )
            found.setdefault(told)
        return list(found)

    def _cited(self, place: str, claim: Claim) -> Citation:
        if claim.checked:
            named = (self.kb.sources[s].title for s in claim.checked.source)
            titles = "; ".join(named) or UNREAD
            date = claim.checked.checked.isoformat()
            return Citation(
                place, titles, date, claim.checked.sureness, claim.checked.verdict
            )
        assert claim.guide
        return Citation(place, f"the guide: {claim.guide.section}", None, None, None)


def _there(value: object) -> object:
    """A claim that a service may lack is printed with `or ""`, or not at all."""
    if value is None:
        raise TypeError("prints a claim or value that is not there")
    return value


def _place(error: Exception, name: str) -> tuple[str, int]:
    """The template and line where filling stopped."""
    folder = f"templates/{LANGUAGE}/"
    if isinstance(error, TemplateSyntaxError):
        return folder + (error.name or name), error.lineno
    step = error.__traceback__
    found = (name, 1)
    while step:
        file = step.tb_frame.f_code.co_filename.replace("\\", "/")
        if folder in file:
            found = file.rpartition(folder)[2], step.tb_lineno
        step = step.tb_next
    return folder + found[0], found[1]


_HURRY = timedelta(hours=3)
"""With less than this left, an answer says so."""


class _TemplateClock:
    """How much time is left, as templates ask for it."""

    def __init__(
        self, kb: KnowledgeBase, topic: str, known: tree.Slots, now: datetime
    ) -> None:
        self._book, self._topic, self._known, self._now = kb, topic, known, now

    def __call__(self, claim: str = "window") -> dict[str, str | None]:
        found = tree.clock_of(self._book, self._topic, self._known, self._now, claim)

        # What an admin sets is no limit to count down to.
        removal = tree.value(self._book, self._topic, self._known, "removal")
        left = None if removal == "organisation" else found.left
        return {
            "state": found.state,
            "left": _told(left, found.off, _about),
            "hurry": "yes" if left and left - found.off < _HURRY else None,
            "since": _told(found.since, found.off, _since),
            "age": _told(found.age, found.off, time_limits.in_words),
        }


def _told(
    span: timedelta | None, off: timedelta, exactly: Callable[[timedelta], str]
) -> str | None:
    """A span no more precisely than it is known."""
    if span is None:
        return None
    if off <= span * _FINE:
        return exactly(span)
    least = span - off
    return (
        f"at least {time_limits.in_words(least)}"
        if least > span * _ROUGH
        else "some time"
    )


_FINE, _ROUGH = 0.05, 0.25


def _about(span: timedelta) -> str:
    words = time_limits.rest(span)
    return words if words.startswith("almost") else f"about {words}"


def _since(span: timedelta) -> str:
    return "moments" if span < timedelta(minutes=1) else time_limits.in_words(span)


def _with(notices: tuple[str, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Notices hold a person's words, so they pass by the templates and the parser."""
    if not notices:
        return blocks
    said = Paragraph(tuple((Span(notice),) for notice in notices))
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Note)), len(blocks))
    return (*blocks[:at], said, *blocks[at:])


def public_slots(kb: KnowledgeBase, known: tree.Slots, now: datetime) -> dict[str, str]:
    """What is known, as others see it: no "not sure", `sent` as a duration."""
    found = {k: v for k, v in kb.lasting(known).items() if v != UNSURE}
    if "sent" in found:
        found["sent"] = time_limits.iso(now - time_limits.moment(found["sent"]))
    return found


def _topic(outcome: Outcome) -> str | None:
    match outcome:
        case Question(topic) | Answer(topic) | Step(topic) | Finished(topic):
            return topic
        case _:
            return None


def _decision(outcome: Outcome) -> str:
    match outcome:
        case Question() | Finished():
            return "ask"
        case Step():
            return "answer"
        case Suggestions():
            return "clarify"
        case Answer(topic) if topic != OUT:
            return "answer"
        case _:
            return "decline"
