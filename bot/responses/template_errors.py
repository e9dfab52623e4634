"""What is wrong with a template that cannot be read, in an editor's words."""

from __future__ import annotations

import re

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from bot.knowledge.near_names import did_you_mean

_UNKNOWN = re.compile(r"unknown tag '(\w+)'")
_OPEN = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_ENDS = {"if": "endif", "for": "endfor", "block": "endblock", "macro": "endmacro"}
_BEGINS = {end: begin for begin, end in _ENDS.items()} | {"else": "if", "elif": "if"}


def reason(error: Exception) -> str:
    """Why a template could not be filled."""
    if isinstance(error, TemplateNotFound):
        # Jinja tells the folders of this machine besides.
        return f"there is no template {error.name}"
    return f"{type(error).__name__}: {error}"


def explained(error: TemplateSyntaxError, text: str) -> tuple[int, str]:
    """The line, counted from 1, and what to do there."""
    says, line = error.message or "", error.lineno
    opened, tag = _OPEN.search(says), _UNKNOWN.search(says)
    if tag and tag[1] in _BEGINS and not _open_lines(text, _BEGINS[tag[1]], line):
        return line, f"`{tag[1]}` closes nothing: its `{_BEGINS[tag[1]]}` is missing"
    if tag and tag[1] not in _BEGINS:
        meant = did_you_mean(
            tag[1], (*_ENDS, *_ENDS.values(), "elif", "else", "set", "include")
        )
        return line, f"there is no tag `{tag[1]}`: mend its spelling{meant}"
    if opened:
        end = _ENDS.get(opened[1], f"end{opened[1]}")
        begun = _open_lines(text, opened[1], line)[-1:] or [line]
        message = f"`{opened[1]}` is opened here and never closed: {{% {end} %}}"
        return begun[0], f"{message} is missing"
    if no_such := no_filter(says):
        return line, no_such
    return line, _by_signs(says)


def _by_signs(says: str) -> str:
    """What a message of the library comes to."""
    found = ((words, re.search(sign, says)) for sign, words in _SAYS)
    return next(words.format(*match.groups()) for words, match in found if match)


_SAYS = (
    ("got '='", "two signs compare, `==`; one `=` belongs into `set`"),
    ("got 'if'", "`else if` is one word, `elif`"),
    (
        "unexpected '}', expected '(.)'",
        "a bracket is opened in a tag and never closed: `{}` is missing",
    ),
    (
        "unexpected '}'|unexpected end of template",
        "a tag is not closed: end it with two signs, `}}}}` or `%}}`",
    ),
    ("end of comment", "a comment is opened and never closed: `#}}` is missing"),
    ("unexpected char [\"']['\"]", "a quotation mark in a tag is never closed"),
    (
        "unexpected char '(.)'",
        '{} means nothing in a tag, where a text stands between straight marks, "…"',
    ),
    (
        "(got|unexpected) 'end of|Expected an expression|tag name expected|expected name",
        "a name or value is missing in a tag",
    ),
    (
        "(?:got|unexpected) '(.+?)'",
        "`{}` does not fit where it stands: something is missing before it, "
        "or the end of the tag, `}}}}` or `%}}`",
    ),
    ("", "this tag cannot be read: look at each of its signs"),
)
"""What to say where the library's message holds some words; the last fits all."""


def no_filter(says: str) -> str:
    """What to say where a filter or test is unknown, as the library tells it; else nothing."""
    found = re.match(r"No (filter|test) named '(\w+)'", says)
    if not found:
        return ""
    among = FILTERS if found[1] == "filter" else TESTS
    meant = did_you_mean(found[2], [name for name in among if len(name) >= _WORD])
    return f"there is no {found[1]} `{found[2]}`{meant}"


_WORD = 3
"""Letters; shorter ones are signs and the short names of filters."""


def _open_lines(text: str, tag: str, line: int) -> list[int]:
    """The lines that open this tag above a line, and have nothing to close it there."""
    end = _ENDS.get(tag, f"end{tag}")
    depth: list[int] = []
    for number, row in enumerate(text.splitlines()[: line - 1], 1):
        for found in re.findall(r"\{%-?\s*(\w+)", row):
            if found == tag:
                depth.append(number)
            elif found == end and depth:
                depth.pop()
    return depth


def lone_braces(text: str) -> list[int]:
    """The lines with a brace outside of every tag: people would read it."""
    plain = re.sub(r"\{[{%#].*?[}%#]\}", _blank, text, flags=re.DOTALL)
    return [n for n, row in enumerate(plain.splitlines(), 1) if re.search("[{}]", row)]


def _blank(tag: re.Match[str]) -> str:
    """A tag's line ends, so that the lines below keep their numbers."""
    return "\n" * tag[0].count("\n")
