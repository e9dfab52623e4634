"""Dataclasses as JSON and back, as the types of their fields say.

For what this program has written itself: it is read in a fraction of the time that the
import of pydantic takes, and a value of another type is refused. What people write is read
by pydantic, which says what is wrong with it and where.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, timedelta
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

T = TypeVar("T")
LATER = "later"
"""Stands in the type of a mapping each of whose parts may wait until it is looked up.

Only then a value of another type is refused.
"""
_SHARED = ""
"""The key of a part's number, where the part stands in a line before; no field has it."""


class _Lines:
    """Lines of JSON, each read when it is first needed: a question needs few."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._read: dict[int, Any] = {}

    def __getitem__(self, number: int) -> Any:
        if number not in self._read:
            self._read[number] = json.loads(self._lines[number])
        return self._read[number]

    def __len__(self) -> int:
        return len(self._lines)


class _Shared(NamedTuple):
    """Parts that stand for several: each is read once."""

    parts: _Lines
    made: dict[tuple[int, type], Any]
    late: bool
    """Whether mappings that may wait do."""


Reader = Callable[[Any, _Shared], Any]
"""Makes a value of what JSON holds. Raises _UnfitError."""


class _UnfitError(ValueError):
    """A value of another type than its place has."""


def encode(value: object) -> str:
    """The JSON of a dataclass. Fields that are as by default are left out."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def encode_sharing(value: object) -> str:
    """The same in lines, the last of which is the whole; equal parts have one line before it.

    Of the nodes in a book's trees three in four do, since files name a branch and point to it.
    """
    numbers: dict[str, int] = {}

    def plain(one: Any) -> Any:
        shown = _plain(one)
        if not is_dataclass(one):
            return shown
        text = written(shown)
        return {_SHARED: numbers.setdefault(text, len(numbers))}

    def written(one: Any) -> str:
        return json.dumps(one, default=plain, ensure_ascii=False, separators=(",", ":"))

    whole = written(value)
    return "\n".join((*numbers, whole))


def decode(kind: type[T], text: str, *, late: bool = False) -> T:
    """The dataclass of a JSON text. Raises ValueError, where it is none of this kind.

    Unknown keys are passed over: a later version of the program may have written them.
    `late` is for who needs little of it: what waits keeps all that was read in memory.
    """
    *parts, whole = text.split("\n")
    shared = _Shared(_Lines(parts), {}, late)
    return cast("T", _reader(cast("Any", kind))(json.loads(whole), shared))


def _plain(value: Any) -> Any:
    """In place of what JSON has no form for."""
    if is_dataclass(value):
        usual = _defaults(cast("Any", type(value)))
        there = ((name, getattr(value, name)) for name in usual)
        return {name: said for name, said in there if said != usual[name]}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return dict(value)


@cache
def _defaults(kind: Any) -> dict[str, Any]:
    """Field → what it is where nothing is said; MISSING, where something has to be."""
    return {
        part.name: part.default
        if part.default_factory is MISSING
        else part.default_factory()
        for part in fields(kind)
    }


@cache
def _reader(kind: Any) -> Reader:
    if is_dataclass(kind):
        return _whole(cast("type", kind))
    make = _OF_SEVERAL.get(get_origin(kind))
    return make(get_args(kind)) if make else _OF_TEXT.get(kind) or _as_it_is(kind)


def _whole(kind: type) -> Reader:
    usual = _defaults(cast("Any", kind))
    readers: dict[str, Reader] = {}

    def made(value: Any, shared: _Shared) -> Any:
        if not _needed(kind) <= value.keys():
            raise _UnfitError
        if not readers:  # not before, since a part may hold others of its own kind
            types = get_type_hints(kind, include_extras=True)
            readers.update((name, _reader(types[name])) for name in usual)
        return kind(
            **{k: readers[k](v, shared) for k, v in value.items() if k in readers}
        )

    def read(value: Any, shared: _Shared) -> Any:
        if not isinstance(value, dict):
            raise _UnfitError
        part = _told(value, shared)
        if part is value:
            return made(value, shared)
        place = (value[_SHARED], kind)
        if place not in shared.made:
            shared.made[place] = made(part, shared)
        return shared.made[place]

    return read


@cache
def _needed(kind: Any) -> frozenset[str]:
    """The fields without a default."""
    usual = _defaults(kind)
    return frozenset(name for name, default in usual.items() if default is MISSING)


def _told(value: Any, shared: _Shared) -> Any:
    """The part that a number stands for; else the value itself."""
    if shared.parts and isinstance(value, dict) and _SHARED in value:
        return shared.parts[value[_SHARED]]
    return value


def _one_of(kinds: tuple[Any, ...]) -> Reader:
    readers = [
        (_needed(cast("Any", kind)) if is_dataclass(kind) else None, _reader(kind))
        for kind in kinds
    ]

    def read(value: Any, shared: _Shared) -> Any:
        told = _told(value, shared)
        keys = told.keys() if isinstance(told, dict) else frozenset[str]()
        for needed, reader in readers:
            # What lacks a field is seen without trying: most are no part of the first kind.
            if needed is not None and not needed <= keys:
                continue
            try:
                return reader(value, shared)
            except _UnfitError:
                continue
        raise _UnfitError

    return read


def _among(values: tuple[Any, ...]) -> Reader:
    def read(value: Any, _: _Shared) -> Any:
        if value not in values:
            raise _UnfitError
        return value

    return read


def _list(kind: type, item: Any) -> Reader:
    reader = _reader(item)

    def read(value: Any, shared: _Shared) -> Any:
        if not isinstance(value, list):
            raise _UnfitError
        if item is str and {*map(type, value)} <= {str}:  # as most of them are
            return kind(value)
        return kind(reader(one, shared) for one in value)

    return read


def _by_name(kinds: tuple[Any, ...]) -> Reader:
    reader = _reader(kinds[1])

    def read(value: Any, shared: _Shared) -> Any:
        if not isinstance(value, dict):
            raise _UnfitError
        return {key: reader(one, shared) for key, one in value.items()}

    return read


def _by_name_later(kinds: tuple[Any, ...]) -> Reader:
    whole = _reader(kinds[0])
    part = _reader(get_args(kinds[0])[1])

    def read(value: Any, shared: _Shared) -> Any:
        if not shared.late:
            return whole(value, shared)
        if not isinstance(value, dict):
            raise _UnfitError
        return _Later(value, lambda one: part(one, shared))

    return read


class _Later(Mapping[str, Any]):
    """A mapping each of whose values is made when it is first looked up."""

    def __init__(self, told: Mapping[str, Any], make: Callable[[Any], Any]) -> None:
        self._told, self._make = told, make
        self._made: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            self._made[key] = self._make(self._told[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._told

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def _as_it_is(kind: type) -> Reader:
    def read(value: Any, _: _Shared) -> Any:
        if type(value) is not kind:
            raise _UnfitError
        return value

    return read


def _day(value: Any, _: _Shared) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _UnfitError from None


def _span(value: Any, _: _Shared) -> timedelta:
    try:
        return timedelta(seconds=value)
    except (TypeError, OverflowError):
        raise _UnfitError from None


_OF_TEXT: dict[Any, Reader] = {date: _day, timedelta: _span}
_OF_SEVERAL: dict[Any, Callable[[tuple[Any, ...]], Reader]] = {
    Annotated: lambda kinds: (
        _by_name_later(kinds) if LATER in kinds else _reader(kinds[0])
    ),
    Union: _one_of,
    UnionType: _one_of,
    Literal: _among,
    tuple: lambda kinds: _list(tuple, kinds[0]),
    frozenset: lambda kinds: _list(frozenset, kinds[0]),
    dict: _by_name,
    Mapping: _by_name,
}
"""By what a type is built of."""
