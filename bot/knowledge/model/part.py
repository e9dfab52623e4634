"""What every part of the knowledge is made of.

Parts are plain dataclasses: the file that keeps a book is read without pydantic, whose
import alone takes half as long as a bare interpreter's start. pydantic reads these very
classes where the files of the knowledge are read; see loader.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

UNSURE = "unsure"
"""A slot's value when the person was asked and does not know."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Base of everything in the book.

    It has no field, so two of it would be equal: what is below says itself when it is.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}


class Must(NamedTuple):
    """In the type of a field: what a value has to pass where files are read."""

    check: Callable[[Any], None]
    """Raises ValueError with what is wrong."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def passed(value: object) -> object:
            self.check(value)
            return value

        return core_schema.no_info_after_validator_function(passed, handler(source))


def at_most(length: int) -> Callable[[str], None]:
    def check(text: str) -> None:
        if len(text) > length:
            raise ValueError(f"may have at most {length} characters")

    return check


def one_letter(text: str) -> None:
    if len(text) != 1:
        raise ValueError("has to be one letter")


def not_empty(values: tuple[object, ...]) -> None:
    if not values:
        raise ValueError("needs at least one")
