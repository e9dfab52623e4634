"""What does not fit the schema of a part, in an editor's words.

pydantic tells what type it would have liked; what an editor is to write instead is said
here. No words of the library are passed on.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

from bot.knowledge.model import Part
from bot.knowledge.model.part import MORE, TEXT
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.yaml_file import Where

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_FEW = 5
NO_MAPPING = "has to be a mapping of names, with a line `name: …` each"


def told(
    error: ValidationError, model: type[Part], at: Where = ()
) -> list[tuple[Where, str]]:
    """The place and the fault of each thing that does not fit, once each."""
    found: dict[tuple[Where, str], None] = {}
    for fault in error.errors(include_url=False):
        where = (*at, *(part for part in fault["loc"] if part not in _CHOICES))
        found[where, _said(model, fault, where)] = None
    return list(found)


_CHOICES = ("Leaf", "Ask", "Branch", TEXT, MORE)
"""What pydantic puts into a place that is no key of the file: the kind it is judged as."""


def _said(model: type[Part], fault: ErrorDetails, where: Where) -> str:
    """A fault as one line."""
    key = next((part for part in reversed(where) if isinstance(part, str)), "")
    match fault["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            meant = did_you_mean(key, _keys(cast("Any", model)))
            if not meant and len(fault["loc"]) == 1:
                meant = _few_keys(model)
            return f"unknown key `{key}`{meant}"
        case "missing":
            return f"`{key}` is missing"
    says = _wrong(fault)
    begun = says.startswith(("has to", "is empty"))
    subject = f"`{key}`" if key else ""
    if where and isinstance(where[-1], int):
        subject += f", entry {where[-1] + 1}" + ("," if begun else "")
    if not subject:
        return says
    return f"{subject} {says}" if begun else f"{subject}: {says}"


def _wrong(fault: ErrorDetails) -> str:
    """What is wrong with what was written, and what to write."""
    written, kind = fault["input"], fault["type"]
    if written is None or (isinstance(written, str) and not written.strip()):
        return "is empty: write it, or take the line out"
    if kind in _MAPPINGS:
        return NO_MAPPING
    if kind in _LISTS and isinstance(written, str):
        return f"has to be a list, in brackets: [{written}]"
    if kind in _LISTS:
        return "has to be a list such as [one, two]"
    if kind in _OURS:
        return str(fault["msg"]).removeprefix("Value error, ")
    return _no_such_text(written, kind, str(fault.get("ctx", {}).get("expected", "")))


_MAPPINGS = ("dataclass_type", "dict_type")
_LISTS = ("tuple_type", "frozen_set_type")
_OURS = ("value_error", "node")
"""Faults that the model words itself."""


def _no_such_text(written: Any, kind: str, expected: str) -> str:
    """One value that is none of those it can be."""
    if isinstance(written, list):
        return "has to be one text: take the brackets or the `- ` out"
    if isinstance(written, dict):
        return "has to be one text: one with `: ` or `{` in it wants quotation marks"
    if kind == "literal_error":
        among = expected.replace(" or ", ", ").replace("'", "")
        return (
            f"`{written}` is none of {among}{did_you_mean(written, among.split(', '))}"
        )
    return f"`{written}` is no {_wanted(kind)}"


def _wanted(kind: str) -> str:
    """What has to be written, by the beginning of a fault's type."""
    wanted = {
        "date": "date such as 2026-11-24",
        "time_delta": "span of time such as PT15M, PT2H or P3D",
        "bool": "`true` or `false`",
        "int": "whole number",
    }
    return next((w for k, w in wanted.items() if kind.startswith(k)), "value for this")


def _few_keys(model: type[Part]) -> str:
    """All keys of a small part, as the end of a message."""
    names = [field.name for field in fields(model)]
    return f"; there are {', '.join(names)}" if len(names) <= _FEW else ""


@cache
def _keys(model: Any) -> list[str]:
    """The keys of a part and of all that it is made of."""
    found: set[type[Part]] = set()
    ahead: list[Any] = [model]
    while ahead:
        kind = ahead.pop()
        ahead += get_args(kind)
        if isinstance(kind, type) and issubclass(kind, Part) and kind not in found:
            found.add(kind)
            ahead += get_type_hints(kind).values()
    return sorted({field.name for part in found for field in fields(part)})
