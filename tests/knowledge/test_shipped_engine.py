"""A wheel brings a trained engine, which is used where it belongs to the files."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import Mock

from bot.knowledge import cache
from tests.support.books import TOY


def test_an_engine_beside_the_knowledge_is_used_and_none_is_kept(
    tmp_path: Path,
) -> None:
    top = tmp_path / "book"
    shutil.copytree(TOY, top)
    waiting = Mock(side_effect=nullcontext)
    learning = cache.Learning(waiting)
    cache.open_engine(top, "checked", top / cache.SHIPPED, learning)
    assert waiting.call_count == 1
    _, engine = cache.open_engine(top, "checked", tmp_path / "cache", learning)
    assert waiting.call_count == 1
    assert engine.parse("how do I call back a parcel").ranked
    assert not [*(tmp_path / "cache").glob("mind-*")]


def test_after_an_edit_an_engine_is_trained_anew(tmp_path: Path) -> None:
    top = tmp_path / "book"
    shutil.copytree(TOY, top)
    cache.open_engine(top, "checked", top / cache.SHIPPED)
    with (top / "knowledge/phrases/call_back.txt").open("a") as file:
        file.write("\nfetch my parcel home again\n")
    waiting = Mock(side_effect=nullcontext)
    learning = cache.Learning(waiting)
    cache.open_engine(top, "checked", tmp_path / "cache", learning)
    assert waiting.call_count == 1
    assert list((tmp_path / "cache").glob("*.npz"))
