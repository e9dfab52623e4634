"""Why a template that can be read cannot be filled, in an editor's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.utils import missing

from bot.knowledge.near_names import did_you_mean
from bot.responses import template_errors

NOT_THERE = 'prints a claim or value that is not there; some service lacks it: `or ""`'
_NO_NAME = re.compile(r"there is no `(\w+)` here")


class Absent(StrictUndefined):
    """A name that a template takes and nothing has; what is done with it fails."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return f"there is no `{name}` in the template that it is taken from"
        if owner is missing:
            return f"there is no `{name}` here"
        if owner is None:
            return f"takes `{name}` of what is not there: put `{{% if … %}}` around it"
        meant = did_you_mean(name, _parts(owner))
        return f"there is no `{name}` in what stands before it{meant}"


def explained(error: Exception, names: Iterable[str], files: Iterable[str]) -> str:
    """What to do; `names` are those that a template is given, `files` all templates."""
    says = str(error)
    if isinstance(error, TemplateNotFound):
        name = str(error.name)
        return f"there is no template `{name}`{did_you_mean(name, files)}"
    if isinstance(error, UndefinedError):
        unknown = _NO_NAME.fullmatch(says)
        if unknown and unknown[1] not in {*names}:
            says += did_you_mean(unknown[1], names)
        return says
    if says == NOT_THERE:
        return says
    if isinstance(error, SecurityError):
        return "takes what is internal to the program, which no template may"
    told = (words for words, signs in _SAYS if any(sign in says for sign in signs))
    return template_errors.no_filter(says) or next(told)


_SAYS = (
    ("brackets `( )` after what is no function: take them out", ("not callable",)),
    (
        "texts and values are joined with `~`, and no other sign",
        ("operand", "concatenate"),
    ),
    ("cannot be worked out: something is used here as what it is not", ("",)),
)
"""What to say where one of some signs is in the message; the last fits all."""


def _parts(owner: Any) -> list[str]:
    """The names of what a value holds."""
    names = owner if isinstance(owner, dict) else dir(owner)
    return [str(name) for name in names if not str(name).startswith("_")]
