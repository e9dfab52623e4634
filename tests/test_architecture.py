"""What may know what: imports one way down, and no service's name in the program."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from bot.knowledge import nodes
from bot.knowledge.model import KnowledgeBase
from tests.support.books import real_book, toy_book

TOP = Path(__file__).resolve().parent.parent
BOT = TOP / "bot"
MODULES = sorted(BOT.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20
    assert BOT / "dialogue" / "policy.py" in MODULES


def test_the_contracts_of_imports_are_kept() -> None:
    pytest.importorskip("importlinter", reason="a tool of development")
    program = "import sys; from importlinter.cli import lint_imports as lint; "
    program += "sys.exit(lint(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [3-9] kept, 0 broken", done.stdout)


IMPURE = (
    "asyncio", "aiohttp", "datetime.datetime.now", "http", "httpx", "io", "jinja2",
    "logging", "os", "pathlib", "random", "requests", "secrets", "socket", "sqlalchemy",
    "sqlite3", "subprocess", "sys", "tempfile", "telegram", "threading", "time",
    "urllib", "yaml",
)  # fmt: skip


PURE = [
    *sorted((BOT / "nlu").rglob("*.py")),
    *sorted((BOT / "dialogue").rglob("*.py")),
    *sorted((BOT / "knowledge" / "model").glob("*.py")),
    *(BOT / "knowledge" / f"{name}.py" for name in ("roles", "time_limits")),
]
"""Text in, values out: understanding, the dialogue, the vocabulary."""


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(BOT)))
def test_what_is_pure_has_no_clock_no_file_and_no_network(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imported(path)}
    assert not roots & set(IMPURE)
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"\bopen\(|\.now\(|\.today\(|\.utcnow\(|\bprint\(|await ", text
    )


def test_understanding_knows_no_other_room() -> None:
    for path in (BOT / "nlu").rglob("*.py"):
        assert not {n for n in imported(path) if re.match(r"bot\.(?!nlu)", n)}, path


# --- one name for one thing


def test_a_public_class_bears_its_name_alone() -> None:
    found: dict[str, Path] = {}
    twice = []
    for path in MODULES:
        if "migrations" in path.parts:
            continue
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                if node.name in found:
                    twice.append((node.name, path, found[node.name]))
                found[node.name] = path
    assert twice == []


def test_every_class_of_the_glossary_is_there() -> None:
    page = (BOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][\w, ]+?) \|", page, re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")}
    assert len(named) > 10
    defined = {
        node.name
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    } | {"Rule", "Notice"}
    assert named <= defined, named - defined


# --- no word of the knowledge in the engine

ENGINE = [
    p
    for room in ("nlu", "dialogue", "responses", "channels")
    for p in sorted((BOT / room).rglob("*.py"))
]
BORROWED = {
    "nlu/clock_times.py": {"step"},  # a group of its pattern
    "dialogue/callback_data.py": {"platforms"},  # the special word of slots.yaml
    "responses/outcome_text.py": {"platforms"},
    "responses/comparison.py": {"service"},  # a row, as templates see it
    "responses/reply.py": {"sources"},  # the reply object
    "responses/template_errors.py": {"block"},  # a tag of templates
    "channels/telegram/filters.py": {"media"},  # a template of the channel
    "channels/telegram/texts.py": {"media"},
    "channels/metrics.py": {"kind", "reason"},  # labels of figures
    "channels/telegram/rate_limits.py": {"send", "edit"},  # methods of the Bot API
    "channels/telegram/transport.py": {"send", "edit"},
}
"""Names that are words of another language than the book's in these files."""


def names_of_the_knowledge(kb: KnowledgeBase) -> set[str]:
    """Topics, slots, claims and actions that an editor could rename."""
    return {*kb.topics, *kb.slots, *kb.facts, *kb.actions}


def named(path: Path) -> set[str]:
    """The texts of a module that may be names.

    What `nlu` has in tables of its own are the words of people: "read", "thanks".
    """
    tables = (
        node
        for node in parsed(path).body
        if path.is_relative_to(BOT / "nlu")
        and isinstance(node, ast.Assign | ast.AnnAssign)
    )
    return strings(path, besides=[n for table in tables for n in ast.walk(table)])


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: str(p.relative_to(BOT)))
def test_the_engine_names_no_topic_slot_or_claim(path: Path) -> None:
    """Each name that a file has for something else is one that is there."""
    borrowed = BORROWED.get(path.relative_to(BOT).as_posix(), set())
    assert named(path) & names_of_the_knowledge(real_book()) == borrowed


def test_the_toy_book_shares_no_name_with_the_real_one() -> None:
    real, toy = (
        {
            "topic": {*kb.topics},
            "slot": {*kb.slots},
            "claim": {*kb.facts, *(name for _, name, *_ in nodes.all_claims(kb))},
            "action": {*kb.actions},
            "value": {
                value
                for part in fields(kb.roles.values)
                for value in told(getattr(kb.roles.values, part.name))
            },
        }
        for kb in (real_book(), toy_book())
    )
    for sort, names in toy.items():
        assert not names & real[sort], sort


def told(played: str | tuple[str, ...]) -> tuple[str, ...]:
    return (played,) if isinstance(played, str) else played


_SENTENCE = re.compile(r"^[A-Z][a-z]+ [a-z].*[.?:]$")
ROOMS_WITHOUT_WORDS = [
    p for room in ("nlu", "dialogue") for p in sorted((BOT / room).rglob("*.py"))
]


@pytest.mark.parametrize(
    "path", ROOMS_WITHOUT_WORDS, ids=lambda p: str(p.relative_to(BOT))
)
def test_no_sentence_for_people_stands_in_the_engine(path: Path) -> None:
    assert not {text for text in strings(path) if _SENTENCE.match(text)}


SHARED = {
    *("admission", "chat_queues", "connections", "endpoints", "json_events"),
    *("language_tags", "log_redaction", "malformed", "metrics", "stopping"),
}
"""What any channel may use; it knows none of them."""


def test_no_channel_knows_another() -> None:
    there = {p.stem for p in (BOT / "channels").iterdir() if p.suffix != ".md"}
    assert there >= SHARED
    channels = there - {"__init__", "__pycache__"} - SHARED
    for path in MODULES:
        if path.is_relative_to(BOT / "channels") and path.name != "__init__.py":
            own = path.relative_to(BOT / "channels").parts[0].removesuffix(".py")
            for other in channels - {own}:
                reached = {n for n in imported(path) if n.startswith("bot.channels")}
                assert not {n for n in reached if n.split(".")[2:3] == [other]}, path


def test_the_store_knows_neither_book_files_nor_channel() -> None:
    for path in MODULES:
        if "store" in path.relative_to(BOT).parts[0]:
            bad = (
                r"bot\.(channels|responses|tools|knowledge\.loader|dialogue\.policy)\b"
            )
            assert not [name for name in imported(path) if re.match(bad, name)], path


# --- no service's name

ITS_OWN = {"telegram"}
"""The bot runs there, so that its channel bears its name."""

ORDINARY = {
    "line", "signal", "teams", "slack", "discord", "sms", "other", "x", "outlook",
    "messages", "chat", "mail",
}  # fmt: skip
"""Words that are names of services and also words."""


def services(kb: KnowledgeBase) -> dict[str, set[str]]:
    """Stem to how the service is written."""
    return {
        stem: {platform.label, stem}
        for stem, platform in kb.platforms.items()
        if stem not in {kb.roles.values.uncovered, *ITS_OWN}
    }


def strings(path: Path, besides: Sequence[ast.AST] = ()) -> set[str]:
    """The text constants of a module that are no docstrings."""
    described = {
        id(node.value)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    } | {id(node) for node in besides}
    return {
        node.value
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in described
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(BOT)))
def test_no_module_names_a_service(path: Path) -> None:
    """Not in code, comments or docstrings; of ordinary words, not as a text."""
    text = path.read_text(encoding="utf-8")
    for stem, written in services(real_book()).items():
        names = {name for name in written if name.lower() not in ORDINARY}
        for name in names:
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            assert not found, f"{name} in {path.relative_to(TOP)}"
        if stem in ORDINARY:
            labels = {name for name in written if name != stem}
            assert not labels & strings(path)


def test_the_names_of_services_would_be_found() -> None:
    found = services(real_book())
    assert len(found) > 5
    assert {"WhatsApp", "whatsapp"} <= found["whatsapp"]
    assert {name.lower() for name in found} - ORDINARY
