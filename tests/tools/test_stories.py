"""Conversations replayed by a command, for whoever has no pytest at hand."""

from __future__ import annotations

from pathlib import Path

from tests.support.copies import Copy
from tests.tools.conftest import Takeback

TALK = """\
# A parcel with the heron.
> call back a parcel with heron air
= Still sealed
says: call_back/steps
has: half an hour
"""


def test_what_is_not_said_any_more_is_told_with_file_and_line(
    takeback: Takeback, copy: Copy
) -> None:
    copy.write("tests/book/stories/heron.txt", TALK)
    copy.write("tests/book/stories/mole.txt", TALK)
    assert takeback("stories", files=copy.top).code == 0
    copy.swap("knowledge/platforms/heron.yaml", "for half an hour.", "for 30 minutes.")
    done = takeback("stories", files=copy.top)
    *lines, last = done.out.splitlines()
    assert done.code == 1
    assert [line.rpartition("stories/")[2].split(": ")[0] for line in lines] == [
        "heron.txt:5",
        "mole.txt:5",
    ]
    assert "“half an hour” is not in “" in lines[0]
    assert last.startswith("2 replayed, 2 otherwise than written (")


def test_one_file_alone_is_replayed(takeback: Takeback, copy: Copy) -> None:
    copy.write("stories/heron.txt", TALK)
    copy.write("stories/torn.txt", "hs: nothing\n")
    one = takeback("stories", str(copy.top / "stories/heron.txt"), files=copy.top)
    assert one.out.startswith("1 replayed, none otherwise than written (")
    both = takeback("stories", str(copy.top / "stories"), files=copy.top)
    assert both.code == 1
    assert "torn.txt:1: `hs` is no expectation; did you mean `has`?" in both.out


def test_paths_are_shown_from_where_the_person_is(
    takeback: Takeback, copy: Copy, tmp_path: Path
) -> None:
    copy.write("stories/heron.txt", TALK.replace("has: half", "has: never half"))
    done = takeback("stories", str(copy.top / "stories"), files=copy.top)
    there = copy.top.relative_to(tmp_path)
    assert done.out.startswith(f"{there}/stories/heron.txt:5: ")


def test_a_book_without_conversations_has_nothing_to_replay(
    takeback: Takeback, tmp_path: Path
) -> None:
    done = takeback("stories")
    assert (done.code, done.out) == (
        0,
        "There are no conversations here: name a file or a folder.\n",
    )
    missing = takeback("stories", str(tmp_path / "nosuch.txt"))
    assert missing.code == 2
    assert "there is no file or folder" in missing.out
