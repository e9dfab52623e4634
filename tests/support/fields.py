"""What the parts of a book hold, so that two books can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass


def held(part: object) -> object:
    """A part as its fields, and the parts in them; most of a book's compare as themselves."""
    if is_dataclass(part):
        own = {field.name: held(getattr(part, field.name)) for field in fields(part)}
        return type(part).__name__, own
    if isinstance(part, Mapping):
        return {key: held(value) for key, value in part.items()}
    if isinstance(part, (tuple, list)):
        return [held(one) for one in part]
    return part
