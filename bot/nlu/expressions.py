"""Regular expressions that are compiled when they are first used.

Those of a language by which it tells times are long: to compile all of them took a start a
third of a bare interpreter's time, and a question without a time needs none.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Expression:
    """A regular expression."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._text)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        return self.compiled.finditer
