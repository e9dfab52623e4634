"""What is kept of a book is used only for the same files and the same code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import Mock

from bot.knowledge import cache, cache_key
from bot.nlu import training
from tests.support.books import TOY
from tests.support.copies import Copy

if TYPE_CHECKING:
    import pytest

CODE = Path(cache.__file__).parent.parent


def test_all_code_that_makes_an_engine_belongs_to_the_key(tmp_path: Path) -> None:
    files = set(cache_key.sources(Copy(tmp_path).top))
    for room in ("nlu", "knowledge"):
        assert set((CODE / room).rglob("*.py")) <= files
    assert CODE / "nlu" / "embeddings.py" in files
    assert CODE / "knowledge" / "yaml_file.py" in files


def test_a_change_of_any_file_is_met_by_another_engine(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    kept = tmp_path / "kept"
    before, _ = cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.glob("*.npz"))) == 1
    copy.add("knowledge/phrases/bows.txt", "much obliged to you all\n")
    cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.glob("*.npz"))) == 2
    again, _ = cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.glob("*.npz"))) == 2
    assert again.topics.keys() == before.topics.keys()


def test_old_engines_go_with_their_weights_and_no_more_than_eight_stay(
    tmp_path: Path,
) -> None:
    copy = Copy(tmp_path)
    kept = tmp_path / "kept"
    for number in range(10):
        copy.add("knowledge/phrases/bows.txt", f"much obliged {number} times\n")
        cache.open_engine(copy.top, "checked", kept)
    assert len(list(kept.glob("*.npz"))) == 8
    names = {file.stem for file in kept.glob("*.npz")}
    assert {file.stem for file in kept.iterdir()} == names


def test_weights_that_are_gone_are_made_anew(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    cache.open_engine(TOY, "checked", kept)
    for file in kept.glob("*.npy"):
        file.unlink()
    _, engine = cache.open_engine(TOY, "checked", kept)
    assert engine.parse("how do I call back a parcel").ranked
    assert list(kept.glob("*.npy"))


def test_a_change_of_no_phrase_fits_nothing_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Copy(tmp_path)
    kept = tmp_path / "kept"
    _, before = cache.open_engine(copy.top, "checked", kept)
    fits = Mock(side_effect=training.fitted)
    monkeypatch.setattr(training, "fitted", fits)
    copy.add("knowledge/words.yaml", "# a remark\n")
    _, after = cache.open_engine(copy.top, "checked", kept)
    assert not fits.called
    assert len(list(kept.glob("*.npz"))) == 2
    question = "how do I call back a parcel"
    assert after.parse(question).ranked == before.parse(question).ranked
    copy.add("knowledge/phrases/bows.txt", "much obliged to you all\n")
    cache.open_engine(copy.top, "checked", kept)
    assert fits.called
