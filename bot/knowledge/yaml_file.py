"""One YAML file: its data, and the line of each place in it.

YAML is read as text only: every scalar is a string until the schema says otherwise, so
`no` and `1.10` cannot turn into something else; repeated keys are refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from bot.errors import Problem
from bot.knowledge import yaml_errors

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Where = tuple[str | int, ...]
"""The keys and indices that lead to a place in a file."""


MOST_NODES = 200_000
"""Of one file, with what aliases repeat; the largest has some 47,000."""
DEEPEST = 50
"""Lists and mappings in each other; libyaml's composer ends the process far below."""

NO_TEXT = "not readable as text: save it as UTF-8"


def unread(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be read, without its path."""
    if isinstance(error, UnicodeDecodeError):
        return NO_TEXT
    return f"cannot be read: {error.strerror}"


class _TooMuchError(Exception):
    """A file that repeats or nests so much that reading it would not end well."""


_NAME = re.compile(r"[a-z][a-z0-9_]*")


def name_fault(path: Path) -> Problem | None:
    """A file whose name cannot be the name of what it holds."""
    if _NAME.fullmatch(path.stem):
        return None
    better = re.sub(r"[^a-z0-9_]+", "_", path.stem.lower()).strip("_")
    message = "a file's name has small letters, digits and _ only"
    if _NAME.fullmatch(better):
        message += f": rename it to `{better}{path.suffix}`"
    return Problem(path.as_posix(), 1, message)


class YamlFile:
    """One YAML file: its data, and the line of each place in it."""

    def __init__(self, path: Path, top: Path, problems: list[Problem]) -> None:
        self.name = path.relative_to(top).as_posix()
        self._lines: dict[Where, int] = {}
        self._problems = problems
        self.data: Any = None
        self._nodes = 0
        self._rows: list[str] = []
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            self._rows = text.split("\n")
            _measure(text)
            node = compose(text)
        except _TooMuchError as error:
            self.fault((), str(error))
        except yaml.MarkedYAMLError as error:
            line, says = yaml_errors.explained(error, text)
            self.fault((), says, line)
        except yaml.reader.ReaderError as error:
            sign = error.character
            line = text.partition(chr(sign))[0].count("\n") + 1
            self.fault(
                (), f"a sign that nobody can see, number {sign}: delete it", line
            )
        except (OSError, UnicodeDecodeError) as error:
            self.fault((), unread(error))
        else:
            try:
                self.data = self._plain(node, ()) if node else {}
            except RecursionError:
                self.fault((), "a part of it holds itself")
            except _TooMuchError as error:
                self.data = None
                self.fault((), str(error))

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def fault(self, where: Where, message: str, line: int | None = None) -> None:
        self._problems.append(Problem(self.name, line or self.line(where), message))

    def _plain(self, node: yaml.Node, where: Where) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _TooMuchError(f"its aliases make more than {MOST_NODES:,} values")
        self._lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key, value in node.value:
                name = str(key.value)
                if name in found:
                    self.fault(
                        where, f"`{name}` stands here twice", key.start_mark.line + 1
                    )
                self._lines[*where, name] = key.start_mark.line + 1
                found[name] = self._plain(value, (*where, name))
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(v, (*where, i)) for i, v in enumerate(node.value)]
        bare = isinstance(node, yaml.ScalarNode) and not node.style
        if bare and yaml_errors.cuts_off(node.value, self._after(node)):
            self.fault(where, yaml_errors.CUT_OFF, node.end_mark.line + 1)
        return node.value

    def _after(self, node: yaml.Node) -> str:
        """What stands in its line after a text that is not quoted."""
        end = node.end_mark
        row = self._rows[end.line] if end.line < len(self._rows) else ""
        return row[end.column :]


def _measure(text: str) -> None:
    """Raises _TooMuchError, before anything is built of a text that nests too deep."""
    deep = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            deep += 1
            if deep > DEEPEST:
                mark = event.start_mark
                where = f"line {mark.line + 1}: " if mark else ""
                raise _TooMuchError(f"{where}more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            deep -= 1


def compose(text: str) -> yaml.Node | None:
    """The parts of a YAML text with their places. Raises YAMLError."""
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node
