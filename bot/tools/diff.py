"""takeback diff REV: what people will see differently since a revision.

The files of then and of now, both read by the code of today: replies by the way that
leads to them, and where the known questions lead.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.app import open_assistant
from bot.dialogue.events import Said
from bot.dialogue.session import Session
from bot.errors import BotError
from bot.folders import cache
from bot.knowledge import loader
from bot.knowledge.model import Edition, KnowledgeBase
from bot.settings import settings
from bot.tools import git_revision
from bot.tools.check import replies
from bot.tools.command_line import EDIT, top
from bot.tools.every_answer import NOW, Entry
from bot.tools.print_replies import markdown
from bot.tools.progress import progress

QUESTIONS = "tests/book/questions.jsonl"
app = typer.Typer()


@app.command("diff", rich_help_panel=EDIT)
def command(
    revision: Annotated[str, typer.Argument(help="A commit, a tag, HEAD~3.")],
    questions: Annotated[
        bool, typer.Option(help="Ask the known questions of both, too.")
    ] = True,
) -> None:
    """Show what people will see differently since a revision of this checkout."""
    found = diff(
        top(),
        revision,
        edition=settings().edition,
        questions=questions,
        cache=cache(),
    )
    print(printed(found), end="")


Way = tuple[str, str]
"""A topic, and what is known there."""


@dataclass(frozen=True)
class SeenReply:
    """What a person sees on a way."""

    place: str
    text: str
    """With its buttons."""


@dataclass(frozen=True)
class ReplyChange:
    """One change that is the same on all these ways."""

    place: str
    lines: tuple[str, ...]
    """As a unified diff."""
    ways: tuple[Way, ...]


@dataclass
class Difference:
    revision: str
    commit: str
    changed: list[ReplyChange] = field(default_factory=list)
    new: list[tuple[Way, SeenReply]] = field(default_factory=list)
    gone: list[tuple[Way, SeenReply]] = field(default_factory=list)
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    """A known question, where it led and where it leads."""
    questions: int = 0


def diff(
    top: Path,
    name: str,
    *,
    edition: Edition = "checked",
    questions: bool = True,
    cache: Path | None = None,
) -> Difference:
    """Raises BotError where there is no such revision, or it cannot be read."""
    now = seen(loader.load(top, edition), top)
    with git_revision.opened(top, name) as then:
        before = seen(_book(then, edition), then.top)
        found = Difference(name, then.commit)
        found.changed = list(_changed(before, now))
        found.new = [(way, now[way]) for way in now.keys() - before.keys()]
        found.gone = [(way, before[way]) for way in before.keys() - now.keys()]
        asked = _asked(top / QUESTIONS) if questions else []
        found.questions = len(asked)
        if asked:
            kept = cache / "diff" if cache else None
            was = _leads(then.top, edition, kept, asked)
            leads = _leads(top, edition, cache, asked)
            both = zip(asked, was, leads, strict=True)
            found.answers = [(text, a, b) for text, a, b in both if a != b]
    found.new.sort(key=lambda found: found[0])
    found.gone.sort(key=lambda found: found[0])
    return found


def _book(then: git_revision.Revision, edition: Edition) -> KnowledgeBase:
    kb, problems = loader.read(then.top, edition)
    if kb is None:
        raise BotError(
            f"the code of today cannot read the files of `{then.name}`: {problems[0]}"
        )
    return kb


def seen(kb: KnowledgeBase, top: Path) -> dict[Way, SeenReply]:
    """What is seen on every way; those that cannot be rendered are left out."""
    entries, _ = replies.every(kb, top)
    return {(e.topic, e.way): SeenReply(e.place, _shown(e)) for e in entries}


def _shown(entry: Entry) -> str:
    buttons = "".join(f" [{label}]" for label in entry.labels)
    return markdown(entry.reply.message) + (f"\n\nButtons:{buttons}" if buttons else "")


def _changed(
    before: dict[Way, SeenReply], now: dict[Way, SeenReply]
) -> Iterator[ReplyChange]:
    """Changes that are alike stand together."""
    alike: dict[tuple[str, tuple[str, ...]], list[Way]] = {}
    for way in before.keys() & now.keys():
        was, is_ = before[way], now[way]
        if was != is_:
            place = (
                is_.place if was.place == is_.place else f"{was.place} → {is_.place}"
            )
            alike.setdefault((place, _lines(was.text, is_.text)), []).append(way)
    for (place, lines), ways in sorted(alike.items()):
        yield ReplyChange(place, lines, tuple(sorted(ways)))


def _lines(before: str, now: str) -> tuple[str, ...]:
    """The lines that differ, with - and + before them."""
    both = before.splitlines(), now.splitlines()
    lines = list(difflib.unified_diff(*both, lineterm="", n=0))[2:]
    return tuple(line for line in lines if not line.startswith("@@"))


def _asked(path: Path) -> list[str]:
    """The known questions; none where there is no such file."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def _leads(
    top: Path, edition: Edition, cache: Path | None, questions: Iterable[str]
) -> list[str]:
    """Where each question leads: the answer or the open question, and what is known."""
    bot = open_assistant(edition, top, cache)
    found = []
    with progress("Asking the known questions", questions) as asked:
        for question in asked:
            turn = bot.turn(Session(), Said("", question, NOW))
            reply = bot.renderer.reply(turn, NOW)
            entry = Entry("", turn.slots, turn.outcome, reply)
            found.append(f"{entry.place} {entry.way}".strip())
    return found


# --- printing


def printed(found: Difference) -> str:
    ways = sum(len(change.ways) for change in found.changed)
    title = f"# What people will see differently since {found.revision}"
    counts = (
        f"Changed on {ways} ways, {len(found.new)} ways new, {len(found.gone)} gone."
    )
    if found.questions:
        counts += f" {len(found.answers)} of {found.questions} known questions "
        counts += "lead elsewhere."
    parts = [f"{title} ({found.commit[:12]})", counts, *map(_change, found.changed)]
    parts += _listed("New ways", found.new)
    parts += _listed("Ways that are gone", found.gone)
    if found.answers:
        lines = [f"- {text}\n  - was: {a}\n  - is: {b}" for text, a, b in found.answers]
        parts.append("\n".join(["## Known questions", "", *lines]))
    return "\n\n".join(parts) + "\n"


_FEW = 5


def _change(change: ReplyChange) -> str:
    shown = [f"- {_way(way)}" for way in change.ways[:_FEW]]
    if len(change.ways) > _FEW:
        shown.append(f"- and {len(change.ways) - _FEW} more")
    diff_ = ["```diff", *change.lines, "```"]
    return "\n".join([f"## {change.place}", "", *shown, "", *diff_])


def _listed(title: str, found: list[tuple[Way, SeenReply]]) -> list[str]:
    """By the place that they lead to, the first few of each."""
    if not found:
        return []
    places: dict[str, list[Way]] = {}
    for way, reply in found:
        places.setdefault(reply.place, []).append(way)
    lines = [f"## {title}", ""]
    for place, ways in sorted(places.items()):
        more = f" and {len(ways) - _FEW} more" if len(ways) > _FEW else ""
        lines.append(f"- {place}: {', '.join(map(_way, ways[:_FEW]))}{more}")
    return ["\n".join(lines)]


def _way(way: Way) -> str:
    topic, known = way
    return f"`{topic}` with `{known or 'nothing known'}`"
