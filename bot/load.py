"""Files → Book, or every problem at once as path:line: message.

YAML is read as text only: every scalar is a string until the schema says otherwise, so
`no` and `1.10` cannot turn into something else; repeated keys are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from bot.core import clock, words
from bot.core.book import (
    Ask,
    Book,
    By,
    Checked,
    Choice,
    Claim,
    Edition,
    Fact,
    Guide,
    Kind,
    Node,
    Platform,
    Say,
    Slot,
    Source,
    Topic,
    Words,
)
from bot.errors import KnowledgeError, Problem

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

_SIDES = (Checked, Guide)

Where = tuple[str | int, ...]

_HERE = Path(__file__).resolve().parent
LAST_CLAIM = 65
"""The guide's claims are numbered from 1 to this."""

LONGEST_PHRASE = 300
"""Characters."""


def root() -> Path:
    """The folder of `knowledge/` and `templates/`: the checkout or the package."""
    packed = _HERE / "_files"
    return packed if packed.is_dir() else _HERE.parent


class File:
    """One YAML file: its data, and the line of each place in it."""

    def __init__(self, path: Path, top: Path, problems: list[Problem]) -> None:
        self.name = path.relative_to(top).as_posix()
        self._lines: dict[Where, int] = {}
        self._problems = problems
        self.data: Any = None
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.fault((), str(error.problem or error), (mark.line + 1) if mark else 1)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.fault((), f"not readable as YAML: {str(error).splitlines()[0]}")
        except OSError as error:
            self.fault((), f"cannot be read: {error.strerror}")
        else:
            self.data = self._plain(node, ()) if node else {}

    def line(self, where: Where) -> int:
        """The line of a place, or of the nearest place around it."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def fault(self, where: Where, message: str, line: int | None = None) -> None:
        self._problems.append(Problem(self.name, line or self.line(where), message))

    def _plain(self, node: yaml.Node, where: Where) -> Any:
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
        return node.value


M = TypeVar("M", bound=BaseModel)


def _validated(model: type[M], file: File, data: Any, at: Where = ()) -> M | None:
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
        case "extra_forbidden":
            return f"unknown key `{key}`{meant(str(key), _keys(model))}"
        case "missing":
            return f"`{key}` is missing"
        case _:
            message = str(fault["msg"]).removeprefix("Value error, ")
            return f"`{key}`: {message}" if key != "" else message


def _keys(model: type[BaseModel]) -> list[str]:
    parts = (model, Say, Ask, By, Claim, *_SIDES, Kind, Choice)
    return sorted({name for part in parts for name in part.model_fields})


def meant(name: str, among: Iterable[str]) -> str:
    """What an editor may have meant by a name, as the end of a message."""
    near = process.extractOne(name, list(among), score_cutoff=70)
    return f"; did you mean `{near[0]}`?" if near else ""


# --- reading


def book(top: Path | None = None, edition: Edition = "checked") -> Book:
    """The book that the files hold.

    Raises KnowledgeError with every problem that keeps it from being used.
    """
    found, problems = read(top or root(), edition)
    if problems or found is None:
        raise KnowledgeError(problems)
    return found


def read(top: Path, edition: Edition = "checked") -> tuple[Book | None, list[Problem]]:
    """The book, if there is one, and everything wrong with the files."""
    problems: list[Problem] = []
    knowledge = top / "knowledge"
    if not knowledge.is_dir():
        return None, [Problem("knowledge", 1, "there is no such folder")]
    files: dict[str, File] = {}

    def yaml_file(path: Path) -> File:
        file = files[path.relative_to(knowledge).as_posix()] = File(path, top, problems)
        return file

    def folder(name: str, model: type[M]) -> dict[str, M]:
        paths = sorted((knowledge / name).glob("*.yaml"))
        if not paths:
            problems.append(Problem(f"knowledge/{name}", 1, "there is no file in it"))
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
    facts = mapping("claims.yaml", Fact)
    words_file = yaml_file(knowledge / "words.yaml")
    spoken = (
        None
        if words_file.data is None
        else _validated(Words, words_file, words_file.data)
    )
    whole = spoken is not None and not problems
    phrases = _phrases(knowledge, top, problems)
    problems += _templates_missing(top, topics, files)
    if not whole or spoken is None:
        # Names that one file has of another can only be judged once all are whole.
        return None, problems
    found = Book(
        platforms=platforms,
        topics=topics,
        slots=slots,
        sources=sources,
        facts=facts,
        words=spoken,
        phrases=phrases,
        edition=edition,
    )
    problems += _dangling(found, files)
    return found, problems


def _phrases(
    knowledge: Path, top: Path, problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    """Every label's phrases; the same phrase under two labels is a problem."""
    found: dict[str, tuple[str, ...]] = {}
    places: dict[tuple[str, ...], str] = {}
    for path in sorted((knowledge / "phrases").rglob("*.txt")):
        label = path.relative_to(knowledge / "phrases").with_suffix("").as_posix()
        name = path.relative_to(top).as_posix()
        try:
            lines = list(phrase_lines(path))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, 1, f"cannot be read: {error}"))
            continue
        kept = []
        for number, phrase in lines:
            if len(phrase) > LONGEST_PHRASE:
                message = f"longer than {LONGEST_PHRASE} characters"
                problems.append(Problem(name, number, message))
                continue
            said = words.split(phrase) or (phrase,)
            if said in places:
                message = f"the same phrase as at {places[said]}"
                problems.append(Problem(name, number, message))
                continue
            places[said] = f"{name}:{number}"
            kept.append(phrase)
        found[label] = tuple(kept)
    if not found:
        problems.append(Problem("knowledge/phrases", 1, "there is no file in it"))
    return found


def phrase_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The phrases of a file with their lines; `# ` opens a comment."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        phrase = line.strip()
        if phrase and not phrase.startswith("# "):
            yield number, phrase


# --- names that must exist


def _dangling(found: Book, files: dict[str, File]) -> list[Problem]:
    """Names in one file of something that no file holds."""
    problems: list[Problem] = []

    def must(
        file: File, where: Where, name: str, among: Iterable[str], what: str
    ) -> None:
        among = list(among)
        if name not in among:
            message = f"no {what} `{name}`{meant(name, among)}"
            problems.append(Problem(file.name, file.line(where), message))

    for stem, topic in found.topics.items():
        file = files[f"topics/{stem}.yaml"]
        for i, name in enumerate(topic.next):
            must(file, ("next", i), name.partition("/")[0], found.topics, "topic")
        for other, slots in topic.instead.items():
            must(file, ("instead", other), other, found.topics, "topic")
            for slot in slots:
                must(file, ("instead", other, slot), slot, found.slots, "slot")
        claims = _claim_keys(found, topic)
        for where, node in nodes(topic.tree):
            if isinstance(node, Ask):
                must(file, (*where, "ask"), node.ask, found.slots, "slot")
            elif isinstance(node, By):
                facts = {"clock", "aspect", *found.slots, *claims}
                must(file, (*where, "by"), node.by, facts, "slot or claim")
                must(file, (*where, "of"), node.of, claims | {"window"}, "claim")
            else:
                for i, claim in enumerate(node.claims):
                    must(file, (*where, "claims", i), claim, claims, "claim")
                for i, name in enumerate(node.guide):
                    must(file, (*where, "guide", i), name, claims, "claim")
                for i, name in enumerate(node.next):
                    there = name.partition("/")[0]
                    must(file, (*where, "next", i), there, found.topics, "topic")
                for i, slot in enumerate(node.refine):
                    must(file, (*where, "refine", i), slot, found.slots, "slot")
            if (
                isinstance(node, Ask)
                and node.ask == "sent"
                and (node.cases or node.known)
            ):
                message = "a moment has no cases: branch below with `by: clock`"
                problems.append(Problem(file.name, file.line((*where, "ask")), message))
            if isinstance(node, Ask | By):
                values = _values(found, stem, node)
                for case in node.cases if values else ():
                    must(file, (*where, "cases", case), case, values, "value")
    for path, name, where, said in all_claims(found):
        file = files[path]
        for i, source in enumerate(said.checked.source if said.checked else ()):
            place = (*where, name, "checked", "source", i)
            must(file, place, source, found.sources, "source")
        for i, number in enumerate(said.guide.numbers if said.guide else ()):
            if not 1 <= number <= LAST_CLAIM:
                place = (*where, name, "guide", "numbers", i)
                message = f"the guide has no claim {number}, only 1 to {LAST_CLAIM}"
                problems.append(Problem(file.name, file.line(place), message))
    problems += _mistyped(found, files)
    for label in found.phrases:
        name = label.partition("/")[0]
        if name not in found.topics:
            message = f"no topic `{name}`{meant(name, found.topics)}"
            problems.append(Problem(f"knowledge/phrases/{label}.txt", 1, message))
    return problems


def _mistyped(found: Book, files: dict[str, File]) -> Iterator[Problem]:
    """Claims of services that are not known, or whose value is not of their type."""
    for path, name, where, claim in all_claims(found):
        if not path.startswith("platforms/"):
            continue
        file, fact = files[path], found.facts.get(name)
        if fact is None:
            message = f"no claim `{name}` in claims.yaml{meant(name, found.facts)}"
            yield Problem(file.name, file.line((*where, name)), message)
            continue
        for side in ("checked", "guide"):
            said = getattr(claim, side)
            value = said.value if said else None
            if value is None or fact.free or value in fact.values:
                continue
            if fact.duration and clock.duration(value):
                continue
            allowed = [
                *fact.values,
                *(["a duration such as PT15M"] if fact.duration else []),
            ]
            among = ", ".join(allowed) or "its values: it has none"
            message = f"`{value}` is none of {among}"
            yield Problem(file.name, file.line((*where, name, side, "value")), message)


def _claim_keys(found: Book, topic: Topic) -> set[str]:
    keys = set(topic.claims)
    for platform in found.platforms.values():
        keys |= platform.claims.keys()
        for kind in platform.kinds.values():
            keys |= kind.claims.keys()
    return keys


def _values(found: Book, stem: str, node: Ask | By) -> set[str]:
    """What a branch can be on; empty where it is free."""
    name = node.ask if isinstance(node, Ask) else node.by
    if name == "clock":
        return {"open", "over", "unknown", "none"}
    if name == "aspect":
        heads = (label.partition("/") for label in found.phrases)
        return {aspect for topic, _, aspect in heads if topic == stem and aspect}
    if name in found.slots:
        values = found.slots[name].values
        if values == "platforms":
            return set(found.platforms)
        if values == "kinds":
            return {k for p in found.platforms.values() for k in p.kinds}
        return set(values)
    return set()


def nodes(tree: Node, where: Where = ("tree",)) -> Iterator[tuple[Where, Node]]:
    """Every node of a tree with its place in the file."""
    yield where, tree
    if isinstance(tree, Ask | By):
        for case, below in tree.cases.items():
            yield from nodes(below, (*where, "cases", case))
        if tree.known:
            yield from nodes(tree.known, (*where, "known"))
        yield from nodes(tree.otherwise, (*where, "otherwise"))


def all_claims(found: Book) -> Iterator[tuple[str, str, Where, Claim]]:
    """File, key, place around it, and the claim itself, of every claim."""
    for stem, topic in found.topics.items():
        for name, claim in topic.claims.items():
            yield f"topics/{stem}.yaml", name, ("claims",), claim
    for stem, platform in found.platforms.items():
        for name, claim in platform.claims.items():
            yield f"platforms/{stem}.yaml", name, ("claims",), claim
        for kind, entry in platform.kinds.items():
            for name, claim in entry.claims.items():
                yield f"platforms/{stem}.yaml", name, ("kinds", kind, "claims"), claim


def _templates_missing(
    top: Path, topics: dict[str, Topic], files: dict[str, File]
) -> Iterator[Problem]:
    """Leaves without a template."""
    for stem, topic in topics.items():
        file = files[f"topics/{stem}.yaml"]
        for where, node in nodes(topic.tree):
            if isinstance(node, Say):
                path = f"templates/en/{stem}/{node.say}.md.j2"
                if not (top / path).is_file():
                    line = file.line((*where, "say"))
                    yield Problem(file.name, line, f"no template {path}")


def digest(top: Path) -> str:
    """A name for the state of the files that decide how text is understood."""
    found = hashlib.sha256()
    for path in sorted((top / "knowledge").rglob("*")):
        if path.suffix in {".txt", ".yaml"}:
            found.update(path.read_bytes())
    return found.hexdigest()
