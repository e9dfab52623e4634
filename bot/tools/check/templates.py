"""Templates: facts that belong to claims, claims that a leaf does not declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError
from jinja2 import nodes as syntax

from bot.errors import Problem
from bot.knowledge import nodes, yaml_file
from bot.knowledge.model import KnowledgeBase, Leaf
from bot.knowledge.near_names import did_you_mean
from bot.knowledge.unfinished import TODO
from bot.responses import template_errors
from bot.tools.check import source_lines

_ENDING = ".md.j2"


def facts(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """A template that states a number or names a service; “quoted” is an example.

    And one that is still to be written: people would read it.
    """
    names = sorted(p.label for p in kb.platforms.values())
    for path in _templates(kb, top):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            shown = re.sub(r"\{[{%#].*?[}%#]\}", "", line)
            shown = re.sub(r"^\s*\d+\. ", "", shown)
            place = path.relative_to(top).as_posix()
            if re.search(r"\d", re.sub("“[^”]*”|«[^»]*»", "", shown)):
                yield Problem(place, number, "states a digit; facts belong to claims")
            if shown.count("**") % 2:
                yield Problem(place, number, "a `**` without its partner in this line")
            if TODO in shown:
                yield Problem(place, number, f"still to be written: {shown.strip()}")
            for name in names:
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", shown):
                    message = f"names {name}; facts belong to claims"
                    yield Problem(place, number, message)


def torn(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Templates that cannot be read, and braces that people would read."""
    for path in _templates(kb, top):
        text, place = path.read_text(encoding="utf-8"), path.relative_to(top).as_posix()
        try:
            Environment(autoescape=True).parse(text)
        except TemplateSyntaxError as error:
            yield Problem(place, *template_errors.explained(error, text))
            continue
        for line in template_errors.lone_braces(text):
            message = "a single brace, which people would read: `{{ … }}` needs two"
            yield Problem(place, line, message)


def unused(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    leaves = {f"{stem}/{leaf.say}" for stem, _, leaf in _leaves(kb)}
    folder = top / "templates" / kb.language_code
    for path in _templates(kb, top):
        name = path.relative_to(folder).as_posix().removesuffix(_ENDING)
        if "/" in name and not re.search("(^|/)_", name) and name not in leaves:
            place = path.relative_to(top).as_posix()
            yield Problem(place, 1, "no leaf uses this template")


def unframed(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Answers that stand in no frame, where most do: they have no note of sources."""
    leaves = {f"{stem}/{leaf.say}" for stem, _, leaf in _leaves(kb)}
    there = [name for name in sorted(leaves) if (top / _path(kb, name)).is_file()]
    bare = [name for name in there if not _frame(top / _path(kb, name))]
    for name in bare if len(bare) < len(there) / 2 else ():
        message = (
            "`{% extends %}` is missing, so the answer lacks its note of sources: "
            'begin with {% extends "_answer.md.j2" %}'
        )
        yield Problem(_path(kb, name), 1, message)


def _frame(path: Path) -> bool:
    parsed = _tree(path)
    return parsed is None or parsed.find(syntax.Extends) is not None


def unplaced(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Blocks that the frame of a template has not, and text in no block: nobody reads it."""
    for path in _templates(kb, top):
        parsed, frame = _tree(path), ""
        if parsed is None or not (frame := _taken(parsed.find(syntax.Extends))):
            continue
        there, place = _blocks(kb, top, frame), path.relative_to(top).as_posix()
        for part in parsed.body:
            if there and isinstance(part, syntax.Block) and part.name not in there:
                message = f"`{frame}` has no block `{part.name}`, so nobody reads this"
                meant = did_you_mean(part.name, there)
                yield Problem(place, part.lineno, message + meant)
            if isinstance(part, syntax.Output) and (line := _printed(part)):
                message = "stands in no block, so nobody reads this: move it into one"
                yield Problem(place, line, message)


def _printed(output: syntax.Output) -> int:
    """The line of the first text or value in it; 0 where it is only space."""
    for part in output.nodes:
        text = part.data if isinstance(part, syntax.TemplateData) else "value"
        if text.strip():
            before = text[: len(text) - len(text.lstrip())]
            return part.lineno + before.count("\n")
    return 0


def _blocks(kb: KnowledgeBase, top: Path, frame: str) -> set[str]:
    """The blocks of a frame and of its own frames; none where it is not there."""
    parsed = _tree(top / "templates" / kb.language_code / frame)
    if parsed is None:
        return set()
    own = {block.name for block in parsed.find_all(syntax.Block)}
    above = _taken(parsed.find(syntax.Extends))
    return own | (_blocks(kb, top, above) if above not in {"", frame} else set())


def _tree(path: Path) -> syntax.Template | None:
    """A template's syntax; none where it is not there or torn, which others report."""
    try:
        return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    except (OSError, TemplateSyntaxError):
        return None


def _taken(statement: syntax.Node | None) -> str:
    """The name of the template that a statement takes something from, as far as it is plain."""
    named = getattr(statement, "template", None)
    return str(named.value) if isinstance(named, syntax.Const) else ""


def undeclared(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Claims that a template mentions and none of its leaves declares.

    Of what a template takes from others, only the filling of it can tell.
    """
    declared: dict[str, set[str]] = {}
    for stem, _, leaf in _leaves(kb):
        declared.setdefault(f"{stem}/{leaf.say}", set()).update(leaf.claims)
    for name, claims in declared.items():
        for claim, line in mentioned(kb, top, name, deep=False):
            if claim not in claims:
                message = f"`claims.{claim}` is declared by no leaf that says this"
                meant = did_you_mean(claim, claims)
                yield Problem(_path(kb, name), line, message + meant)


def unstated(kb: KnowledgeBase, top: Path) -> Iterator[Problem]:
    """Claims that a leaf declares and its template never mentions."""
    for stem, where, leaf in _leaves(kb):
        stated = {claim for claim, _ in mentioned(kb, top, f"{stem}/{leaf.say}")}
        for i, claim in enumerate(leaf.claims):
            if claim not in stated:
                file = f"{stem}.yaml" if "/" in stem else f"topics/{stem}.yaml"
                line = source_lines.line(top, file, (*where, "claims", i))
                message = f"the template `{leaf.say}` never states `{claim}`"
                yield Problem(f"knowledge/{file}", line, message)


def _leaves(kb: KnowledgeBase) -> Iterator[tuple[str, yaml_file.Where, Leaf]]:
    for tree, where, leaf in nodes.leaves(kb):
        yield tree.owner, where, leaf


def _templates(kb: KnowledgeBase, top: Path) -> Iterator[Path]:
    yield from sorted((top / "templates" / kb.language_code).rglob("*.j2"))


def _path(kb: KnowledgeBase, name: str) -> str:
    return f"templates/{kb.language_code}/{name}{_ENDING}"


def mentioned(
    kb: KnowledgeBase, top: Path, name: str, *, deep: bool = True
) -> Iterator[tuple[str, int]]:
    """The claims in a template with their lines; with `deep`, in what it uses too."""
    path = top / _path(kb, name)
    if not path.is_file():
        return
    claims, others = _parsed(path.read_text(encoding="utf-8"))
    yield from claims
    if deep:
        for other in others:
            yield from mentioned(kb, top, other)


@cache
def _parsed(text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """The claims that a template mentions, and the templates that it uses."""
    try:
        parsed = Environment(autoescape=True).parse(text)
    except TemplateSyntaxError:
        return [], []  # filling it reports that
    claims = [
        (found.attr, found.lineno)
        for found in parsed.find_all(syntax.Getattr)
        if isinstance(found.node, syntax.Name) and found.node.name == "claims"
    ]
    used = (syntax.FromImport, syntax.Import, syntax.Include, syntax.Extends)
    names = filter(None, map(_taken, parsed.find_all(used)))
    return claims, [name.removesuffix(_ENDING) for name in names]
