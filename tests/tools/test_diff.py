"""What people see differently since a revision: each change is made in a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.tools.diff import diff
from bot.tools.differences import grouped, printed
from tests.support.copies import Copy
from tests.tools.conftest import Takeback

MOLE = "knowledge/platforms/mole.yaml"


def git(top: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@carriers.example"]
    subprocess.run(
        ["git", "-C", str(top), *who, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(copy: Copy) -> Copy:
    """The toy book, committed; the questions too."""
    git(copy.top, "init", "--quiet")
    question = '{"text": "call back a parcel with the mole post"}\n'
    copy.write("tests/book/questions.jsonl", question)
    git(copy.top, "add", ".")
    git(copy.top, "commit", "--quiet", "-m", "The first edition")
    return copy


@pytest.mark.parametrize("added", ["", "# A remark, and no word that people see.\n"])
def test_nothing_changed_where_nothing_was_changed(
    repository: Copy, added: str
) -> None:
    file = repository.top / MOLE
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
    found = diff(repository.top, "HEAD")
    assert (found.changed, found.new, found.gone, found.answers) == ([], [], [], [])
    assert found.questions == 1


def test_a_changed_sentence_is_shown_once_with_all_its_ways(repository: Copy) -> None:
    repository.swap(MOLE, "Nothing shows above ground.", "A small hill shows.")
    found = diff(repository.top, "HEAD", questions=False)
    (change,) = [c for c in found.changed if c.place == "gossip/marks"]
    assert change.lines == (
        "-**Look at the door.** Nothing shows above ground.",
        "+**Look at the door.** A small hill shows.",
    )
    assert ("gossip", "carrier=mole") in change.ways
    assert "```diff\n-" in printed(found)


def test_a_sentence_of_several_answers_is_told_once(repository: Copy) -> None:
    repository.swap(MOLE, "Nothing shows above ground.", "A small hill shows.")
    found = diff(repository.top, "HEAD", questions=False)
    (change,) = grouped(found.changed)
    assert change.lines == ("-Nothing shows above ground.", "+A small hill shows.")
    assert change.places == ("call_back/steps", "gossip/marks")
    assert len(change.ways) == len({way for c in found.changed for way in c.ways})
    text = printed(found)
    assert text.count("+A small hill shows.") == 1
    assert "## call_back/steps and 1 other answer\n" in text
    assert printed(found, everything=True).count("A small hill shows.") > 1


def test_a_button_that_stands_under_many_answers_is_told_once(
    repository: Copy,
) -> None:
    repository.swap("knowledge/slots.yaml", "label: Just now", "label: This minute")
    found = diff(repository.top, "HEAD", questions=False)
    assert len(found.changed) > 1
    (change,) = grouped(found.changed)
    assert change.lines == ("-[Just now]", "+[This minute]")


def test_another_answer_is_one_change_with_an_example(repository: Copy) -> None:
    repository.swap(MOLE, "value: everyone", 'value: "no"')
    found = diff(repository.top, "HEAD", questions=False)
    moved = [c for c in grouped(found.changed) if " → " in c.places[0]]
    assert len(moved) == len({c.place for c in found.changed if " → " in c.place})


def test_another_route_is_told_as_from_and_to(repository: Copy) -> None:
    repository.swap(MOLE, "value: everyone", 'value: "no"')
    found = diff(repository.top, "HEAD")
    places = {change.place for change in found.changed}
    assert "call_back/steps → call_back/never" in places
    (question, was, now) = found.answers[0]
    assert question == "call back a parcel with the mole post"
    assert (was, now) == (
        "call_back/steps carrier=mole",
        "call_back/never carrier=mole",
    )
    assert "## Known questions" in printed(found)


def test_new_ways_and_those_that_are_gone_are_told(repository: Copy) -> None:
    text = (repository.top / MOLE).read_text(encoding="utf-8")
    repository.write("knowledge/platforms/badger.yaml", text.replace("mole", "badger"))
    repository.remove(MOLE)
    repository.swap("knowledge/slots.yaml", "shown: [heron, mole,", "shown: [heron,")
    found = diff(repository.top, "HEAD", questions=False)
    assert ("gossip", "carrier=badger") in [way for way, _ in found.new]
    assert ("gossip", "carrier=mole") in [way for way, _ in found.gone]
    assert "## New ways" in printed(found)


def test_a_book_in_a_part_of_a_repository_is_compared_with_itself(
    copy: Copy, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "One")
    copy.swap(MOLE, "Nothing shows above ground.", "A small hill shows.")
    found = diff(copy.top, "HEAD", questions=False)
    assert found.changed
    assert not found.new


def test_the_checkout_is_left_as_it_was(repository: Copy) -> None:
    before = sorted(repository.top.rglob("*"))
    diff(repository.top, "HEAD", questions=False)
    assert sorted(repository.top.rglob("*")) == before


def test_files_that_today_s_code_cannot_read_are_one_clear_line(
    repository: Copy,
) -> None:
    repository.swap(MOLE, "label: Mole Post", "lable: Mole Post")
    git(repository.top, "commit", "--quiet", "-a", "-m", "A slip")
    repository.swap(MOLE, "lable: Mole Post", "label: Mole Post")
    with pytest.raises(
        BotError, match=r"cannot read the files of `HEAD`: .*mole.yaml:1"
    ):
        diff(repository.top, "HEAD")


@pytest.mark.parametrize("name", ["nothing", "--output=x", "HEAD:knowledge", ""])
def test_a_revision_that_there_is_not_is_one_clear_line(
    repository: Copy, takeback: Takeback, name: str
) -> None:
    done = takeback("diff", "--", name, files=repository.top)
    assert (done.code, done.out) == (
        2,
        f"there is no revision `{name}` in this checkout",
    )


def test_outside_a_checkout_it_is_one_clear_line(
    copy: Copy, takeback: Takeback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(copy.top.parent))
    done = takeback("diff", "HEAD", files=copy.top)
    assert (done.code, done.out) == (2, f"{copy.top} is in no git checkout")
    monkeypatch.setenv("PATH", str(copy.top))
    done = takeback("diff", "HEAD", files=copy.top)
    assert done.code == 2
    assert "git is not installed" in done.out
