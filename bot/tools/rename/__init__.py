"""takeback rename: another name for a service or a topic, in every file of the book.

The old name stays in the renamed file under `formerly:`, so that buttons, links and
sessions that hold it still lead there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import BotError
from bot.knowledge import loader
from bot.knowledge.model import KnowledgeBase
from bot.tools.command_line import EDIT, check_names, unpacked
from bot.tools.rename.book_files import Renaming, ServiceNames, TopicNames
from bot.tools.scaffold import NameArgument, sound

Old = Annotated[str, typer.Argument(help="The name of its file today.")]
app = typer.Typer()
rename = typer.Typer(no_args_is_help=True)
app.add_typer(
    rename,
    name="rename",
    help="Give a service or a topic another name, in all files.",
    rich_help_panel=EDIT,
)


@rename.command("platform", hidden=True)
@rename.command("service")
def service_command(old: Old, new: NameArgument) -> None:
    """Another name for a service's file; people go on calling it as they do."""
    book = unpacked()
    _tell(book, service(book, loader.load(book), old, new), "service")


@rename.command("topic")
def topic_command(old: Old, new: NameArgument) -> None:
    """Another name for a topic's file, its phrases and its templates."""
    book = unpacked()
    _tell(book, topic(book, loader.load(book), old, new), "topic")


def _tell(book: Path, done: Renaming, what: str) -> None:
    for path in sorted(done.changed):
        print(path.relative_to(book))
    for place in done.by_hand:
        print(f"{place}: left as it was; look whether it means this {what}")
    _, problems = loader.read(book)
    for problem in problems:
        print(problem)
    print("Now `takeback check`, and print the replies of the tests anew.")


def service(book: Path, kb: KnowledgeBase, old: str, new: str) -> Renaming:
    """Raises BotError."""
    if old in kb.uncovered:
        place = f"knowledge/platforms/{kb.roles.values.uncovered}.yaml"
        raise BotError(f"`{old}` has no file of its own: it stands in {place}")
    check_names(kb, platform=old)
    if old == kb.roles.values.uncovered:
        raise BotError(f"`{old}` stands for all other services and keeps its name")
    others = {name for name, owner in kb.former_services.items() if owner != old}
    sound(new, {*kb.platforms, *others, *kb.listed}, "service")
    slots = frozenset(n for n, s in kb.slots.items() if s.values == "platforms")
    done = Renaming(book, ServiceNames(old, new, slots))
    done.move(f"knowledge/platforms/{old}.yaml", f"knowledge/platforms/{new}.yaml")
    done.rewrite()
    done.remember(f"knowledge/platforms/{new}.yaml")
    return done


def topic(book: Path, kb: KnowledgeBase, old: str, new: str) -> Renaming:
    """Raises BotError."""
    check_names(kb, topic=old)
    others = {name for name, owner in kb.former_topics.items() if owner != old}
    sound(new, {*kb.topics, *others}, "topic")
    done = Renaming(book, TopicNames(old, new))
    for place in (
        "knowledge/topics/{}.yaml",
        "knowledge/phrases/{}.txt",
        "knowledge/phrases/{}",
        f"templates/{kb.language_code}/{{}}",
        "tests/book/every_answer/{}.md",
    ):
        done.move(place.format(old), place.format(new))
    done.rewrite()
    done.remember(f"knowledge/topics/{new}.yaml")
    return done
