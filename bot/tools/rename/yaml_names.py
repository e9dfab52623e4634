"""Names of services and topics in YAML files, put right where they stand.

Only the name changes: comments, quotes, order and line breaks stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

from bot.knowledge.yaml_file import compose

Place = tuple[str, ...]
"""The keys that lead to a scalar; `-` for a list. A key is a place of its own: `:`."""

Renames = Callable[[Place, str, yaml.MappingNode | None], str | None]
"""The new text of a scalar at a place, within the mapping that is nearest around it;
none where it stays."""


def renamed(text: str, renames: Renames) -> str:
    """The text with every scalar that has a new one."""
    root = compose(text)
    if root is None:
        return text
    edits = []
    for node, place, around in _scalars(root, (), None, set()):
        new = renames(place, node.value, around)
        if new is not None:
            edits.append((node.start_mark.index, node.end_mark.index, node.value, new))
    for start, end, old, new in sorted(edits, reverse=True):
        text = text[:start] + text[start:end].replace(old, new, 1) + text[end:]
    return text


def value(around: yaml.MappingNode, key: str) -> str:
    """What stands under a key of a mapping as a scalar."""
    for name, node in around.value:
        if name.value == key and isinstance(node, yaml.ScalarNode):
            return str(node.value)
    return ""


def _scalars(
    node: yaml.Node, place: Place, around: yaml.MappingNode | None, seen: set[int]
) -> Iterator[tuple[yaml.ScalarNode, Place, yaml.MappingNode | None]]:
    """Every scalar once, however many aliases there are of what it stands in.

    The mapping around the cases of a branch is the branch itself.
    """
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node, place, around
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, (*place, "-"), around, seen)
    elif isinstance(node, yaml.MappingNode):
        outer = around if place[-1:] == ("cases",) else node
        for key, below in node.value:
            yield key, (*place, ":"), outer
            yield from _scalars(below, (*place, str(key.value)), node, seen)


def with_former(text: str, old: str, new: str) -> str:
    """A service's or a topic's file with one more name that it had.

    The one that it has now, where it had that before, is a former one no more.
    """
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if found := re.match(r"formerly: \[(.*?)\]", line):
            names = [name.strip() for name in found[1].split(",")]
            kept = ", ".join([name for name in names if name != new] + [old])
            lines[at] = f"formerly: [{kept}]{line[found.end() :]}"
            return "".join(lines)
    label = next(at for at, line in enumerate(lines) if line.startswith("label:"))
    note = "# Names before a renaming, which old buttons and links still hold.\n"
    lines.insert(label + 1, f"{note}formerly: [{old}]\n")
    return "".join(lines)
