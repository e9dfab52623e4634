"""The doubt that was fitted: missing, or fitted to other phrases than there are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.desk import places
from bot.errors import Problem
from bot.knowledge.loader import DOUBT
from bot.knowledge.model import KnowledgeBase
from bot.nlu import engine

_REMEDY = "run `takeback eval --fit`"


def stale(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """The bot runs all the same; how sure it says it is may be off."""
    name = f"knowledge/{DOUBT}"
    if kb.fitted is None:
        yield Problem(name, 1, f"there is no such file: {_REMEDY}")
    elif kb.fitted.phrases != engine.digest(kb):
        line = places.line(top, DOUBT, ("phrases",))
        yield Problem(name, line, f"fitted to other phrases than these: {_REMEDY}")
