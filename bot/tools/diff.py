"""takeback diff REV: what people will see differently since a revision.

The files of then and of now, both read by the code of today: replies by the way that
leads to them, and where the known questions lead.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
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
from bot.tools.differences import Difference, ReplyChange, SeenReply, Way, printed
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
    everything: Annotated[
        bool, typer.Option("--all", help="Each answer that changes, with more ways.")
    ] = False,
) -> None:
    """Show what people will see differently since a revision of this checkout.

    A sentence that changes is shown once, with the number of ways that lead to it.
    """
    found = diff(
        top(),
        revision,
        edition=settings().edition,
        questions=questions,
        cache=cache(),
    )
    print(printed(found, everything=everything), end="")


def diff(
    top: Path,
    name: str,
    *,
    edition: Edition = "checked",
    questions: bool = True,
    cache: Path | None = None,
) -> Difference:
    """Raises BotError where there is no such revision, or it cannot be read."""
    with git_revision.opened(top, name) as then:
        found = Difference(name, then.commit)
        asked = _asked(top / QUESTIONS) if questions else []
        found.questions = len(asked)
        if then.is_the_same_as(top):
            return found  # today's code reads both, so nothing can differ
        now = seen(loader.load(top, edition), top)
        before = seen(_book(then, edition), then.top)
        found.changed = list(_changed(before, now))
        found.new = [(way, now[way]) for way in now.keys() - before.keys()]
        found.gone = [(way, before[way]) for way in before.keys() - now.keys()]
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
