"""Files that are no YAML: the line, and what is probably wrong, in plain words."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.knowledge import yaml_errors

LOADERS = [yaml.SafeLoader, yaml.CSafeLoader]

FAULTS = [
    ("a:\n  says: It works: for an hour.\n", 2, "a second `: `"),
    ("a:\n  - New Outlook: choose **Recall**: now.\n", 2, "a second `: `"),
    ("a: *bold* text\n", 1, "begins with `[*]`"),
    ("a: [**x**, y]\n", 1, "begins with `[*]`"),
    ('a: "open text\nb: 1\n', 1, 'mark " that is opened here is never closed'),
    ("a: [x, y, 'z]\nb: 1\n", 1, "mark ' that is opened here is never closed"),
    ("a: 'it's here'\n", 1, "after a closing quotation mark"),
    ('a: "x" and more\n', 1, "after a closing quotation mark"),
    ('a: "x\nb: c\nd: "no"\n', 1, '" that is opened here is never closed'),
    ("a:\n  b: 1\n c: 2\n", 3, "indented otherwise"),
    ("a:\n  b: 1\n   c: 2\n", 2, "the next line is indented, but"),
    ("a:\n\tb: 1\n", 2, "a tab"),
    ("a:\n  b: 1\n  - x\n", 3, "a `- ` where a key should be"),
    ("a:\n  - x\n  y: 1\n", 3, "a key among the items|indented otherwise"),
    ("a: [x, y\nb: 1\n", 1, "“.” is never closed: a “]” or a comma"),
    ("a: {x: 1\nb: 2\n", 1, "“.” is never closed: a “}” or a comma"),
    ("a: {x: It works: now, y: 2}\n", 1, "has to be quoted"),
    ("a: [x, , y]\n", 1, "a bracket or comma"),
    ("a:\n  b\n  c: 1\n", 2, "there is no `: ` in this line"),
    ("a:1\nb: 2\n", 1, "a space after `:`"),
    ("a: 1\nb\n", 2, "a key without `:`"),
    ("a: @x\n", 1, "no text may begin with “@”"),
    ("a: |x\n  b\n", 1, "begins on the next line"),
    ("a: 1\n---\nb: 2\n", 2, "a second file"),
    ("# what\na:1\n# more\n\nb: 2\n", 2, "a space after `:`"),
    ('a: "\\d"\n', 1, "a backslash"),
]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("text", "line", "says"), FAULTS)
def test_a_torn_file_is_told_in_plain_words(
    loader: type, text: str, line: int, says: str
) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as torn_:
        yaml.compose(text, Loader=loader)
    at, message = yaml_errors.explained(torn_.value, text)
    assert at == line, message
    assert re.search(says, message)
    assert not re.search("expected|scanning|mapping|scalar|token|YAML", message)
