"""Of a language tag the language."""

from __future__ import annotations

import pytest

from bot.channels.language_tags import code_of


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("pt_BR", "pt"),
        ("zh-Hans-CN", "zh"),
        ("EN", "en"),
        ("ast", "ast"),
        ("", None),
        ("e", None),
        ("es-", None),
        ("-es", None),
        ("*", None),
        ("es MX", None),
        ("ёж", None),
        (None, None),
        (5, None),
        (["es"], None),
    ],
)
def test_the_first_part_names_it(tag: object, code: str | None) -> None:
    assert code_of(tag) == code
