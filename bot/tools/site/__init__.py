"""takeback site: the answers as pages for people who do not chat.

A page a service, a page a question, and a first page with all of them; no script is
needed to read. The same knowledge gives the same pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import BotError
from bot.tools.command_line import OPERATE, open_renderer, top
from bot.tools.site.pages import Site

_BOT = re.compile(r"@?([A-Za-z]\w{3,31})", re.ASCII)
_OURS = '<meta name="generator" content="takeback">'

app = typer.Typer()


@app.command("site", rich_help_panel=OPERATE)
def command(
    folder: Annotated[Path, typer.Argument(help="The folder to write into.")],
    bot: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The Telegram bot that pages link to."),
    ] = None,
) -> None:
    """Write the answers as static pages, by service and by question."""
    found = _BOT.fullmatch(bot) if bot else None
    if bot and not found:
        raise BotError(f"`{bot}` is no name of a bot, such as takeback_bot")
    site = Site(open_renderer(), top(), found[1] if found else None)
    print(write(folder, site.files()) / "index.html")


def write(folder: Path, files: dict[str, str]) -> Path:
    """The pages; those that are no more go.

    Raises BotError, if they cannot be written, or the folder has somebody else's files.
    """
    try:
        index = folder / "index.html"
        if folder.is_dir() and any(folder.iterdir()):
            if not index.is_file() or _OURS not in index.read_text("utf-8", "replace"):
                raise BotError(f"{folder} is not empty, and no site of ours is in it")
            for path in (
                *folder.glob("services/*.html"),
                *folder.glob("topics/*.html"),
            ):
                if path.relative_to(folder).as_posix() not in files:
                    path.unlink()
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{folder} cannot be written: {error.strerror}") from None
    return folder
