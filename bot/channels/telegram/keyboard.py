"""Buttons → an inline keyboard that reads well on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

from bot.core.message import Button

_WIDTHS = {3: 9, 2: 16}
"""The columns of a row, and the longest label that a small phone shows in them."""


def keyboard(
    buttons: Iterable[Button], copied: Mapping[str, str] | None = None
) -> InlineKeyboardMarkup | None:
    """One to three buttons a row; those that Telegram would refuse are left out.

    Above them those that copy words: label to words.
    """
    fit = [b for b in buttons if b.label.strip() and _fits(b.value)]
    most = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
    rows = [
        [InlineKeyboardButton(b.label, callback_data=b.value) for b in row]
        for row in rows_of(fit[:most])
    ]
    copying = [
        [InlineKeyboardButton(label, copy_text=CopyTextButton(words))]
        for label, words in (copied or {}).items()
        if 1 <= len(words) <= int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
    ]
    return InlineKeyboardMarkup(copying + rows) if copying or rows else None


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
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in label)


def _fits(value: str) -> bool:
    low = int(InlineKeyboardButtonLimit.MIN_CALLBACK_DATA)
    high = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
    return low <= len(value.encode()) <= high
