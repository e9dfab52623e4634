"""Files → Book, or every problem at once as path:line: message."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from bot.errors import KnowledgeError, Problem
from bot.folders import root as root  # noqa: PLC0414 - it was always asked for here
from bot.knowledge import (
    phrase_files,
    schema_faults,
    templates_there,
    unfinished,
)
from bot.knowledge.model import (
    Action,
    AssistantFile,
    Claim,
    ClaimType,
    Edition,
    KnowledgeBase,
    Labels,
    Part,
    Platform,
    Slot,
    Source,
    Topic,
    Words,
)
from bot.knowledge.ordinary_names import ordinary_names
from bot.knowledge.played_roles import CLAIM
from bot.knowledge.references import ReferenceCheck
from bot.knowledge.roles import Roles
from bot.knowledge.yaml_file import (
    Where,
    YamlFile,
    name_fault,
)
from bot.nlu import languages

PARTS = "assistant.yaml"
GENERAL = "general.yaml"
"""What holds everywhere; a book may do without."""

M = TypeVar("M", bound=Part)


def _validated(model: type[M], file: YamlFile, data: Any, at: Where = ()) -> M | None:
    """The data as a model; what does not fit becomes problems with their lines."""
    try:
        return cast("M", _adapter(cast("Any", model)).validate_python(data))
    except ValidationError as error:
        for where, says in schema_faults.told(error, model, at):
            file.fault(where, says)
    return None


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


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
    knowledge = top / "knowledge"
    if not knowledge.is_dir():
        return None, [Problem("knowledge", 1, "there is no such folder")]
    reader = _Reader(top)
    problems = reader.problems
    platforms = reader.folder("platforms", Platform)
    topics = reader.folder("topics", Topic)
    slots = reader.mapping("slots.yaml", Slot)
    sources = reader.mapping("sources.yaml", Source)
    facts = reader.mapping("claims.yaml", ClaimType)
    has_general = (knowledge / GENERAL).is_file()
    general = reader.mapping(GENERAL, Claim) if has_general else {}
    words = reader.whole("words.yaml", Words)
    actions = reader.folder("actions", Action, needed=False)
    parts = reader.whole(PARTS, AssistantFile)
    torn = {problem.path for problem in problems}
    code, worded = _language(reader.files[PARTS], top)
    phrases, phrase_actions = phrase_files.read(
        knowledge, top, languages.of(code), problems
    )
    trees = {stem: topic.tree for stem, topic in topics.items()}
    own = {f"actions/{k}": a.tree for k, a in actions.items() if a.tree}
    problems += templates_there.torn(top)
    found = KnowledgeBase(
        platforms=platforms,
        topics=topics,
        slots=slots,
        sources=sources,
        facts=facts,
        general=general,
        words=words or _hollow(Words),
        phrases=phrases,
        phrase_actions=phrase_actions,
        actions=actions,
        roles=parts.roles if parts else _hollow(Roles),
        labels=parts.labels if parts else _hollow(Labels),
        edition=edition,
        language_code=code,
    )
    needed = templates_there.Needed(top, worded, reader.files)
    problems += needed.missing(trees, own, found.put_right)
    if parts:  # without the roles no reference can be followed
        problems += ReferenceCheck(found, reader.files, _untold(torn)).check()
    if words:
        problems += ordinary_names(found, reader.files)
    return (None if torn else found), problems


def _hollow(model: type[M]) -> M:
    """In place of a part that is torn: the book is not used, only looked through."""
    return object.__new__(model)


def _language(file: YamlFile, top: Path) -> tuple[str, str]:
    """The code of the book's language, and of that of its templates.

    Torn parts may name it all the same. One that is not there yet may have templates.
    """
    data = file.data if isinstance(file.data, dict) else {}
    code = str(data.get("language", languages.HOME))
    if code in languages.codes():
        return code, code
    there = ", ".join(languages.codes())
    made = f"one more is a folder bot/nlu/languages/{code}"
    file.fault(("language",), f"no language `{code}`; there are {there}, and {made}")
    templates = top / "templates"
    at_home = (templates / languages.HOME).is_dir() and not (templates / code).is_dir()
    return languages.HOME, languages.HOME if at_home else code


class _Reader:
    """Reads the files of one book as parts of it, and gathers what is wrong with them."""

    def __init__(self, top: Path) -> None:
        self.problems: list[Problem] = []
        self.files: dict[str, YamlFile] = {}
        """By their path below `knowledge/`."""
        self._top, self._knowledge = top, top / "knowledge"

    def folder(self, name: str, model: type[M], *, needed: bool = True) -> dict[str, M]:
        """By stem the files of a folder, each of which is one part."""
        paths = sorted((self._knowledge / name).glob("*.yaml"))
        if needed and not paths:
            self.problems.append(
                Problem(f"knowledge/{name}", 1, "there is no file in it")
            )
        names = (name_fault(path.relative_to(self._top)) for path in paths)
        self.problems.extend(filter(None, names))
        files = {path.stem: self._file(path) for path in paths}
        made = {
            stem: _validated(model, file, file.data)
            for stem, file in files.items()
            if file.data is not None
        }
        return {k: v for k, v in made.items() if v is not None}

    def mapping(self, name: str, model: type[M]) -> dict[str, M]:
        """By key the parts that one file holds."""
        file = self._file(self._knowledge / name)
        data = file.data or {}
        if not isinstance(data, dict):
            file.fault((), schema_faults.NO_MAPPING)
            data = {}
        made = {k: _validated(model, file, v, (k,)) for k, v in data.items()}
        return {k: v for k, v in made.items() if v is not None}

    def whole(self, name: str, model: type[M]) -> M | None:
        """A file that is one part, if it is fit for use."""
        file = self._file(self._knowledge / name)
        return None if file.data is None else _validated(model, file, file.data)

    def _file(self, path: Path) -> YamlFile:
        file = YamlFile(path, self._top, self.problems)
        self.files[path.relative_to(self._knowledge).as_posix()] = file
        return file


def _untold(torn: set[str]) -> set[str]:
    """Kinds of names that cannot be judged while some files are torn."""
    kinds = {
        "knowledge/platforms": {"claim", "slot or claim", "value", "service"},
        "knowledge/topics": {"topic", "claim", "slot or claim"},
        "knowledge/general.yaml": {"claim", "slot or claim"},
        "knowledge/slots.yaml": {"slot", "slot or claim", "value"},
        "knowledge/sources.yaml": {"source"},
        "knowledge/claims.yaml": {CLAIM},
    }
    found: set[str] = set()
    for place, names in kinds.items():
        if any(path.startswith(place) for path in torn):
            found |= names
    return found
