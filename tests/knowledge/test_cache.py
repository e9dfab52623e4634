"""What is kept of a book is used only for the same files and the same code."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import cache
from tests.support.copies import Copy

CODE = Path(cache.__file__).parent.parent


def test_all_code_that_makes_an_engine_belongs_to_the_key(tmp_path: Path) -> None:
    files = set(cache.sources(Copy(tmp_path).top))
    for room in ("nlu", "knowledge"):
        assert set((CODE / room).rglob("*.py")) <= files
    assert CODE / "nlu" / "embeddings.py" in files
    assert CODE / "knowledge" / "yaml_file.py" in files


def test_a_change_of_any_file_is_met_by_another_engine(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    kept = tmp_path / "kept"
    before, _ = cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.iterdir())) == 1
    copy.add("knowledge/phrases/bows.txt", "much obliged to you all\n")
    cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.iterdir())) == 2
    again, _ = cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.iterdir())) == 2
    assert again.topics.keys() == before.topics.keys()
