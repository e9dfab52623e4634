"""Buttons → an inline keyboard that reads well on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    KeyboardButtonStyle,
)

from bot.dialogue.events import Button

Markup = dict[str, list[list[dict[str, Any]]]]
"""As the Bot API has it."""


class ToAnyChat(NamedTuple):
    """Opens the list of chats, to send there what an inline query finds."""

    query: str


Links = Mapping[str, str | ToAnyChat]
"""Buttons that lead out of the chat: label to an address, or to other chats."""

_BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
_COPIED = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
_LEAST = int(InlineKeyboardButtonLimit.MIN_CALLBACK_DATA)
_MOST = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_OWNER = "@"
_MORE = "~"
_TRIAL = "^"
_REMIND, _CANCEL = "+", "-"
_AHEAD = str(KeyboardButtonStyle.PRIMARY)
_ROWS = 3
"""Below an answer, so that it can be read above them."""
_WIDTHS = {3: 10.0, 2: 17.0}
"""The columns of a row, and the longest label that a small phone shows in them."""
_NARROW, _BROAD = frozenset("ijlfrtI.,:;'!|()[] -"), frozenset("mwMW@")
_WIDTH_OF_NARROW, _WIDTH_OF_BROAD = 0.6, 1.5


def keyboard(
    buttons: Iterable[Button],
    copied: Mapping[str, str] | None = None,
    links: Links | None = None,
    *,
    plain: bool = False,
) -> Markup | None:
    """One to three buttons a row; those that Telegram would refuse are left out.

    Above them those that copy words: label to words; below them those that open links.
    A plain server knows no colours, by which the next step stands out.
    """
    fit = [b for b in buttons if b.label.strip() and fits(b.value)]
    opening = [[_opening(label, link)] for label, link in (links or {}).items()]
    copying = [
        [{"text": label, "copy_text": {"text": words}}]
        for label, words in (copied or {}).items()
        if 1 <= len(words) <= _COPIED
    ]
    rows = [[_pressed(b, plain=plain) for b in row] for row in rows_of(fit[:_BUTTONS])]
    if len(copying) == 1 and opening and "url" not in opening[0][0]:
        copying, opening = [[*copying[0], *opening[0]]], opening[1:]
    found: list[list[dict[str, Any]]] = [*copying, *rows, *opening]
    return {"inline_keyboard": found} if found else None


def _pressed(button: Button, *, plain: bool) -> dict[str, Any]:
    style = {"style": _AHEAD} if button.ahead and not plain else {}
    return {"text": button.label, "callback_data": button.value, **style}


def _opening(label: str, link: str | ToAnyChat) -> dict[str, Any]:
    if isinstance(link, str):
        return {"text": label, "url": link}
    chats = {f"allow_{kind}_chats": True for kind in ("user", "group", "channel")}
    chosen = {"query": link.query, **chats}
    return {"text": label, "switch_inline_query_chosen_chat": chosen}


def page(
    buttons: Sequence[Button],
    more: Button,
    shown: Collection[str] = (),
    rows: int = _ROWS,
) -> tuple[Button, ...]:
    """Those that rows have room for, but for those just shown; the rest behind `more`."""
    left = [b for b in buttons if b.value not in shown] or list(buttons)
    if len(left) == len(buttons) and len(rows_of(left)) <= rows:
        return tuple(left)
    while left and len(rows_of([*left, more])) > rows:
        left.pop()
    return (*left, more)


def more_of(place: str) -> str:
    """The value of the button that shows the other buttons of a place."""
    return f"{_MORE}{place}"


def place_of(value: str) -> str | None:
    """The place whose other buttons a button shows; none for any other button."""
    return value[1:] if value.startswith(_MORE) else None


def trial_of(place: str) -> str:
    """The value of the button by which the steps of a place are tried out."""
    return f"{_TRIAL}{place}"


def tried_place(value: str) -> str | None:
    """The place whose steps a button tries out; none for any other button."""
    return value[1:] if value.startswith(_TRIAL) else None


def reminding(place: str) -> str:
    """The value of the button by which one is reminded before a place's limit ends."""
    return f"{_REMIND}{place}"


def place_to_remind_of(value: str) -> str | None:
    """The place that a button reminds of; none for any other button."""
    return value[1:] if value.startswith(_REMIND) else None


def cancelling(place: str) -> str:
    """The value of the button that cancels a reminder."""
    return f"{_CANCEL}{place}"


def place_to_cancel(value: str) -> str | None:
    """The place whose reminder a button cancels; none for any other button."""
    return value[1:] if value.startswith(_CANCEL) else None


def owned(value: str, user_id: int) -> str:
    """A button's value that tells whose it is, where there is room for that."""
    marked = f"{value}{_OWNER}{user_id:x}"
    return marked if fits(marked) else value


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
    for count in _counts(tuple(button.label for button in buttons)):
        rows.append(buttons[start : start + count])
        start += count
    return rows


# The same labels come again and again, and each answer is laid out several times.
@lru_cache(maxsize=4096)
def _counts(labels: tuple[str, ...]) -> tuple[int, ...]:
    """How many buttons each row has."""
    counts, start = [], 0
    while start < len(labels):
        counts.append(_columns(labels[start : start + 5]))
        start += counts[-1]
    return tuple(counts)


def _columns(ahead: Sequence[str]) -> int:
    widths = [_width(label) for label in ahead]
    for columns, widest in _WIDTHS.items():
        if len(widths) >= columns and max(widths[:columns]) <= widest:
            # Two and two look better than three and one.
            last_four = columns == 3 and len(widths) == 4 and max(widths) <= widest  # noqa: PLR2004
            return 2 if last_four else columns
    return 1


def _width(label: str) -> float:
    """How much of a row it takes, in letters of middle width."""
    return sum(map(_width_of, label))


@lru_cache(maxsize=512)
def _width_of(char: str) -> float:
    if char in _NARROW:
        return _WIDTH_OF_NARROW
    if char in _BROAD:
        return _WIDTH_OF_BROAD
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fits(value: str) -> bool:
    """Whether Telegram takes a button with this value."""
    return _LEAST <= len(value.encode()) <= _MOST
