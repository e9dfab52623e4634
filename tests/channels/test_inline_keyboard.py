from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.inline_keyboard import keyboard, page, rows_of
from bot.dialogue.events import Button


def rows(*labels: str) -> list[list[str]]:
    laid = rows_of([Button(label, "v") for label in labels])
    return [[button.label for button in row] for row in laid]


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    assert rows("Yes", "No", "Not sure") == [["Yes", "No", "Not sure"]]
    assert rows("WhatsApp", "Instagram DM") == [["WhatsApp", "Instagram DM"]]
    assert rows("What the other person sees", "Yes") == [
        ["What the other person sees"],
        ["Yes"],
    ]


def test_four_short_ones_stand_two_by_two() -> None:
    assert rows("A", "B", "C", "D") == [["A", "B"], ["C", "D"]]
    assert rows("A", "B", "C", "D", "E") == [["A", "B", "C"], ["D", "E"]]


def test_narrow_letters_take_less_room() -> None:
    assert rows("Will they notice?", "Write an apology") == [
        ["Will they notice?", "Write an apology"]
    ]
    assert rows("M" * 12, "M" * 12) == [["M" * 12], ["M" * 12]]


def test_what_three_rows_have_no_room_for_is_behind_more() -> None:
    buttons = [Button(f"A label {n} that is long", f"v{n}") for n in range(7)]
    more = Button("More", "~v")
    first = page(buttons, more)
    assert first == (*buttons[:2], more)
    second = page(buttons, more, [b.value for b in first])
    assert second == (*buttons[2:4], more)
    assert page(buttons[:3], more) == tuple(buttons[:3])
    everything = [b.value for b in buttons]
    assert page(buttons, more, everything) == first


def test_wide_letters_count_twice() -> None:
    assert rows("\u597d" * 8, "\u597d" * 8) == [["\u597d" * 8, "\u597d" * 8]]
    assert rows("\u597d" * 9, "\u597d" * 9) == [["\u597d" * 9], ["\u597d" * 9]]


def test_the_next_step_stands_out_where_the_server_knows_colours() -> None:
    buttons = [Button("Next", "n", ahead=True), Button("Back", "b")]
    laid, plain = keyboard(buttons), keyboard(buttons, plain=True)
    assert laid is not None
    assert plain is not None
    (row,), (uncoloured,) = laid["inline_keyboard"], plain["inline_keyboard"]
    assert [button.get("style") for button in row] == ["primary", None]
    assert [button.get("style") for button in uncoloured] == [None, None]


def test_what_telegram_would_refuse_is_left_out() -> None:
    bad = [Button("Long", "é" * 33), Button("Empty", ""), Button(" ", "v")]
    assert keyboard(bad) is None
    laid = keyboard([*bad, Button("Good", "é" * 32)])
    assert laid is not None
    labels = [[b["text"] for b in row] for row in laid["inline_keyboard"]]
    assert labels == [["Good"]]


@given(st.lists(st.text(max_size=40), max_size=30))
def test_no_button_is_lost_or_moved(labels: list[str]) -> None:
    laid = rows(*labels)
    assert [label for row in laid for label in row] == labels
    assert all(1 <= len(row) <= 3 for row in laid)
