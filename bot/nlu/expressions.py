"""Regular expressions that are compiled when they are first used.

Those of a language by which it tells times are long: to compile all of them took a start a
third of a bare interpreter's time, and a question without a time needs none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property


class Expression:
    """A regular expression.

    A search passes over a text that holds none of `needs`, one of which every match has.
    """

    def __init__(self, text: str, flags: int = 0, *, needs: Sequence[str] = ()) -> None:
        self._text, self._flags, self._needs = text, flags, needs

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        return self._searched if self._needs else self.compiled.search

    def _searched(self, text: str) -> re.Match[str] | None:
        if any(word in text for word in self._needs):
            return self.compiled.search(text)
        return None

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        return self.compiled.fullmatch

    @cached_property
    def sub(self) -> Callable[..., str]:
        return self.compiled.sub

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        return self.compiled.finditer
