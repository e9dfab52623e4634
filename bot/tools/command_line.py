"""What the tools' commands share: their options, the files they work on, their output."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import startup
from bot.errors import BotError
from bot.folders import PACKED, root
from bot.knowledge.near_names import did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

    from bot.knowledge.model import KnowledgeBase
    from bot.responses.renderer import Renderer

TALK, OPERATE, EDIT, MEASURE = "Talk", "Operate", "Edit", "Measure"
"""The panels of `takeback --help`."""

JsonFlag = Annotated[bool, typer.Option("--json", help="The result as JSON.")]
TopFolder = Annotated[
    Path | None,
    typer.Argument(help="The folder that holds knowledge/ and templates/."),
]
TopicOption = Annotated[str | None, typer.Option("--topic", help="Only this topic.")]
PlatformOption = Annotated[
    str | None, typer.Option("--service", "--platform", help="Only this service.")
]


def top() -> Path:
    """The folder of knowledge/ and templates/ that the settings name, or our own."""
    with startup.interruptible():
        from bot.settings import settings

    return settings().files or root()


def unpacked() -> Path:
    """The folder to write into. Raises BotError in a package that was installed."""
    found = top()
    if found.name == PACKED:
        raise BotError(
            "this is an installed package: set TAKEBACK_FILES to a folder of your own "
            "with knowledge/ and templates/, such as a checkout"
        )
    return found


def open_renderer() -> Renderer:
    """A renderer on these files. Raises KnowledgeError."""
    with startup.interruptible():
        from bot.knowledge.loader import load
        from bot.responses.renderer import Renderer
        from bot.settings import settings

    return Renderer(load(top(), settings().edition), top())


def check_names(
    kb: KnowledgeBase, *, topic: str | None = None, platform: str | None = None
) -> None:
    """Raises BotError where there is no such topic or service."""
    for what, name, among in (
        ("topic", topic, kb.topics.keys()),
        ("service", platform, kb.platforms.keys()),
    ):
        if name and name not in among:
            raise BotError(f"no {what} `{name}`{did_you_mean(name, among)}")


def show(tables: Iterable[Table], values: dict[str, Any] | None) -> None:
    """Prints tables for a person, or values as one JSON object."""
    if values is not None:
        typer.echo(dumps(values, indent=1, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console()
    for table in tables:
        console.print(table)
        console.print()
