"""The templates of one language: read, and filled by name."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment

from bot.errors import BotError, KnowledgeError, Problem
from bot.responses import template_cache, template_errors


class TemplateFault(BotError):
    """A template that cannot be filled; knows the place and the reason."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        self.place, self.reason = (path, line), reason
        super().__init__(f"{path}:{line}: {reason}")


class Templates:
    """The files of `templates/LANGUAGE`; an undefined name in one is an error."""

    def __init__(self, top: Path, language: str, cache: Path | None = None) -> None:
        self.folder = top / "templates" / language
        self._jinja = _Sandbox(
            # All are kept: of a number that is bounded, evicted ones would be read anew.
            cache_size=-1,
            loader=FileSystemLoader(self.folder),
            undefined=StrictUndefined,
            # A channel escapes the parsed message, see responses/markup.py.
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=_there,
            bytecode_cache=template_cache.opened(cache) if cache else None,
        )

    def prepare(self) -> None:
        """Reads all templates, so that an edit changes nothing until a reload.

        Raises KnowledgeError with each that cannot be read.
        """
        found = []
        for name in self._jinja.list_templates(extensions=["j2"]):
            try:
                self._jinja.get_template(name)
            except TemplateSyntaxError as error:
                text = (self.folder / name).read_text(encoding="utf-8")
                line, says = template_errors.explained(error, text)
                place = f"templates/{self.folder.name}/{name}"
                found.append(Problem(place, line, says))
        if found:
            raise KnowledgeError(found)

    def fill(self, name: str, **values: Any) -> str:
        """A template's text. Raises TemplateFault with the place of what is wrong."""
        try:
            return self._jinja.get_template(name).render(**values)
        except (TemplateError, KeyError, AttributeError, TypeError) as error:
            path, line = _place(error, name, self.folder.name)
            raise TemplateFault(path, line, template_errors.reason(error)) from error


class _Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, which tells an attribute that is internal by its name alone.

    Its own looks at the type of every object that is named, for the same names.
    """

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002
        return not attr.startswith("_") and attr not in _INTERNAL

    def make_globals(
        self, d: MutableMapping[str, Any] | None
    ) -> MutableMapping[str, Any]:
        """Those of a template in one mapping, which every include copies.

        Jinja's own is a chain of two, to show later changes, and slow to copy.
        """
        return {**self.globals, **(d or {})}


_INTERNAL = frozenset(("mro", "gi_frame", "gi_code", "cr_frame", "cr_code")) | {
    "ag_frame",
    "ag_code",
}
"""Of types, generators and coroutines; by them code, frames and tracebacks are reached."""


def _there(value: object) -> object:
    """A claim that a service may lack is printed with `or ""`, or not at all."""
    if value is None:
        raise TypeError("prints a claim or value that is not there")
    return value


def _place(error: Exception, name: str, language: str) -> tuple[str, int]:
    """The template and line where filling stopped."""
    folder = f"templates/{language}/"
    if isinstance(error, TemplateSyntaxError):
        return folder + (error.name or name), error.lineno
    step = error.__traceback__
    found = (name, 1)
    while step:
        file = step.tb_frame.f_code.co_filename.replace("\\", "/")
        if folder in file:
            found = file.rpartition(folder)[2], step.tb_lineno
        step = step.tb_next
    return folder + found[0], found[1]
