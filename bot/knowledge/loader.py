"""Files → Book, or every problem at once as path:line: message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import KnowledgeError, Problem
from bot.folders import root as root  # noqa: PLC0414 - it was always asked for here
from bot.knowledge import nodes, phrase_files, unfinished
from bot.knowledge.model import (
    Action,
    Ask,
    AssistantFile,
    Branch,
    Checked,
    Claim,
    ClaimType,
    Edition,
    Guide,
    Kind,
    KnowledgeBase,
    Labels,
    Leaf,
    Node,
    Platform,
    Slot,
    SlotValue,
    Source,
    Topic,
    Words,
)
from bot.knowledge.references import ReferenceCheck
from bot.knowledge.roles import Roles
from bot.knowledge.yaml_file import (
    NO_TEXT,
    Where,
    YamlFile,
    did_you_mean,
    name_fault,
)

_SIDES = (Checked, Guide)

GENERAL = "general.yaml"
"""What holds everywhere; a book may do without."""

M = TypeVar("M", bound=BaseModel)


def _validated(model: type[M], file: YamlFile, data: Any, at: Where = ()) -> M | None:
    """The data as a model; what does not fit becomes problems with their lines."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            where = (*at, *(part for part in fault["loc"] if part not in _TAGS))
            file.fault(where, _said(model, fault, where))
    return None


_TAGS = ("Say", "Ask", "By", "dict[str,Choice]", "literal['platforms','kinds']")
"""What pydantic puts into an error's place that is no key of the file."""


def _said(model: type[BaseModel], fault: Any, where: Where) -> str:
    """A schema fault as one line for an editor."""
    key = where[-1] if where else ""
    match fault["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            meant = did_you_mean(str(key), _keys(model)) or _few_keys(model)
            return f"unknown key `{key}`{meant}"
        case "missing":
            return f"`{key}` is missing"
        case kind if kind.startswith("date_"):
            return f"`{key}`: `{fault['input']}` is no date such as 2026-11-24"
        case "string_pattern_mismatch":
            return (
                f"`{key}`: `{fault['input']}` is no date such as 2026-11-24 or 2026-11"
            )
        case _:
            message = str(fault["msg"]).removeprefix("Value error, ")
            return f"`{key}`: {message}" if key != "" else message


def _few_keys(model: type[BaseModel]) -> str:
    """All keys of a small part, as the end of a message."""
    names = list(model.model_fields)
    return f"; there are {', '.join(names)}" if len(names) <= _FEW else ""


_FEW = 5


def _keys(model: type[BaseModel]) -> list[str]:
    parts = (model, Leaf, Ask, Branch, Claim, *_SIDES, Kind, SlotValue)
    return sorted({name for part in parts for name in part.model_fields})


# --- reading


def load(top: Path | None = None, edition: Edition = "checked") -> KnowledgeBase:
    """The book that the files hold.

    Raises KnowledgeError with every problem that keeps it from being used.
    """
    found, problems = read(top or root(), edition)
    if problems or found is None:
        raise KnowledgeError(problems)
    return unfinished.hidden(found)


def read(
    top: Path, edition: Edition = "checked"
) -> tuple[KnowledgeBase | None, list[Problem]]:
    """The book, if there is one, and everything wrong with the files."""
    problems: list[Problem] = []
    knowledge = top / "knowledge"
    if not knowledge.is_dir():
        return None, [Problem("knowledge", 1, "there is no such folder")]
    files: dict[str, YamlFile] = {}

    def yaml_file(path: Path) -> YamlFile:
        file = files[path.relative_to(knowledge).as_posix()] = YamlFile(
            path, top, problems
        )
        return file

    def folder(name: str, model: type[M], *, needed: bool = True) -> dict[str, M]:
        paths = sorted((knowledge / name).glob("*.yaml"))
        if needed and not paths:
            problems.append(Problem(f"knowledge/{name}", 1, "there is no file in it"))
        problems.extend(filter(None, (name_fault(p.relative_to(top)) for p in paths)))
        read_ = {p.stem: (f := yaml_file(p), f.data) for p in paths}
        made = {
            k: _validated(model, f, d) for k, (f, d) in read_.items() if d is not None
        }
        return {k: v for k, v in made.items() if v is not None}

    def mapping(name: str, model: type[M]) -> dict[str, M]:
        file = yaml_file(knowledge / name)
        data = file.data or {}
        if not isinstance(data, dict):
            file.fault((), "has to be a mapping of names")
            data = {}
        made = {k: _validated(model, file, v, (k,)) for k, v in data.items()}
        return {k: v for k, v in made.items() if v is not None}

    platforms = folder("platforms", Platform)
    topics = folder("topics", Topic)
    slots = mapping("slots.yaml", Slot)
    sources = mapping("sources.yaml", Source)
    facts = mapping("claims.yaml", ClaimType)
    general = mapping(GENERAL, Claim) if (knowledge / GENERAL).is_file() else {}
    words_file = yaml_file(knowledge / "words.yaml")
    spoken = (
        None
        if words_file.data is None
        else _validated(Words, words_file, words_file.data)
    )
    actions = folder("actions", Action, needed=False)
    parts_file = yaml_file(knowledge / "assistant.yaml")
    parts = (
        None
        if parts_file.data is None
        else _validated(AssistantFile, parts_file, parts_file.data)
    )
    torn = {problem.path for problem in problems}
    phrases, phrase_actions = phrase_files.read(knowledge, top, problems)
    trees = {stem: topic.tree for stem, topic in topics.items()}
    own = {f"actions/{k}": a.tree for k, a in actions.items() if a.tree}
    problems += _templates_missing(top, trees, files, "topics/")
    problems += _templates_missing(top, own, files)
    problems += _templates_torn(top)
    found = KnowledgeBase(
        platforms=platforms,
        topics=topics,
        slots=slots,
        sources=sources,
        facts=facts,
        general=general,
        words=spoken or Words.model_construct(),
        phrases=phrases,
        phrase_actions=phrase_actions,
        actions=actions,
        roles=parts.roles if parts else Roles.model_construct(),
        labels=parts.labels if parts else Labels.model_construct(),
        edition=edition,
    )
    problems += ReferenceCheck(found, files, _untold(torn)).check()
    return (None if torn else found), problems


def _untold(torn: set[str]) -> set[str]:
    """Kinds of names that cannot be judged while some files are torn."""
    kinds = {
        "knowledge/platforms": {"claim", "slot or claim", "value"},
        "knowledge/topics": {"topic", "claim", "slot or claim"},
        "knowledge/general.yaml": {"claim", "slot or claim"},
        "knowledge/slots.yaml": {"slot", "slot or claim", "value"},
        "knowledge/sources.yaml": {"source"},
        "knowledge/claims.yaml": {"fact"},
    }
    found: set[str] = set()
    for place, names in kinds.items():
        if any(path.startswith(place) for path in torn):
            found |= names
    return found


def _templates_missing(
    top: Path, trees: Mapping[str, Node], files: dict[str, YamlFile], folder: str = ""
) -> Iterator[Problem]:
    """Leaves without a template."""
    for stem, tree in trees.items():
        file = files[f"{folder}{stem}.yaml"]
        for where, node in nodes.below(tree):
            if isinstance(node, Leaf):
                path = f"templates/en/{stem}/{node.say}.md.j2"
                if not (top / path).is_file():
                    line = file.line((*where, "say"))
                    yield Problem(file.name, line, f"no template {path}")


def _templates_torn(top: Path) -> Iterator[Problem]:
    """Templates that are no text."""
    for path in sorted((top / "templates").rglob("*.j2")):
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Problem(path.relative_to(top).as_posix(), 1, NO_TEXT)
