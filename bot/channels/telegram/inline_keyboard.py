"""Buttons → an inline keyboard that reads well on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

from bot.dialogue.events import Button

Markup = dict[str, list[list[dict[str, Any]]]]
"""As the Bot API has it."""

Links = Mapping[str, str]
"""Buttons that open an address: label to address."""

_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
_COPIED = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
_LEAST = int(InlineKeyboardButtonLimit.MIN_CALLBACK_DATA)
_MOST = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_OWNER = "@"
_WIDTHS = {3: 9, 2: 16}
"""The columns of a row, and the longest label that a small phone shows in them."""


def keyboard(
    buttons: Iterable[Button],
    copied: Mapping[str, str] | None = None,
    links: Links | None = None,
) -> Markup | None:
    """One to three buttons a row; those that Telegram would refuse are left out.

    Above them those that copy words: label to words; below them those that open links.
    """
    fit = [b for b in buttons if b.label.strip() and _fits(b.value)]
    opening = [[{"text": label, "url": url}] for label, url in (links or {}).items()]
    copying = [
        [{"text": label, "copy_text": {"text": words}}]
        for label, words in (copied or {}).items()
        if 1 <= len(words) <= _COPIED
    ]
    rows = [
        [{"text": b.label, "callback_data": b.value} for b in row]
        for row in rows_of(fit[:_BUTTONS])
    ]
    found: list[list[dict[str, Any]]] = [*copying, *rows, *opening]
    return {"inline_keyboard": found} if found else None


def owned(value: str, user_id: int) -> str:
    """A button's value that tells whose it is, where there is room for that."""
    marked = f"{value}{_OWNER}{user_id:x}"
    return marked if _fits(marked) else value


def owner_of(data: str) -> tuple[str, int | None]:
    """The value, and whose it is, if it tells."""
    value, mark, user_id = data.rpartition(_OWNER)
    try:
        return (value, int(user_id, 16)) if mark else (data, None)
    except ValueError:
        return data, None


def rows_of(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    """In their order. A row shares its width evenly, so its longest label decides."""
    rows, start = [], 0
    while start < len(buttons):
        count = _columns(buttons[start : start + 5])
        rows.append(buttons[start : start + count])
        start += count
    return rows


def _columns(ahead: Sequence[Button]) -> int:
    widths = [_width(button.label) for button in ahead]
    for columns, widest in _WIDTHS.items():
        if len(widths) >= columns and max(widths[:columns]) <= widest:
            # Two and two look better than three and one.
            last_four = columns == 3 and len(widths) == 4 and max(widths) <= widest  # noqa: PLR2004
            return 2 if last_four else columns
    return 1


def _width(label: str) -> int:
    """Columns on the screen; a wide letter takes two."""
    if label.isascii():
        return len(label)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in label)


def _fits(value: str) -> bool:
    return _LEAST <= len(value.encode()) <= _MOST
