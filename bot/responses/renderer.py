"""Turn → reply: its text, the notices and buttons beside it, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.dialogue.branching import Slots
from bot.dialogue.turn import (
    Assumed,
    ClockUnknown,
    Corrected,
    Further,
    Outcome,
    Shortened,
    Suggestions,
    Turn,
)
from bot.knowledge.model import KnowledgeBase
from bot.responses import citations, markup, reply_fields
from bot.responses.citations import Uses
from bot.responses.markup import (
    Block,
    Draft,
    Message,
    Note,
    Paragraph,
    Span,
    parse,
)
from bot.responses.outcome_text import Besides, FillContext, OutcomeText
from bot.responses.reply import Citation, Reply
from bot.responses.template_files import Templates


class FilledTemplate(NamedTuple):
    """A filled template, and the claims that it states."""

    blocks: tuple[Block, ...]
    sources: tuple[Citation, ...]
    slots: frozenset[str]
    """The slots that it looks up."""


_REMEMBERED = 250
"""Filled templates kept at most, of up to 14 kB each; a whole book has 2,000, of which
few are asked for again and again."""
_PAIR = 2
"""Services compared in what is kept: of more there are too many choices, and long ones."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)


class Renderer:
    """Templates of one language, ready to be filled from one book."""

    def __init__(self, kb: KnowledgeBase, top: Path, cache: Path | None = None) -> None:
        self.kb = kb
        self._remembered = lru_cache(_REMEMBERED)(self._fresh)
        self.templates = Templates(top, kb.language_code, cache)
        self._texts = OutcomeText(kb, self.templates)

    def reply(self, turn: Turn, now: datetime) -> Reply:
        """What a turn says.

        Raises TemplateFault naming the template, if one cannot be filled.
        """
        said = self._said(turn.outcome, turn.slots, now, turn.further)
        blocks = said.blocks
        if turn.resume:
            # A side question comes back to the step.
            blocks += self._said(turn.resume, turn.session.slots, now).blocks
        blocks = self._put_right(turn, blocks)
        return Reply(
            decision=reply_fields.decision(self.kb, turn.outcome),
            topic=reply_fields.topic(turn.outcome),
            slots=reply_fields.public_slots(self.kb, turn.slots, now),
            confidence=round(turn.confidence, 3),
            suggestions=turn.outcome.topics
            if isinstance(turn.outcome, Suggestions)
            else (),
            message=Message(
                _with(self._notices(turn), blocks), turn.buttons, self.kb.language_code
            ),
            sources=said.sources,
            about=reply_fields.about(self.kb, turn),
            known_as=self._known_as(reply_fields.topic(turn.outcome)),
            place=reply_fields.place(self.kb, turn),
        )

    def depends_on(self, turn: Turn, now: datetime) -> frozenset[str]:
        """The slots on which the words of a turn's outcome depend, besides by its claims."""
        said = self._said(turn.outcome, turn.slots, now, turn.further)
        return said.slots.union(self._texts.always)

    def _known_as(self, topic: str | None) -> str:
        return self.kb.topics[topic].known_as if topic else ""

    def _put_right(self, turn: Turn, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Drafts with their gap filled by a slip that the person put right just now.

        These are a person's words: they pass by what is remembered and by the parser.
        """
        parse = turn.why.parse
        if parse and parse.put_right and parse.put_right.kind in self.kb.put_right:
            _, wrong, right = slip = parse.put_right
            blocks = self._filled(blocks, slip.kind, wrong=wrong, right=right)
        if parse and parse.addressee and any(isinstance(b, Draft) for b in blocks):
            blocks = self._filled(blocks, "addressee", right=parse.addressee)
        if parse and parse.wording:
            blocks = self._filled(blocks, "wording", right=parse.wording)
        if parse and parse.addition:
            filled = self._filled(blocks, "addition", right=parse.addition)
            # Where no gap is left for it, it comes last.
            added = filled != blocks
            blocks = filled if added else markup.with_addition(blocks, parse.addition)
        if parse and parse.signature:
            blocks = markup.with_signature(blocks, parse.signature)
        return blocks

    def _filled(
        self, blocks: tuple[Block, ...], gaps: str, **said: str
    ) -> tuple[Block, ...]:
        """Drafts with gaps filled as a template says: a gap, then its words, by lines."""
        lines = (
            self.templates.fill(f"_put_right/{gaps}.md.j2", **said).strip().split("\n")
        )
        for gap, words in zip(lines[::2], lines[1::2], strict=True):
            blocks = markup.with_gap_filled(blocks, gap, words)
        return blocks

    def _notices(self, turn: Turn) -> tuple[str, ...]:
        """What is said beside the answer; it may hold a person's words."""
        platform = self._texts.platform(turn.slots)
        names = [f"_notices/{_NOTICES[type(notice)]}.md.j2" for notice in turn.notices]
        return tuple(
            self.templates.fill(name, notice=notice, platform=platform).strip()
            for name, notice in zip(names, turn.notices, strict=True)
        )

    def _said(
        self,
        outcome: Outcome,
        known: Slots,
        now: datetime,
        further: tuple[Further, ...] = (),
    ) -> FilledTemplate:
        """What is said of an outcome; the same again is not filled in again.

        Only a known moment makes an answer depend on the clock.
        """
        besides = tuple((f.answer, tuple(sorted(f.slots.items()))) for f in further)
        facts = tuple(sorted(known.items()))
        if self._comes_again(known):
            return self._remembered(outcome, facts, _ANY_TIME, besides)
        return self._fresh(outcome, facts, now, besides)

    def _comes_again(self, known: Slots) -> bool:
        """Whether others will ask about the same: a moment never comes twice."""
        compared = max((value.count("+") + 1 for value in known.values()), default=0)
        return self.kb.roles.slots.time not in known and compared <= _PAIR

    def _fresh(
        self,
        outcome: Outcome,
        known: tuple[tuple[str, str], ...],
        now: datetime,
        besides: tuple[Besides, ...],
    ) -> FilledTemplate:
        uses: Uses = {}
        slots: set[str] = set()
        context = FillContext(dict(known), now, uses, slots)
        text = self._texts.of(outcome, context, besides)
        cited = (
            citations.cited(self.kb, place, use.claim) for place, use in uses.items()
        )
        return FilledTemplate(parse(text), tuple(cited), frozenset(slots))


def _with(notices: tuple[str, ...], blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Notices hold a person's words, so they pass by the templates and the parser."""
    if not notices:
        return blocks
    said = Paragraph(tuple((Span(notice),) for notice in notices))
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Note)), len(blocks))
    return (*blocks[:at], said, *blocks[at:])


_NOTICES = {
    Corrected: "corrected",
    Assumed: "assumed",
    ClockUnknown: "clock_unknown",
    Shortened: "shortened",
}
