"""Whatever is taken away from a book that works, the check speaks of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.knowledge import loader
from tests.support.books import toy_book
from tests.support.copies import Copy

TOPICS = sorted(toy_book().topics)
SLOTS = sorted(toy_book().slots)
CLAIMS = sorted(toy_book().facts)


def without(copy: Copy, path: str, key: str) -> None:
    """Takes a top-level key out of a YAML file."""
    file = copy.top / path
    text = file.read_text(encoding="utf-8")
    block = re.compile(rf"^{key}:.*\n(?:[ #\n].*\n|\n)*", re.MULTILINE)
    shorter, found = block.subn("", text)
    assert found == 1
    file.write_text(shorter, encoding="utf-8")


def told(copy: Copy) -> list[str]:
    _, problems = loader.read(copy.top)
    return [problem.message for problem in problems]


def test_the_whole_book_has_nothing_to_tell(tmp_path: Path) -> None:
    assert told(Copy(tmp_path)) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_that_is_missing_is_told(tmp_path: Path, topic: str) -> None:
    copy = Copy(tmp_path)
    copy.remove(f"knowledge/topics/{topic}.yaml")
    assert any(f"`{topic}" in message for message in told(copy)), told(copy)


@pytest.mark.parametrize("slot", SLOTS)
def test_a_slot_that_is_missing_is_told(tmp_path: Path, slot: str) -> None:
    copy = Copy(tmp_path)
    without(copy, "knowledge/slots.yaml", slot)
    assert any(f"`{slot}`" in message for message in told(copy)), told(copy)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_that_is_missing_is_told(tmp_path: Path, claim: str) -> None:
    copy = Copy(tmp_path)
    without(copy, "knowledge/claims.yaml", claim)
    assert any(f"`{claim}`" in message for message in told(copy)), told(copy)


def test_a_part_that_nobody_plays_is_told(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    path = copy.top / "knowledge/assistant.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("steps_failed: jammed", "steps_failed: jamed"))
    assert told(copy) == ["no topic `jamed`; did you mean `jammed`?"]
