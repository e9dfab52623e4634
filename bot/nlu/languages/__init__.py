"""The languages that books may be written in, each in a module named by its code."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bot.nlu.language import Language

HOME = "en"
"""The language of a book that names none."""


def codes() -> tuple[str, ...]:
    """The codes of all of them."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def of(code: str) -> Language:
    """The language of a code. Raises KeyError for one that is not there."""
    if code not in codes():
        raise KeyError(code)
    found = import_module(f"{__name__}.{code}").LANGUAGE
    assert isinstance(found, Language)
    return found
