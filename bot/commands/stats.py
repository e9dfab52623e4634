"""takeback stats: sums of what was asked, as tables or as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands import store as stores
from bot.desk.stats import sums, tables
from bot.knowledge.loader import load, root
from bot.settings import settings

if TYPE_CHECKING:
    from rich.table import Table


async def stats(
    days: int, png: Path | None = None, now: datetime | None = None
) -> tuple[dict[str, Any], Iterator[Table]]:
    """Raises BotError."""
    told, now = settings(), now or datetime.now(UTC)
    read = load(told.files or root(), told.edition)
    async with stores.looked_into(told) as store:
        lines = await store.counted(now - timedelta(days=days))
    found = sums.summed(lines, now.date(), days)
    if png:
        # Imported here: it is an extra, and slow.
        from bot.desk.stats import picture

        picture.draw(read, found, png)
    return found.as_json(), tables.tables(read, found)
