"""What is wrong with a file that is no YAML, in an editor's words.

The library tells where it stopped and what it would have liked there; what the editor
did is guessed from the line itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_QUOTE = "put the whole text into quotation marks"
_OTHER = "begin and end with the other kind of quotation mark"
_KEY = re.compile(r"\s*(?:- +)?[\w/.-]+ *:")


def explained(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line, counted from 1, and what is probably wrong there."""
    lines = text.splitlines()
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark or mark
    if mark is None or begun is None:
        return 1, _unknown(error)
    problem, context = error.problem or "", error.context or ""
    at = _line(lines, mark.line)
    sign = at[mark.column : mark.column + 1]
    for line, says in (
        *_cut_off(lines, begun.line, mark.line),
        *_signs(at, sign, mark.line, problem, context),
        *_two_texts(lines, mark.line, problem),
        *_open(begun.line, _line(lines, begun.line)[begun.column :], context),
        *_structure(lines, mark.line, mark.column, begun.line, problem),
    ):
        return line + 1, says
    return mark.line + 1, _unknown(error)


def _unknown(error: yaml.MarkedYAMLError) -> str:
    return f"not readable as YAML: {error.problem or error}"


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


Fault = tuple[int, str]


def _signs(
    at: str, sign: str, line: int, problem: str, context: str
) -> tuple[Fault, ...]:
    """A sign that means something of its own in YAML."""
    if sign == "\t" or "\t" in at[: len(at) - len(at.lstrip())]:
        return ((line, "a tab where the line begins: indent with spaces"),)
    if "cannot start" in problem:
        return ((line, f"no text may begin with “{sign}”: {_QUOTE}"),)
    if "alias" in problem or "alias" in context or "anchor" in context:
        return ((line, f"a text that begins with `*` or `&`: {_QUOTE}"),)
    if "escape" in problem:
        return ((line, "a backslash between double quotation marks: use single ones"),)
    if at.startswith("---") and "document" in problem + context:
        return ((line, "`---` begins a second file in this one: take it out"),)
    return ()


CUT_OFF = (
    f"the text ends at ` #`, where a comment begins: {_QUOTE}, "
    "or two spaces before the comment"
)
_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'""")


def cuts_off(text: str, rest: str) -> bool:
    """Whether the rest of a line is a comment that was meant as more of the text.

    One that is meant so has a space after its sign, and two before it where it follows
    more than a word: `medium # high, low`, `Wrong loft  # a button`.
    """
    sign = rest.lstrip()
    if not sign.startswith("#"):
        return False
    spaces = len(rest) - len(sign)
    return sign[1:2].strip() != "" or (" " in text.strip() and spaces == 1)


def _cut_off(lines: Sequence[str], begun: int, line: int) -> tuple[Fault, ...]:
    """A text that ended at a sign of a comment, so that what follows it fits nowhere."""
    above = next((n for n in range(line - 1, -1, -1) if lines[n].strip()), line)
    for number in dict.fromkeys((begun, above, line)):
        bare = _QUOTED.sub("", _line(lines, number))
        if not bare.lstrip().startswith("#") and re.search(r"[^\s\[{,] +#[^\s#]", bare):
            return ((number, CUT_OFF),)
    return ()


def _open(line: int, rest: str, context: str) -> tuple[Fault, ...]:
    """Something that is opened and not closed, or closed and not opened."""
    if "quoted scalar" in context:
        return ((line, _never_closed(rest[:1])),)
    if "block scalar" in context:
        return ((line, f"a text after `{rest[:1]}` begins on the next line"),)
    if "flow sequence" in context or "flow mapping" in context:
        opened, close = rest[:1], "]" if rest.startswith("[") else "}"
        says = f"“{opened}” is never closed: a “{close}” or a comma is missing"
        if close in rest:
            says = (
                f"between “{opened}” and “{close}” a comma is missing, "
                "or a text with a sign in it has to be quoted"
            )
        return ((line, says),)
    return ()


def _two_texts(lines: Sequence[str], line: int, problem: str) -> tuple[Fault, ...]:
    """Where what went before was read as a text by itself: "label:Name"."""
    if "document start" not in problem:
        return ()
    told = [n for n in range(line) if lines[n].strip() and not lines[n].startswith("#")]
    last = told[-1] if told else line
    return ((last, _unfinished(_line(lines, last))),)


def _structure(
    lines: Sequence[str], line: int, column: int, begun: int, problem: str
) -> tuple[Fault, ...]:
    """Lines that do not fit together."""
    at = _line(lines, line)
    above = next((n for n in range(line - 1, -1, -1) if lines[n].strip()), 0)
    if "node content" in problem:
        return (
            (line, "a bracket or comma where a text should be: quote it or mend it"),
        )
    if "'-' indicator" in problem or ("block end" in problem and "- " in at[:column]):
        return ((line, "a key among the items of a list: begin the line with `- `"),)
    if "mapping values" in problem:
        second = (line, f"a second `: ` in a text: {_QUOTE}")
        return (second if ": " in at[:column] else (above, _unfinished(lines[above])),)
    if "expected ':'" in problem:
        return ((begun, "a key without `:` and a space after it"),)
    if "expected key" in problem or "block end" in problem:
        return (_unclosed(lines, line, column) or (line, _no_key(at, column)),)
    return ()


def _unclosed(lines: Sequence[str], line: int, column: int) -> Fault | None:
    """Where the text was opened that a quotation mark before this sign closes."""
    before = _line(lines, line)[:column].rstrip()
    sign = before[-1:]
    if sign not in ('"', "'") or before.count(sign) != 1:
        return None
    opened = next((n for n in range(line - 1, -1, -1) if sign in lines[n]), None)
    return None if opened is None else (opened, _never_closed(sign))


def _never_closed(sign: str) -> str:
    return f"the quotation mark {sign} that is opened here is never closed"


def _no_key(at: str, column: int) -> str:
    """What stands where a key should be."""
    if at[:column].strip():
        return f"text after a closing quotation mark: {_OTHER}"
    if at.lstrip().startswith("- "):
        return "a `- ` where a key should be: is the line indented right?"
    return "indented otherwise than the lines it belongs with"


def _unfinished(above: str) -> str:
    if re.match(r"\s*(?:- +)?[\w/.-]+:\S", above):
        return "there has to be a space after `:`"
    if _KEY.match(above):
        return "the next line is indented, but this one has a text already"
    return "there is no `: ` in this line, or the next one is indented wrongly"
