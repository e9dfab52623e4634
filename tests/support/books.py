"""The toy book and the real one, each read once.

Properties take them from here and not as fixtures, so that a failure does not print a
whole book.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from bot import settings
from bot.app import Assistant, open_assistant
from bot.knowledge import loader
from bot.knowledge.model import KnowledgeBase
from bot.nlu.confidence import ConfidenceModel
from bot.polyglot import Polyglot, open_books

TOY = Path(__file__).parents[1] / "toy"
SPANISH = Path(__file__).parents[1] / "spanish"


@cache
def toy_book() -> KnowledgeBase:
    """A small book about taking back a parcel."""
    return loader.load(TOY)


@cache
def real_book() -> KnowledgeBase:
    return loader.load()


@cache
def toy_bot() -> Assistant:
    """A bot on the toy book, in doubt where a test can tell that it is.

    Its own phrases reach a logit of three or more, nonsense stays around one.
    """
    bot = open_assistant(top=TOY)
    confidence = ConfidenceModel(
        logit=2.0,
        likelihood=0.0,
        bias=-4.0,
        threshold=0.5,
        ambiguity_threshold=0.2,
        suggestion_threshold=0.5,
    )
    return replace(bot, nlu=replace(bot.nlu, confidence=confidence))


@cache
def spanish_bot() -> Assistant:
    """A bot on a small book in Spanish."""
    return open_assistant(top=SPANISH)


@cache
def polyglot() -> Polyglot:
    """A bot on the real book and the Spanish one."""
    return open_books("checked", [SPANISH], cache=settings.cache())


@cache
def real_bot() -> Assistant:
    """A bot on the real book; what was fitted is kept where the program keeps it."""
    return open_assistant(cache=settings.cache())
