"""An engine's name tells its files apart, and is read once for each state of them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from bot.knowledge import cache_key
from tests.support.copies import Copy

AGO = time.time() - 60


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A book whose files were changed a while ago."""
    copy = Copy(tmp_path)
    for path in cache_key.sources(copy.top):
        if copy.top in path.parents:
            os.utime(path, (AGO, AGO))
    return copy


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts how often the files are read, and takes the program's own as settled."""
    mock = Mock(side_effect=cache_key._read)
    monkeypatch.setattr(cache_key, "_read", mock)
    monkeypatch.setattr(cache_key, "_SETTLED", -1e9)
    return mock


def test_a_name_is_read_once_for_each_state_of_the_files(
    copy: Copy, tmp_path: Path, reads: Mock
) -> None:
    kept = tmp_path / "kept"
    first = cache_key.of(copy.top, kept)
    assert cache_key.of(copy.top, kept) == first
    assert reads.call_count == 1
    copy.add("knowledge/phrases/bows.txt", "much obliged to you all\n")
    other = cache_key.of(copy.top, kept)
    assert other != first
    assert cache_key.of(copy.top, kept) == other
    assert reads.call_count == 2
    assert cache_key.of(copy.top, None) == other  # without a place to keep it


def test_the_same_bytes_have_the_same_name_whenever_they_were_written(
    copy: Copy, tmp_path: Path, reads: Mock
) -> None:
    first = cache_key.of(copy.top, tmp_path / "kept")
    os.utime(copy.top / "knowledge" / "words.yaml")
    assert cache_key.of(copy.top, tmp_path / "kept") == first
    assert reads.call_count == 2


def test_what_changed_a_moment_ago_is_read_again(copy: Copy, tmp_path: Path) -> None:
    """The time of its last change may be that of the next one too."""
    path, kept = copy.top / "knowledge" / "words.yaml", tmp_path / "kept"
    os.utime(path)
    first, about = cache_key.of(copy.top, kept), path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("a", "e", 1), encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert cache_key.of(copy.top, kept) != first


@pytest.mark.parametrize("torn", ["", "abc\n", "\n \n", "a b c\n", "\udcff"])
def test_torn_names_are_read_anew(
    copy: Copy, tmp_path: Path, reads: Mock, torn: str
) -> None:
    kept = tmp_path / "kept"
    first = cache_key.of(copy.top, kept)
    names = kept / "names.txt"
    names.write_bytes(torn.encode(errors="surrogateescape"))
    assert cache_key.of(copy.top, kept) == first
    assert reads.call_count == 2


def test_no_more_names_are_kept_than_engines(
    copy: Copy, tmp_path: Path, reads: Mock
) -> None:
    for number in range(10):
        copy.add("knowledge/phrases/bows.txt", f"much obliged {number} times\n")
        cache_key.of(copy.top, tmp_path / "kept")
    assert reads.call_count == 10
    lines = (tmp_path / "kept" / "names.txt").read_text(encoding="utf-8")
    assert lines.count("\n") == 8
