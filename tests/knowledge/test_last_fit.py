"""After a changed phrase a quick engine reads that one alone and goes on from the last fit."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from bot.knowledge import cache, last_fit
from bot.nlu import examples, training
from bot.nlu.engine import NluEngine
from tests.support.copies import Copy

QUICK = cache.Learning(quick=True)
ASKED = (
    "how do I call back a parcel",
    "many thanks to you",
    "who can see it",
    "parsel back please",
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """A small one whose fits are kept all the same, after its first."""
    monkeypatch.setattr(last_fit, "_FEW", 0)
    copy = Copy(tmp_path)
    opened(copy)
    copy.add("knowledge/phrases/bows.txt", "hats off to the lot of you\n")
    return copy


def opened(copy: Copy, learning: cache.Learning = QUICK) -> NluEngine:
    return cache.open_engine(copy.top, "checked", kept(copy), learning)[1]


def kept(copy: Copy) -> Path:
    return copy.top.parent / "kept"


def test_only_the_new_phrase_is_read_and_the_fit_goes_on(
    book: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Mock(side_effect=examples._masked)
    fits = Mock(side_effect=training.fitted)
    monkeypatch.setattr(examples, "_masked", read)
    monkeypatch.setattr(training, "fitted", fits)
    engine = opened(book)
    assert [call.args[0] for call in read.call_args_list] == [
        "hats off to the lot of you"
    ]
    assert fits.call_args.args[3] is not None
    assert engine.parse("hats off to the lot of you").ranked[0].label == "bows"
    opened(book)
    assert fits.call_count == 1


def test_it_answers_nearly_as_an_engine_that_began_with_nothing(book: Copy) -> None:
    quick, exact = opened(book), opened(book, cache.SILENT)
    for text in ASKED:
        of_quick, of_exact = quick.parse(text).ranked[0], exact.parse(text).ranked[0]
        assert of_quick.label == of_exact.label
        assert of_quick.probability == pytest.approx(of_exact.probability, abs=0.1)


def test_who_wants_a_whole_fit_never_gets_a_quick_one(book: Copy) -> None:
    quick = opened(book)
    exact = opened(book, cache.SILENT)
    assert not np.array_equal(quick.model.weights, exact.model.weights)
    # And once there is a whole one, all take it.
    assert np.array_equal(opened(book).model.weights, exact.model.weights)
    # A change of no phrase fits nothing anew, of either kind.
    book.add("knowledge/words.yaml", "# a remark\n")
    assert np.array_equal(opened(book, cache.SILENT).model.weights, exact.model.weights)


def test_after_a_change_of_a_name_all_phrases_are_read_again(
    book: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.add("knowledge/words.yaml", "# a remark\n")
    read = Mock(side_effect=examples._masked)
    monkeypatch.setattr(examples, "_masked", read)
    opened(book)
    assert read.call_count > 1


def test_a_torn_rest_of_a_fit_is_done_without(book: Copy) -> None:
    (torn,) = kept(book).glob("fit-*.npz")
    torn.write_bytes(torn.read_bytes()[:100])
    assert opened(book).parse("hats off to the lot of you").ranked[0].label == "bows"


def test_a_fit_by_other_code_is_no_start(book: Copy) -> None:
    (there,) = kept(book).glob("fit-*.npz")
    name = there.stem.removeprefix("fit-")
    assert last_fit.read(kept(book), book.top, name)
    assert last_fit.read(kept(book), book.top, "en-other") is None
