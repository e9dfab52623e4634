"""Pages of the workbench: one file each that needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.errors import BotError

_FOLDER = Path(__file__).parent / "pages"


def page(name: str, **values: Any) -> str:
    """A page filled; whatever is put in is escaped, unless it is marked safe."""
    jinja = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return jinja.get_template(f"{name}.html.j2").render(**values)


def asset(name: str) -> str:
    """A style or a script that pages share."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """A page into a file. Raises BotError, if it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from None
