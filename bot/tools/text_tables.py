"""A table for the terminal. The library is loaded with the first one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(title: str, heads: Sequence[str], rows: Iterable[Iterable[object]]) -> Table:
    """Rows of anything under their heads."""
    from rich.markup import escape
    from rich.table import Table

    made = Table(*heads, title=title, title_justify="left")
    for row in rows:
        made.add_row(*(escape(str(cell)) for cell in row))
    return made
