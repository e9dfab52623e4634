"""The file of fitted weights helps where it can, and never harms."""

from pathlib import Path

import numpy as np
import pytest

from bot import weights
from bot.core.fit import Examples, fit
from bot.core.model import Model
from bot.core.vectors import Vectors
from bot.core.words import split

EXAMPLES = [
    (split("where is my parcel"), "track"),
    (split("send it back"), "return"),
    (split("when do you open"), "hours"),
]
QUESTION = split("where do i send my parcel")


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every time a model is fitted."""
    seen: list[int] = []

    def counted(examples: Examples, vectors: Vectors | None) -> Model:
        seen.append(1)
        return fit(examples, vectors)

    monkeypatch.setattr(weights, "fit", counted)
    return seen


def test_a_second_start_reads_what_the_first_one_fitted(
    tmp_path: Path, fits: list[int]
) -> None:
    path = tmp_path / "cache" / "weights.npz"
    first = weights.fitted(EXAMPLES, None, path)
    second = weights.fitted(EXAMPLES, None, path)
    assert len(fits) == 1
    assert second.rank(QUESTION) == first.rank(QUESTION)
    assert [file.name for file in path.parent.iterdir()] == ["weights.npz"]


def test_other_examples_or_vectors_are_fitted_anew(
    tmp_path: Path, fits: list[int]
) -> None:
    path = tmp_path / "weights.npz"
    weights.fitted(EXAMPLES, None, path)
    weights.fitted(EXAMPLES[:2], None, path)
    weights.fitted(EXAMPLES[:2], Vectors(["parcel"], np.ones((1, 2))), path)
    assert len(fits) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\x93NUMPY", b"text"])
def test_a_torn_file_is_fitted_anew_and_replaced(
    tmp_path: Path, fits: list[int], content: bytes
) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(content)
    weights.fitted(EXAMPLES, None, path)
    weights.fitted(EXAMPLES, None, path)
    assert len(fits) == 1


def test_half_a_file_is_fitted_anew(tmp_path: Path, fits: list[int]) -> None:
    path = tmp_path / "weights.npz"
    weights.fitted(EXAMPLES, None, path)
    whole = path.read_bytes()
    for size in range(0, len(whole), len(whole) // 20):
        path.write_bytes(whole[:size])
        assert weights.fitted(EXAMPLES, None, path).rank(QUESTION)
    assert len(fits) > 15


def test_no_place_to_write_is_no_error(tmp_path: Path, fits: list[int]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert weights.fitted(EXAMPLES, None, blocked / "weights.npz").rank(QUESTION)
    assert weights.fitted(EXAMPLES, None, tmp_path).rank(QUESTION)
    assert weights.fitted(EXAMPLES, None, None).rank(QUESTION)
    assert len(fits) == 3
