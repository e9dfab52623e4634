"""What was worked out of a book is remembered for that very book."""

from __future__ import annotations

from dataclasses import replace

from bot.knowledge.memo import Memo
from tests.support.books import toy_book


def test_two_editions_of_a_book_do_not_share_what_was_worked_out() -> None:
    kb = toy_book()
    guide = replace(kb, edition="guide")
    assert kb != guide
    memo: Memo[str] = Memo()
    assert memo.of(kb, "side", lambda: kb.edition) == "checked"
    assert memo.of(guide, "side", lambda: guide.edition) == "guide"


def test_a_thing_is_worked_out_once_for_a_book() -> None:
    memo: Memo[object] = Memo()
    kb = toy_book()
    assert memo.of(kb, 1, object) is memo.of(kb, 1, object)
    assert memo.of(kb, 1, object) is not memo.of(kb, 2, object)
