"""A limit that the asker has heard of, held against the one that is known.

"I heard 15 minutes": no message was sent then; the figure is right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.dialogue import branching
from bot.knowledge import time_limits
from bot.knowledge.model import KnowledgeBase
from bot.nlu import durations
from bot.nlu.engine import Parse


def is_told(kb: KnowledgeBase, parse: Parse) -> bool:
    """Whether the only span of a message is a limit that was heard."""
    told = parse.extraction.views.get(kb.roles.slots.figure)
    if not told or told != kb.roles.values.heard:
        return False
    grammar = kb.language.durations
    passed = grammar.ago.search(" ".join(parse.words))
    return passed is None and len(set(durations.spans(parse.words, grammar))) == 1


def supposed(kb: KnowledgeBase, parse: Parse) -> tuple[timedelta, timedelta] | None:
    """The age that is only thought of, "and if 20 minutes had passed"; and its slack."""
    told = parse.extraction.views.get(kb.roles.slots.figure)
    grammar = kb.language.durations
    spans = {*durations.spans(parse.words, grammar)}
    if not told or told != kb.roles.values.supposed or len(spans) != 1:
        return None
    (span,) = spans
    longer = kb.language.holds(parse.words, tuple(grammar.more))
    return (span * 1.25, span / 4) if longer else (span, timedelta(0))


def judged(
    kb: KnowledgeBase,
    facts: Mapping[str, str],
    parse: Parse,
    views: Mapping[str, str],
) -> Mapping[str, str]:
    """Views, where a limit was heard with whether it is the one of the service."""
    slot, values = kb.roles.slots.figure, kb.roles.values
    if not slot or views.get(slot) != values.heard:
        return views
    default, limit = kb.roles.topics.default, kb.roles.claims.limit
    known = branching.value(kb, default, facts, limit)
    told = {*durations.spans(parse.words, kb.language.durations)}
    if len(told) > 1:
        # "Sent 20 minutes ago, and I heard 15" names one limit.
        told.discard(parse.extraction.age or timedelta(0))
    verdict = _verdict(known, told)
    if verdict is None:
        return views
    return {**views, slot: values.borne_out if verdict else values.refuted}


def _verdict(known: str | None, told: set[timedelta]) -> bool | None:
    """Whether a limit is as told; none where that cannot be said."""
    ends = time_limits.limits(known)
    if len(told) != 1 or (ends is None and known != time_limits.NO_LIMIT):
        return None
    if ends is None:
        return False
    low, high = ends
    (figure,) = told
    if low == high:
        return figure == low
    # Between the ends it is one of several figures.
    return None if low <= figure <= high else False
