"""What a check found, as lines for a person or as objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.errors import Problem


@dataclass(frozen=True)
class CheckReport:
    """What was found, each sorted by place."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    known: tuple[Problem, ...] = ()
    """Warnings that the list of known ones holds."""
    ties: tuple[Problem, ...] = ()
    """Phrases that lead elsewhere by so little that the next phrase may turn them."""
    looked: bool = True
    """Whether warnings were looked for, which errors may prevent."""
    only: tuple[str, ...] = ()
    """The files that were looked at, where it was not everything."""

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "severity": severity,
                "path": found.path,
                "line": found.line,
                "message": found.message,
            }
            for severity, problems in (
                ("error", self.errors),
                ("warning", self.warnings),
                ("known", self.known),
                ("tie", self.ties),
            )
            for found in problems
        ]

    def __str__(self) -> str:
        return self.told()

    def told(self, *, everything: bool = False) -> str:
        """A line a problem and one in the end; with `everything` those known as well."""
        listed = [("", self.errors), ("warning: ", self.warnings)]
        if everything:
            listed += [("known: ", self.known), ("tie: ", self.ties)]
        lines = [
            f"{found.path}:{found.line}: {kind}{found.message}"
            for kind, problems in listed
            for found in problems
        ]
        return "\n".join([*lines, self.summary])

    @property
    def summary(self) -> str:
        errors = _count(len(self.errors), "error")
        if not self.looked:
            them = "it is" if len(self.errors) == 1 else "they are"
            return f"{errors}; warnings are looked for once {them} mended."
        more = [
            _count(len(problems), what)
            for problems, what in (
                (self.known, "known warning"),
                (self.ties, "near tie"),
            )
            if problems
        ]
        rest = f" {' and '.join(more)}: see `--all`." if more else ""
        where = ""
        if self.only:
            few = len(self.only) <= _FEW
            where = f" in {', '.join(self.only) if few else f'{len(self.only)} files'}"
            rest += " `takeback check` alone looks at what else depends on it."
        if not self.errors and not self.warnings:
            return f"All is well{where}.{rest}"
        return f"{errors}, {_count(len(self.warnings), 'warning')}{where}.{rest}"


_FEW = 3
"""Files that are named one by one."""


def _count(n: int, what: str) -> str:
    return f"{n or 'no'} {what}{'' if n == 1 else 's'}"
