"""What the pieces of words weigh is added up once for each word, and no text changes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from bot.nlu import piece_sums
from bot.nlu.embeddings import Floats
from bot.nlu.piece_sums import PieceSums

WIDTH = 3


class Scale:
    """Weighs a word by its length, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def weigh(self, words: Sequence[str]) -> tuple[Floats, npt.NDArray[np.float64]]:
        self.asked.append(tuple(words))
        sizes = np.array([len(word) for word in words], np.float32)
        return np.outer(sizes, np.ones(WIDTH, np.float32)), sizes.astype(float) ** 2


def test_a_word_that_comes_again_is_not_weighed_again() -> None:
    scale = Scale()
    sums = PieceSums(scale.weigh, WIDTH)
    first = sums.of(["heron", "parcel"])
    again = sums.of(["parcel", "goose"])
    assert scale.asked == [("heron", "parcel"), ("goose",)]
    assert first.total.tolist() == [11.0] * WIDTH
    assert again.total.tolist() == [11.0] * WIDTH
    assert (first.square, again.square) == (61.0, 61.0)


def test_a_sum_is_levelled_to_the_length_of_its_features() -> None:
    sums = PieceSums(Scale().weigh, WIDTH)
    assert sums.of(["heron"]).levelled() == pytest.approx([1.0] * WIDTH)


def test_beside_a_long_word_none_is_remembered() -> None:
    scale = Scale()
    sums = PieceSums(scale.weigh, WIDTH)
    long = "h" * 400
    for _ in range(2):
        assert sums.of(["heron", long]).total.tolist() == [405.0] * WIDTH
    assert scale.asked == [("heron", long)] * 2


def test_a_full_table_begins_anew_and_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(piece_sums, "_REMEMBERED", 4)
    sums = PieceSums(Scale().weigh, WIDTH)
    texts = [["a", "bb"], ["ccc", "a"], ["dddd", "eeeee"], ["a", "ccc"]]
    for words in texts * 3:
        assert sums.of(words).total[0] == sum(map(len, words))


def test_a_text_of_more_words_than_the_table_has_rows_is_read_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(piece_sums, "_REMEMBERED", 4)
    sums = PieceSums(Scale().weigh, WIDTH)
    assert sums.of(["a", "bb", "ccc", "dddd", "eeeee"]).total[0] == 15
