"""Sentences held against the values that the bot counts with: two places for one fact.

Only what is plain is told: a limit that the sentence does not name, a yes whose sentence
says no. Whether a sentence is true no program can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.errors import Problem
from bot.knowledge import nodes, time_limits
from bot.knowledge.model import KnowledgeBase, Side
from bot.knowledge.unfinished import TODO
from bot.nlu import durations, tokenizer
from bot.tools.check import source_lines

_YES = ("yes", "everyone", "note")
_NO = ("no", "own_side")

_REFUSES = re.compile(
    r"\b(cannot|can not|can't|(does not|doesn't|no longer) works?|never|nothing"
    r"|(is|are) (not possible|impossible)|leaves? (no|none))\b"
)
_GRANTS = re.compile(
    r"\b(can ((also|still|always|most likely) )?be|works?|(is|are) possible|for everyone"
    r"|at any time)\b"
)
_DENIES = re.compile(
    r"\b(not|cannot|can't|no|none|never|nothing|nobody|neither|only|alone|without|unless)\b"
)
_LEAVES = re.compile(r"\b(note|line|gap|mark|notice|placeholder)\b")
_UNLIMITED = re.compile(r"\b(no|not|none|any|always|without)\b")


def contrary(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Sentences that do not say what their value says."""
    for file, name, where, claim in nodes.all_claims(kb):
        for key, side in (("checked", claim.checked), ("guide", claim.guide)):
            if side and (fault := _fault(side)):
                line = source_lines.line(top, file, (*where, name, key, "value"))
                message = f"`{name}` is `{side.value}` here, but {fault}: “{side.says}”"
                yield Problem(f"knowledge/{file}", line, message)


def _fault(side: Side) -> str:
    """What of a sentence does not go with its value; nothing where all is well."""
    if not side.says or side.value is None or TODO in side.says:
        return ""
    said = side.says.casefold()
    sentence = re.split(r"[.:;](?:\s|$)| but ", said, maxsplit=1)[0]
    first = sentence.partition(",")[0]
    named = durations.spans(tokenizer.tokenize(side.says))
    ends = time_limits.limits(side.value)
    if ends is not None:
        whole = (time_limits.limit_in_words(side.value) or "") in said
        return "" if whole or set(ends) <= set(named) else _other_limit(named)
    if side.value in _YES and _REFUSES.search(sentence):
        return "the sentence begins with a no"
    if side.value in _NO and _GRANTS.search(first) and not _DENIES.search(first):
        return "the sentence begins with a yes"
    if side.value == "none":
        limited = bool(named) and not _UNLIMITED.search(said)
        return _other_limit(named) if limited else _stays(first)
    return ""


def _stays(first: str) -> str:
    """Whether a sentence that ought to say "none" begins with something."""
    stays = _LEAVES.search(first) and not _DENIES.search(first)
    return "the sentence begins with something that stays" if stays else ""


def _other_limit(named: tuple[timedelta, ...]) -> str:
    if not named:
        return "the sentence names no limit"
    told = " and ".join(dict.fromkeys(map(time_limits.in_words, named)))
    return f"the sentence speaks of {told}"
