"""Outcome → reply, through templates/; an undefined name is an error.

A claim prints as its sentence and is remembered as used, so that the frame can say
where an answer comes from and no author can forget a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from bot.core import clock, tree
from bot.core.book import UNSURE, Book, Checked, Claim, Guide, Part, Sureness
from bot.core.buttons import HELP
from bot.core.message import Block, Message, Note, Paragraph, Span, parse
from bot.core.outcome import Finished, Miss, Offer, Outcome, Step, Turn
from bot.core.talk import OUT
from bot.core.tree import Answer, Question
from bot.errors import BotError
from bot.reply import Cited, Reply

LANGUAGE = "en"


class TemplateFault(BotError):
    """A template that cannot be filled; knows the place and the reason."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        self.place, self.reason = (path, line), reason
        super().__init__(f"{path}:{line}: {reason}")


class Stated:
    """A claim as templates see it: printed, it is its sentence."""

    def __init__(
        self, name: str, claim: Claim, side: Checked | Guide, uses: Uses
    ) -> None:
        self._name, self._claim, self._side, self._uses = name, claim, side, uses

    def __str__(self) -> str:
        self._uses.note(self._name, self._claim)
        return self._side.says

    @property
    def value(self) -> str | None:
        """What to compare with; reading it is no citation."""
        return self._side.value

    @property
    def sureness(self) -> str | None:
        """Of the check; none where nobody checked."""
        return self._claim.checked.sureness if self._claim.checked else None

    @property
    def steps(self) -> tuple[str, ...]:
        self._uses.note(self._name, self._claim)
        return self._side.steps

    @property
    def limit(self) -> str | None:
        """A duration in words."""
        self._uses.note(self._name, self._claim)
        span = clock.duration(self._side.value)
        return clock.in_words(span) if span else None


class Uses:
    """The claims that a template printed, in their order."""

    def __init__(self) -> None:
        self.claims: dict[str, Claim] = {}

    def note(self, name: str, claim: Claim) -> None:
        self.claims.setdefault(name, claim)


class ClaimsOf(Mapping[str, Stated | None]):
    """The claims that a leaf declared: none where the platform has no such claim.

    One that the leaf did not declare is an undefined name.
    """

    def __init__(
        self, book: Book, answer: Answer, known: tree.Known, uses: Uses
    ) -> None:
        there = book.claims(answer.topic, known)
        self._stated = {
            name: Stated(name, there[name], there[name].lead(book.edition), uses)
            if name in there
            else None
            for name in answer.claims
        }

    def __getitem__(self, name: str) -> Stated | None:
        return self._stated[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stated)

    def __len__(self) -> int:
        return len(self._stated)


@dataclass(frozen=True)
class Other:
    """The side of a claim that did not lead, for the folded note."""

    says: str
    by_guide: bool
    verdict: str | None
    numbers: tuple[int, ...]
    section: str
    sureness: str | None


@dataclass(frozen=True)
class Origin:
    """The sources of an answer's claims of one sureness."""

    titles: tuple[tuple[str, str | None], ...]
    sureness: str
    checked: str
    """When: the day, or the first and the last of several."""


@dataclass(frozen=True)
class Said:
    """A filled template, and the claims that it states."""

    blocks: tuple[Block, ...]
    sources: tuple[Cited, ...]


_REMEMBERED = 2_000
"""Filled templates kept at most; a whole book has about as many."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class Renderer:
    """Templates of one language, ready to be filled from one book."""

    def __init__(self, book: Book, top: Path, cache: Path | None = None) -> None:
        self.book = book
        self._remembered = lru_cache(_REMEMBERED)(self._fresh)
        compiled = None
        if cache is not None:
            with suppress(OSError):
                cache.mkdir(parents=True, exist_ok=True)
                compiled = FileSystemBytecodeCache(str(cache))
        self._jinja = Environment(
            loader=FileSystemLoader(top / "templates" / LANGUAGE),
            undefined=StrictUndefined,
            # A channel escapes the parsed message, see core/message.py.
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
            slots=slots(self.book, turn.known, now),
            confidence=round(turn.confidence, 3),
            suggestions=turn.outcome.topics if isinstance(turn.outcome, Offer) else (),
            message=Message(_with(turn.notices, blocks), turn.buttons),
            sources=said.sources,
        )

    def _said(self, outcome: Outcome, known: tree.Known, now: datetime) -> Said:
        """What is said of an outcome; the same again is not filled in again."""
        # Only a known moment makes an answer depend on the clock.
        moment = now if "sent" in known else _ANY_TIME
        return self._remembered(outcome, tuple(sorted(known.items())), moment)

    def _fresh(
        self, outcome: Outcome, known: tuple[tuple[str, str], ...], now: datetime
    ) -> Said:
        uses, facts = Uses(), dict(known)
        text = self._outcome(outcome, facts, now, uses)
        cited = (self._cited(n, claim, facts) for n, claim in uses.claims.items())
        return Said(parse(text), tuple(cited))

    def _outcome(
        self, outcome: Outcome, known: tree.Known, now: datetime, uses: Uses
    ) -> str:
        match outcome:
            case Question(topic, slot):
                return self._fill(
                    "_ask.md.j2",
                    topic=self.book.topics[topic],
                    ask=self.book.slots[slot].ask,
                    platform=self._platform(known),
                )
            case Offer(topics):
                return self._fill(
                    "_torn.md.j2", topics=[self.book.topics[t] for t in topics]
                )
            case Miss(times, empty):
                menu = [self.book.topics[t] for t in self.book.topics[HELP].next]
                return self._fill("_lost.md.j2", times=times, empty=empty, topics=menu)
            case Step(topic, number, of, text, claim):
                uses.note(claim, self.book.claims(topic, known)[claim])
                return self._fill(
                    "_step.md.j2",
                    number=number,
                    of=of,
                    text=text,
                    platform=self._platform(known),
                    clock=_Clock(self.book, topic, known, now),
                )
            case Finished(topic):
                return self._fill("_finished.md.j2", topic=self.book.topics[topic])
            case Answer():
                return self._answer(outcome, known, now, uses)
        raise AssertionError(outcome)

    def _answer(
        self, answer: Answer, known: tree.Known, now: datetime, uses: Uses
    ) -> str:
        book = self.book
        finer = " ".join(filter(None, (book.slots[s].ask for s in answer.refine)))
        return self._fill(
            f"{answer.topic}/{answer.say}.md.j2",
            topic=book.topics[answer.topic],
            known={name: known.get(name) for name in (*book.slots, "aspect")},
            platform=self._platform(known),
            claims=ClaimsOf(book, answer, known, uses),
            clock=_Clock(book, answer.topic, known, now),
            every=_Every(book, uses),
            finer=finer,
            origins=lambda: self._origins(uses),
            others=lambda: self._others(uses),
            edition=book.edition,
        )

    def _fill(self, name: str, **values: Any) -> str:
        try:
            return self._jinja.get_template(name).render(**values)
        except (TemplateError, KeyError, AttributeError, TypeError) as error:
            path, line = _place(error, name)
            raise TemplateFault(
                path, line, f"{type(error).__name__}: {error}"
            ) from error

    def _platform(self, known: tree.Known) -> str | None:
        platform = self.book.platforms.get(known.get("platform", ""))
        return platform.label if platform else None

    def _origins(self, uses: Uses) -> list[Origin]:
        found = []
        # The least sure first: that is what a reader has to know.
        for sureness in reversed(get_args(Sureness)):
            checks = [
                c.checked
                for c in uses.claims.values()
                if c.checked and c.checked.sureness == sureness
            ]
            if not checks:
                continue
            names = dict.fromkeys(name for check in checks for name in check.source)
            sources = [self.book.sources[name] for name in names]
            titles = tuple((s.title, s.address) for s in sources)
            days = sorted({check.date.isoformat() for check in checks})
            found.append(
                Origin(titles, sureness, " to ".join({days[0]: 0, days[-1]: 0}))
            )
        return found

    def _others(self, uses: Uses) -> list[Other]:
        found: dict[Other, None] = {}
        for claim in uses.claims.values():
            if not (claim.checked and claim.guide):
                continue
            by_guide = claim.lead(self.book.edition) is claim.checked
            if by_guide and claim.checked.verdict == "holds":
                continue
            side: Part = claim.guide if by_guide else claim.checked
            assert isinstance(side, Guide | Checked)
            says = side.says or "; ".join(
                s.replace("**", "").rstrip(".") for s in side.steps
            )
            if not says:
                continue
            other = Other(
                says=says,
                by_guide=by_guide,
                verdict=claim.checked.verdict,
                numbers=claim.guide.numbers,
                section=claim.guide.section,
                sureness=None if by_guide else claim.checked.sureness,
            )
            found.setdefault(other)
        return list(found)

    def _cited(self, name: str, claim: Claim, known: tree.Known) -> Cited:
        platform = known.get("platform")
        full = name
        if platform in self.book.platforms and name in self.book.claims_of(
            platform, known
        ):
            full = f"{platform}.{name}"
        if claim.checked:
            titles = "; ".join(self.book.sources[s].title for s in claim.checked.source)
            date = claim.checked.date.isoformat()
            return Cited(
                full, titles, date, claim.checked.sureness, claim.checked.verdict
            )
        assert claim.guide
        return Cited(full, f"the guide: {claim.guide.section}", None, None, None)


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


class _Clock:
    """How much time is left, as templates ask for it."""

    def __init__(
        self, book: Book, topic: str, known: tree.Known, now: datetime
    ) -> None:
        self._book, self._topic, self._known, self._now = book, topic, known, now

    def __call__(self, claim: str = "window") -> dict[str, str | None]:
        found = tree.clock_of(self._book, self._topic, self._known, self._now, claim)

        def words(span: timedelta | None) -> str | None:
            return None if span is None else clock.in_words(span)

        return {
            "state": found.state,
            "left": words(found.left),
            "hurry": "yes" if found.left and found.left < _HURRY else None,
            "since": "moments" if _just(found.since) else words(found.since),
            "age": words(found.age),
        }


def _just(span: timedelta | None) -> bool:
    return span is not None and span < timedelta(minutes=1)


class _Every:
    """Every service's claims, for comparisons."""

    def __init__(self, book: Book, uses: Uses) -> None:
        self._book, self._uses = book, uses

    def __call__(self, *names: str) -> list[dict[str, Any]]:
        rows = []
        for stem, platform in self._book.platforms.items():
            for kind in platform.kinds or ("",):
                known = {"platform": stem, **({"kind": kind} if kind else {})}
                claims = self._book.claims_of(stem, known)
                label = platform.label
                if kind:
                    label = f"{label}: {platform.kinds[kind].label}"
                values = {
                    n: claims[n].lead(self._book.edition).value if n in claims else None
                    for n in names
                }
                limit = clock.duration(values.get("window"))
                rows.append(
                    {
                        "stem": stem,
                        "label": label,
                        "limit": clock.in_words(limit) if limit else None,
                        "seconds": limit.total_seconds() if limit else None,
                        **values,
                    }
                )
        return rows


def _with(notices: tuple[str, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Notices hold a person's words, so they pass by the templates and the parser."""
    if not notices:
        return blocks
    said = Paragraph(tuple((Span(notice),) for notice in notices))
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Note)), len(blocks))
    return (*blocks[:at], said, *blocks[at:])


def slots(book: Book, known: tree.Known, now: datetime) -> dict[str, str]:
    """What is known, as others see it: no "not sure", `sent` as a duration."""
    found = {k: v for k, v in book.lasting(known).items() if v != UNSURE}
    if "sent" in found:
        found["sent"] = clock.iso(now - clock.moment(found["sent"]))
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
        case Offer():
            return "clarify"
        case Answer(topic) if topic != OUT:
            return "answer"
        case _:
            return "decline"
