"""Files that are no YAML: the line, and what is probably wrong, in plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.errors import Problem
from bot.knowledge import yaml_errors
from bot.knowledge.yaml_file import YamlFile

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
    ("a: it runs #4 and\n  over\nb: 1\n", 1, "the text ends at ` #`"),
    ("a: {x: see #4, y: 1}\n", 1, "the text ends at ` #`"),
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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: Thank you for #1 help\n", 1),
        ("a: It runs # and is cut\n", 1),
        ("a: one #two\n", 1),
        ("a: a sentence\n  of two #4 lines\nb: 1\n", 2),
        ("a: é and ü #4\n", 1),
        ("a: [x, y #z\n  ]\n", 1),
    ],
)
def test_a_text_that_a_comment_cuts_off_is_told(
    tmp_path: Path, text: str, line: int
) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    YamlFile(tmp_path / "one.yaml", tmp_path, problems)
    assert [(p.line, p.message) for p in problems] == [(line, yaml_errors.CUT_OFF)]


@pytest.mark.parametrize(
    "text",
    [
        "a: medium # high, low\n",
        "a: Wrong loft  # as a button\n",
        "a: 'It is #4'  # so\n",
        "a: |\n  It is #4\n",
        "a: [x, y]  # two\n",
        "a: it#4\n",
    ],
)
def test_a_comment_that_is_meant_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    YamlFile(tmp_path / "one.yaml", tmp_path, problems)
    assert problems == []
