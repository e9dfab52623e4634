"""Sentences held against the values that the bot counts with: two places for one fact.

Only what is plain is told: a limit that the sentence does not name, a yes whose sentence
says no. Whether a sentence is true no program can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.errors import Problem
from bot.knowledge import nodes, time_limits
from bot.knowledge.model import ClaimType, KnowledgeBase, Side
from bot.knowledge.unfinished import TODO
from bot.nlu import durations
from bot.nlu.language import Language, StatementPatterns, TimeWords
from bot.tools.check import source_lines

_ANY = ClaimType(about="")
"""What the values of a claim mean that has no type: a topic's own."""


def contrary(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Sentences that do not say what their value says."""
    patterns = kb.language.statements
    for file, name, where, claim in nodes.all_claims(kb) if patterns else ():
        kind = kb.facts.get(name, _ANY)
        for key, side in (("checked", claim.checked), ("guide", claim.guide)):
            if side and (fault := _fault(side, kind, kb.language)):
                line = source_lines.line(top, file, (*where, name, key, "value"))
                message = f"`{name}` is `{side.value}` here, but {fault}: “{side.says}”"
                yield Problem(f"knowledge/{file}", line, message)


def _fault(side: Side, kind: ClaimType, language: Language) -> str:
    """What of a sentence does not go with its value; nothing where all is well."""
    if not side.says or side.value is None or TODO in side.says:
        return ""
    patterns, times = language.statements, language.time_words
    assert patterns
    said = side.says.casefold()
    sentence = patterns.sentence.compiled.split(said, maxsplit=1)[0]
    first = sentence.partition(",")[0]
    named = durations.spans(language.tokenize(side.says), language.durations)
    ends = time_limits.limits(side.value)
    if ends is not None:
        whole = (time_limits.limit_in_words(side.value, times) or "") in said
        return "" if whole or set(ends) <= set(named) else _other_limit(named, times)
    if side.value in kind.yes and patterns.refuses.search(sentence):
        return "the sentence begins with a no"
    if (
        side.value in kind.no
        and patterns.grants.search(first)
        and not patterns.denies.search(first)
    ):
        return "the sentence begins with a yes"
    if side.value in kind.none:
        limited = bool(named) and not patterns.unlimited.search(said)
        return _other_limit(named, times) if limited else _stays(first, patterns)
    return ""


def _stays(first: str, patterns: StatementPatterns) -> str:
    """Whether a sentence that ought to say "none" begins with something."""
    stays = patterns.leaves.search(first) and not patterns.denies.search(first)
    return "the sentence begins with something that stays" if stays else ""


def _other_limit(named: tuple[timedelta, ...], times: TimeWords) -> str:
    if not named:
        return "the sentence names no limit"
    spans = [time_limits.in_words(span, times) for span in named]
    told = " and ".join(dict.fromkeys(spans))
    return f"the sentence speaks of {told}"
