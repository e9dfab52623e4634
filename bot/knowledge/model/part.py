"""What every part of the knowledge is made of.

Parts are plain dataclasses: the file that keeps a book is read without pydantic, whose
import alone takes half as long as a bare interpreter's start. pydantic reads these very
classes where the files of the knowledge are read; see loader.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args, get_origin

UNSURE = "unsure"
"""A slot's value when the person was asked and does not know."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Base of everything in the book.

    It has no field, so two of it would be equal: what is below says itself when it is.
    """

    __pydantic_config__: ClassVar = {
        "extra": "forbid",
        "str_strip_whitespace": True,
        "str_min_length": 1,
    }
    """A text that is written has to say something; see MayBeEmpty."""


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


class MayBeEmpty:
    """In the type of a text: that it is empty says something, too."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.str_schema(min_length=0)


class TextOrMore:
    """In a type of a text or a list or mapping: what is written is judged as what it is.

    Else both would be told to be wrong.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        text, more = sorted(get_args(source), key=_is_text, reverse=True)
        schemas = {
            TEXT: handler.generate_schema(text),
            MORE: handler.generate_schema(more),
        }
        return core_schema.tagged_union_schema(
            schemas, lambda value: TEXT if isinstance(value, str) else MORE
        )


TEXT, MORE = "(text)", "(more)"
"""What stands in the place of a fault for the choice of TextOrMore; no key is so."""


def _is_text(kind: Any) -> bool:
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind is str or get_origin(kind) is Literal


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
